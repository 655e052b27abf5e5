"""Which help belongs to which page. The texts are templates in ``help/``, one a topic and language."""

from __future__ import annotations

from gateway.web.language import N_
from shared.http.routing import Route

# the page's address as its route has it, and everything below that has no topic of its own
_TOPIC_OF_PAGE = {
    "/": "home",
    "/login": "login",
    "/account": "account",
    "/password": "account",
    "/settings": "settings",
    "/inbox": "inbox",
    "/letters": "letters",
    "/letters/new": "new-letter",
    "/letters/views": "finding-letters",
    "/letters/bulk": "new-letter",
    "/contacts": "contacts",
    "/letters/{id}/circulate": "circulars",
    "/circulars": "circulars",
    "/clearances": "clearances",
    "/tasks": "tasks",
    "/delegations": "delegations",
    "/office-days": "office-days",
    "/rounds": "rounds",
    "/rounds/new": "new-round",
    "/rounds/{id}": "board",
    "/rounds/{id}/schools": "school-round",
    "/rounds/{id}/late": "late",
    "/rounds/{id}/duplicates": "duplicates",
    "/rounds/{id}/batches": "area-file",
    "/rules": "rules",
    "/reports": "reports",
    "/letter-reports": "letter-reports",
    "/books": "books",
    "/schools": "schools",
    "/schools/{smis}": "school",
    "/organisations": "organisations",
    "/people": "people",
    "/imports": "imports",
    "/audit": "audit",
    "/disclosures": "audit",
    "/pupil-copy": "pupil-copy",
    "/submissions": "audit",
    "/ops": "ops",
    "/api/docs": "api",
    "/help": "help",
    "/design": "help",
}

TOPICS = {
    "help": N_("เริ่มต้นใช้งาน: ใครทำอะไรต่อ"),
    "home": N_("งานของฉัน"),
    "login": N_("เข้าสู่ระบบ"),
    "account": N_("บัญชีและรหัสผ่าน"),
    "settings": N_("ภาษา ตัวเลข และวันที่"),
    "inbox": N_("ข้อความ"),
    "letters": N_("หนังสือรับ: ห้าขั้นของงานสารบรรณ"),
    "new-letter": N_("ลงรับหนังสือ"),
    "contacts": N_("สมุดผู้ติดต่อ"),
    "finding-letters": N_("ค้นหา กรอง และบันทึกรายการหนังสือ"),
    "clearances": N_("หนังสือลับและผู้เข้าถึง"),
    "tasks": N_("งานที่มอบหมายให้ฉัน"),
    "circulars": N_("หนังสือเวียนและใครอ่านแล้ว"),
    "delegations": N_("รักษาราชการแทนและส่งมอบงาน"),
    "office-days": N_("วันทำการของสำนักงาน"),
    "rounds": N_("รอบข้อมูล"),
    "new-round": N_("สร้างรอบข้อมูล"),
    "board": N_("ติดตามรอบ รับทราบ และตีกลับ"),
    "late": N_("ติดตามโรงเรียนล่าช้า"),
    "school-round": N_("โรงเรียนส่งไฟล์ ยืนยัน และรับรอง"),
    "duplicates": N_("นักเรียนซ้ำซ้อน"),
    "area-file": N_("ไฟล์รวมของเขต"),
    "rules": N_("กฎการตรวจข้อมูล"),
    "reports": N_("รายงาน"),
    "letter-reports": N_("รายงานหนังสือ: ปริมาณงาน เวลา และเรื่องค้าง"),
    "books": N_("ทะเบียนและเลขหนังสือ"),
    "schools": N_("โรงเรียนในเขต"),
    "school": N_("ข้อมูลของโรงเรียน"),
    "organisations": N_("โครงสร้างหน่วยงาน"),
    "people": N_("บุคคล บัญชี และสิทธิ์"),
    "imports": N_("นำเข้ารายชื่อ"),
    "audit": N_("ประวัติการใช้งานและการเปิดดูข้อมูลส่วนบุคคล"),
    "pupil-copy": N_("สำเนาข้อมูลของนักเรียนรายคน"),
    "ops": N_("ดูแลระบบ"),
    "api": N_("เชื่อมต่อผ่าน API"),
}


def topic_of(route: Route | None) -> str:
    """The topic of the page that ``route`` makes: its own, or that of the page it stands below."""
    path = route.path if route else "/"
    while path not in _TOPIC_OF_PAGE:
        path = path.rpartition("/")[0]
        if not path:
            return "help"
    return _TOPIC_OF_PAGE[path]


def template_of(topic: str, language: str) -> str:
    """The template of a topic's text."""
    return f"{topic}.{language}.html"
