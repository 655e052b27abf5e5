"""The rows of a register: which of them tell of a letter, and what each says. Nothing is thrown away without a word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.documents.letters.rules import (
    FIRST_YEAR_BE,
    MAX_CORRESPONDENT,
    MAX_DOC_NO,
    MAX_SUBJECT,
    Secrecy,
    Speed,
)
from services.documents.oldregisters.columns import Heading, is_repeated
from services.documents.oldregisters.numbers import (
    NumberFault,
    NumberProblem,
    WrittenNumber,
    read_number,
    read_year,
)
from services.documents.oldregisters.rules import (
    Entry,
    Finding,
    Number,
    Place,
    Row,
    Status,
    rank,
)
from services.documents.oldregisters.values import (
    is_void,
    marked_secrecy,
    may_be_void,
    read_day,
    read_secrecy,
    read_speed,
)
from services.documents.registers.rules import RECEIVED_KINDS, SECRET_KINDS, BookKind
from shared.thai.dates import DateFault, DateProblem, be_year, format_short, parse_date
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_header, fold_text, is_dash

BLANK, TITLE, HEADER, TOTAL, FOOTER, UNUSED, NO_REGISTER = (
    "blank", "title", "header", "total", "footer", "unused", "no_register",
)  # fmt: skip
REASONS = (BLANK, TITLE, HEADER, TOTAL, FOOTER, UNUSED, NO_REGISTER)

# what a letter may have (§3.5); one of the old system keeps what it has
LONGEST = {
    "subject": MAX_SUBJECT,
    "sender": MAX_CORRESPONDENT,
    "recipient": MAX_CORRESPONDENT,
    "doc_no": MAX_DOC_NO,
}
# fields without which a row says nothing of a letter
_TELLING = ("doc_no", "doc_date", "entry_date", "sender", "recipient", "subject", "action", "note")

_TITLE_WORDS = re.compile("(?:สมุด)?ทะเบียน(?:หนังสือ|คุม|รับ|ส่ง|คำสั่ง|ประกาศ|เกียรติบัตร)|แบบที่ ?[0-9๐-๙]+")
# "ณ วันที่", "พิมพ์วันที่" say when a list was made
_PAGE_DAY = re.compile(r"(?<!ณ)(?<!ณ )(?<!พิมพ์)(?<!พิมพ์ )วันที่ ?\d{1,2} ?เดือน ?[ก-๎.]+ ?(?:พ\.?ศ\.? ?)?\d{4}")
_PAGE_YEAR = re.compile(r"(?:ปี|พ\.? ?ศ\.?|เดือน ?[ก-๎.]+)(?: ?พ\.? ?ศ\.?)? ?(25\d\d)(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)25\d\d(?!\d)")
_TOTAL_WORDS = re.compile(
    "(?:รวม|รวมทั้งสิ้น|รวมทั้งหมด|ยอดรวม|total|grandtotal):?(?:[0-9๐-๙,]+(?:เรื่อง|ฉบับ|รายการ|เลข)?)?\\Z"
)
_FOOTER_WORDS = re.compile("หน้า(?:ที่)?[0-9๐-๙]|แผ่นที่|page[0-9]|พิมพ์เมื่อ|วันที่พิมพ์|ผู้พิมพ์|ลงชื่อ|\\(?ลงนาม|ผู้จัดทำ|ผู้รายงาน")

_NUMBER_WORDS = {
    NumberProblem.FORMAT: "อ่านเลขทะเบียน “{}” ไม่ได้ ให้เขียนเช่น 12 หรือ 12/2569",
    NumberProblem.DATE: "เลขทะเบียน “{}” กลายเป็นวันที่ โปรแกรมตารางคำนวณเปลี่ยนเลขที่มีทับ กรุณาตั้งคอลัมน์เป็นข้อความแล้วพิมพ์เลขใหม่",
    NumberProblem.RANGE: "เลขทะเบียน “{}” เป็นช่วงเลข กรุณาแยกเป็นแถวละหนึ่งเลข",
    NumberProblem.SHORT_YEAR: "ส่วนท้ายของเลขทะเบียน “{}” อาจเป็นปีสองหลัก กรุณาเขียนปีเป็นสี่หลัก",
}
_DATE_WORDS = {
    DateProblem.FORMAT: "อ่านวันที่ “{}” ไม่ได้ ให้เขียนเช่น 10/06/2569",
    DateProblem.IMPOSSIBLE: "ไม่มีวันที่ “{}” ในปฏิทิน",
    DateProblem.TWO_DIGITS: "ปีในวันที่ “{}” มีไม่ครบสี่หลัก กรุณาเขียนปีเป็นสี่หลัก",
    DateProblem.YEAR: "ปีในวันที่ “{}” เป็นไปไม่ได้ รับตั้งแต่ พ.ศ. 2500",
    DateProblem.OLD_CALENDAR: "ปีในวันที่ “{}” เป็นไปไม่ได้ รับตั้งแต่ พ.ศ. 2500",
}


@dataclass(frozen=True)
class Sheet:
    """A sheet of the file: its number (from 1), its name, and the rows from row 1 as texts from column A."""

    number: int
    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Setting:
    """What a row is read against; ``today`` in Bangkok."""

    kind: BookKind
    heading: Heading
    today: dt.date


class Skipped(NamedTuple):
    """A row that tells of no letter, and why."""

    place: Place
    reason: str


@dataclass
class Page:
    """What stands above the rows and holds for them until it is said anew: the year, and the day (form 13)."""

    year: int | None
    day: dt.date | None = None

    def turn(self, text: str) -> None:
        """Take up what a title says; a budget year is no year of a register, two days are the ends of a range."""
        plain = to_arabic(text)
        if (found := _PAGE_DAY.search(plain)) and plain.count("วันที่") == 1:
            try:
                self.day = parse_date(found[0]).day
            except DateFault:
                self.day = None
        years = {int(year) for year in _PAGE_YEAR.findall(plain)}
        if len(years) == 1 and "งบประมาณ" not in plain:
            self.year = years.pop()


def year_in_name(name: str) -> int | None:
    """The year that the name of a sheet or file speaks of: ``ทะเบียนรับ 2569``; None for none, or two."""
    years = set(_YEAR_IN_NAME.findall(to_arabic(name)))
    return int(years.pop()) if len(years) == 1 else None


def read_rows(sheet: Sheet, setting: Setting, year: int | None) -> Iterator[Row | Skipped]:
    """Every row of a sheet, once and in order; ``year`` where neither row nor title says one."""
    page = Page(year)
    for number, cells in enumerate(sheet.rows, start=1):
        place = Place(sheet.number, number)
        texts = {index: text for index, cell in enumerate(cells) if (text := fold_text(cell))}
        reason = _why_skipped(number, texts, setting.heading)
        if reason == TITLE:
            page.turn(" ".join(texts.values()))
        yield Skipped(place, reason) if reason else _Reading(place, texts, setting).row(page)


def _why_skipped(number: int, texts: Mapping[int, str], heading: Heading) -> str | None:
    """Why a row tells of no letter; None when it does."""
    if not texts:
        return BLANK
    if number < heading.row:
        return TITLE
    if number == heading.row or is_repeated(heading, texts):
        return HEADER
    at = heading.at
    if _is_number(texts.get(at["number"], "")):
        telling = (at[name] for name in _TELLING if name in at and at[name] != at["number"])
        return None if any(index in texts for index in telling) else UNUSED
    return _without_number(list(texts.values()), min(texts) <= at["number"])


def _without_number(texts: Sequence[str], is_at_left: bool) -> str | None:
    """What a row is that begins with no number, by its words; a title begins at the left, where the numbers stand."""
    if is_at_left and (_TITLE_WORDS.match(texts[0]) or _PAGE_DAY.match(to_arabic(" ".join(texts)))):
        return TITLE
    if any(_TOTAL_WORDS.match(fold_header(text)) for text in texts):
        return TOTAL
    return FOOTER if len(texts) < 4 and _FOOTER_WORDS.match(fold_header(texts[0])) else None


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except NumberFault as fault:
        return fault.problem is not NumberProblem.FORMAT
    return True


@dataclass
class _Reading:
    """One row being read; what is said of it is gathered on the way."""

    place: Place
    texts: Mapping[int, str]
    setting: Setting
    findings: list[Finding] = field(default_factory=list)

    def row(self, page: Page) -> Row:
        written = self._number()
        doc_date = self._day("doc_date")
        entry_date = self._day("entry_date") if "entry_date" in self.setting.heading.at else page.day
        own = entry_date if self.setting.kind in RECEIVED_KINDS else entry_date or doc_date
        year = self._year(written, own, page.year)
        self._compare(year, own, doc_date, entry_date)
        number = Number(year, written.no, written.suffix) if written and year else None
        entry = self._entry(number, written, doc_date, entry_date)
        is_read = all(finding.level is not Status.UNREADABLE for finding in self.findings)
        no = written.no if written and not written.suffix else None
        return Row(self.place, no, number, own, entry if is_read else None, tuple(self.findings))

    def _text(self, name: str) -> str:
        index = self.setting.heading.at.get(name)
        text = "" if index is None else self.texts.get(index, "")
        return "" if is_dash(text) else text

    def _say(self, code: str, level: Status, message: str, name: str) -> None:
        self.findings.append(Finding(code, level, message, self.place, self.setting.heading.header(name)))

    def _refuse(self, code: str, message: str, name: str) -> None:
        self._say(code, Status.UNREADABLE, message, name)

    def _warn(self, code: str, message: str, name: str) -> None:
        self._say(code, Status.WARNING, message, name)

    def _number(self) -> WrittenNumber | None:
        text = self._text("number")
        if not text:
            self._refuse("number.missing", "ไม่มีเลขทะเบียน", "number")
            return None
        try:
            return read_number(text)
        except NumberFault as fault:
            self._refuse(f"number.{fault.problem}", _NUMBER_WORDS[fault.problem].format(text[:40]), "number")
            return None

    def _day(self, name: str) -> dt.date | None:
        text = self._text(name)
        try:
            found = read_day(text) if text else None
        except DateFault as fault:
            self._refuse(f"date.{fault.problem}", _DATE_WORDS[fault.problem].format(text[:40]), name)
            return None
        if found and found.is_serial:
            self._warn("date.serial", f"อ่านเลข {text} เป็นวันที่ {format_short(found.day)} กรุณาตรวจ", name)
        if found and found.day > self.setting.today + dt.timedelta(days=1):
            self._warn("date.future", f"วันที่ {format_short(found.day)} ยังมาไม่ถึง", name)
        return found and found.day

    def _year(self, written: WrittenNumber | None, own: dt.date | None, usual: int | None) -> int | None:
        """The year that the number belongs to: the row's own word goes before the page's."""
        text = self._text("year")
        in_column = read_year(text) if text else None
        if text and in_column is None:
            self._refuse("year.format", f"อ่านปี “{text[:40]}” ไม่ได้ กรุณาเขียนปีเป็นสี่หลัก", "year")
        behind_slash = written.year if written else None
        if behind_slash and in_column and behind_slash != in_column:
            said = f"ปีในเลขทะเบียน ({behind_slash}) ไม่ตรงกับคอลัมน์ปี ({in_column})"
            self._refuse("year.contradiction", said, "year")
            return None
        year = behind_slash or in_column or (be_year(own.year) if own else usual)
        if year is None:
            if written:
                self._refuse("year.missing", "ไม่ทราบปีของเลขทะเบียน ให้เขียนเช่น 12/2569 หรือเพิ่มคอลัมน์ปี", "number")
            return None
        if year < FIRST_YEAR_BE:
            self._refuse("year.format", f"ปี {year} เป็นไปไม่ได้ รับตั้งแต่ พ.ศ. 2500", "number")
            return None
        return year

    def _compare(
        self, year: int | None, own: dt.date | None, doc_date: dt.date | None, entry_date: dt.date | None
    ) -> None:
        name = "entry_date" if entry_date else "doc_date"
        if year and own and be_year(own.year) != year:
            self._warn("year.disagrees", f"วันที่ {format_short(own)} ไม่อยู่ในปีของเลขทะเบียน ({year})", name)
        if year and year > be_year(self.setting.today.year):
            self._warn("year.future", f"ปี {year} ยังมาไม่ถึง", "number")
        if doc_date and entry_date and entry_date < doc_date:
            self._warn("date.before_letter", "วันที่ลงทะเบียนอยู่ก่อนวันที่ของหนังสือ", "entry_date")

    def _entry(
        self,
        number: Number | None,
        written: WrittenNumber | None,
        doc_date: dt.date | None,
        entry_date: dt.date | None,
    ) -> Entry | None:
        texts = {name: self._text(name) for name in ("doc_no", "sender", "recipient", "subject", "action", "note")}
        void = is_void(texts["subject"], texts["action"], texts["note"])
        speed, until = self._speed()
        secrecy = self._secrecy(texts)
        self._check(texts, is_void=void, needs_subject=not void and secrecy is not Secrecy.TOP_SECRET)
        if number is None or written is None:
            return None
        return Entry(
            number=number,
            written=self._text("number"),
            is_circular=written.is_circular,
            doc_date=doc_date,
            entry_date=entry_date,
            speed=speed,
            speed_until=until,
            secrecy=secrecy,
            is_void=void,
            **texts,
        )

    def _check(self, texts: Mapping[str, str], *, is_void: bool, needs_subject: bool) -> None:
        if needs_subject and not texts["subject"]:
            self._refuse("subject.missing", "ไม่มีเรื่อง", "subject")
        for name, longest in LONGEST.items():
            if len(texts[name]) > longest:
                said = f"ข้อความยาว {len(texts[name]):,} ตัวอักษร เกิน {longest:,} ตัวอักษร"
                self._warn("text.too_long", said, name)
        for name in ("action", "note"):
            if not is_void and may_be_void(texts[name]):
                self._warn("void.unsure", "มีคำว่า ยกเลิก กรุณาตรวจว่าเลขนี้ถูกยกเลิกหรือไม่", name)

    def _speed(self) -> tuple[Speed, dt.date | None]:
        text = self._text("speed")
        found = read_speed(text)
        if found is None:
            self._refuse("speed.unknown", f"ไม่รู้จักชั้นความเร็ว “{text[:40]}”", "speed")
        return found or (Speed.NORMAL, None)

    def _secrecy(self, texts: Mapping[str, str]) -> Secrecy:
        """The higher of what the column and a mark in the texts say; an ordinary book takes none above ปกติ."""
        marked = marked_secrecy(texts["subject"], texts["doc_no"], texts["note"])
        text = self._text("secrecy")
        found = read_secrecy(text) if text else Secrecy.NONE
        if found is None:
            self._refuse("secrecy.unknown", f"ไม่รู้จักชั้นความลับ “{text[:40]}”", "secrecy")
            return marked
        highest = max(found, marked, key=rank)
        is_secret_book = self.setting.kind in SECRET_KINDS
        if not is_secret_book and highest is not Secrecy.NONE:
            where = "secrecy" if found is highest else "subject"
            self._refuse("secrecy.refused", "หนังสือมีชั้นความลับ ทะเบียนเล่มนี้ไม่รับ ให้ลงในทะเบียนลับ", where)
        elif is_secret_book and not text and highest is Secrecy.NONE:
            self._refuse("secrecy.missing", "ไม่มีชั้นความลับ ทะเบียนลับต้องระบุทุกแถว", "secrecy")
        elif highest is Secrecy.TOP_SECRET and texts["subject"]:
            # §1.2: of a letter ลับที่สุด the system holds that there is one, nothing else
            self._refuse("secrecy.subject", "หนังสือลับที่สุดต้องไม่มีเรื่องในระบบ กรุณาลบเรื่องออกจากแถวนี้", "subject")
        return highest
