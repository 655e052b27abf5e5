"""What codes are called in Thai: states, severities, roles, events, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web.language import N_, gettext

ROUND_STATES = {
    "DRAFT": N_("ร่าง"),
    "ANNOUNCED": N_("ประกาศแล้ว"),
    "OPEN": N_("เปิดรับข้อมูล"),
    "CONFIRM_WINDOW": N_("ช่วงยืนยันข้อมูล"),
    "CLOSED": N_("ปิดรอบแล้ว"),
}

SCHOOL_STATES = {
    "NOT_STARTED": N_("ยังไม่เริ่ม"),
    "RECORDING": N_("กำลังตรวจไฟล์"),
    "HAS_ERRORS": N_("มีรายการต้องแก้"),
    "READY": N_("พร้อมยืนยัน"),
    "CONFIRMED": N_("ยืนยันแล้ว"),
    "CERTIFIED": N_("รับรองแล้ว"),
    "RETURNED": N_("ตีกลับ"),
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

# what a rule is about; its message says what is wrong with a row
RULES = {
    "F01": N_("เปิดอ่านไฟล์"),
    "F02": N_("หัวตาราง"),
    "F03": N_("รหัสโรงเรียนในไฟล์"),
    "F04": N_("ปีการศึกษาและรอบของไฟล์"),
    "F05": N_("ไฟล์ที่เคยส่งแล้ว"),
    "F06": N_("วันที่สร้างไฟล์"),
    "F07": N_("คอลัมน์ขาดหรือเกิน"),
    "F08": N_("ไม่มีข้อมูลนักเรียน"),
    "F09": N_("จำนวนนักเรียนต่างจากรอบก่อน"),
    "F10": N_("คอลัมน์เลขประจำตัวสลับกัน"),
    "F11": N_("เลขประจำตัวเสียรูปจาก Excel"),
    "F12": N_("สูตรในเซลล์ข้อมูล"),
    "I01": N_("ไม่มีเลขประจำตัวประชาชน"),
    "I02": N_("รูปแบบเลขประจำตัวประชาชน"),
    "I03": N_("เลขตรวจสอบหลักที่ 13"),
    "I04": N_("เลขประจำตัวที่เป็นไปไม่ได้"),
    "I05": N_("รหัส G ไม่ถูกต้อง"),
    "I06": N_("รหัส G กับสัญชาติไทย"),
    "I07": N_("เลขประจำตัวประชาชนซ้ำ"),
    "I08": N_("เลขประจำตัวนักเรียนซ้ำ"),
    "P01": N_("ชื่อและนามสกุล"),
    "P03": N_("คำนำหน้าชื่อกับเพศ"),
    "P05": N_("เพศ"),
    "P06": N_("วันเกิด"),
    "P07": N_("อายุในไฟล์"),
    "P08": N_("อายุที่เป็นไปไม่ได้"),
    "C01": N_("ชั้นเรียน"),
    "C02": N_("ห้องเรียน"),
    "C03": N_("อายุกับชั้นเรียน"),
    "G01": N_("ชื่อผู้ปกครอง"),
    "H01": N_("ยังไม่กรอกน้ำหนักหรือส่วนสูง"),
    "H02": N_("น้ำหนักหรือส่วนสูงที่เป็นไปไม่ได้"),
    "H03": N_("น้ำหนักหรือส่วนสูงผิดปกติ"),
    "H04": N_("ดัชนีมวลกายผิดปกติ"),
}

# what the page says after a form has done its work; the code travels in the address, never the text
DONE = {
    "round.created": N_("สร้างรอบเป็นร่างแล้ว โรงเรียนจะทราบเมื่อกดประกาศ"),
    "round.announced": N_("ประกาศรอบแล้ว ระบบส่งข้อความถึงครูผู้รับผิดชอบข้อมูลทุกโรงเรียน"),
    "round.opened": N_("เปิดรับข้อมูลแล้ว โรงเรียนส่งไฟล์ได้"),
    "round.closed": N_("ปิดรอบแล้ว"),
    "round.deleted": N_("ลบร่างแล้ว"),
    "uploaded": N_("รับไฟล์แล้ว ระบบกำลังตรวจ"),
    "explained": N_("บันทึกคำชี้แจงแล้ว"),
    "confirmed": N_("ยืนยันข้อมูลแล้ว รอผู้อำนวยการโรงเรียนรับรอง"),
    "certified": N_("รับรองข้อมูลแล้ว รอเขตรับทราบ"),
    "returned": N_("ตีกลับแล้ว ระบบส่งข้อความถึงโรงเรียน"),
    "revoked": N_("ยกเลิกการยืนยันแล้ว โรงเรียนยืนยันใหม่ไม่ได้จนกว่าจะปลดการระงับ"),
    "hold.lifted": N_("ปลดการระงับแล้ว โรงเรียนยืนยันใหม่ได้"),
    "acknowledged": N_("รับทราบแล้ว"),
    "exempted": N_("ยกเว้นโรงเรียนนี้ในรอบนี้แล้ว"),
    "profile.saved": N_("บันทึกข้อมูลพื้นฐานแล้ว"),
    "read": N_("ทำเครื่องหมายว่าอ่านแล้ว"),
    "password.changed": N_("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นต้องเข้าสู่ระบบใหม่"),
    "signed.out": N_("ออกจากระบบแล้ว"),
    "session.ended": N_("หมดเวลาใช้งานแล้ว กรุณาเข้าสู่ระบบอีกครั้ง"),
    "parked.replayed": N_("ส่งข้อความเข้าคิวใหม่แล้ว"),
    "parked.dropped": N_("ทิ้งข้อความแล้ว"),
    "projection.rebuilt": N_("เริ่มสร้างข้อมูลสำเนาใหม่แล้ว"),
}

UNKNOWN_AMPHOE = N_("ไม่ระบุอำเภอ")


def label(table: Mapping[str, str], code: Any) -> str:
    """The Thai name of a code; a code without one stays as it is."""
    return gettext(table[code]) if code in table else str(code)
