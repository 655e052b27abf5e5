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
    """A message to be put into the inbox of whoever holds ``role`` at the event's organisation."""

    role: str
    kind: str
    title: str
    body: str


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


NOTICES: dict[str, Callable[[Mapping[str, Any]], list[Notice]]] = {
    contracts.SCHOOL_ANNOUNCED.type: _announced,
    contracts.SCHOOL_CONFIRMED.type: _confirmed,
    contracts.SCHOOL_RETURNED.type: _returned,
    contracts.SCHOOL_REVOKED.type: _revoked,
    contracts.SCHOOL_HOLD_LIFTED.type: _hold_lifted,
    contracts.SCHOOL_ACKNOWLEDGED.type: _acknowledged,
    contracts.SCHOOL_EXTENDED.type: _extended,
    contracts.SCHOOL_REOPENED.type: _reopened,
}


def notices_of(event_type: str, data: Mapping[str, Any]) -> list[Notice]:
    """The messages that an event of a school's round gives rise to."""
    return NOTICES[event_type](data)
