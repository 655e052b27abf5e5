"""A school year of an area over HTTP: four rounds on their real dates, every school with its part in each.

Schools stand in blocks of ten; the place in the block is the school's part, and the parts go round from round to round:
0, 1, 2, 3 do everything in time, 4 sends a file with errors first, 5 is returned once, 6 is late, 7 is certified and no
more, 8 sends nothing, 9 never confirms. Between them stand the duplicates of ``PLANTED``.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.rounds.synthetic.generate import Generated, generate_of
from services.rounds.synthetic.pupils import Pupil, School
from services.rounds.synthetic.spec import Spec
from shared.clock import BANGKOK
from tests.running.api import Api
from tests.running.dmc import PRIMARY
from tests.running.office_day import Patient
from tests.running.system import System
from tests.running.waiting import until
from tests.running.year_ledger import SIGNED, TRAVEL, Case, Entry, RoundBook, beside, differing
from tests.running.year_pupils import Pupils, present

BLOCK = 10
AT_ONCE = 8
CLUSTER, NO_CLUSTER, NO_AMPHOE = "กลุ่มโรงเรียนลุ่มน้ำอิง", "ไม่อยู่ในกลุ่มโรงเรียน", "ไม่ระบุอำเภอ"
THAI = "12345"
ERRORS = ("G01.blank", "H01.weight-zero")
FAULTY, RETURNED, LATE, UNACKNOWLEDGED, SILENT, UNCONFIRMED = 4, 5, 6, 7, 8, 9
IN_TIME = (0, 1, 2, 3, FAULTY, RETURNED)
# whose pupil, in whose file too, why it is found, which of the pupils, what becomes of it
PLANTED = (
    (0, 1, "same_id", 0, "first"), (2, 3, "same_id", 0, "second"), (0, 3, "same_person", 1, "both"),
    (FAULTY, RETURNED, "same_id", 0, "carried"), (2, FAULTY, "same_id", 1, "gone"),
    (UNACKNOWLEDGED, LATE, "same_id", 0, "open"), (0, UNCONFIRMED, "near_id", 2, "first"),
)  # fmt: skip


@dataclass(frozen=True)
class Dates:
    """A round and its days; what else there is follows from the school deadline."""

    year_be: int
    round_no: int
    as_of: dt.date
    opens: dt.date
    deadline: dt.date

    def after(self, days: int) -> dt.date:
        return self.deadline + dt.timedelta(days=days)


YEAR = (
    Dates(2568, 3, dt.date(2026, 3, 31), dt.date(2026, 3, 16), dt.date(2026, 4, 20)),
    Dates(2569, 1, dt.date(2026, 6, 10), dt.date(2026, 5, 16), dt.date(2026, 6, 10)),
    Dates(2569, 2, dt.date(2026, 11, 10), dt.date(2026, 10, 16), dt.date(2026, 11, 10)),
    Dates(2569, 3, dt.date(2027, 3, 31), dt.date(2027, 3, 16), dt.date(2027, 4, 20)),
)
BEFORE_ALL = dt.date(2026, 3, 1)
CLOSES = 7  # days after the school deadline


@dataclass(frozen=True)
class Agreement:
    """True when there is nothing in which two sides differ."""

    differences: list[str]

    def __bool__(self) -> bool:
        return not self.differences


class Year:
    """The office, its schools and the ledger. ``at`` sets the clock; it only goes forward."""

    def __init__(self, system: System, folder: Path, schools: int, pupils_each: int = 18) -> None:
        self.system, self.folder = system, folder
        self.today = BEFORE_ALL
        self._people: dict[str, Api] = {}
        listed = self.person("officer").get("/schools", limit=500)["items"][:schools]
        self.amphoes = {school["smis"]: school["amphoe"] or NO_AMPHOE for school in listed}
        self.schools = list(self.amphoes)
        self.clusters = dict.fromkeys(self.schools[::3], CLUSTER)
        cluster = self.person("officer").post("/clusters", {"name": CLUSTER}, expect=201)
        self.person("officer").post(f"/clusters/{cluster['id']}/schools", {"smis": list(self.clusters)})
        self.pupils = Pupils(self.schools, pupils_each, YEAR[0].year_be, YEAR[0].as_of)
        self.books: list[RoundBook] = []
        self.rounds: list[str] = []
        self.dates = YEAR[0]
        # each duplicate of this round, and what is to become of it: the school that keeps the pupil, or another word
        self._planned: list[tuple[Case, str]] = []

    @property
    def book(self) -> RoundBook:
        return self.books[-1]

    def at(self, day: dt.date, hour: int = 9) -> None:
        """Move to an hour of a day; five minutes past it, so that what happens at the full hour has happened."""
        set_clock(self.system, day, hour)
        self.today = day
        self._people.clear()

    def person(self, username: str) -> Api:
        """Somebody logged in since the clock was moved, who comes again where a busy machine gave no answer."""
        if username not in self._people:
            self._people[username] = Patient(self.system.url, username)
        return self._people[username]

    def place(self, smis: str, step: str = "") -> str:
        return f"/rounds/{self.rounds[-1]}/schools/{smis}{step}"

    def playing(self, *parts: int) -> list[str]:
        """The schools that have one of these parts in this round."""
        return [smis for index, smis in enumerate(self.schools) if self._part(index) in parts]

    def _part(self, index: int) -> int:
        return (index + 3 * (len(self.rounds) - 1)) % BLOCK

    def each(self, schools: Iterable[str], step: Callable[[str], Any]) -> None:
        """Do something for many schools, eight at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(step, schools))

    def play_round(self, dates: Dates) -> None:
        """From the announcement to the close."""
        self._announce(dates)
        guests = self._plant()
        self.at(dates.after(-6))
        faulty, in_time = self.playing(FAULTY), self.playing(*IN_TIME)
        self.each(
            self.playing(*IN_TIME, UNACKNOWLEDGED, UNCONFIRMED),
            lambda smis: self.send(smis, guests.get(smis, ()), ERRORS if smis in faulty else ()),
        )
        self._note_cases(lambda case: LATE not in self._parts(case))
        self.each(faulty, self.send)
        self._await_cases()
        self.at(dates.after(-2))
        self.each(in_time, lambda smis: self.sign(smis, "confirm", "certify"))
        self.each(self.playing(RETURNED), self._return)
        self._decide()
        self.each(in_time, lambda smis: self.sign(smis, "acknowledge"))
        self.expect_reports()
        self.at(dates.after(1))
        self.each(self.playing(LATE), lambda smis: self.send(smis, guests.get(smis, ())))
        self._note_cases(lambda case: LATE in self._parts(case))
        self.each(self.playing(LATE, UNACKNOWLEDGED), lambda smis: self.sign(smis, "confirm", "certify"))
        self._await_cases()
        self.await_close(dates.after(CLOSES))
        self.expect_reports()

    def await_close(self, last: dt.date) -> None:
        """The clock closes the round behind its last day."""
        self.at(last + dt.timedelta(days=1), 0)
        until(lambda: self.round_state() == "CLOSED", 60, "the close by itself")
        self.book.until = self.today

    def round_state(self) -> str:
        return str(self.person("officer").get(f"/rounds/{self.rounds[-1]}")["state"])

    def _announce(self, dates: Dates) -> None:
        self.dates = dates
        self.at(dates.opens - dt.timedelta(days=2))
        if self.books:
            self.pupils.go_on(dates.year_be, dates.as_of)
        days = {"school_deadline": 0, "certify_deadline": 2, "area_ack_deadline": 4, "close_at": CLOSES}
        body = {
            "system": "dmc", "year_be": dates.year_be, "round_no": dates.round_no,
            "as_of_date": dates.as_of.isoformat(), "open_at": dates.opens.isoformat(), "school_codes": self.schools,
            **{name: dates.after(offset).isoformat() for name, offset in days.items()},
        }  # fmt: skip
        officer = self.person("officer")
        self.rounds.append(officer.post("/rounds", body, expect=201)["id"])
        officer.post(f"/rounds/{self.rounds[-1]}/announce")
        entries = {
            smis: Entry(smis, self.amphoes[smis], self.clusters.get(smis, NO_CLUSTER), dates.deadline)
            for smis in self.schools
        }
        self.books.append(RoundBook(dates.year_be, dates.round_no, dates.as_of, entries))
        self.at(dates.opens)
        until(lambda: self.round_state() == "OPEN", 60, "the opening by itself")

    def _plant(self) -> dict[str, list[Pupil]]:
        """The pupils of others in each file; the cases are in the ledger once both files are with the area."""
        guests: dict[str, list[Pupil]] = {}
        copies = {"same_id": lambda pupil: pupil, "same_person": self.pupils.namesake, "near_id": self.pupils.near}
        self._planned = []
        for start in range(0, len(self.schools), BLOCK):
            block = range(start, min(start + BLOCK, len(self.schools)))
            of_part = {self._part(index): self.schools[index] for index in block}
            for donor, host, kind, number, fate in PLANTED:
                if donor in of_part and host in of_part:
                    owner, other = of_part[donor], of_part[host]
                    own = [pupil for pupil in present(self.pupils.of[owner]) if pupil.citizen_id[0] in THAI][number]
                    guest = copies[kind](own)
                    guests.setdefault(other, []).append(guest)
                    ids = {owner: own.citizen_id, other: guest.citizen_id}
                    first, second = sorted(ids)
                    case = Case(kind, first, second, (ids[first], ids[second]), dt.date.min)
                    self._planned.append((case, {"first": owner, "second": other}.get(fate, fate)))
        return guests

    def _parts(self, case: Case) -> set[int]:
        return {self._part(self.schools.index(smis)) for smis in (case.first, case.second)}

    def _note_cases(self, are_there: Callable[[Case], bool]) -> None:
        """Write down the duplicates whose second file has just been sent, and wait until the area has them."""
        for case, _ in self._planned:
            if are_there(case):
                case.found_on = self.today
                self.book.cases.append(case)
        expected = {_key(case) for case in self.book.cases}
        until(lambda: self._listed().keys() == expected, 120, f"the duplicates of {self.dates}")
        for case, fate in self._planned:
            if fate == "gone":
                case.state = "GONE"

    def _await_cases(self) -> None:
        """Until every case of the ledger stands there as in the system."""
        expected = {_key(case): case.state for case in self.book.cases}

        def states() -> dict[Any, str]:
            return {key: str(case["state"]) for key, case in self._listed().items()}

        until(lambda: states() == expected, 60, "the states of the duplicates")

    def _listed(self) -> dict[tuple[str, str, str], Any]:
        """The area's list of duplicates, by kind and schools."""
        found, cursor = {}, None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.person("officer").get(f"/rounds/{self.rounds[-1]}/duplicates", limit=200, **more)
            for case in page["items"]:
                first, second = (school["smis"] for school in case["schools"])
                found[case["kind"], first, second] = case
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def _decide(self) -> None:
        """The area settles or carries what is not to stay open; who loses a pupil counts one less."""
        listed, officer = self._listed(), self.person("officer")
        for case, fate in self._planned:
            if fate in ("gone", "open"):
                continue
            place = f"/rounds/{self.rounds[-1]}/duplicates/{listed[_key(case)]['id']}"
            if fate == "carried":
                officer.post(f"{place}/carry", {"reason": "รอเอกสารจากผู้ปกครอง"})
                case.state = "CARRIED"
            else:
                officer.post(f"{place}/decision", {"keep": fate, "reason": "ตรวจหลักฐานแล้ว"})
                self.book.settle(case, fate)

    def send(self, smis: str, guests: Iterable[Pupil] = (), errors: tuple[str, ...] = ()) -> None:
        """A school's file is handed in, and its warnings are explained where it has no errors."""
        made = self._file(smis, tuple(guests), errors)
        data = self.person(f"data-{smis}")
        submission = data.checked(data.upload(self.rounds[-1], smis, made.path)["id"], 180)
        if errors:
            assert submission["state"] == "HAS_ERRORS", submission["by_rule"]
        else:
            is_new_year = self.dates.round_no == 1
            kinds = {"R02": "graduated", "R03": "new"} if is_new_year else {"R02": "out", "R03": "in"}
            data.explain_warnings(submission["id"], kinds)
        self.book.schools[smis].sends(present(made.pupils), made.counts["rows"], len(errors))

    def _file(self, smis: str, guests: tuple[Pupil, ...], errors: tuple[str, ...]) -> Generated:
        own = self.pupils.of[smis]
        place = self.folder / f"{len(self.rounds)}-{smis}-{self.book.schools[smis].versions}"
        place.mkdir()
        spec = Spec(
            School(smis, "บ้านตัวอย่าง", PRIMARY, len(own)), self.dates.year_be, self.dates.round_no, dated=False,
            defects=errors, guests=guests,
        )  # fmt: skip
        return generate_of(spec, own, place)

    def sign(self, smis: str, *gates: str) -> None:
        """Take a school through gates: confirm, certify, acknowledge."""
        who = {"confirm": f"data-{smis}", "certify": f"director-{smis}", "acknowledge": "officer"}
        states = {"confirm": "CONFIRMED", "certify": "CERTIFIED", "acknowledge": "ACKNOWLEDGED"}
        entry = self.book.schools[smis]
        for gate in gates:
            self.person(who[gate]).post(self.place(smis, f"/{gate}"))
            entry.state = states[gate]
            entry.confirmed_on = self.today if gate == "confirm" else entry.confirmed_on

    def _return(self, smis: str) -> None:
        self.person("officer").post(self.place(smis, "/return"), {"reason": "ตรวจจำนวนอีกครั้ง"})
        self.book.schools[smis].returns += 1
        self.sign(smis, "confirm", "certify")

    def extend(self, smis: str) -> None:
        """A school corrects its numbers after the close: the old ones stand until its time is over."""
        entry, last = self.book.schools[smis], self.today + dt.timedelta(days=3)
        body = {"until": last.isoformat(), "reason": "นักเรียนย้ายเข้าแล้วยังไม่ได้บันทึก"}
        self.person("groupdirector").post(self.place(smis, "/extend"), body)
        before = replace(entry)
        self.pupils.come(smis)
        self.send(smis)
        self.sign(smis, "confirm", "certify")
        corrected, entry.pupils, entry.state = (entry.pupils, entry.state), before.pupils, before.state
        entry.deadline = last
        self.expect_reports()
        entry.pupils, entry.state = corrected
        self.at(last + dt.timedelta(days=1), 0)
        until(lambda: self.person("officer").get(self.place(smis))["state"] == "LOCKED", 60, "the lock by itself")
        self.expect_reports()

    def reopen(self) -> None:
        """The round is taken up again for those who had sent nothing; they come late, and it closes once more."""
        last = self.today + dt.timedelta(days=5)
        body = {"reason": "สพฐ. ให้โรงเรียนที่ยังไม่ส่งข้อมูลส่งเพิ่ม", "close_at": last.isoformat()}
        self.person("groupdirector").post(f"/rounds/{self.rounds[-1]}/reopen", body)
        self.each(self.playing(SILENT), self.send)
        self.each(self.playing(SILENT), lambda smis: self.sign(smis, "confirm", "certify", "acknowledge"))
        self.expect_reports()
        self.await_close(last)
        self.expect_reports()

    def expect_reports(self, number: int = -1) -> None:
        """Every report of a round says what the ledger says, however it is cut, the round before beside."""
        number %= len(self.rounds)
        if self.round_state() != "CLOSED" and number == len(self.rounds) - 1:
            self.book.until = self.today
        for key, by in self._reports():
            until(lambda key=key, by=by: Agreement(self.differences(number, key, by)), 60, f"{key} by {by} of {number}")

    def _reports(self) -> Iterator[tuple[str, str]]:
        for report in self.person("officer").get("/reports")["items"]:
            for way in report.get("by", []):
                yield report["name"], way["id"]

    def differences(self, number: int, key: str, by: str) -> list[str]:
        """What a report says otherwise than the ledger."""
        report = self.person("officer").get(f"/reports/{key}", round_id=self.rounds[number], by=by)
        if key == TRAVEL:
            return [] if not report["evaluated"] else ["travel was evaluated"]
        now, before = self.books[number], self.books[number - 1] if number else None
        found = differing(report, beside(now, before, key, by))
        unsigned = [school.smis for school in now.sent if school.state not in SIGNED]
        silent = [school.smis for school in now.expected if school.pupils is None]
        for name, expected in (("provisional_schools", unsigned), ("missing_schools", silent)):
            found += [] if report[name] == expected else [f"{name}: {report[name]}, in the ledger {expected}"]
        return found


def _key(case: Case) -> tuple[str, str, str]:
    return case.kind, case.first, case.second


def set_clock(system: System, day: dt.date, hour: int) -> None:
    """Every process believes that it is five minutes past an hour of a day in Bangkok."""
    moment = dt.datetime.combine(day, dt.time(hour, 5), BANGKOK)
    system.move_clock(moment.timestamp() - time.time())
