"""Why a file is not taken or not stamped, in words for the person who sent it, with codes that stay."""

from __future__ import annotations

_WORDS = {
    "unknown_kind": "ชนิดไฟล์ไม่อยู่ในรายการที่รับ: pdf docx xlsx pptx jpg png zip",
    "empty": "ไฟล์ไม่มีข้อมูล (0 ไบต์) กรุณาบันทึกหรือดาวน์โหลดใหม่แล้วส่งอีกครั้ง",
    "encrypted": "ไฟล์มีรหัสผ่านหรือถูกจำกัดสิทธิ์ กรุณายกเลิกรหัสผ่านแล้วบันทึกใหม่ก่อนส่ง",
    "broken": "ไฟล์เสียหายหรือไม่สมบูรณ์ เปิดอ่านไม่ได้ กรุณาสแกนหรือบันทึกใหม่แล้วส่งอีกครั้ง",
    "too_many_pages": "ไฟล์มีจำนวนหน้าเกินที่รับได้ กรุณาแบ่งเป็นหลายไฟล์",
    "too_large": "ภาพใหญ่เกินที่รับได้ กรุณาย่อภาพหรือสแกนใหม่ที่ 300 dpi",
    "bomb": "เมื่อคลายไฟล์แล้วมีขนาดหรือโครงสร้างผิดปกติ จึงไม่รับไฟล์นี้",
    "no_such_page": "ไฟล์ไม่มีหน้าที่เลือกให้ประทับตรา",
}

CODES = frozenset(_WORDS)


class Refused(Exception):
    """A file that is not taken: ``code`` is one of :data:`CODES`, ``detail`` a Thai sentence."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.detail = _WORDS[code]
        super().__init__(f"{code}: {self.detail}")

    def as_dict(self) -> dict[str, str]:
        """``{code, detail}``, as child tasks answer it."""
        return {"code": self.code, "detail": self.detail}
