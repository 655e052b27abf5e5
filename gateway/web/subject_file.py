"""A copy of what is held about one pupil as a workbook: a sheet for each kind of thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.web.audit_words import ACTIONS
from gateway.web.duplicate_words import STATES as CASE_STATES
from gateway.web.workbook import Table, of_tables

PLACE = ("รอบ", "โรงเรียน", "ฉบับที่", "แถว")
CELLS = (*PLACE, "หัวตาราง", "ค่า")
FINDINGS = (*PLACE, "กฎ", "ระดับ", "หัวตาราง", "ค่า", "สิ่งที่พบ", "คำชี้แจง", "ผู้ชี้แจง")
CASES = ("รอบ", "โรงเรียน", "โรงเรียนที่ซ้ำ", "สถานะ", "นับที่", "เหตุผล", "พบเมื่อ", "วินิจฉัยเมื่อ")
SEEN = (*PLACE, "เมื่อ", "ผู้เปิดดู", "การเปิดดู", "เหตุผล")
EMPTY = "ไม่พบข้อมูลของนักเรียนคนนี้ในไฟล์ฉบับปัจจุบันที่ท่านดูแล"


def of_copy(copied: Mapping[str, Any]) -> bytes:
    """The workbook. What was not found says so in words, so that an empty sheet is no mistake."""
    heading = [f"สำเนาข้อมูลของนักเรียน {copied['masked_id']} ณ {copied['created_at']}"]
    if not copied["places"]:
        heading.append(EMPTY)
    older = [_older(place) for place in copied["places"] if place["older_versions"]]
    return of_tables(
        [
            Table("ข้อมูลในไฟล์", [*heading, *older], CELLS, list(_cells(copied))),
            Table("ผลการตรวจ", heading[:1], FINDINGS, list(_findings(copied))),
            Table("ซ้ำซ้อน", heading[:1], CASES, [_case(case) for case in copied["duplicates"]]),
            Table("ผู้เปิดดู", heading[:1], SEEN, list(_seen(copied))),
        ]
    )


def _older(place: Mapping[str, Any]) -> str:
    versions = ", ".join(str(version) for version in place["older_versions"])
    return f"{place['round_title']} โรงเรียน {place['smis']}: ฉบับเก่าที่ยังเก็บอยู่ {versions} (ไม่ได้ค้น)"


def _place(place: Mapping[str, Any]) -> list[Any]:
    return [place["round_title"], place["smis"], place["version"], place["row"]]


def _cells(copied: Mapping[str, Any]) -> Iterator[list[Any]]:
    for place in copied["places"]:
        for cell in place["cells"]:
            yield [*_place(place), cell["header"], cell["value"]]


def _findings(copied: Mapping[str, Any]) -> Iterator[list[Any]]:
    for place in copied["places"]:
        for finding in place["findings"]:
            yield [*_place(place), *_finding(finding)]
    for mention in copied["mentions"]:
        yield [*_place(mention), *_finding(mention)]


def _finding(finding: Mapping[str, Any]) -> list[Any]:
    names = ("rule", "severity", "header", "value", "message", "reason", "reason_by")
    return [finding[name] for name in names]


def _case(case: Mapping[str, Any]) -> list[Any]:
    first, second = case["schools"]
    return [
        case["round_title"],
        f"{first['smis']} {first['name']}",
        f"{second['smis']} {second['name']}",
        CASE_STATES.get(case["state"], case["state"]),
        case["keep"],
        case["reason"],
        case["found_at"],
        case["decided_at"],
    ]


def _seen(copied: Mapping[str, Any]) -> Iterator[list[Any]]:
    for place in copied["places"]:
        for seen in place["disclosures"]:
            action = ACTIONS.get(seen["action"], seen["action"])
            yield [*_place(place), seen["at"], seen["actor_name"], action, seen["reason"]]
