"""What appointments for classes of secrecy are called."""

from __future__ import annotations

from gateway.web.language import N_

POSTS = {
    "registrar": N_("นายทะเบียนข้อมูลข่าวสารลับ"),
    "reader": N_("ผู้เข้าถึงข้อมูลข่าวสารลับ"),
}

LEVELS = {
    "secret": N_("ลับ"),
    "very_secret": N_("ลับมาก"),
}

STANDINGS = {
    "current": N_("มีผลอยู่"),
    "ahead": N_("ยังไม่ถึงวันเริ่ม"),
    "over": N_("สิ้นสุดแล้ว"),
}
STANDING_KINDS = {"current": "good", "ahead": "warn"}

# what the page says after a form about such letters has done its work
DONE = {
    "letter.reclassified": N_("เปลี่ยนชั้นความลับแล้ว ดูเลขทะเบียนและสถานะ ถ้าเปลี่ยนทะเบียน เลขเดิมยกเลิกและต้องลงทะเบียนใหม่"),
    "letter.admitted": N_("เพิ่มผู้เข้าถึงแล้ว"),
    "letter.excluded": N_("ถอนผู้เข้าถึงแล้ว"),
    "clearance.appointed": N_("บันทึกการแต่งตั้งแล้ว"),
    "clearance.ended": N_("สิ้นสุดการแต่งตั้งแล้ว ผู้นี้เข้าถึงหนังสือลับไม่ได้ตั้งแต่บัดนี้"),
}
