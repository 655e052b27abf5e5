"""Two areas side by side, each with a small story: a round with files and messages, people with and without rights.

Every request of the access matrix is about the first area and its school ``own``; :meth:`Side.thing_of` says what the
parameters of an operation stand for.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from services.rounds.synthetic.generate import Generated
from services.schools.seed import office
from services.schools.seed.office import AREAS, DemoArea
from shared.clock import BANGKOK
from shared.thai import national_id
from shared.thai.dates import be_year
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.leaks import Marks
from tests.running.matrix import Caller, Operation, Place, Thing
from tests.running.papers import a_page
from tests.running.rounds import draft_round, open_round
from tests.running.system import System
from tests.running.waiting import until

OWN_PASSWORD = "ลูกแมวสามตัว-ปีนต้นมะม่วง"
AREA_POSTS = {
    "admin": "area_admin",
    "officer": "officer",
    "groupdirector": "group_director",
    "deputydirector": "deputy_director",
    "areadirector": "area_director",
    "registrar": "registrar",
    "recordsofficer": "records_officer",
    "auditor": "auditor",
}
# who reads the letters that came to the office
OFFICE_READERS = ("registrar", "deputydirector", "areadirector", "auditor")
DECIDING = ("deputydirector", "areadirector")
GIVEN_NAMES = ("กานดา", "ขจร", "คำแพง", "งามตา", "จำปา", "ฉวีวรรณ", "ชูใจ", "ซ่อนกลิ่น", "ดอกรัก", "ตะวัน", "ถวิล", "ทับทิม")
FAMILY_NAMES = {"5704": "ภูชี้ฟ้าสมมติ", "5703": "ดอยแม่สลองสมมติ"}


@dataclass(frozen=True)
class Hired:
    """Somebody whom the area's admin entered for the story."""

    person_id: str
    username: str
    password: str
    works_in: str
    personal: tuple[str, ...]


@dataclass
class Side:
    """One area: its accounts by user name, and what happened there."""

    system: System
    area: DemoArea
    accounts: dict[str, Api] = field(default_factory=dict)
    hired: dict[str, Hired] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def own(self) -> str:
        return f"{self.area.code}0001"

    @property
    def other(self) -> str:
        return f"{self.area.code}0002"

    @property
    def third(self) -> str:
        return f"{self.area.code}0003"

    @property
    def silent(self) -> str:
        """A school of the round that has sent nothing."""
        return f"{self.area.code}0004"

    @property
    def officer(self) -> Api:
        return self.account(self._officer)

    @property
    def _officer(self) -> str:
        return f"officer{self.area.suffix}"

    @property
    def admin(self) -> Api:
        return self.account(f"admin{self.area.suffix}")

    def account(self, username: str) -> Api:
        """Somebody signed in, once for all who ask."""
        if username not in self.accounts:
            password = {"password": self.hired[username].password} if username in self.hired else {}
            self.accounts[username] = Api(self.system.url, username, **password)
        return self.accounts[username]

    # the story

    def play(self, folder: Path) -> None:
        """Let it happen."""
        self._hire_people()
        self._arrange_schools()
        self._import_people(folder)
        self._run_round(folder)
        self._keep_books()
        self._receive_letter()

    def _hire_people(self) -> None:
        self.hire("newcomer", self.own, ("data_officer", self.own), ("teacher", self.own), is_new=True)
        former = self.hire("former", self.own, ("data_officer", self.own), ("teacher", self.own))
        for grant in self.admin.get(f"/people/{former.person_id}/grants")["items"]:
            ending = {"reason": "ย้ายไปต่างจังหวัด", "last_day": _day(-1)}
            self.admin.post(f"/grants/{grant['grant_id']}/end", ending)
        for role in ("registrar", "teacher"):
            self.hire(f"{role}-{self.other}", self.other, (role, self.other))
        self.hire(f"registrar-{self.own}", self.own, ("registrar", self.own))
        somebody = self.hire("somebody", self.own, ("teacher", self.own))
        self.things["person"] = somebody.person_id
        grants = self.admin.get(f"/people/{somebody.person_id}/grants")["items"]
        self.things["grant"] = grants[0]["grant_id"]
        teacher = self.account(f"teacher{self.area.suffix}")
        Api(self.system.url, f"teacher{self.area.suffix}")
        sessions = teacher.get("/me/sessions")["items"]
        self.things["session"] = next(one["session_id"] for one in sessions if not one["current"])

    def hire(self, slug: str, unit: str, *grants: tuple[str, str], is_new: bool = False) -> Hired:
        """Enter somebody with an account and grants; ``is_new``: they have not been in yet."""
        number = next(self._numbers)
        username = slug if slug.endswith(unit) else f"{slug}-{self.area.code}"
        personal = {
            "citizen_id": _citizen_id(int(self.area.code) * 1000 + number),
            "email": f"{username}@school-{self.area.code}.test",
            "phone": f"08{self.area.code}{number:04d}",
        }
        names = {"given_name": GIVEN_NAMES[number - 1], "family_name": FAMILY_NAMES[self.area.code]}
        body = {"unit": unit, "username": username, "title": "นาง", **names, **personal}
        person_id = self.admin.post("/people", body, expect=201)["person_id"]
        for role, organisation in grants:
            grant = {"role": role, "organisation": organisation}
            self.admin.post(f"/people/{person_id}/grants", grant, expect=201)
        password = self.admin.post(f"/people/{person_id}/password-slip", {})["password"]
        if not is_new:
            change = {"current_password": password, "new_password": OWN_PASSWORD}
            Api(self.system.url, username, password).post("/auth/password", change)
            password = OWN_PASSWORD
        name = f"{names['given_name']} {names['family_name']}"
        self.hired[username] = Hired(person_id, username, password, unit, (name, *personal.values()))
        return self.hired[username]

    def _arrange_schools(self) -> None:
        """A cluster with the own school, a plan for it, and its profile."""
        cluster = self.officer.post("/clusters", {"name": f"กลุ่มโรงเรียน {FAMILY_NAMES[self.area.code]}"}, expect=201)
        self.things["cluster"] = cluster["id"]
        self.officer.post(f"/clusters/{cluster['id']}/schools", {"smis": [self.own]})
        order = {"order_no": f"ศธ {self.area.code}/1", "order_date": _day(-30), "effective_on": _day(300)}
        planned = self.officer.post(f"/schools/{self.own}/range", {**order, "education_range": "ประถมศึกษา"})
        self.things["plan"] = planned["id"]
        profile = {"year_be": 2569, "rooms_by_grade": {"ป.1": 1}}
        first = {"If-None-Match": "*"}
        self.account(f"data-{self.own}").request(
            "PUT", f"/schools/{self.own}/profile", expect=200, json=profile, headers=first
        )

    def _import_people(self, folder: Path) -> None:
        """A list of the own school that waits to be decided upon."""
        director = self.account(f"director-{self.own}")
        listed = folder / f"people-{self.area.code}.csv"
        citizen_id = _citizen_id(int(self.area.code) * 1000 + 900)
        name = "ประนอม", FAMILY_NAMES[self.area.code]
        rows = ["คำนำหน้า,ชื่อ,นามสกุล,เลขประจำตัวประชาชน", f"นาง,{','.join(name)},{citizen_id}"]
        listed.write_text("\n".join(rows))
        with listed.open("rb") as stream:
            sent = director.request(
                "POST", "/imports", expect=202, files={"file": (listed.name, stream)}, data={"kind": "people"}
            )
        self.things["import"] = sent["id"]
        until(lambda: director.get(f"/imports/{sent['id']}")["state"] == "CHECKED", what="the check of the list")
        self.listed = (" ".join(name), citizen_id, listed.name)

    def _run_round(self, folder: Path) -> None:
        data, other = self.account(f"data-{self.own}"), self.account(f"data-{self.other}")
        self.things["draft"] = draft_round(self.officer, year_be=2568)
        schools = [self.own, self.other, self.third, self.silent]
        round_id = self.things["round"] = open_round(self.officer, school_codes=schools)
        wrong = school_file(folder, self.own, pupils=20, defects=("G01.blank", "C03.two-older", "I03.digit"))
        sent = data.checked(data.upload(round_id, self.own, wrong.path)["id"])
        self.things["submission"] = sent["id"]
        self.things["citizen_id"] = next(pupil.citizen_id for pupil in wrong.pupils if not pupil.pending)
        self._find_duplicate(folder, round_id, wrong)
        findings = data.get(f"/submissions/{sent['id']}/findings")["items"]
        self.things["finding"] = next(finding["id"] for finding in findings if finding["is_masked"])
        clean = school_file(folder, self.other, pupils=30)
        self.things["other_submission"] = other.checked(other.upload(round_id, self.other, clean.path)["id"])["id"]
        assert other.post(f"/rounds/{round_id}/schools/{self.other}/confirm")["state"] == "CONFIRMED"
        self.things["batch"] = self._send_area_file(round_id, clean.path)
        messages = until(lambda: data.get("/inbox")["items"], what="the announcement")
        self.things["message"] = messages[0]["id"]
        until(lambda: self._counted() == 3, what="all that was sent in the head count")

    def _keep_books(self) -> None:
        """The office and the own school gave a number each, took some aside for paper, and were asked for one; the
        officer asked for another.
        """
        self._keep_book("", "office", "registrar", self.officer)
        self._keep_book("school_", self.own, "schoolclerk", self.account(f"teacher{self.area.suffix}"))
        asked = self.officer.post(f"/books/{self.things['book']}/requests", {"for": "คำสั่งแต่งตั้ง"}, expect=201)
        self.things["own_asked"] = asked["id"]

    def _keep_book(self, whose: str, owner: str, clerk: str, asking: Api) -> None:
        keeper = self.account(f"{clerk}{self.area.suffix}")
        [book] = [one["id"] for one in keeper.get("/books", owner=owner)["items"] if one["kind"] == "sent"]
        keeper.post(f"/books/{book}/numbers", {"for": "ประกาศของหน่วยงาน"}, expect=201)
        block = keeper.post(f"/books/{book}/blocks", {"size": 2, "for": "ไฟดับ"}, expect=201)
        asked = asking.post(f"/books/{book}/requests", {"for": "หนังสือเชิญประชุม"}, expect=201)
        files = {"file": ("ทะเบียน.csv", "ชื่อ,สกุล\nก,ข\n".encode())}
        taken = keeper.request("POST", f"/books/{book}/imports", expect=202, files=files, data={"dry_run": "false"})
        made = {"book": book, "block": block["id"], "asked": asked["id"], "register_import": taken["id"]}
        self.things |= {f"{whose}{thing}": identity for thing, identity in made.items()}

    def _receive_letter(self) -> None:
        """A letter came to the office with its file and was given to all who read it, another one has just arrived; the
        registrar keeps the secret registers too, and the director is away for a day.
        """
        readers = [self.account(f"{post}{self.area.suffix}") for post in OFFICE_READERS]
        registrar, director = readers[0], readers[2]
        subject = self.things["subject"] = f"ขอเชิญประชุมเรื่อง{FAMILY_NAMES[self.area.code]}"
        keyed = {
            "direction": "in", "kind": "external", "subject": subject, "from": "สพฐ.", "doc_no": "ศธ 04006/ว 12",
            "doc_date": _day(-2), "speed": "most_urgent", "secrecy": "none", "channel": "email", "register": True,
        }  # fmt: skip
        letter = registrar.post("/letters", keyed, expect=201)
        self.things["letter"], self.things["entry"] = letter["id"], letter["numbers"][0]["entry_id"]
        self.things["received_book"] = letter["numbers"][0]["book_id"]
        file = {"file": ("หนังสือ.pdf", a_page())}
        path = f"/letters/{letter['id']}/attachments"
        self.things["attachment"] = registrar.request("POST", path, expect=201, files=file)["id"]
        people = [reader.get("/me")["person_id"] for reader in readers]
        order = {"responsible": people, "instruction": "ทราบ"}
        until(
            lambda: director.post(f"/letters/{letter['id']}/assign", order, expect=None).status_code == 200,
            what="all of them known to documents",
        )
        round_ = {"people": people[1:], "note": "โปรดทราบ"}
        self.things["circulation"] = registrar.post(f"/letters/{letter['id']}/circulate", round_, expect=201)["id"]
        arrived = {**keyed, "subject": f"{subject} อีกฉบับ", "doc_no": "13", "register": False}
        self.things["arrived"] = registrar.post("/letters", arrived, expect=201)["id"]
        named = {"name": subject, "filter": {"q": subject}}
        self.things["view"] = registrar.post("/letters/views", named, expect=201)["id"]
        contact = {"kind": "person", "name": f"นาย{FAMILY_NAMES[self.area.code]}", "address": subject}
        self.things["contact"] = registrar.post("/contacts", contact, expect=201)["id"]
        order = {"order_no": "9/2569", "order_date": _day(-3), "from": _day(-1), "until": _day(30)}
        cleared = {"person": people[0], "unit": self.area.code, "post": "registrar", "level": "very_secret", **order}
        self.things["clearance"] = director.post("/clearances", cleared, expect=201)["id"]
        leave = {"to": people[1], "from": _day(0), "until": _day(1), "order_no": "1/2569", "capacity": "acting"}
        self.things["delegation"] = director.post("/delegations", leave, expect=201)["id"]

    def _find_duplicate(self, folder: Path, round_id: str, own: Generated) -> None:
        """A third school entered two pupils of the own school too; the own school has put a document to a case."""
        third, data = self.account(f"data-{self.third}"), self.account(f"data-{self.own}")
        shared = tuple(pupil for pupil in own.pupils if not pupil.pending)[:2]
        doubled = school_file(folder, self.third, pupils=10, guests=shared)
        third.checked(third.upload(round_id, self.third, doubled.path)["id"])
        cases = data.get(f"/rounds/{round_id}/duplicates")["items"]
        case = next(case["id"] for case in cases if case["kind"] == "same_id")
        files = {"file": ("หลักฐาน.pdf", b"%PDF-1.7 " + case.encode())}
        path = f"/rounds/{round_id}/duplicates/{case}/evidence"
        self.things["evidence"] = data.request("POST", path, expect=201, files=files)["id"]
        self.things["duplicate"] = case

    def _send_area_file(self, round_id: str, path: Path) -> str:
        """The officer sends a file of the other school too, which has confirmed and is passed over."""
        batch = self.officer.split(self.officer.upload_area_file(round_id, path))
        assert batch["counts"] == {"rows": 30, "schools": 1, "received": 0, "skipped": 1, "unmatched": 0}
        return str(batch["id"])

    def _counted(self) -> int:
        """How many of the schools in the head count have numbers."""
        report = self.officer.get("/reports/headcount", round_id=self.things["round"])
        return int(report["schools"]) - len(report["missing_schools"])

    # who calls

    def callers(self, place: Place) -> list[Caller]:
        """A caller for every role: of the area and its school ``own``, or of the other school."""
        if place is Place.OTHER_SCHOOL:
            return [
                Caller(f"{slug}-{self.other}", frozenset({role}), place, at_school=True)
                for slug, role in (
                    ("data", "data_officer"),
                    ("director", "school_director"),
                    ("teacher", "teacher"),
                    ("registrar", "registrar"),
                )
            ]
        area = [
            Caller(f"{slug}{self.area.suffix}", frozenset({role}), place) for slug, role in AREA_POSTS.items()
        ]
        if self.area.runs_system:
            area[0] = Caller("admin", frozenset({"area_admin", "ops"}), place)
            area.append(Caller("ops", frozenset({"ops"}), place))
        school = (
            (f"data-{self.own}", "data_officer"),
            (f"director-{self.own}", "school_director"),
            (f"teacher{self.area.suffix}", "teacher"),
            (f"registrar-{self.own}", "registrar"),
        )
        return [*area, *(Caller(name, frozenset({role}), place, at_school=True) for name, role in school)]

    def watchers(self) -> list[Caller]:
        """Those of the area and its own school who see most."""
        seeing = {"area_admin", "officer", "auditor", "data_officer", "school_director"}
        return [caller for caller in self.callers(Place.HERE) if caller.roles & seeing and "ops" not in caller.roles]

    def strangers(self) -> list[Caller]:
        """Who has lost every right, and who has not chosen a password yet."""
        return [
            Caller(f"former-{self.area.code}", frozenset(), Place.NOWHERE),
            Caller(
                f"newcomer-{self.area.code}",
                frozenset({"data_officer", "teacher"}),
                Place.HERE,
                at_school=True,
                must_change_password=True,
            ),
        ]

    # what a request is about

    def thing_of(self, operation: Operation, name: str, in_body: bool) -> Thing | None:
        """What stands for the parameter ``name`` of an operation; None when it means nobody's thing."""
        for pattern, names, is_body, thing in self._table:
            if in_body is is_body and name in names and re.search(pattern, operation.name):
                return thing
        return None

    @property
    def _table(self) -> Iterator[tuple[str, set[str], bool, Thing]]:
        """Pattern of ``METHOD /path``, names, whether in query or body, thing; the first that fits counts."""
        known = self.things
        nowhere = f"{self.area.code}9999"
        yield r"/rounds/{id}/close", {"id"}, False, self._one(known["draft"])  # nobody closes the round of the others
        yield r"/rounds/{id}", {"id"}, False, self._one(known["round"])
        yield r"/batches/{id}", {"id"}, False, self._one(known["batch"])
        yield r"/submissions/{id}", {"id"}, False, self._one(known["submission"])
        yield r"/submissions/", {"finding_id"}, False, self._one(known["finding"])
        yield r"/duplicates/", {"dup"}, False, self._one(known["duplicate"])
        yield r"/evidence/", {"evidence_id"}, False, self._one(known["evidence"])
        yield r"/duplicates/.*/decision", {"keep"}, True, Thing(self.own, bound=False)
        yield r"/pupils/export", {"citizen_id"}, True, Thing(known["citizen_id"], bound=False)
        yield r"/pupils/reveal", {"submission_id"}, True, self._one(known["submission"])
        yield r"/inbox/{id}", {"id"}, False, self._one(known["message"], owner=f"data-{self.own}")
        yield r"/clusters/{id}", {"id"}, False, self._one(known["cluster"])
        yield r"/clusters/{id}", {"smis"}, True, Thing([self.own], [nowhere])
        # who takes the own request back is told of the request, whether or not the book is there
        yield r"/books/.*/withdraw", {"id"}, False, Thing(known["book"])
        yield r"/books/.*/withdraw", {"request_id"}, False, self._one(known["own_asked"], owner=self._officer)
        yield r"/books/{id}/imports/", {"import_id"}, False, self._one(known["register_import"])
        yield r"/books/{id}", {"id"}, False, self._one(known["book"])
        yield r"/books/", {"request_id"}, False, self._one(known["asked"])
        yield r"/books/", {"block_id"}, False, self._one(known["block"])
        yield r"/books/", {"no"}, False, Thing(1, bound=False)
        yield r"/books/", {"be_year"}, True, Thing(_this_year(), bound=False)
        # who may stand in for a director comes as far as the owner, which knows of no order
        letter = known["letter"]
        yield r"/letters/{id}/assign", {"id"}, False, self._for(letter, *DECIDING, but=("registrar", "auditor"))
        yield r"/letters/{id}/(close|circulate|circulations/.*/withdraw)", {"id"}, False, self._for(
            letter, "registrar", *DECIDING, but=("auditor",)
        )  # fmt: skip
        yield r"/letters/{id}", {"id"}, False, self._for(letter, *OFFICE_READERS)
        yield r"/letters/", {"attachment_id"}, False, self._for(known["attachment"], *OFFICE_READERS)
        yield r"/letters/.*/stamps", {"entry_id"}, False, self._for(known["entry"], *OFFICE_READERS)
        yield r"/letters/views/", {"view_id"}, False, self._one(known["view"], owner=f"registrar{self.area.suffix}")
        yield r"/contacts/", {"contact_id"}, False, self._one(known["contact"])
        yield r"/contacts/.*/merge", {"into"}, True, Thing(known["contact"], bound=False)
        yield r"/letters/.*/stamps", {"entry_id"}, True, self._one(known["entry"])
        yield r"/letters/.*/register", {"book_id"}, True, self._one(known["received_book"])
        yield r"/letters/", {"circulation_id"}, False, self._for(known["circulation"], *OFFICE_READERS)
        # it goes to nobody else, and stays where it is, while the others still ask
        yield r"/letters/.*/circulate", {"units", "people"}, True, Thing([], bound=False)
        yield r"/letters/.*/forward", {"to"}, True, Thing(self.own, bound=False)
        yield r"/letters/.*/(propose|report)", {"summary", "report"}, True, Thing(" ", bound=False)
        yield r"/delegations/{id}", {"id"}, False, self._for(known["delegation"], "areadirector", "deputydirector")
        yield r"/clearances/{id}", {"id"}, False, self._for(known["clearance"], "areadirector")
        yield r"/groups/{id}", {"id"}, False, Thing(f"{self.area.code}-g-legal", f"{self.area.code}-g-none")
        yield r"/school-plans/{id}", {"id"}, False, self._one(known["plan"])
        yield r"/imports/", {"import_id"}, False, self._one(known["import"])
        yield r"/imports/", {"kind"}, False, Thing("people", bound=False)
        yield r"/files/", {"reference"}, False, Thing("nothing-of-ours", bound=False)
        yield r"/letter-reports/", {"key"}, False, Thing("workload", bound=False)
        yield r"/reports/", {"key"}, False, Thing("headcount", bound=False)
        yield r"/ops/parked/", {"id"}, False, Thing(f"rounds.{_absent()}", bound=False)
        yield r"/ops/projections/", {"service"}, False, Thing("schools", bound=False)
        yield r"", {"person_id"}, False, self._one(known["person"])
        yield r"", {"grant_id"}, False, self._one(known["grant"])
        yield r"/me/", {"session_id"}, False, self._one(known["session"], owner=f"teacher{self.area.suffix}")
        yield r"", {"smis"}, False, Thing(self.own, nowhere)
        yield r"", {"area"}, False, Thing(self.area.code, "5799")
        yield r"POST /api/v1/schools$", {"smis"}, True, Thing(f"{self.area.code}0199", bound=False)
        yield r"", {"smis", "school", "unit", "organisation"}, True, Thing(self.own, nowhere)
        yield r"", {"area"}, True, Thing(self.area.code, "5799")
        yield r"", {"successor"}, True, Thing(self.other, nowhere)
        yield r"", {"school_codes"}, True, Thing([self.own], [nowhere])
        yield r"", {"round_id"}, True, self._one(known["round"])
        yield r"", {"person_ids"}, True, Thing([known["person"]], [_absent()])
        # what is planned does not happen while the others still ask
        yield r"", {"effective_on"}, True, Thing(_day(300), bound=False)
        yield r"/auth/password", {"current_password"}, True, Thing("wrong", bound=False)

    def _one(self, value: str, owner: str | None = None) -> Thing:
        return Thing(value, _absent(), owner)

    def _for(self, value: str, *posts: str, but: tuple[str, ...] = ()) -> Thing:
        """Something that is shown to some of the area office alone, and to others of it to look at."""
        readers, lookers = ({f"{post}{self.area.suffix}" for post in some} for some in (posts, but))
        return Thing(value, _absent(), readers=frozenset(readers), lookers=frozenset(lookers))

    # what gives it away

    @property
    def marks(self) -> Marks:
        """Whatever nobody of another area may see."""
        schools = [school.name for school in office.schools(self.area)]
        return Marks(
            (self.area.code,), (*schools, self.area.name, *self._names, *self._personal, *self.things.values())
        )

    def personal_marks(self, smis: str) -> Marks:
        """The people of a school: nobody of another school may see them."""
        seeded = [f"{name.given_name} {name.family_name}" for post, name in self._seeded if post.works_in == smis]
        hired = [text for one in self.hired.values() if one.works_in == smis for text in one.personal]
        return Marks(texts=(*seeded, *hired, *(self.listed if smis == self.own else ())))

    @property
    def _seeded(self) -> list[tuple[office.Post, office.Name]]:
        return list(zip(office.posts(self.area), office.synthetic_names(self.area), strict=False))

    @property
    def _names(self) -> list[str]:
        return [f"{name.given_name} {name.family_name}" for _, name in self._seeded]

    @property
    def _personal(self) -> list[str]:
        return [*self.listed, *(text for one in self.hired.values() for text in one.personal)]


@dataclass
class TwoAreas:
    """Both sides on one system."""

    system: System
    home: Side
    second: Side

    @classmethod
    def played(cls, system: System, folder: Path) -> TwoAreas:
        """Both stories, one after the other."""
        sides = [Side(system, area) for area in AREAS]
        for side in sides:
            place = folder / side.area.code
            place.mkdir()
            side.play(place)
        return cls(system, *sides)

    def callers(self) -> list[Caller]:
        """Everybody, seen from the first area: those who are refused anyway come first."""
        second = [*self.second.callers(Place.OTHER_AREA)]
        return [
            *self.home.strangers(),
            *second,
            *self.home.callers(Place.OTHER_SCHOOL),
            *self.home.callers(Place.HERE),
        ]

    def account(self, caller: Caller) -> Api:
        """The caller signed in."""
        side = self.second if caller.place is Place.OTHER_AREA else self.home
        return side.account(caller.username)


def _day(offset: int) -> str:
    """A day so far from today."""
    return (dt.datetime.now(BANGKOK).date() + dt.timedelta(days=offset)).isoformat()


def _this_year() -> int:
    """The year (BE) of the registers."""
    return be_year(dt.datetime.now(BANGKOK).year)


def _absent() -> str:
    """An id that nothing has."""
    return str(uuid.uuid4())


def _citizen_id(number: int) -> str:
    """A citizen id of nobody."""
    body = f"1{number:011d}"
    return f"{body}{national_id.check_digit(body)}"
