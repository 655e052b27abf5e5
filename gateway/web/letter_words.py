"""What the kinds, classes, states and steps of letters are called, and how a task stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.web import thai
from gateway.web.language import N_

KINDS = {
    "external": N_("หนังสือภายนอก"),
    "memo": N_("หนังสือภายใน (บันทึกข้อความ)"),
    "stamped": N_("หนังสือประทับตรา"),
    "order": N_("คำสั่ง"),
    "regulation": N_("ระเบียบ"),
    "bylaw": N_("ข้อบังคับ"),
    "announcement": N_("ประกาศ"),
    "statement": N_("แถลงการณ์"),
    "news": N_("ข่าว"),
    "certificate": N_("หนังสือรับรอง"),
    "minutes": N_("รายงานการประชุม"),
    "note": N_("บันทึก"),
    "other": N_("หนังสืออื่น"),
}

SPEEDS = {
    "normal": N_("ปกติ"),
    "urgent": N_("ด่วน"),
    "very_urgent": N_("ด่วนมาก"),
    "most_urgent": N_("ด่วนที่สุด"),
    "within": N_("ด่วนภายใน"),
}

# the colour of a speed; what is normal bears none
SPEED_KINDS = {"urgent": "warn", "very_urgent": "bad", "most_urgent": "bad", "within": "bad"}

SECRECIES = {
    "none": N_("ปกติ"),
    "secret": N_("ลับ"),
    "very_secret": N_("ลับมาก"),
    "top_secret": N_("ลับที่สุด"),
}

# what lists tell by its number alone until a reader has said why they open it
OPENED_WITH_REASON = ("very_secret", "top_secret")

CHANNELS = {
    "paper": N_("กระดาษ (ไปรษณีย์)"),
    "hand": N_("นำมาส่งเอง"),
    "email": N_("ไปรษณีย์อิเล็กทรอนิกส์"),
    "system": N_("ระบบรับส่งหนังสือ"),
    "fax": N_("โทรสาร"),
    "line": N_("ไลน์"),
    "upload": N_("ไฟล์ที่อัปโหลด"),
}

STATES = {
    "ARRIVED": N_("รอลงทะเบียน"),
    "REGISTERED": N_("ลงทะเบียนแล้ว"),
    "FORWARDED": N_("ส่งต่อแล้ว รอลงทะเบียน"),
    "RETURNED": N_("คืนกลับมา"),
    "PROPOSED": N_("เสนอแล้ว รอพิจารณา"),
    "ASSIGNED": N_("มอบหมายแล้ว"),
    "IN_PROGRESS": N_("กำลังดำเนินการ"),
    "REPORTED": N_("รายงานแล้ว รอปิดเรื่อง"),
    "ACKNOWLEDGED": N_("ทราบหรืออนุมัติแล้ว"),
    "CLOSED": N_("ปิดเรื่อง"),
    "REJECTED": N_("ไม่รับ"),
    "VOID": N_("ยกเลิกแล้ว"),
}

# the colour of a state
STATE_KINDS = {
    "ARRIVED": "warn",
    "REGISTERED": "info",
    "FORWARDED": "warn",
    "RETURNED": "bad",
    "PROPOSED": "wait",
    "ASSIGNED": "wait",
    "IN_PROGRESS": "wait",
    "REPORTED": "info",
    "ACKNOWLEDGED": "good",
    "CLOSED": "good",
}

# what waits with letters: how the lists that it opens are called
WAITING = {
    "register": N_("รอลงทะเบียน"),
    "propose": N_("รอเสนอหรือส่งต่อ"),
    "decide": N_("รอพิจารณา"),
    "stuck": N_("ค้างที่กลุ่ม ยังไม่มีผู้พิจารณา"),
    "abandoned": N_("ผู้รับผิดชอบทำต่อไม่ได้แล้ว"),
    "close": N_("รอปิดเรื่อง"),
    "overdue": N_("เลยกำหนด"),
}

# by what a list of letters stands
SORTS = {
    "subject": N_("เรื่อง ก-ฮ"),
    "from": N_("จาก ก-ฮ"),
    "number": N_("เลขรับ น้อยไปมาก"),
    "-number": N_("เลขรับ มากไปน้อย"),
    "doc_date": N_("ลงวันที่ เก่าสุดก่อน"),
    "-doc_date": N_("ลงวันที่ ใหม่สุดก่อน"),
    "received_at": N_("วันที่รับ เก่าสุดก่อน"),
    "-received_at": N_("วันที่รับ ใหม่สุดก่อน"),
}

# by what it is narrowed
FILTERS = {
    "q": N_("คำค้น"),
    "state": N_("สถานะ"),
    "waiting": N_("รอท่านดำเนินการ"),
    "holder": N_("อยู่ที่"),
    "unit": N_("ผ่านหน่วยงาน"),
    "book": N_("ทะเบียน"),
    "kind": N_("ชนิดของหนังสือ"),
    "speed": N_("ชั้นความเร็ว"),
    "secrecy": N_("ชั้นความลับ"),
    "assignee": N_("มอบหมายให้ (ชื่อ)"),
    "received_from": N_("รับตั้งแต่วันที่"),
    "received_until": N_("รับถึงวันที่"),
    "doc_from": N_("ลงวันที่ตั้งแต่"),
    "doc_until": N_("ลงวันที่ถึง"),
    "sort": N_("เรียงตาม"),
}

MOVES = {
    "arrive": N_("รับหนังสือเข้า"),
    "change": N_("แก้ไขข้อมูล"),
    "attach": N_("แนบไฟล์"),
    "register": N_("ลงทะเบียนรับ"),
    "reject": N_("ไม่รับหนังสือ"),
    "forward": N_("ส่งต่อ"),
    "propose": N_("เสนอ"),
    "assign": N_("มอบหมาย"),
    "return": N_("คืนเรื่อง"),
    "pull_back": N_("ดึงเรื่องกลับ"),
    "acknowledge": N_("ทราบหรืออนุมัติ"),
    "start": N_("เริ่มดำเนินการ"),
    "report": N_("รายงานครบทุกคน"),
    "send_back": N_("ส่งรายงานกลับไปแก้"),
    "close": N_("ปิดเรื่อง"),
    "circulate": N_("เวียนให้ทราบ"),
    "withdraw": N_("ถอนหนังสือเวียน"),
    "void": N_("ยกเลิกหนังสือ"),
    "reclassify": N_("เปลี่ยนชั้นความลับ"),
    "admit": N_("เพิ่มผู้เข้าถึง"),
    "exclude": N_("ถอนผู้เข้าถึง"),
}

VERDICTS = {
    "approve": N_("ทราบ / อนุมัติ"),
    "approve_on_behalf": N_("ทราบ / อนุมัติ (ปฏิบัติราชการแทน)"),
    "approve_acting": N_("ทราบ / อนุมัติ (รักษาราชการแทน)"),
    "pass_on": N_("เสนอ / ผ่านเรื่อง"),
    "consult": N_("ขอความเห็น"),
    "disapprove": N_("ไม่อนุมัติ"),
    "return": N_("คืนเรื่อง / แก้ไข"),
    "pull_back": N_("ดึงเรื่องกลับ"),
}
# a letter goes back, or is taken back, by a button of its own
VERDICTS_IN_PLACE = ("approve", "approve_on_behalf", "approve_acting", "pass_on", "consult", "disapprove")

ROLES = {
    "responsible": N_("ผู้รับผิดชอบ"),
    "informed": N_("เพื่อทราบ"),
}

FILE_ROLES = {
    "main": N_("ตัวหนังสือ"),
    "enclosure": N_("สิ่งที่ส่งมาด้วย"),
}

# as what somebody stands in
CAPACITIES = {
    "acting": N_("รักษาราชการแทน"),
    "on_behalf": N_("ปฏิบัติราชการแทน"),
}

DAY_KINDS = {
    "off": N_("วันหยุด"),
    "worked": N_("ทำการแม้เป็นวันหยุดราชการ"),
}

# where a stamp can be put without dragging it
CORNERS = {
    "upper_right": N_("มุมบนขวา (ปกติ)"),
    "upper_left": N_("มุมบนซ้าย"),
    "lower_right": N_("มุมล่างขวา"),
    "lower_left": N_("มุมล่างซ้าย"),
}

# how far somebody is with what was given to them
STANDINGS = {
    "unopened": N_("ยังไม่เปิดอ่าน"),
    "opened": N_("เปิดแล้ว ยังไม่รับ"),
    "accepted": N_("รับแล้ว ยังไม่รายงาน"),
    "reported": N_("รายงานแล้ว"),
    "known": N_("รับทราบแล้ว"),
    "closed": N_("ปิดแล้ว"),
    "cancelled": N_("ยกเลิกแล้ว"),
}
STANDING_KINDS = {"unopened": "bad", "opened": "warn", "accepted": "wait", "reported": "good", "known": "good"}
UNFINISHED = ("unopened", "opened", "accepted")

FIELDS = {
    "kind": N_("ชนิดของหนังสือ"),
    "subject": N_("เรื่อง"),
    "sender": N_("จาก"),
    "receiver": N_("ถึง (ผู้รับหนังสือ)"),
    "doc_no": N_("ที่ (เลขที่หนังสือ)"),
    "doc_date": N_("ลงวันที่"),
    "received_at": N_("วันเวลาที่รับ"),
    "speed": N_("ชั้นความเร็ว"),
    "speed_deadline": N_("ภายในวันที่"),
    "secrecy": N_("ชั้นความลับ"),
    "channel": N_("ช่องทางที่ได้รับ"),
    "note": N_("หมายเหตุ"),
    "refers_to": N_("หนังสือที่อ้างถึง"),
    "answers": N_("หนังสือที่ตอบ"),
}

# what a page of letters says when something was done
DONE = {
    "letter.created": N_("บันทึกหนังสือแล้ว ขั้นต่อไปคือลงทะเบียนรับ"),
    "letter.registered": N_("ลงทะเบียนรับแล้ว"),
    "letter.changed": N_("แก้ไขข้อมูลหนังสือแล้ว"),
    "letter.forwarded": N_("ส่งต่อแล้ว กลุ่มปลายทางต้องลงทะเบียนรับ"),
    "letter.proposed": N_("เสนอแล้ว รอผู้มีอำนาจพิจารณา"),
    "letter.endorsed": N_("บันทึกความเห็นแล้ว"),
    "letter.assigned": N_("มอบหมายแล้ว หนังสืออยู่ในงานของผู้รับมอบ"),
    "letter.pulled_back": N_("ดึงเรื่องกลับแล้ว"),
    "letter.returned": N_("คืนเรื่องแล้ว"),
    "letter.closed": N_("ปิดเรื่องแล้ว"),
    "letter.rejected": N_("บันทึกว่าไม่รับหนังสือแล้ว"),
    "letter.voided": N_("ยกเลิกหนังสือแล้ว เลขยังอยู่ในทะเบียนโดยขีดฆ่า"),
    "letter.attached": N_("แนบไฟล์แล้ว"),
    "letter.stamp_placed": N_("บันทึกตำแหน่งตราแล้ว"),
    "delegation.given": N_("บันทึกการมอบแล้ว ผู้รับมอบเห็นและทำงานแทนได้ในวันที่กำหนด"),
    "delegation.revoked": N_("ยกเลิกการมอบแล้ว มีผลทันที"),
    "handover.done": N_("ส่งมอบงานแล้ว งานที่ค้างอยู่ที่ผู้รับมอบ"),
    "day.set": N_("บันทึกวันแล้ว กำหนดเสร็จของงานใหม่คิดตามนี้"),
    "day.removed": N_("ลบวันแล้ว กลับไปใช้ปฏิทินราชการ"),
    "task.accepted": N_("บันทึกการรับเรื่องแล้ว"),
    "task.reported": N_("บันทึกรายงานผลแล้ว"),
    "letter.circulated": N_("เวียนหนังสือแล้ว ระบบบันทึกว่าใครอ่านเมื่อใด และเตือนผู้ที่ยังไม่อ่านทุกเช้าวันทำการ"),
    "circulation.withdrawn": N_("ถอนหนังสือเวียนแล้ว ผู้รับไม่เห็นหนังสือนี้อีก"),
    "contact.added": N_("เพิ่มผู้ติดต่อแล้ว ชื่อจะขึ้นให้เลือกตอนลงรับหนังสือ"),
    "contact.changed": N_("แก้ไขข้อมูลผู้ติดต่อแล้ว"),
    "contact.merged": N_("รวมเป็นรายเดียวแล้ว ค้นหาด้วยชื่อเดิมยังพบ"),
    "view.saved": N_("บันทึกรายการแล้ว จำนวนแสดงที่งานของฉันด้วย"),
    "view.renamed": N_("เปลี่ยนชื่อรายการแล้ว"),
    "view.removed": N_("ลบรายการแล้ว หนังสือยังอยู่ครบ"),
}


def standing_of(task: Mapping[str, Any]) -> str:
    """How far somebody is, a key of :data:`STANDINGS`."""
    state = task["state"]
    if state == "ASSIGNED":
        return "opened" if task["opened_at"] else "unopened"
    if state == "CLOSED":
        return "known" if task["role"] == "informed" and task["accepted_at"] else "closed"
    return str(state).lower()


def file_size(size: int) -> str:
    """A number of bytes as people say it."""
    return f"{thai.number(round(size / 2**20))} MB" if size >= 2**20 else f"{thai.number(max(1, size // 2**10))} KB"


def is_late(task: Mapping[str, Any]) -> bool:
    """Whether somebody has not done in time what they were to do."""
    return standing_of(task) in UNFINISHED and not thai.is_future(task["due_at"])


def unfinished(tasks: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """How many have not opened, accepted and reported: what a clerk is asked first."""
    counted = Counter(standing_of(task) for task in tasks)
    return [(standing, counted[standing]) for standing in UNFINISHED if counted[standing]]
