"""Why a file from outside is refused, in words for the person who sent it. The stable code is ``F01.<cause>``."""

from __future__ import annotations

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024

_WORDS = {
    "empty": ("ไฟล์ว่าง", "ไฟล์ไม่มีข้อมูล (0 ไบต์) กรุณาดาวน์โหลดหรือบันทึกไฟล์ใหม่แล้วส่งอีกครั้ง"),
    "type": (
        "ชนิดไฟล์ไม่ถูกต้อง",
        "รับเฉพาะไฟล์ตารางคำนวณ .xlsx .xlsm .xls และ .csv เนื้อไฟล์ที่ส่งมาไม่ใช่ตารางคำนวณ",
    ),
    "extension": (
        "นามสกุลไฟล์ไม่ตรงกับเนื้อไฟล์",
        "เปิดไฟล์ด้วย Excel แล้วเลือก บันทึกเป็น (Save As) ชนิด Excel Workbook (.xlsx) ก่อนส่ง",
    ),
    "encrypted": ("ไฟล์มีรหัสผ่าน", "กรุณายกเลิกรหัสผ่านของไฟล์แล้วบันทึกใหม่ก่อนส่ง"),
    "too_large": ("ไฟล์ใหญ่เกินกำหนด", "ไฟล์ต้องไม่เกิน 20 MB"),
    "bomb": (
        "ไฟล์ผิดปกติ",
        "เมื่อคลายไฟล์แล้วมีขนาดหรือโครงสร้างเกินที่รับได้ (200 MB) กรุณาคัดลอกเฉพาะตารางข้อมูลไปไฟล์ใหม่แล้วส่งอีกครั้ง",
    ),
    "unreadable": ("ไฟล์เปิดไม่ได้", "ไฟล์เสียหายหรือไม่สมบูรณ์ กรุณาเปิดด้วย Excel แล้วบันทึกใหม่ก่อนส่ง"),
    "range": (
        "มีข้อมูลอยู่นอกขอบเขตตาราง",
        "พบข้อมูลที่เซลล์ซึ่งไกลเกินตาราง กรุณาลบแถวและคอลัมน์ที่ไม่ใช้ออก หรือคัดลอกเฉพาะตารางไปไฟล์ใหม่",
    ),
}

CAUSES = frozenset(_WORDS)


class ContainerFault(Exception):
    """A file that cannot be accepted: ``cause`` is one of :data:`CAUSES`; ``title`` and ``detail`` are Thai."""

    def __init__(self, cause: str, detail: str | None = None) -> None:
        self.cause = cause
        self.title, usual = _WORDS[cause]
        self.detail = detail or usual
        super().__init__(f"F01.{cause}: {self.title}")


class ReadFault(ContainerFault):
    """The same, met while the file was being read: the submission becomes REJECTED with an F01 finding."""
