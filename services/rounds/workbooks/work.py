"""The work of children on a workbook for which somebody waits."""

from __future__ import annotations

ANNOTATE = "services.rounds.workbooks.annotating:annotate"
CORRECT = "services.rounds.workbooks.correcting:correct"
PART = "services.rounds.workbooks.parts:as_workbook"
SAMPLE = "services.rounds.workbooks.sample:make_sample"
CHECK = "services.rounds.rules.check:check"
