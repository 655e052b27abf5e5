"""What codes are called in Thai: states, severities, roles, events, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web import book_labels, clearance_words, letter_words, rule_labels
from gateway.web.language import N_, gettext

ROUND_STATES = {
    "DRAFT": N_("ร่าง"),
    "ANNOUNCED": N_("ประกาศแล้ว"),
    "OPEN": N_("เปิดรับข้อมูล"),
    "CONFIRM_WINDOW": N_("ช่วงยืนยันข้อมูล"),
    "CLOSED": N_("ปิดรอบแล้ว"),
    "PUBLISHED": N_("เผยแพร่แล้ว"),
    "AMENDED": N_("เผยแพร่แล้ว มีการแก้ไข"),
}

SCHOOL_STATES = {
    "NOT_STARTED": N_("ยังไม่เริ่ม"),
    "RECORDING": N_("กำลังตรวจไฟล์"),
    "HAS_ERRORS": N_("มีรายการต้องแก้"),
    "READY": N_("พร้อมยืนยัน"),
    "CONFIRMED": N_("ยืนยันแล้ว"),
    "CERTIFIED": N_("รับรองแล้ว"),
    "RETURNED": N_("เขตตีกลับ"),
    "ACKNOWLEDGED": N_("เขตรับทราบแล้ว"),
    "LOCKED": N_("ปิดรอบแล้ว"),
    "EXEMPT": N_("ยกเว้น"),
}

SUBMISSION_STATES = {
    "RECORDING": N_("กำลังตรวจ"),
    "HAS_ERRORS": N_("มีรายการต้องแก้"),
    "READY": N_("ผ่านการตรวจ"),
    "REJECTED": N_("ไม่รับไฟล์"),
    "FAILED": N_("ระบบตรวจไม่สำเร็จ"),
    "SUPERSEDED": N_("มีฉบับใหม่แทนแล้ว"),
}

SEVERITIES = {
    "BLOCK": N_("รับไฟล์ไม่ได้"),
    "ERROR": N_("ต้องแก้ไข"),
    "WARN": N_("ต้องชี้แจง"),
    "INFO": N_("แจ้งให้ทราบ"),
}

# a version's findings beside those of the version before
SINCE = {
    "fixed": N_("แก้แล้ว"),
    "open": N_("ยังค้าง"),
    "new": N_("ใหม่"),
}

# what a reading file is doing
STAGES = {
    "waiting": N_("รอคิวตรวจ"),
    "scan": N_("กำลังเปิดไฟล์"),
    "read": N_("กำลังอ่านข้อมูลนักเรียน"),
    "check": N_("กำลังตรวจตามกฎ"),
    "done": N_("ตรวจเสร็จแล้ว"),
    "failed": N_("ตรวจไม่สำเร็จ"),
}

EVENTS = {
    "announce": N_("ประกาศรอบ"),
    "upload": N_("ส่งไฟล์"),
    "validate": N_("ตรวจไฟล์เสร็จ"),
    "explain": N_("ชี้แจงคำเตือน"),
    "confirm": N_("ยืนยัน"),
    "certify": N_("รับรอง"),
    "return": N_("ตีกลับ"),
    "revoke": N_("ยกเลิกการยืนยัน"),
    "lift_hold": N_("ปลดการระงับ"),
    "acknowledge": N_("รับทราบ"),
    "exempt": N_("ยกเว้น"),
    "lock": N_("ปิดรอบ"),
    "extend": N_("ขยายเวลา"),
    "reopen": N_("เปิดรอบอีกครั้ง"),
    "erase": N_("ระบบลบไฟล์และข้อมูลนักเรียนของฉบับเก่าตามกำหนด"),
    "late": N_("เลยกำหนดส่ง"),
}

ROLES = {
    "registrar": N_("สารบรรณ"),
    "officer": N_("เจ้าหน้าที่"),
    "group_director": N_("ผู้อำนวยการกลุ่ม"),
    "deputy_director": N_("รองผู้อำนวยการเขต"),
    "area_director": N_("ผู้อำนวยการเขต"),
    "records_officer": N_("เจ้าหน้าที่เก็บและทำลายเอกสาร"),
    "data_officer": N_("ครูผู้รับผิดชอบข้อมูล"),
    "school_director": N_("ผู้อำนวยการโรงเรียน"),
    "teacher": N_("ครู"),
    "area_admin": N_("ผู้ดูแลบัญชีของเขต"),
    "ops": N_("ผู้ดูแลระบบ"),
    "auditor": N_("ผู้ตรวจสอบ"),
}

SERVICES = {
    "schools": N_("ทะเบียนโรงเรียนและบัญชีผู้ใช้"),
    "rounds": N_("รอบข้อมูล"),
    "notifications": N_("กล่องข้อความ"),
    "reporting": N_("รายงาน"),
    "documents": N_("หนังสือราชการ"),
}

ROUND_DATES = {
    "as_of_date": N_("ข้อมูล ณ วันที่"),
    "open_at": N_("วันเปิดรอบ"),
    "confirm_from": N_("วันเริ่มยืนยัน"),
    "school_deadline": N_("กำหนดโรงเรียนยืนยัน"),
    "certify_deadline": N_("กำหนดผู้อำนวยการรับรอง"),
    "area_ack_deadline": N_("กำหนดเขตรับทราบ"),
    "close_at": N_("วันปิดรอบ"),
}

RULES, RULE_SCOPES, MOVEMENT_KINDS = rule_labels.RULES, rule_labels.RULE_SCOPES, rule_labels.MOVEMENT_KINDS

API_SUBJECTS = {
    "auth": N_("เข้าสู่ระบบ"),
    "me": N_("บัญชีของฉัน"),
    "people": N_("บุคคล บัญชี และสิทธิ์"),
    "organisations": N_("หน่วยงาน"),
    "schools": N_("โรงเรียน"),
    "imports": N_("นำเข้ารายชื่อ"),
    "rounds": N_("รอบข้อมูล"),
    "schools in rounds": N_("โรงเรียนในรอบ"),
    "submissions": N_("ไฟล์และผลการตรวจ"),
    "duplicates": N_("นักเรียนซ้ำซ้อน"),
    "rules": N_("กฎการตรวจข้อมูล"),
    "files": N_("ดาวน์โหลดไฟล์"),
    "reports": N_("รายงาน"),
    "books": N_("ทะเบียนและเลขหนังสือ"),
    "letters": N_("หนังสือรับและงานที่มอบหมาย"),
    "inbox": N_("ข้อความ"),
    "audit": N_("บันทึกการใช้งาน"),
    "ops": N_("ระบบ"),
    "health": N_("สภาพของระบบ"),
    "docs": N_("เอกสาร"),
}

BOOK_OWNERS, BOOK_KINDS, ENTRY_STATES = book_labels.BOOK_OWNERS, book_labels.BOOK_KINDS, book_labels.ENTRY_STATES
NUMBER_REQUEST_STATES, BLOCK_STATES = book_labels.NUMBER_REQUEST_STATES, book_labels.BLOCK_STATES
CIRCULAR_POLICIES = book_labels.CIRCULAR_POLICIES

UNIT_STATES = {
    "OPEN": N_("เปิดอยู่"),
    "CLOSED": N_("ยุบหรือเลิกแล้ว"),
}

# what may happen to a school
SCHOOL_EVENTS = {
    "OPENED": N_("จัดตั้ง"),
    "RENAMED": N_("เปลี่ยนชื่อ"),
    "CODE_CHANGED": N_("เปลี่ยนรหัส"),
    "RANGE_CHANGED": N_("เปลี่ยนระดับที่เปิดสอน"),
    "CORRECTED": N_("แก้ไขข้อมูลที่พิมพ์ผิด"),
    "CO_LOCATED": N_("ไปเรียนรวม"),
    "SEPARATED": N_("เลิกเรียนรวม"),
    "MERGED": N_("ควบรวม"),
    "CLOSED": N_("ยุบเลิก"),
    "REOPENED": N_("เปิดอีกครั้ง"),
}

SCHOOL_EVENT_STATES = {
    "PLANNED": N_("เป็นแผน"),
    "APPLIED": N_("มีผลแล้ว"),
    "WITHDRAWN": N_("ถอนแผน"),
    "FAILED": N_("ทำตามแผนไม่ได้"),
}

CODE_SCHEMES = {
    "SMIS8": N_("รหัส SMIS 8 หลัก"),
    "MOE10": N_("รหัสกระทรวง 10 หลัก"),
    "PER6": N_("รหัส 6 หลัก (PER CODE)"),
    "AREA4": N_("รหัสเขตพื้นที่"),
    "AREA6": N_("รหัสเขตพื้นที่"),
    "AREA_DMC8": N_("รหัสเขตพื้นที่ใน DMC"),
    "AMPHOE4": N_("รหัสอำเภอ"),
    "TAMBON6": N_("รหัสตำบล"),
}

# what is kept of a school, in events and in its record
SCHOOL_FIELDS = {
    "name": N_("ชื่อโรงเรียน"),
    "education_range": N_("ระดับที่เปิดสอน"),
    "tambon": N_("ตำบล"),
    "amphoe": N_("อำเภอ"),
    "province": N_("จังหวัด"),
    "state": N_("สถานะ"),
    "main_school": N_("เรียนรวมกับ"),
    "successor": N_("โรงเรียนที่รับช่วง"),
    "name_en": N_("ชื่อภาษาอังกฤษ"),
    "village": N_("ที่อยู่ หมู่บ้าน"),
    "postcode": N_("รหัสไปรษณีย์"),
    "phone": N_("โทรศัพท์"),
    "fax": N_("โทรสาร"),
    "email": N_("อีเมล"),
    "website": N_("เว็บไซต์"),
    "founded": N_("วันที่ก่อตั้ง"),
    "local_authority": N_("องค์กรปกครองส่วนท้องถิ่น (อปท.)"),
    "km_to_area": N_("ระยะทางถึงสำนักงานเขต (กม.)"),
    "km_to_amphoe": N_("ระยะทางถึงที่ว่าการอำเภอ (กม.)"),
    "latitude": N_("ละติจูด"),
    "longitude": N_("ลองจิจูด"),
    "highland": N_("โรงเรียนพื้นที่สูงหรือถิ่นทุรกันดาร"),
}

# a kind that is not here is called as the service calls it
IMPORT_KINDS = {
    "people": N_("รายชื่อบุคลากร"),
    "schools": N_("รายชื่อโรงเรียน"),
}

BATCH_STATES = {
    "RECORDING": N_("กำลังแยกไฟล์"),
    "CHECKING": N_("กำลังตรวจทีละโรงเรียน"),
    "DONE": N_("ตรวจครบแล้ว"),
    "REJECTED": N_("ไม่รับไฟล์"),
    "FAILED": N_("ระบบแยกไฟล์ไม่สำเร็จ"),
}

BATCH_STAGES = {
    "waiting": N_("รอคิว"),
    "scan": N_("กำลังเปิดไฟล์"),
    "split": N_("กำลังแยกแถวตามโรงเรียน"),
    "check": N_("กำลังตรวจทีละโรงเรียน"),
    "done": N_("เสร็จแล้ว"),
}

# why a school in the area's file got no new version
BATCH_SKIPPED = {
    "confirmed": N_("ยืนยันหรือรับรองแล้ว"),
    "acknowledged": N_("เขตรับทราบแล้ว"),
    "locked": N_("ปิดรอบแล้ว"),
    "exempt": N_("ได้รับยกเว้น"),
    "closed": N_("หมดเวลาของโรงเรียน"),
    "same_file": N_("ข้อมูลเหมือนฉบับปัจจุบัน"),
}

IMPORT_STATES = {
    "RECEIVED": N_("กำลังอ่านไฟล์"),
    "CHECKING": N_("กำลังตรวจอีกครั้ง"),
    "CHECKED": N_("ตรวจแล้ว รอนำเข้า"),
    "APPLYING": N_("กำลังนำเข้า"),
    "APPLIED": N_("นำเข้าแล้ว"),
    "CANCELLED": N_("ยกเลิกแล้ว"),
    "REJECTED": N_("ไม่รับไฟล์"),
    "FAILED": N_("ระบบตรวจไม่สำเร็จ"),
}

IMPORT_STAGES = {
    "waiting": N_("รอคิว"),
    "scan": N_("กำลังเปิดไฟล์"),
    "read": N_("กำลังอ่านแถวในไฟล์"),
    "judge": N_("กำลังเทียบกับข้อมูลในระบบ"),
    "apply": N_("กำลังนำเข้าทีละแถว"),
    "done": N_("เสร็จแล้ว"),
    "failed": N_("ตรวจไม่สำเร็จ"),
}

VERDICTS = {
    "NEW": N_("เพิ่มใหม่"),
    "CHANGE": N_("แก้ไข"),
    "SAME": N_("ตรงกับในระบบแล้ว"),
    "ERROR": N_("มีข้อผิดพลาด"),
    "SKIPPED": N_("ไม่ใช่แถวข้อมูล"),
}

OUTCOMES = {
    "APPLIED": N_("นำเข้าแล้ว"),
    "UNCHANGED": N_("ไม่เปลี่ยนแปลง"),
    "REFUSED": N_("นำเข้าไม่ได้"),
    "STALE": N_("ข้อมูลในระบบเปลี่ยนไป ไม่นำเข้า"),
    "LEFT": N_("ไม่นำเข้า มีข้อผิดพลาด"),
    "SKIPPED": N_("ไม่ใช่แถวข้อมูล"),
}

# what the page says after a form has done its work; the code travels in the address, never the text
DONE = {
    "round.created": N_("สร้างรอบเป็นร่างแล้ว โรงเรียนจะทราบเมื่อกดประกาศ"),
    "round.announced": N_("ประกาศรอบแล้ว ระบบส่งข้อความถึงครูผู้รับผิดชอบข้อมูลทุกโรงเรียน"),
    "round.opened": N_("เปิดรับข้อมูลแล้ว โรงเรียนส่งไฟล์ได้"),
    "round.closed": N_("ปิดรอบแล้ว"),
    "round.reopened": N_("เปิดรอบอีกครั้งแล้ว ทุกโรงเรียนกลับไปอยู่ในสถานะก่อนปิดรอบ"),
    "round.published": N_("เผยแพร่ตัวเลขของรอบนี้แล้ว"),
    "extended": N_("ขยายเวลาแล้ว ระบบส่งข้อความถึงโรงเรียน"),
    "round.deleted": N_("ลบร่างแล้ว"),
    "uploaded": N_("รับไฟล์แล้ว ระบบกำลังตรวจ"),
    "corrected": N_("บันทึกการแก้ไขเป็นฉบับใหม่แล้ว ระบบกำลังตรวจ"),
    "explained": N_("บันทึกคำชี้แจงแล้ว"),
    "confirmed": N_("ยืนยันข้อมูลแล้ว รอผู้อำนวยการโรงเรียนรับรอง"),
    "certified": N_("รับรองข้อมูลแล้ว รอเขตรับทราบ"),
    "returned": N_("ตีกลับแล้ว ระบบส่งข้อความถึงโรงเรียน"),
    "revoked": N_("ยกเลิกการยืนยันแล้ว โรงเรียนยืนยันใหม่ไม่ได้จนกว่าจะปลดการระงับ"),
    "hold.lifted": N_("ปลดการระงับแล้ว โรงเรียนยืนยันใหม่ได้"),
    "acknowledged": N_("รับทราบแล้ว"),
    "exempted": N_("ยกเว้นโรงเรียนนี้ในรอบนี้แล้ว"),
    "duplicate.settled": N_("บันทึกคำวินิจฉัยแล้ว จำนวนนักเรียนปรับให้แล้ว ระบบส่งข้อความถึงทั้งสองโรงเรียน"),
    "duplicate.carried": N_("ยกไปรอบถัดไปแล้ว เขตรับทราบได้"),
    "duplicate.reopened": N_("เปิดพิจารณาใหม่แล้ว นักเรียนนับทั้งสองโรงเรียนจนกว่าจะวินิจฉัย"),
    "duplicate.evidence": N_("แนบเอกสารแล้ว"),
    "profile.saved": N_("บันทึกข้อมูลพื้นฐานแล้ว"),
    "school.recorded": N_("บันทึกข้อมูลโรงเรียนแล้ว"),
    "school.changed": N_("บันทึกการเปลี่ยนแปลงแล้ว มีผลทันที"),
    "school.planned": N_("บันทึกเป็นแผนแล้ว ระบบจะเปลี่ยนให้ในวันที่มีผล ถอนแผนได้ก่อนวันนั้น"),
    "plan.withdrawn": N_("ถอนแผนแล้ว"),
    "group.saved": N_("บันทึกกลุ่มงานแล้ว"),
    "group.closed": N_("ยุบเลิกกลุ่มงานแล้ว"),
    "cluster.saved": N_("บันทึกกลุ่มโรงเรียนแล้ว"),
    "cluster.closed": N_("ยุบเลิกกลุ่มโรงเรียนแล้ว"),
    **book_labels.DONE, **clearance_words.DONE,
    "read": N_("ทำเครื่องหมายว่าอ่านแล้ว"),
    "import.decided": N_("บันทึกการตัดสินแล้ว"),
    "import.cancelled": N_("ยกเลิกการนำเข้าแล้ว ข้อมูลในระบบไม่เปลี่ยน"),
    "settings.saved": N_("บันทึกการแสดงผลแล้ว"),
    "password.changed": N_("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นต้องเข้าสู่ระบบใหม่"),
    **letter_words.DONE,
    "signed.out": N_("ออกจากระบบแล้ว"),
    "session.stopped": N_("สั่งให้เครื่องนั้นออกจากระบบแล้ว"),
    "totp.off": N_("ปิดการยืนยันสองขั้นแล้ว"),
    "person.added": N_("เพิ่มบุคคลแล้ว ขั้นต่อไปคือให้บทบาทและพิมพ์สลิปรหัสผ่าน"),
    "person.changed": N_("บันทึกข้อมูลบุคคลแล้ว"),
    "person.retired": N_("บันทึกการพ้นจากราชการแล้ว บัญชีถูกปิดและบทบาทสิ้นสุดวันนี้"),
    "person.reinstated": N_("บันทึกการกลับเข้ารับราชการแล้ว ปลดล็อกบัญชีและให้บทบาทใหม่ได้"),
    "account.opened": N_("เปิดบัญชีแล้ว พิมพ์สลิปรหัสผ่านให้เจ้าของบัญชี"),
    "account.locked": N_("ล็อกบัญชีแล้ว เจ้าของบัญชีออกจากระบบทุกเครื่อง"),
    "account.unlocked": N_("ปลดล็อกบัญชีแล้ว"),
    "totp.reset": N_("ปิดการยืนยันสองขั้นของบัญชีนี้แล้ว"),
    "grant.given": N_("ให้บทบาทแล้ว"),
    "grant.ended": N_("บันทึกวันสิ้นสุดบทบาทแล้ว"),
    "sessions.revoked": N_("สั่งให้ออกจากระบบทุกเครื่องแล้ว"),
    "session.ended": N_("หมดเวลาใช้งานแล้ว กรุณาเข้าสู่ระบบอีกครั้ง"),
    "parked.replayed": N_("ส่งข้อความเข้าคิวใหม่แล้ว"),
    "parked.dropped": N_("ทิ้งข้อความแล้ว"),
    "projection.rebuilt": N_("เริ่มสร้างข้อมูลสำเนาใหม่แล้ว"),
}

# how a person and their account stand
STANDINGS = {
    "ACTIVE": N_("ใช้งานอยู่"),
    "NEVER_IN": N_("ยังไม่เคยเข้าใช้"),
    "LOCKED": N_("ล็อกบัญชี"),
    "NO_ACCOUNT": N_("ยังไม่มีบัญชี"),
    "RETIRED": N_("พ้นจากราชการ"),
}

# the colour of a standing
STANDING_KINDS = {"ACTIVE": "good", "NEVER_IN": "warn", "LOCKED": "bad"}

GRANT_STATES = {
    "CURRENT": N_("มีผลอยู่"),
    "FUTURE": N_("ยังไม่ถึงวันเริ่ม"),
    "PAST": N_("สิ้นสุดแล้ว"),
    "WITHDRAWN": N_("ยกเลิก"),
}

UNIT_KINDS = {
    "AREA": N_("สำนักงานเขต"),
    "GROUP": N_("กลุ่มงาน"),
    "SCHOOL": N_("โรงเรียน"),
}

DIGITS = {
    "arabic": N_("อารบิก 123"),
    "thai": N_("ไทย ๑๒๓"),
}

DATE_STYLES = {
    "short": N_("10 มิ.ย. 2569"),
    "full": N_("10 มิถุนายน 2569"),
    "slashed": N_("10/06/2569"),
}

UNKNOWN_AMPHOE = N_("ไม่ระบุอำเภอ")


def choices(table: Mapping[str, str]) -> list[tuple[str, str]]:
    """A table as the options of a field: code and name."""
    return [(code, gettext(name)) for code, name in table.items()]


def label(table: Mapping[str, str], code: Any) -> str:
    """The Thai name of a code; a code without one stays as it is."""
    return gettext(table[code]) if code in table else str(code)
