"""Where the columns of a register stand: the header row among the first rows, its names as offices write them.

The names are those of forms 13 and 14, what offices make of them, the headers that AMSS++ prints into its exports, and
the fields of its tables (correspondence.md §1.3, §4.1). A column that nobody asked for is reported and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.documents.registers.rules import RECEIVED_KINDS, BookKind
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_header, fold_text

# the name of the office, of the register, whose it is, the day, an empty row
HEADER_WITHIN = 20
# fewer words of a register are also found in its title
FEWEST_KNOWN = 3

_RECEIVED = (
    *("เลขทะเบียนรับ", "เลขรับ", "ทะเบียนรับ", "เลขที่รับ", "รับที่", "เลขทะเบียนหนังสือรับ", "เลขที่ทะเบียนรับ", "ทะเบียนรับเลขที่"),
    *("เลขที่ลงรับ", "receive_no", "receive_number"),
)
_SENT = (
    *("เลขทะเบียนส่ง", "เลขส่ง", "ทะเบียนส่ง", "เลขที่ส่ง", "ส่งที่", "เลขทะเบียนหนังสือส่ง", "เลขที่ทะเบียนส่ง", "ทะเบียนส่งเลขที่"),
    *("send_no", "send_number"),
)
_ANY = ("เลขทะเบียน", "เลขที่ทะเบียน", "ทะเบียนเลขที่", "register_number", "register_no")
# a register of what was sent is no register of what was received: the names of the one say nothing in the other
_NUMBER: Mapping[BookKind, tuple[str, ...]] = {
    **dict.fromkeys((BookKind.RECEIVED, BookKind.SECRET_RECEIVED), (*_RECEIVED, *_ANY)),
    **dict.fromkeys((BookKind.SENT, BookKind.SECRET_SENT), (*_SENT, *_ANY)),
    BookKind.CIRCULAR: ("เลขทะเบียนหนังสือเวียน", "เลขที่หนังสือเวียน", "เลขเวียน", *_SENT, *_ANY),
    BookKind.ORDER: ("เลขที่คำสั่ง", "คำสั่งที่", "เลขคำสั่ง", "เลขทะเบียนคำสั่ง", *_ANY),
    BookKind.ANNOUNCEMENT: ("เลขที่ประกาศ", "ประกาศที่", "เลขประกาศ", "เลขทะเบียนประกาศ", *_ANY),
    BookKind.CERTIFICATE: ("เลขที่หนังสือรับรอง", "หนังสือรับรองที่", "เลขทะเบียนหนังสือรับรอง", *_ANY),
    BookKind.MERIT: ("เลขที่เกียรติบัตร", "เกียรติบัตรที่", "เลขเกียรติบัตร", "เลขทะเบียนเกียรติบัตร", *_ANY),
    BookKind.MEMO: ("เลขที่บันทึก", "บันทึกที่", "เลขที่บันทึกข้อความ", *_SENT, *_ANY),
}
_OTHER: Mapping[str, tuple[str, ...]] = {
    "year": ("ปี", "พ.ศ.", "ปี พ.ศ.", "ปีทะเบียน", "ประจำปี", "year"),
    "doc_no": (
        *("ที่", "เลขที่หนังสือ", "ที่หนังสือ", "ที่ของหนังสือ", "เลขที่", "เลขหนังสือ", "หนังสือที่", "เอกสารเลขที่", "เลขที่เอกสาร"),
        *("book_no", "bookno", "doc_no"),
    ),
    "doc_date": (
        *("ลงวันที่", "หนังสือลงวันที่", "วันที่หนังสือ", "วันที่ในหนังสือ", "ลงวันที่หนังสือ", "วันที่ของหนังสือ", "ลงวันที่ในหนังสือ"),
        *("สั่ง ณ วันที่", "ประกาศ ณ วันที่", "ให้ไว้ ณ วันที่", "วันที่ออกหนังสือ", "signdate", "sign_date", "doc_date"),
    ),
    "entry_date": (
        *("วันที่รับ", "วันรับ", "รับวันที่", "วันที่ลงรับ", "วันที่รับหนังสือ", "วัน เดือน ปี ที่รับ", "วันที่ลงทะเบียนรับ"),
        *("วันที่ลงทะเบียน", "วันลงทะเบียน", "วันที่ทะเบียน", "ลงทะเบียนวันที่", "register_date", "receive_date"),
        *("วันที่ส่ง", "วันส่ง", "ส่งวันที่", "วันที่ส่งหนังสือ", "วันที่ลงทะเบียนส่ง", "วันที่ออกเลข", "send_date"),
    ),
    "any_date": ("วันที่", "วัน เดือน ปี", "วัน/เดือน/ปี", "date"),
    "sender": (
        *("จาก", "จากหน่วยงาน", "จาก/ผู้ส่ง", "ผู้ส่ง", "หน่วยงานที่ส่ง", "หน่วยงานเจ้าของหนังสือ", "เจ้าของหนังสือ"),
        *("book_from", "from"),
    ),
    "recipient": ("ถึง", "ถึงหน่วยงาน", "ส่งถึง", "เรียน", "ถึง/ผู้รับ", "book_to", "to"),
    "subject": ("เรื่อง", "ชื่อเรื่อง", "เรื่อง/รายการ", "หัวเรื่อง", "subject", "title"),
    "action": ("การปฏิบัติ", "การปฎิบัติ", "การดำเนินการ", "ผู้ปฏิบัติ", "ปฏิบัติ", "ผลการปฏิบัติ", "operation", "action"),
    "note": ("หมายเหตุ", "หมายเหตุ/อื่นๆ", "comment", "remark", "note"),
    "speed": ("ความเร็ว", "ชั้นความเร็ว", "ความเร่งด่วน", "ระดับความเร็ว", "ระดับความเร่งด่วน", "level", "speed"),
    "secrecy": ("ความลับ", "ชั้นความลับ", "ระดับความลับ", "ระดับชั้นความลับ", "secret", "secrecy"),
}
TITLES: Mapping[str, str] = {"number": "เลขทะเบียน", "subject": "เรื่อง"}

_IGNORED = re.compile(r"[.:*_/\-]")
_BRACKETS = re.compile(r"\(.*?\)")


@dataclass(frozen=True)
class Heading:
    """The header row of a sheet (from 1), its texts by column index, and the index of each field found."""

    row: int
    texts: Mapping[int, str]
    at: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        """What every register has and this one lacks, in words."""
        return [title for field, title in TITLES.items() if field not in self.at]

    def header(self, field: str) -> str | None:
        """The text above a field."""
        return self.texts[self.at[field]] if field in self.at else None


def names_of(kind: BookKind) -> dict[str, tuple[str, ...]]:
    """Field → the headers by which it is known in a book of this kind."""
    return {"number": _NUMBER[kind], **_OTHER}


def find_heading(rows: Sequence[Sequence[str]], kind: BookKind) -> Heading | None:
    """The row of the sheet's top that names most columns of a register; None where no row names three.

    One with number and subject goes before one with more columns.
    """
    known = {_name(name): field for field, names in names_of(kind).items() for name in names}
    headings = [_heading(number, row, known, kind) for number, row in enumerate(rows[:HEADER_WITHIN], start=1)]
    return max(
        (heading for heading in headings if len(heading.at) >= FEWEST_KNOWN),
        key=lambda heading: (not heading.missing, len(heading.at)),
        default=None,
    )


def is_repeated(heading: Heading, texts: Mapping[int, str]) -> bool:
    """Whether a row says the header once more, or numbers its columns, as printed registers do on every page."""
    same = sum(_name(text) == _name(heading.texts[index]) for index, text in texts.items() if index in heading.texts)
    return (same >= FEWEST_KNOWN and same * 2 > len(texts)) or _numbers_columns(list(texts.values()))


def _numbers_columns(texts: Sequence[str]) -> bool:
    plain = [to_arabic(text).strip("() ") for text in texts]
    return len(plain) > FEWEST_KNOWN and plain == [str(number) for number in range(1, len(plain) + 1)]


def _heading(number: int, row: Sequence[str], known: Mapping[str, str], kind: BookKind) -> Heading:
    texts = {index: folded for index, text in enumerate(row) if (folded := fold_text(text))}
    at: dict[str, int] = {}
    for index, text in texts.items():
        field = known.get(_name(text)) or known.get(_name(_BRACKETS.sub("", text)))
        if field:
            at.setdefault(field, index)
    return Heading(number, texts, _settled(at, kind))


def _settled(at: dict[str, int], kind: BookKind) -> dict[str, int]:
    """What a bare "วันที่" is depends on what else there is; what was not received has its number in its "ที่"."""
    any_date = at.pop("any_date", None)
    if any_date is not None:
        usual = ("entry_date", "doc_date") if kind in RECEIVED_KINDS else ("doc_date", "entry_date")
        at.setdefault(next((field for field in usual if field not in at), usual[0]), any_date)
    if "doc_no" in at and kind not in RECEIVED_KINDS:
        at.setdefault("number", at["doc_no"])
    return at


def _name(header: str) -> str:
    return _IGNORED.sub("", fold_header(header))
