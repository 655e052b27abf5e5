"""A: where the pupil lives. Sources: DMC entry form, list of places of the Department of Provincial Administration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from services.rounds.rules.dmc.identity_number import plain_code
from services.rounds.rules.dmc.pupils import Pupil, is_blank, text_of
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Cell, Hit
from shared.thai.digits import to_arabic
from shared.thai.places import PlaceFault, province_name, resolve

_PARTS = ("tambon", "amphoe", "province")
_FIELDS = {PlaceFault.TAMBON: "tambon", PlaceFault.AMPHOE: "amphoe", PlaceFault.PROVINCE: "province"}
# What Excel makes of 12/5 (a day of a month) and of 5/2566 (a month of a year), written out.
_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[ T].*)?\Z|\d{1,2}[/-]\d{1,2}[/-]\d{4}\Z"
    r"|\d{1,2}[- ][\u0e01-\u0e4ea-zA-Z.]{3,}(?:[- ]\d{2,4})?\Z|[\u0e01-\u0e4ea-zA-Z.]{3,}-\d{2,4}\Z",
    re.ASCII,
)
_HOUSE_ID = re.compile(r"\d{11}\Z", re.ASCII)
_SEPARATORS = re.compile(r"[\s-]+")


@RULES.row("A01", *_PARTS, cases=("", "amphoe", "province", "blank"))
def place_unreal(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """A tambon of its amphoe of its province, spelling variants resolved first; another country is A03's to say."""
    cells, at = pupil.cells, pupil.at
    if _is_real(cells[at["tambon"]], cells[at["amphoe"]], cells[at["province"]]):
        return
    tambon, amphoe, province = (pupil.text(part) for part in _PARTS)
    fault = resolve(tambon, amphoe, province).fault
    if fault is None or _is_abroad(province, setting):
        return
    written = dict(zip(_PARTS, (tambon, amphoe, province), strict=True))
    basis = (tambon, amphoe, province)
    blank = next((part for part in _PARTS if is_blank(written[part])), None)
    if blank is not None:
        yield Hit("blank", field=blank, basis=basis)
    else:
        yield Hit("" if fault is PlaceFault.TAMBON else fault.value, field=_FIELDS[fault], words=written, basis=basis)


@RULES.row("A02", "house_no", cases=("", "date"))
def house_number_wrong(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """A house has a number; ``12/5`` typed into Excel becomes a day of the year."""
    case = _fault_of_house(pupil.cell("house_no"))
    if case is not None:
        yield Hit(case, field="house_no")


@RULES.row("A03", "province", cases=("", "abroad"))
def lives_elsewhere(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """In another province than the school (whose code begins with its province's) or in another country."""
    code = _province_of(pupil.cell("province"))
    home = pupil.school_smis[:2]
    if code is None:
        if _is_abroad(pupil.text("province"), setting):
            yield Hit("abroad", field="province")
    elif code != home and province_name(home) is not None:
        yield Hit(field="province", words={"home": province_name(home)})


@RULES.row("A04", "house_id")
def house_id_malformed(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """The registration number of a house has eleven digits; without a house register there is none."""
    text = plain_code(pupil.cell("house_id"))
    if not is_blank(text) and not _HOUSE_ID.match(_SEPARATORS.sub("", text)):
        yield Hit(field="house_id")


def _is_abroad(province: str, setting: Setting) -> bool:
    return province in setting.rules.rules["A03"].params["countries"]


# The same few places stand in most rows: what is known of a cell is remembered by the cell as it stands.


@lru_cache(maxsize=16_384)
def _is_real(tambon: Cell, amphoe: Cell, province: Cell) -> bool:
    return resolve(text_of(tambon), text_of(amphoe), text_of(province)).fault is None


@lru_cache(maxsize=4096)
def _province_of(cell: Cell) -> str | None:
    return resolve("", "", text_of(cell)).province


@lru_cache(maxsize=16_384)
def _fault_of_house(cell: Cell) -> str | None:
    """The case of A02, None for a house number."""
    if isinstance(cell, date):
        return "date"
    text = text_of(cell)
    if is_blank(text):
        return ""
    return "date" if _DATE.match(to_arabic(text)) else None
