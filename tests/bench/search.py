"""Letters looked for among half a million: the first page of what somebody reaches, whatever was typed."""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, exists, func, select
from sqlalchemy.schema import CreateIndex, CreateTable

from services.documents.letters.tables import LetterPlace
from services.documents.search.finding import Entry, find, store
from services.documents.search.rules import SearchText, query_of
from services.documents.search.tables import LetterText
from tests.bench.duplicates import p99
from tests.running.letter_shelf import Shelf, moment
from tests.servers import PostgresServer
from tests.servers.postgres import plain_dsn

LETTERS = 500_000
AREAS, GROUPS, SCHOOLS = 5, 9, 150
PAGE = 50
SEARCHES = 1000
STORED = 200
MOST_MILLISECONDS = 100.0
MINUTES_BETWEEN = 10
INDEXES = ("ix_letter_text_grams", "ix_letter_text_reach")


def _words(text: str) -> list[str]:
    return text.split()


VERBS = _words(
    "ขอเชิญประชุม ขอส่ง ขอความร่วมมือ แจ้ง รายงาน ขออนุญาต การดำเนินงาน ตอบรับ ประชาสัมพันธ์ แต่งตั้ง "
    "ขออนุมัติ ขอยกเลิก เลื่อนการ ส่งคืน ติดตาม กำชับ ซักซ้อมความเข้าใจ ขอขอบคุณ"
)
MATTERS = _words(
    "ผู้บริหารสถานศึกษา ข้อมูลนักเรียนรายบุคคล โครงการอาหารกลางวัน การแข่งขันกีฬา ครูผู้ช่วย งบประมาณ "
    "ค่าสาธารณูปโภค อาคารเรียน การอบรมเชิงปฏิบัติการ ศิลปหัตถกรรมนักเรียน พัสดุ ครุภัณฑ์คอมพิวเตอร์ "
    "ทุนการศึกษา เลื่อนเงินเดือน ประเมินวิทยฐานะ ลูกเสือ ยาเสพติด โรคไข้เลือดออก ป้องกันน้ำท่วม ไฟป่า "
    "หมอกควัน วันแม่แห่งชาติ วันครู แนะแนว ห้องสมุด หลักสูตรสถานศึกษา ประกันคุณภาพ ภาษาอังกฤษ คณิตศาสตร์ "
    "วิทยาศาสตร์ เด็กพิเศษเรียนรวม ย้ายข้าราชการครู ตำแหน่งว่าง บำเหน็จบำนาญ เครื่องราชอิสริยาภรณ์ "
    "ที่ราชพัสดุ จัดซื้อจัดจ้าง"
)
TIMES = _words(
    "ประจำปีงบประมาณ ปีการศึกษา ครั้งที่ ภาคเรียนที่ ประจำเดือน ระดับเขตพื้นที่ ระดับชาติ ระดับภาคเหนือ"
)
RARE = _words(
    "ฌาปนกิจสงเคราะห์ พระบรมราโชวาท ฆราวาสดีเด่น ฎีกาเบิกจ่าย ฉลองครบรอบ"
)
OFFICES = _words(
    "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน สำนักงานศึกษาธิการจังหวัด ที่ว่าการอำเภอเชียงของ "
    "องค์การบริหารส่วนตำบล กลุ่มบริหารงานบุคคล กลุ่มนโยบายและแผน สำนักงานเขตพื้นที่การศึกษาประถมศึกษา"
)
DONE = _words(
    "มอบ เสนอ เพื่อทราบ ดำเนินการแล้ว"
)
VOWELS = ("า", "ี", "ู", "อง", "าน", "ิน", "ุม")
SOUNDS = [consonant + vowel for consonant in "กขคงจชซดตถทนบปผพมยรลวสหอ" for vowel in VOWELS]


@dataclass(frozen=True)
class Searches:
    """Milliseconds of each search by what was looked for, of storing a letter, and how searches were answered.

    ``processor`` is what a search took of a processor, here and in the database: all that is waited for where nobody
    else waits, and the same on a machine that does other things besides.
    """

    rows: int
    fill_seconds: float
    times: dict[str, list[float]]
    processor: list[float]
    storing: list[float]
    plans: dict[str, str]

    @property
    def all_times(self) -> list[float]:
        return [each for times in self.times.values() for each in times]

    def line(self) -> str:
        said = "; ".join(
            f"{name} p50 {statistics.median(times):.1f} p99 {p99(times):.1f}" for name, times in self.times.items()
        )
        return (
            f"letters among {self.rows:,} (filled in {self.fill_seconds:.0f} s), {len(self.all_times)} searches, "
            f"milliseconds: all p50 {statistics.median(self.all_times):.1f} p99 {p99(self.all_times):.1f} "
            f"(processor p50 {statistics.median(self.processor):.1f} p99 {p99(self.processor):.1f}); {said}; "
            f"storing one p50 {statistics.median(self.storing):.1f} p99 {p99(self.storing):.1f}"
        )

    @property
    def is_good(self) -> bool:
        """Quick, and by the indexes."""
        return (
            p99(self.processor) < MOST_MILLISECONDS
            and not any("Seq Scan on letter_text" in plan for plan in self.plans.values())
            and all(any(index in plan for plan in self.plans.values()) for index in INDEXES)
        )


def searches(server: PostgresServer, letters: int = LETTERS) -> Searches:
    """Fill a database of ``letters`` on ``server`` and look letters up in it."""
    url = server.create_database("khet_bench_letters", "khet_bench_letters", "pw")
    shelf = Shelf(url)
    with shelf.database.write() as session:
        session.execute(CreateTable(LetterPlace.__table__, include_foreign_key_constraints=[]))
        for index in LetterPlace.__table__.indexes:
            session.execute(CreateIndex(index))
    archive = Archive(random.Random(1), letters)
    started = time.perf_counter()
    _fill(plain_dsn(url), archive)
    seconds = time.perf_counter() - started
    times: dict[str, list[float]] = {}
    processor: list[float] = []
    plans = {}
    for number in range(SEARCHES):
        kind, typed = archive.something_typed()
        reach = archive.reach()
        waited, worked = _milliseconds(shelf, typed, reach)
        times.setdefault(kind, []).append(waited)
        processor.append(worked)
        if number % 20 == 0:
            plans[f"{kind} {typed} {reach}"] = _plan(shelf, typed, reach)
    storing = [_storing(shelf, archive.entry(letters + each)) for each in range(STORED)]
    shelf.database.close()
    return Searches(letters, seconds, times, processor, storing, plans)


class Archive:
    """Letters who follow the office's wording; each group has matters of its own, so that what is common elsewhere may
    be rare where somebody looks.
    """

    def __init__(self, chance: random.Random, size: int) -> None:
        self._chance = chance
        self._size = size
        self._people = [f"นาย{self._name(3)} {self._name(4)}" for _ in range(4000)]
        self._schools = [f"โรงเรียนบ้าน{self._name(3)}" for _ in range(AREAS * SCHOOLS)]

    def entries(self) -> Iterator[Entry]:
        return (self.entry(place) for place in range(self._size))

    def entry(self, place: int) -> Entry:
        chance = self._chance
        area, unit = chance.randrange(AREAS), self._unit()
        group = hash_of(unit) % len(MATTERS)
        own = [MATTERS[(group + each) % len(MATTERS)] for each in range(6)]
        matter = chance.choice(own if chance.random() < 0.7 else MATTERS)
        subject = f"{chance.choice(VERBS)}{matter} {chance.choice(TIMES)} {chance.randint(2560, 2569)}"
        if chance.random() < 0.3:
            subject += f" {chance.choice(self._schools)}"
        if chance.random() < 0.0005:
            subject += f" {chance.choice(RARE)}"
        mark = "ว " if chance.random() < 0.3 else ""
        text = SearchText.of(
            subject,
            correspondents=[chance.choice(OFFICES), chance.choice(self._schools)],
            numbers=[f"ศธ 04{chance.randint(1, 245):03}/{mark}{chance.randint(1, 9000)}", f"{place % 9000}/2569"],
            people=chance.sample(self._people, 2),
            notes=[chance.choice(DONE) + chance.choice(OFFICES)],
        )
        registry = f"/obec/{area}/"
        # a school's letters stay there, an office's are with the registry and with the group that was given them
        units = [registry + unit] if unit.startswith("s") else sorted({registry, registry + unit})
        return Entry(str(uuid.UUID(int=place)), units[0], moment(place * MINUTES_BETWEEN), text, tuple(units))

    def something_typed(self) -> tuple[str, str]:
        """What is looked for, and what was typed for it."""
        chance = self._chance
        number = chance.randint(1, 9000)
        typed = {
            "one letter": chance.choice("กขฌฎฤฮ"),
            "two letters": chance.choice(["ขอ", "ครู", "ฌา", "ฎี", "กก", "ฆร", "ปี", "ทร", chance.choice(SOUNDS)[:2]]),
            "common word": chance.choice(["โรงเรียน", "ประชุม", "การศึกษา", "เพื่อทราบ", "2569", *OFFICES]),
            "word": chance.choice(MATTERS),
            "rare word": chance.choice([*RARE, "ไม่มีคำนี้เลย", self._name(5)]),
            "two words": f"{chance.choice(MATTERS)} {chance.choice([*VERBS, *OFFICES, *TIMES])}",
            "phrase": f'"{chance.choice(VERBS)}{chance.choice(MATTERS)} {chance.choice(TIMES)}"',
            "person": chance.choice(self._people),
            "school": chance.choice(self._schools),
            "number": chance.choice(
                [f"{number}", f"ว{number}", f"{number}/2569", f"ศธ 04{number % 245:03}/ว {number}", f"04001/{number}"]
            ),
            "number and word": f"{chance.randint(2560, 2569)} {chance.choice(MATTERS)} {chance.choice(VERBS)}",
        }
        kind = chance.choice(list(typed))
        return kind, typed[kind]

    def reach(self) -> str:
        """Of an officer of the ministry, of an area, of a group, of a school."""
        area = self._chance.randrange(AREAS)
        whole, unit = f"/obec/{area}/", f"/obec/{area}/{self._unit()}"
        return self._chance.choice(["/obec/", whole, unit, unit])

    def _unit(self) -> str:
        kind = self._chance.random()
        if kind < 0.4:
            return ""
        return f"g{self._chance.randint(1, GROUPS)}/" if kind < 0.75 else f"s{self._chance.randint(1, SCHOOLS)}/"

    def _name(self, sounds: int) -> str:
        return "".join(self._chance.choices(SOUNDS, k=sounds))


def hash_of(unit: str) -> int:
    """The same in every run."""
    return sum(map(ord, unit)) * 7


def _fill(dsn: str, archive: Archive) -> None:
    columns = ("letter_id", "org_path", "at", "subject", "everything", "reach", "grams")
    types = ("varchar", "varchar", "timestamptz", "text", "text", "int4[]", "int4[]")
    places = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        made = [connection.execute("SELECT pg_get_indexdef(%s::regclass)", [name]).fetchall() for name in INDEXES]
        connection.execute(f"DROP INDEX {', '.join(INDEXES)}")
        with connection.cursor() as cursor, cursor.copy(
            f"COPY letter_text ({', '.join(columns)}) FROM STDIN WITH (FORMAT BINARY)"
        ) as copy:
            copy.set_types(types)
            for entry in archive.entries():
                row = entry.row()
                copy.write_row([list(value) if isinstance(value, tuple) else value for value in map(row.get, columns)])
                places += [(entry.letter_id, path, path, entry.at) for path in entry.reach]
        with connection.cursor() as cursor, cursor.copy("COPY letter_place FROM STDIN") as copy:
            for place in places:
                copy.write_row(place)
        connection.execute("SET maintenance_work_mem = '1GB'")
        for [[index]] in made:
            connection.execute(index)
        connection.execute("VACUUM ANALYZE")


def _within(reach: str) -> Any:
    """As the service narrows it: to the letters that a unit in reach has."""
    has_it = LetterPlace.letter_id == LetterText.letter_id, LetterPlace.org_path.startswith(reach, autoescape=True)
    return select(LetterText).where(exists().where(*has_it))


def _milliseconds(shelf: Shelf, typed: str, reach: str) -> tuple[float, float]:
    """How long a search took, and how much of a processor's time."""
    with shelf.database.read() as session:
        backend = session.scalar(select(func.pg_backend_pid()))
        before, here, started = worked(backend), time.process_time(), time.perf_counter()
        find(session, _within(reach), query_of(typed), [reach], limit=PAGE)
        waited, here = time.perf_counter() - started, time.process_time() - here
        return waited * 1000, (here + worked(backend) - before) * 1000


def worked(process: int) -> float:
    """Seconds for which a process has had a processor."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _storing(shelf: Shelf, entry: Entry) -> float:
    started = time.perf_counter()
    with shelf.database.write() as session:
        store(session, entry)
    return (time.perf_counter() - started) * 1000


def _plan(shelf: Shelf, typed: str, reach: str) -> str:
    """How every statement of a search is answered."""
    sent: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(shelf.database.engine, "before_cursor_execute", keep)
    _milliseconds(shelf, typed, reach)
    event.remove(shelf.database.engine, "before_cursor_execute", keep)
    with shelf.database.engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN {each}", parameters).scalars().all() for each, parameters in sent]
    return "\n\n".join("\n".join(plan) for plan in plans)
