"""What the actions of the audit log are called, and what was acted upon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web.labels import label
from gateway.web.language import N_, gettext

# by the beginning of an action: the longest that fits names it
ACTIONS = {
    "account": N_("บัญชีผู้ใช้"),
    "clearance": N_("การแต่งตั้งผู้เข้าถึงหนังสือลับ"),
    "cluster": N_("กลุ่มโรงเรียน"),
    "code": N_("รหัสหน่วยงาน"),
    "contact": N_("สมุดผู้ติดต่อ"),
    "duplicate": N_("นักเรียนซ้ำซ้อน"),
    "duplicate.evidence": N_("แนบเอกสารของรายการซ้ำซ้อน"),
    "grant": N_("สิทธิ์การใช้งาน"),
    "group": N_("กลุ่มงาน"),
    "import": N_("นำเข้าข้อมูล"),
    "inbox": N_("ข้อความ"),
    "letter": N_("หนังสือ"),
    "letter.allow": N_("เข้าถึงหนังสือลับ"),
    "letter.deny": N_("ไม่ให้เข้าถึงหนังสือลับ"),
    "parked": N_("ข้อความที่พักไว้"),
    "password": N_("รหัสผ่าน"),
    "person": N_("บุคลากร"),
    "person.listed": N_("ดูรายชื่อบุคลากรเพื่อมอบหมายงาน"),
    "profile": N_("ข้อมูลพื้นฐานรายปี"),
    "projections": N_("ข้อมูลสำเนา"),
    "reveal": N_("เปิดดูข้อมูลที่ปิดบัง"),
    "reveal.annotated": N_("ดาวน์โหลดไฟล์ข้อมูลนักเรียนพร้อมผลการตรวจ"),
    "reveal.citizen_id": N_("เปิดดูเลขประจำตัวประชาชนของบุคลากร"),
    "reveal.evidence": N_("เปิดเอกสารหลักฐานของรายการซ้ำซ้อน"),
    "reveal.file": N_("ดาวน์โหลดไฟล์ข้อมูลนักเรียน"),
    "reveal.letter": N_("เปิดหนังสือลับโดยระบุเหตุผล"),
    "reveal.pupil": N_("เปิดดูนักเรียนทั้งแถว"),
    "reveal.subject": N_("สำเนาข้อมูลของนักเรียนรายคน"),
    "reveal.value": N_("เปิดดูค่าเต็มในผลการตรวจ"),
    "round": N_("รอบข้อมูล"),
    "school": N_("โรงเรียน"),
    "school.opened": N_("จัดตั้งโรงเรียน"),
    "school.renamed": N_("เปลี่ยนชื่อโรงเรียน"),
    "school.code_changed": N_("เปลี่ยนรหัสโรงเรียน"),
    "school.range_changed": N_("เปลี่ยนระดับที่โรงเรียนเปิดสอน"),
    "school.corrected": N_("แก้ไขข้อมูลโรงเรียนที่พิมพ์ผิด"),
    "school.co_located": N_("โรงเรียนไปเรียนรวม"),
    "school.separated": N_("โรงเรียนเลิกเรียนรวม"),
    "school.merged": N_("ควบรวมโรงเรียน"),
    "school.closed": N_("ยุบเลิกโรงเรียน"),
    "school.reopened": N_("เปิดโรงเรียนอีกครั้ง"),
    "school.plan": N_("วางแผนเปลี่ยนแปลงโรงเรียน"),
    "school.plan_withdrawn": N_("ถอนแผนเปลี่ยนแปลงโรงเรียน"),
    "school.plan_failed": N_("ทำตามแผนเปลี่ยนแปลงโรงเรียนไม่ได้"),
    "school.record": N_("แก้ไขข้อมูลพื้นฐานของโรงเรียน"),
    "school_round": N_("โรงเรียนในรอบข้อมูล"),
    "school_round.check_only": N_("ลองตรวจไฟล์โดยไม่ส่ง"),
    "session": N_("การเข้าใช้งาน"),
    "session.login": N_("เข้าสู่ระบบ"),
    "session.login_failed": N_("เข้าสู่ระบบไม่สำเร็จ"),
    "session.logout": N_("ออกจากระบบ"),
    "submission": N_("ไฟล์ข้อมูล"),
    "submission.cells_corrected": N_("แก้เซลล์ในไฟล์ข้อมูล"),
    "submission.erased": N_("ลบไฟล์ข้อมูลฉบับเก่าตามกำหนด"),
    "task": N_("งานที่มอบหมาย"),
    "totp": N_("การยืนยันสองขั้น"),
    "view": N_("รายการหนังสือที่บันทึกไว้"),
}

DETAILS = {
    "rule": N_("กฎ"),
    "row": N_("แถว"),
    "column": N_("คอลัมน์"),
    "version": N_("ฉบับที่"),
    "role": N_("บทบาท"),
    "from": N_("ตั้งแต่"),
    "until": N_("ถึง"),
    "state": N_("สถานะ"),
    "remote": N_("จากเครื่อง"),
}


def action_name(action: str) -> str:
    """What an action is called; one without a name of its own by the name of its kind, with its code."""
    if action in ACTIONS:
        return gettext(ACTIONS[action])
    kind = action.partition(".")[0].partition("_")[0]
    for known in (action.partition(".")[0], kind):
        if known in ACTIONS:
            return f"{gettext(ACTIONS[known])} ({action})"
    return action


SUBJECTS = {
    "area": N_("เขตพื้นที่"),
    "cluster": N_("กลุ่มโรงเรียน"),
    "contact": N_("ผู้ติดต่อ"),
    "duplicate": N_("รายการนักเรียนซ้ำซ้อน"),
    "group": N_("กลุ่มงาน"),
    "import": N_("การนำเข้า"),
    "letter": N_("หนังสือ"),
    "message": N_("ข้อความ"),
    "person": N_("บุคคล"),
    "profile": N_("ข้อมูลพื้นฐานของโรงเรียน"),
    "round": N_("รอบข้อมูล"),
    "school": N_("โรงเรียน"),
    "school_round": N_("โรงเรียนในรอบข้อมูล"),
    "submission": N_("ไฟล์ข้อมูล"),
    "submission.cells_corrected": N_("แก้เซลล์ในไฟล์ข้อมูล"),
    "view": N_("รายการหนังสือที่บันทึกไว้"),
}
# what people know by its number; other ids say nothing to a reader
NUMBERED = frozenset({"area", "group", "profile", "school"})


def subject_words(subject: str, name: str | None) -> str:
    """What an entry is about, in words: a person's name, a school's code."""
    kind, _, rest = subject.partition("/")
    if kind not in SUBJECTS:
        return subject
    known = name or (rest if kind in NUMBERED else "")
    return f"{gettext(SUBJECTS[kind])} {known}".strip()


def details(change: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parts of a change that a reader can use, with their names; what lies deeper stays in the API."""
    shown = ((name, change[name]) for name in DETAILS if name in change)
    return [(label(DETAILS, name), str(value)) for name, value in shown if isinstance(value, str | int) and value != ""]
