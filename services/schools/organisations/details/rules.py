"""What may stand in the record of a school, and what in it is probably wrong (rounds.md §2.6, EM04-EM10)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.schools.organisations.rules import YEARS_BE, Fault
from shared.thai.dates import DateFault, be_year, parse_date
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text, is_missing

# name in the record: what it is called, how long it may be
TEXTS = {
    "name_en": ("ชื่อภาษาอังกฤษ", 200),
    "village": ("ที่อยู่ หมู่บ้าน", 200),
    "postcode": ("รหัสไปรษณีย์", 20),
    "phone": ("โทรศัพท์", 100),
    "fax": ("โทรสาร", 100),
    "email": ("อีเมล", 200),
    "website": ("เว็บไซต์", 300),
    "founded": ("วันที่ก่อตั้ง", 60),
    "local_authority": ("องค์กรปกครองส่วนท้องถิ่น (อปท.)", 200),
}
NUMBERS = {
    "km_to_area": "ระยะทางถึงสำนักงานเขต (กม.)",
    "km_to_amphoe": "ระยะทางถึงที่ว่าการอำเภอ (กม.)",
    "latitude": "ละติจูด",
    "longitude": "ลองจิจูด",
}
FLAGS = {"highland": "โรงเรียนพื้นที่สูงหรือถิ่นทุรกันดาร"}
FIELDS = (*TEXTS, *NUMBERS, *FLAGS)

FURTHEST_KM = 150  # EM09
EARTH_KM = 6371.0
NEIGHBOUR_KM = 30  # EM10
_ERA_CE = range(1850, 2101)
_PHONE = re.compile(r"0\d{8,9}(?: ?(?:ต่อ|#) ?\d{1,5})?\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_WEBSITE = re.compile(r"(?:https?://)?[^\s/.]+(?:\.[^\s/.]+)+(?:/\S*)?\Z")
_POSTCODE = re.compile(r"\d{5}\Z", re.ASCII)
_FLOAT_POSTCODE = re.compile(r"(\d{5})\.0+\Z", re.ASCII)


@dataclass(frozen=True)
class Box:
    """A part of the earth's surface between two parallels and two meridians."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


THAILAND = Box(5.6, 20.5, 97.3, 105.7)
# a province whose box is not known is not checked against one
PROVINCES = {"เชียงราย": Box(19.0, 20.5, 99.2, 100.6)}


@dataclass(frozen=True)
class Doubt:
    """Something that is probably wrong and may stay. ``suggestion`` is what was probably meant; nobody puts it in
    place of what was written but the person who wrote it.
    """

    pointer: str
    code: str
    message: str
    suggestion: Mapping[str, Any] | None = None

    def view(self) -> dict[str, Any]:
        suggestion = dict(self.suggestion) if self.suggestion else None
        return {"pointer": self.pointer, "code": self.code, "message": self.message, "suggestion": suggestion}


@dataclass(frozen=True)
class Surroundings:
    """What a record is compared with. None or nothing: not known, so not checked."""

    this_year_be: int
    province: str | None = None
    tambon_known: bool | None = None
    amphoe_in_area: bool | None = None
    postcodes: tuple[str, ...] = ()
    neighbours: Sequence[tuple[float, float]] = field(default=())


def read_details(body: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The record as it will be stored, and what keeps it from being stored. Blanks and dashes are nothing."""
    faults = [Fault(str(name), "unknown", f"{name}: ไม่รู้จักฟิลด์นี้") for name in sorted(set(body) - set(FIELDS))]
    values: dict[str, Any] = {}
    for name in FIELDS:
        if name not in body:
            continue
        given = body[name]
        if isinstance(given, str) and (is_missing(given) or not given.strip()):
            given = None
        values[name], fault = _read(name, given)
        faults += [fault] if fault else []
    if "founded" in values:
        values["founded_year_be"] = founded_year(values["founded"] or "")
    return values, faults


def _read(name: str, given: Any) -> tuple[Any, Fault | None]:
    if given is None:
        return None, None
    if name in TEXTS:
        title, longest = TEXTS[name]
        if not isinstance(given, str):
            return None, Fault(name, "string", f"{title}: ต้องเป็นข้อความ")
        text = fold_text(given)
        return text, Fault(name, "length", f"{title}: ต้องไม่เกิน {longest} ตัวอักษร") if len(text) > longest else None
    if name in NUMBERS:
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
            return None, Fault(name, "number", f"{NUMBERS[name]}: ต้องเป็นตัวเลข")
        return float(given), None
    return given, None if isinstance(given, bool) else Fault(name, "boolean", f"{FLAGS[name]}: ต้องเป็นใช่หรือไม่ใช่")


def without_null_island(values: Mapping[str, Any]) -> dict[str, Any]:
    """EM10: 0,0 lies in the Gulf of Guinea and means that nobody knows where the school is."""
    if values.get("latitude") == 0 and values.get("longitude") == 0:
        return {**values, "latitude": None, "longitude": None}
    return dict(values)


def record_faults(record: Mapping[str, Any]) -> Iterator[tuple[Fault, Mapping[str, Any] | None]]:
    """What may not stand in a record as a whole, each with what was probably meant."""
    for name in ("km_to_area", "km_to_amphoe"):
        if record[name] is not None and record[name] < 0:
            yield Fault(name, "EM09", f"{NUMBERS[name]}: ติดลบไม่ได้"), None
    latitude, longitude = record["latitude"], record["longitude"]
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        yield Fault(missing, "EM10", "พิกัด: ต้องกรอกทั้งละติจูดและลองจิจูด หรือเว้นว่างทั้งคู่"), None
    elif latitude is not None and not THAILAND.holds(latitude, longitude):
        if THAILAND.holds(longitude, latitude):
            swapped = {"latitude": longitude, "longitude": latitude}
            yield Fault("latitude", "EM10", f"พิกัด: ละติจูดกับลองจิจูดสลับกันหรือไม่ ({longitude}, {latitude})"), swapped
        else:
            yield Fault("latitude", "EM10", "พิกัด: อยู่นอกประเทศไทย"), None


def doubts(record: Mapping[str, Any], around: Surroundings) -> list[Doubt]:
    """What is probably wrong with a record; rules that lack what they compare with say nothing."""
    return [
        *_place_doubts(around),
        *_postcode_doubts(record["postcode"], around.postcodes),
        *_contact_doubts(record),
        *_founded_doubts(record["founded"], record["founded_year_be"], around.this_year_be),
        *_distance_doubts(record),
        *_position_doubts(record["latitude"], record["longitude"], around),
    ]


def _place_doubts(around: Surroundings) -> Iterator[Doubt]:
    """EM04. A tambon that is not in its amphoe is refused when it is entered; what came from a source may be there."""
    if around.tambon_known is False:
        yield Doubt("tambon", "EM04", "ไม่มีตำบลนี้ในอำเภอและจังหวัดที่ระบุ")
    if around.amphoe_in_area is False:
        yield Doubt("amphoe", "EM04", "อำเภอนี้ไม่อยู่ในเขตพื้นที่")


def _postcode_doubts(postcode: str | None, known: tuple[str, ...]) -> Iterator[Doubt]:
    """EM05."""
    if postcode is None:
        return
    plain = to_arabic(postcode)
    if found := _FLOAT_POSTCODE.match(plain):
        plain = found[1]
    if not _POSTCODE.match(plain):
        yield Doubt("postcode", "EM05", "รหัสไปรษณีย์ต้องมี 5 หลัก")
    elif plain != postcode:
        yield Doubt("postcode", "EM05", f"รหัสไปรษณีย์ต้องมี 5 หลัก หมายถึง {plain} หรือไม่", {"postcode": plain})
    elif known and postcode not in known:
        yield Doubt("postcode", "EM05", f"รหัสไปรษณีย์ของตำบลนี้คือ {' หรือ '.join(known)}")


def _contact_doubts(record: Mapping[str, Any]) -> Iterator[Doubt]:
    """EM06."""
    for name in ("phone", "fax"):
        if record[name] and not all(_PHONE.match(one) for one in _numbers(record[name])):
            yield Doubt(name, "EM06", f"{TEXTS[name][0]}: เลขหมาย 9 หลัก (บ้าน) หรือ 10 หลัก (มือถือ) หลายเลขคั่นด้วยจุลภาค")
    if record["email"] and not _EMAIL.match(record["email"]):
        yield Doubt("email", "EM06", "อีเมลไม่ถูกรูปแบบ เช่น school@example.ac.th")
    if record["website"] and not _WEBSITE.match(record["website"]):
        yield Doubt("website", "EM06", "ที่อยู่เว็บไซต์ไม่ถูกรูปแบบ เช่น https://www.example.ac.th")


def _numbers(text: str) -> list[str]:
    return [re.sub(r"[-().]", "", one).strip() for one in re.split(r"[,/;]", to_arabic(text)) if one.strip()]


def _founded_doubts(founded: str | None, year_be: int | None, this_year_be: int) -> Iterator[Doubt]:
    """EM08."""
    if founded and year_be is None:
        yield Doubt("founded", "EM08", "อ่านปีที่ก่อตั้งไม่ได้ พิมพ์เป็น พ.ศ. เช่น 1 พ.ค. 2482 หรือ 2482")
    elif year_be is not None and not YEARS_BE.start <= year_be <= this_year_be:
        yield Doubt("founded", "EM08", f"ปีที่ก่อตั้ง ({year_be}) อยู่ในอนาคต")


def _distance_doubts(record: Mapping[str, Any]) -> Iterator[Doubt]:
    """EM09, but for the straight line to the office: where the office lies is in no register yet."""
    for name in ("km_to_area", "km_to_amphoe"):
        if record[name] is not None and not 0 < record[name] <= FURTHEST_KM:
            yield Doubt(name, "EM09", f"{NUMBERS[name]}: ควรมากกว่า 0 และไม่เกิน {FURTHEST_KM}")


def _position_doubts(latitude: float | None, longitude: float | None, around: Surroundings) -> Iterator[Doubt]:
    """EM10."""
    if latitude is None or longitude is None:
        return
    box = PROVINCES.get(around.province or "")
    if box and not box.holds(latitude, longitude):
        yield Doubt("latitude", "EM10", f"พิกัดอยู่นอกจังหวัด{around.province}")
    elif around.neighbours and all(
        kilometres((latitude, longitude), other) > NEIGHBOUR_KM for other in around.neighbours
    ):
        yield Doubt("latitude", "EM10", f"พิกัดอยู่ห่างจากโรงเรียนอื่นในตำบลเดียวกันเกิน {NEIGHBOUR_KM} กม.")


def founded_year(founded: str) -> int | None:
    """The Buddhist Era year of a founding date as people write it: whole, month and year, or the year alone.

    Before 2484 a year began in April, so a day of those years is not converted (rounds.md §2.8); its year stands.
    """
    plain = to_arabic(fold_text(founded))
    try:
        return be_year(parse_date(plain).day.year)
    except DateFault:
        years = [int(found) for found in re.findall(r"(?<!\d)\d{4}(?!\d)", plain)]
    for year in reversed(years):
        if year in YEARS_BE:
            return year
        if year in _ERA_CE:
            return be_year(year)
    return None


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way between two points as the crow flies (haversine)."""
    (south, west), (north, east) = (tuple(map(math.radians, point)) for point in (one, other))
    angle = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, angle)))
