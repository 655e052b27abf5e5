"""Who may do what in a round (decisions of the office; one table for commands, queries and documents)."""

from __future__ import annotations

RUNS_ROUNDS = ("officer",)
EXEMPTS = ("group_director",)
REOPENS = ("group_director",)
UPLOADS = ("data_officer", "officer")
CONFIRMS = ("data_officer",)
CERTIFIES = ("school_director",)
JUDGES = ("officer",)
READS_SCHOOL = (
    "data_officer",
    "school_director",
    "officer",
    "group_director",
    "deputy_director",
    "area_director",
    "auditor",
)
REVEALS = ("data_officer", "school_director", "officer")
OWN_SCHOOL = ("data_officer", "school_director")
AREA_READERS = ("officer", "group_director", "deputy_director", "area_director", "auditor")
