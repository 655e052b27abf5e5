"""What a saved view is: a name of one's own for a way to narrow and sort the list of letters (§7.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.documents.listing.rules import CLOSED_LISTS, DAYS, TEXTS, Order, read_wanted
from shared.problems import FieldError, conflict, invalid
from shared.thai.fold import fold_text

MOST_NAME, MOST_VIEWS = 60, 20
# ``assignee`` is a name as it was typed, or an id: whom it means is asked each time, since people come and go
FIELDS = (*CLOSED_LISTS, *DAYS, *TEXTS, "assignee", "sort")


def check_name(typed: str) -> str:
    """The name of a view, cleaned.

    Raises:
        Problem: ``invalid`` (422).
    """
    name = " ".join(fold_text(typed).split())
    if not name or len(name) > MOST_NAME:
        raise invalid([FieldError("name", "required", f"ชื่อรายการ: ต้องกรอก ไม่เกิน {MOST_NAME} ตัวอักษร")])
    return name


def check_filter(asked: Mapping[str, Any]) -> dict[str, str]:
    """What a view narrows and sorts by, without what is empty.

    Raises:
        Problem: ``invalid`` (422) naming every field that no list can be narrowed by, or nothing at all.
    """
    kept = {name: str(asked[name]).strip() for name in FIELDS if asked.get(name)}
    if not kept:
        raise invalid([FieldError("filter", "required", "ตัวกรอง: เลือกอย่างน้อยหนึ่งอย่างก่อนบันทึก")])
    read_wanted(kept)
    if "sort" in kept:
        Order.of(kept["sort"])
    return kept


def check_count(views: int) -> None:
    """Nobody finds anything among more.

    Raises:
        Problem: ``view.many`` (409).
    """
    if views >= MOST_VIEWS:
        raise conflict("view.many", f"บันทึกรายการไว้ครบ {MOST_VIEWS} รายการแล้ว ลบรายการที่ไม่ใช้ก่อน")
