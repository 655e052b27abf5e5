"""The size schemes that ``schemes.json`` names. A scheme that changes is entered once more with the day it begins."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from services.reporting.sizes.rules import SizeClass, SizeScheme

FILE = Path(__file__).parent / "schemes.json"
USUAL = "primary4"  # the offices that run Khet are of primary education
# what is shown of one school; the scheme of secondary areas would only confuse a primary school
OF_ONE_SCHOOL = (USUAL, "classes7", "small7")


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


SCHEMES = read_schemes(json.loads(FILE.read_text(encoding="utf-8")))
