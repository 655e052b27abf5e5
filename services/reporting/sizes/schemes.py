"""The size schemes that ``schemes.json`` names. A scheme that changes is entered once more with the day it begins."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from services.reporting.sizes.rules import SizeClass, SizeScheme

SECONDARY_DIGITS = 6
FILE = Path(__file__).parent / "schemes.json"
PRIMARY, SECONDARY = "primary4", "secondary4"
# what is shown of one school beside the usual scheme of its area; that of the other areas would only confuse
OF_ONE_SCHOOL = ("classes7", "small7")


def read_schemes(written: dict[str, Any]) -> tuple[SizeScheme, ...]:
    """The schemes of a data file, each with its classes."""
    return tuple(
        SizeScheme(
            id=one["id"],
            title=one["title"],
            valid_from=dt.date.fromisoformat(one["valid_from"]) if one["valid_from"] else None,
            classes=tuple(
                SizeClass(held["label"], held["min"], held["max"])
                for held in written["size_class"]
                if (held["scheme"], held.get("valid_from")) == (one["id"], one["valid_from"])
            ),
        )
        for one in written["size_scheme"]
    )


def usual_scheme(org_path: str) -> str:
    """The id of the scheme by which an area, or that of a school, classes its schools; ``org_path`` is
    ``/obec/5704/…``. Offices of primary schools have four digits, those of secondary schools six (rounds.md §2.1).
    """
    area = org_path.strip("/").split("/")[1:2]
    return SECONDARY if area and len(area[0]) == SECONDARY_DIGITS else PRIMARY


SCHEMES = read_schemes(json.loads(FILE.read_text(encoding="utf-8")))
