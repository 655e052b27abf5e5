"""Which event tells whom what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.bus.contracts import rounds as contracts
from shared.thai.dates import BANGKOK, format_short


@dataclass(frozen=True)
class Notice:
    """A message to be put into the inbox of whoever holds ``role`` at ``org_path``, by default the event's.

    ``once`` is what it is about where that is more than one state of one aggregate: of the messages about the same
    thing only the first is sent.
    """

    role: str
    kind: str
    title: str
    body: str
    org_path: str | None = None
    smis: str | None = None
    once: str | None = None


def thai_day(instant: str) -> str:
    """An ISO 8601 instant as the office writes a day: ``10 มิ.ย. 2569``."""
    return format_short(dt.datetime.fromisoformat(instant).astimezone(BANGKOK).date())


def _announced(data: Mapping[str, Any]) -> list[Notice]:
    if data["state"] == "EXEMPT":
        return []
    body = f"โรงเรียน{data['name']} ส่งไฟล์ข้อมูลนักเรียนและยืนยันภายในวันที่ {thai_day(data['school_deadline'])}"
    return [Notice("data_officer", "round.announced", f"ประกาศรอบ {data['round_title']}", body)]


def _confirmed(data: Mapping[str, Any]) -> list[Notice]:
    body = f"ครูผู้รับผิดชอบข้อมูลยืนยันฉบับที่ {data['version']} แล้ว รอผู้อำนวยการรับรองภายในวันที่ {thai_day(data['certify_deadline'])}"
    return [Notice("school_director", "school_round.confirmed", f"รอรับรอง {data['round_title']}", body)]


def _returned(data: Mapping[str, Any]) -> list[Notice]:
    title, body = f"เขตตีกลับข้อมูล {data['round_title']}", f"เหตุผล: {data['reason']}"
    return [Notice(role, "school_round.returned", title, body) for role in ("data_officer", "school_director")]


def _revoked(data: Mapping[str, Any]) -> list[Notice]:
    title = f"เขตยกเลิกการยืนยัน {data['round_title']}"
    body = f"เหตุผล: {data['reason']} โรงเรียนจะยืนยันใหม่ได้เมื่อเขตปลดการระงับ"
    return [Notice(role, "school_round.revoked", title, body) for role in ("data_officer", "school_director")]


def _hold_lifted(data: Mapping[str, Any]) -> list[Notice]:
    return [
        Notice("data_officer", "school_round.hold_lifted", f"ยืนยัน {data['round_title']} ได้อีกครั้ง", "เขตปลดการระงับแล้ว")
    ]


def _acknowledged(data: Mapping[str, Any]) -> list[Notice]:
    title, body = f"เขตรับทราบข้อมูล {data['round_title']} แล้ว", "ข้อมูลของโรงเรียนในรอบนี้เรียบร้อยแล้ว"
    return [Notice(role, "school_round.acknowledged", title, body) for role in ("data_officer", "school_director")]


def _extended(data: Mapping[str, Any]) -> list[Notice]:
    title = f"เขตขยายเวลา {data['round_title']} ถึง {thai_day(data['extended_until'])}"
    body = f"เหตุผล: {data['extension_reason']} โรงเรียนส่งไฟล์ ยืนยัน และรับรองได้ภายในวันดังกล่าว"
    if data["locked_from"]:
        body += " เมื่อครบเวลา ระบบปิดรับข้อมูลของโรงเรียนเอง"
    return [Notice(role, "school_round.extended", title, body) for role in ("data_officer", "school_director")]


def _reopened(data: Mapping[str, Any]) -> list[Notice]:
    title = f"เปิดรอบ {data['round_title']} อีกครั้ง"
    if data["state"] in ("ACKNOWLEDGED", "CERTIFIED"):
        body = "ข้อมูลของโรงเรียนอยู่ในสถานะเดิมก่อนปิดรอบ ไม่ต้องทำอะไรเพิ่ม เว้นแต่เขตจะตีกลับ"
    else:
        body = "โรงเรียนอยู่ในสถานะเดิมก่อนปิดรอบ ทำต่อให้เสร็จก่อนเขตปิดรอบ"
    return [Notice(role, "school_round.reopened", title, body) for role in ("data_officer", "school_director")]


def _duplicate_found(data: Mapping[str, Any]) -> list[Notice]:
    """One message for all that a file brought up between two schools: sixty pupils are no sixty messages."""
    is_sure = data["kind"] == "same_id"
    what = "นักเรียนซ้ำซ้อน" if is_sure else "นักเรียนที่อาจซ้ำซ้อน"
    once = f"{data['found_by']}/{data['first_smis']}/{data['second_smis']}/{'sure' if is_sure else 'likely'}"
    title = f"พบ{what} {data['found_with']} ราย · {data['round_title']}"
    return _to_both_and_area(data, "duplicate.found", title, "แนบหลักฐานได้ในหน้ารายการซ้ำซ้อน เขตเป็นผู้วินิจฉัย", once)


def _duplicate_settled(data: Mapping[str, Any]) -> list[Notice]:
    names = {data["first_smis"]: data["first_name"], data["second_smis"]: data["second_name"]}
    kept = f"นับที่โรงเรียน{names[data['keep']]}" if data["keep"] in names else "เป็นนักเรียนคนละคน ต้องแก้เลขประจำตัวที่ผิด"
    return _to_both_and_area(data, "duplicate.settled", f"วินิจฉัยนักเรียนซ้ำซ้อนแล้ว · {data['round_title']}", f"ผล: {kept}")


def _duplicate_carried(data: Mapping[str, Any]) -> list[Notice]:
    title = f"ยกนักเรียนซ้ำซ้อนไปรอบถัดไป · {data['round_title']}"
    return _to_both_and_area(data, "duplicate.carried", title, "รอบนี้ยังนับทั้งสองโรงเรียน")


def _duplicate_reopened(data: Mapping[str, Any]) -> list[Notice]:
    title = f"เปิดพิจารณานักเรียนซ้ำซ้อนใหม่ · {data['round_title']}"
    return _to_both_and_area(data, "duplicate.reopened", title, "คำวินิจฉัยเดิมไม่มีผลแล้ว แนบหลักฐานเพิ่มได้")


def _to_both_and_area(
    data: Mapping[str, Any], kind: str, title: str, body: str, once: str | None = None
) -> list[Notice]:
    pairs = ((data["first_smis"], data["first_org_path"]), (data["second_smis"], data["second_org_path"]))
    text = f"โรงเรียน{data['first_name']} กับโรงเรียน{data['second_name']} {body}"
    schools = [Notice("data_officer", kind, title, text, path, smis, once) for smis, path in pairs]
    return [*schools, Notice("officer", kind, title, text, once=once)]


NOTICES: dict[str, Callable[[Mapping[str, Any]], list[Notice]]] = {
    contracts.SCHOOL_ANNOUNCED.type: _announced,
    contracts.SCHOOL_CONFIRMED.type: _confirmed,
    contracts.SCHOOL_RETURNED.type: _returned,
    contracts.SCHOOL_REVOKED.type: _revoked,
    contracts.SCHOOL_HOLD_LIFTED.type: _hold_lifted,
    contracts.SCHOOL_ACKNOWLEDGED.type: _acknowledged,
    contracts.SCHOOL_EXTENDED.type: _extended,
    contracts.SCHOOL_REOPENED.type: _reopened,
    contracts.DUPLICATE_FOUND.type: _duplicate_found,
    contracts.DUPLICATE_SETTLED.type: _duplicate_settled,
    contracts.DUPLICATE_CARRIED.type: _duplicate_carried,
    contracts.DUPLICATE_REOPENED.type: _duplicate_reopened,
}


def notices_of(event_type: str, data: Mapping[str, Any]) -> list[Notice]:
    """The messages that an event gives rise to."""
    return NOTICES[event_type](data)
