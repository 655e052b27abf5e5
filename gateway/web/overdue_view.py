"""The late list as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.web import labels, thai
from gateway.web.language import N_
from gateway.web.language import gettext as _

COLUMNS = (
    N_("รหัส SMIS"), N_("โรงเรียน"), N_("อำเภอ"), N_("โทรศัพท์"), N_("สถานะ"), N_("ผู้ที่ยังค้าง"), N_("กำหนด"), N_("ล่าช้า (วัน)"),
)  # fmt: skip


def columns() -> list[str]:
    """The titles of the exported table."""
    return [_(title) for title in COLUMNS]


def rows(schools: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """The schools as rows of the exported table."""
    return [
        [
            school["smis"],
            school["name"],
            school["amphoe"] or _(labels.UNKNOWN_AMPHOE),
            school["phone"],
            labels.label(labels.SCHOOL_STATES, school["state"]),
            labels.label(labels.ROLES, school["owes"]),
            thai.short_time(school["deadline"]),
            school["days_late"],
        ]
        for school in schools
    ]
