"""What the codes of registers are called: owners, kinds, states, and what a page says after a form of theirs."""

from __future__ import annotations

from gateway.web.language import N_

BOOK_OWNERS = {
    "office": N_("สำนักงานเขต"),
    "group": N_("กลุ่มงาน"),
    "school": N_("โรงเรียน"),
}

BOOK_KINDS = {
    "received": N_("ทะเบียนหนังสือรับ"),
    "sent": N_("ทะเบียนหนังสือส่ง"),
    "circular": N_("ทะเบียนหนังสือเวียน"),
    "order": N_("ทะเบียนคำสั่ง"),
    "announcement": N_("ทะเบียนประกาศ"),
    "certificate": N_("ทะเบียนหนังสือรับรอง"),
    "merit": N_("ทะเบียนเกียรติบัตร"),
    "memo": N_("ทะเบียนบันทึกข้อความ"),
    "secret_received": N_("ทะเบียนหนังสือรับ (ลับ)"),
    "secret_sent": N_("ทะเบียนหนังสือส่ง (ลับ)"),
}

ENTRY_STATES = {
    "issued": N_("ออกเลขแล้ว"),
    "reserved": N_("จองไว้"),
    "void": N_("ยกเลิก"),
}

NUMBER_REQUEST_STATES = {
    "pending": N_("รอสารบรรณ"),
    "issued": N_("ได้เลขแล้ว"),
    "rejected": N_("ไม่ได้เลข"),
    "withdrawn": N_("ถอนคำขอแล้ว"),
}

BLOCK_STATES = {
    "out": N_("ใช้อยู่นอกระบบ"),
    "reconciled": N_("บันทึกการใช้แล้ว"),
}

CIRCULAR_POLICIES = {
    "separate": N_("มีเลขของตนเอง เริ่มจาก 1 ทุกปี"),
    "shared": N_("ใช้เลขร่วมกับทะเบียนหนังสือส่ง โดยมี ว นำหน้า"),
}

# how a row of an old system's register was read
IMPORT_ROWS = {
    "ok": N_("อ่านได้เรียบร้อย"),
    "warning": N_("มีข้อสังเกต"),
    "unreadable": N_("อ่านไม่ได้"),
    "skipped": N_("ไม่ใช่รายการ"),
}

IMPORT_STATES = {
    "READING": N_("กำลังอ่านทะเบียน"),
    "ENTERING": N_("กำลังนำเข้า"),
    "DONE": N_("เสร็จแล้ว"),
    "REFUSED": N_("ไม่รับไฟล์"),
    "FAILED": N_("ระบบนำเข้าไม่สำเร็จ"),
}

IMPORT_STAGES = {
    "waiting": N_("รอคิว"),
    "scan": N_("กำลังเปิดไฟล์"),
    "read": N_("กำลังอ่านทีละแถว"),
    "enter": N_("กำลังลงทะเบียนทีละแถว"),
    "done": N_("เสร็จแล้ว"),
}

# why a row of it is none of a letter
SKIPPED = {
    "blank": N_("แถวว่าง"),
    "title": N_("ชื่อทะเบียน"),
    "header": N_("หัวตาราง"),
    "total": N_("แถวรวม"),
    "footer": N_("ท้ายหน้า"),
    "unused": N_("เลขที่ไม่ได้ใช้"),
    "no_register": N_("แผ่นงานที่ไม่ใช่ทะเบียน"),
}

DONE = {
    "number.used": N_("บันทึกว่าใช้เลขนี้แล้ว"),
    "number.void": N_("ยกเลิกเลขแล้ว เลขนี้ยังอยู่ในทะเบียนและไม่นำกลับมาใช้อีก"),
    "number.inserted": N_("แทรกเลขแล้ว เลขอื่นไม่เปลี่ยน"),
    "number.asked": N_("ส่งคำขอเลขแล้ว เลขจะแสดงที่นี่เมื่อสารบรรณออกให้"),
    "number.granted": N_("ออกเลขตามคำขอแล้ว"),
    "number.rejected": N_("แจ้งไม่ออกเลขแล้ว ผู้ขอเห็นเหตุผลในหน้านี้"),
    "number.withdrawn": N_("ถอนคำขอแล้ว"),
    "block.out": N_("กันเลขแล้ว พิมพ์หน้านี้ไว้เขียนด้วยมือ แล้วกลับมาบันทึกเลขที่ใช้"),
    "block.reconciled": N_("บันทึกการใช้เลขชุดนี้แล้ว เลขที่ไม่ได้ใช้ถูกยกเลิก"),
    "book.changed": N_("บันทึกการตั้งค่าแล้ว เลขที่ออกไปก่อนหน้านี้ไม่เปลี่ยน"),
    "book.opened": N_("บันทึกเลขสุดท้ายที่ใช้แล้ว เลขถัดไปจะต่อจากเลขนั้น"),
    "book.closed": N_("ปิดทะเบียนของปีนี้แล้ว จดรหัสตรวจสอบไว้นอกระบบ"),
}
