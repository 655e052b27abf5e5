"""งานของฉัน beside the rounds: what each role looks after, what waits there, and where to go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.api.letter_views import views_of
from gateway.api.letters import ACTS
from gateway.environment import CLOCK
from gateway.web import labels, letter_words, thai
from gateway.web.addresses import book_of, with_query
from gateway.web.addresses import letter as letter_page
from gateway.web.language import N_
from gateway.web.language import gettext as _
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call
from shared.runtime.processes import PROCESSES
from shared.thai.dates import academic_year

SERVICES = tuple(process.name for process in PROCESSES.values() if process.database)
SHOWN = 3
LETTERS_SHOWN = 6
DISCLOSURE_DAYS = 7
DISCLOSURES_COUNTED = 50

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Tile:
    """A number and where it leads; ``tone`` is ``alert``, ``heed``, ``good`` or nothing."""

    number: str
    text: str
    href: str
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One thing to mind: what it is, and what is the matter with it."""

    href: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Desk:
    """One role's part of the page. ``is_calm`` when nothing waits there."""

    title: str
    text: str
    tiles: tuple[Tile, ...] = ()
    lines: tuple[Line, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    is_calm: bool = True


@dataclass(frozen=True)
class Place:
    """A desk that a role has: what it asks, and what it makes of the answers that came."""

    roles: frozenset[str]
    questions: Callable[[Viewer], Mapping[str, Call]]
    made_of: Callable[[Viewer, Answers], Desk | None]


def questions(viewer: Viewer) -> dict[str, Call]:
    """What all desks of the viewer ask, to be asked at once."""
    return {name: call for place in _places(viewer) for name, call in place.questions(viewer).items()}


def desks(viewer: Viewer, answers: Answers) -> list[Desk]:
    """The desks of the viewer, those with something to do first."""
    made = (place.made_of(viewer, answers) for place in _places(viewer))
    return sorted((desk for desk in made if desk), key=lambda desk: desk.is_calm)


def _places(viewer: Viewer) -> Iterable[Place]:
    return (place for place in PLACES if viewer.has(*place.roles))


# ── the school's profile of this year ──


def _profile_questions(viewer: Viewer) -> Mapping[str, Call]:
    own = viewer.schools_of("data_officer")[:SHOWN]
    return {f"school_{smis}": Call("schools", "get_school", {"smis": smis}) for smis in own}


def _profile(_viewer: Viewer, answers: Answers) -> Desk | None:
    year = academic_year(CLOCK.today())
    schools = [answer for name, answer in answers.items() if name.startswith("school_")]
    without = [
        school
        for school in schools
        if school["state"] == "OPEN" and (school["profile"] is None or school["profile"]["year_be"] < year)
    ]
    if not without:
        return None
    lines = tuple(Line(f"/schools/{school['smis']}/rooms?year={year}", school["name"]) for school in without)
    text = _("ยังไม่บันทึกจำนวนห้องเรียนของปีการศึกษา %(year)s กรอกตาม DMC เมนู 2.2 ก่อนส่งไฟล์รอบแรก")
    return Desk(_("ข้อมูลพื้นฐานของโรงเรียน"), text % {"year": thai.plain(year)}, lines=lines, is_calm=False)


# ── people and accounts ──


def _people_questions(_viewer: Viewer) -> Mapping[str, Call]:
    return {"accounts": Call("schools", "accounts_overview", {})}


def _people(_viewer: Viewer, answers: Answers) -> Desk | None:
    if "accounts" not in answers:
        return None
    found = answers["accounts"]
    tiles = (
        _tile(found["no_account"], _("ยังไม่มีบัญชี"), with_query("/people", state="NO_ACCOUNT"), "heed"),
        _tile(found["never_in"], _("ยังไม่เคยเข้าใช้"), with_query("/people", state="NEVER_IN"), "heed"),
        _tile(found["locked"], _("บัญชีถูกล็อก"), with_query("/people", state="LOCKED"), "alert"),
        _tile(found["ending"], _("สิทธิ์หมดใน 30 วัน"), "/people", "alert"),
    )
    lines = tuple(
        Line(
            f"/people/{one['person_id']}",
            one["name"],
            f"{labels.label(labels.ROLES, one['role'])} · {one['organisation_name']} · {thai.short_date(one['until'])}",
        )
        for one in found["ending_soonest"]
    )
    links = (("/people", _("บุคคลและบัญชี")), ("/imports", _("นำเข้ารายชื่อ")))
    is_calm = not (found["locked"] or found["ending"] or found["no_account"])
    text = _("ทุกคนที่ต้องใช้งานมีบัญชีแล้ว ไม่มีสิทธิ์ที่ใกล้หมด") if is_calm else _("ตรวจผู้ที่ยังเข้าใช้ไม่ได้ และสิทธิ์ที่ใกล้หมดก่อนรอบถัดไป")
    return Desk(_("บุคคลและบัญชี"), text, tiles, lines, links, is_calm)


# ── letters ──


def _letter_questions(_viewer: Viewer) -> Mapping[str, Call]:
    return {
        "letters": Call("documents", "list_work", {}),
        "circulars": Call("documents", "list_circulars", {"unread": True, "limit": SHOWN}),
    }


def _letters(_viewer: Viewer, answers: Answers) -> Desk | None:
    """What waits with letters; who keeps a registry sees the desk when nothing does, too."""
    if "letters" not in answers:
        return None
    work = answers["letters"]
    own, late = work["tasks"], letter_words.is_late
    tiles = [_tile(own["late"], _("งานของฉันที่เลยกำหนด"), "/tasks", "alert")]
    tiles += [_tile(own["total"], _("งานที่มอบหมายให้ฉัน"), "/tasks", "heed")]
    lines = [_letter_line(task["letter"], _due_note(task)) for task in own["items"] if late(task)]
    for what, name in letter_words.WAITING.items():
        tone = "alert" if what == "overdue" else "heed"
        tiles.append(_tile(work[what]["total"], _(name), with_query("/letters", waiting=what), tone))
        lines += [_letter_line(letter, _(name)) for letter in work[what]["items"]]
    lines += [_letter_line(task["letter"], _due_note(task)) for task in own["items"] if not late(task)]
    circulars = answers.get("circulars", {"items": [], "unread_total": 0})
    tiles.append(_tile(circulars["unread_total"], _("หนังสือเวียนยังไม่อ่าน"), "/circulars?unread=1", "heed"))
    lines += [_letter_line(one["letter"], _("หนังสือเวียน")) for one in circulars["items"]]
    is_calm = not lines
    if is_calm and not work["registry"]:
        return None
    links = [("/letters", _("หนังสือ"))]
    if work["registry"]:
        links.insert(0, ("/letters/new", _("ลงรับหนังสือ")))
    text = _("ไม่มีหนังสือค้าง") if is_calm else _("หนังสือและงานที่รอท่าน")
    waiting = tuple(tile for tile in tiles if tile.tone)
    return Desk(_("หนังสือ"), text, waiting, tuple(lines[:LETTERS_SHOWN]), tuple(links), is_calm)


def _view_questions(viewer: Viewer) -> Mapping[str, Call]:
    return {"views": views_of(viewer.identity.person_id)}


def _views(_viewer: Viewer, answers: Answers) -> Desk | None:
    """The lists of letters that the viewer named."""
    views = answers.get("views", {"items": []})["items"]
    counts = (f"{thai.number(view['count'])}{'+' * view['more']}" for view in views)
    tiles = (
        Tile(count, view["name"], with_query("/letters", **view["filter"]))
        for count, view in zip(counts, views, strict=True)
    )
    links = (("/letters/views", _("จัดการรายการ")),)
    return Desk(_("รายการหนังสือที่บันทึกไว้"), _("ตัวกรองที่ท่านตั้งชื่อไว้"), tuple(tiles), links=links) if views else None


def _letter_line(letter: Mapping[str, Any], note: str) -> Line:
    if letter["speed"] in letter_words.SPEED_KINDS:
        note = f"{note} · {labels.label(letter_words.SPEEDS, letter['speed'])}"
    if letter["secrecy"] in letter_words.OPENED_WITH_REASON:
        level = labels.label(letter_words.SECRECIES, letter["secrecy"])
        return Line(letter_page(letter["id"]), _("หนังสือ%(level)s") % {"level": level}, note)
    return Line(letter_page(letter["id"]), letter["subject"] or letter["note"] or letter["from"], note)


def _due_note(task: Mapping[str, Any]) -> str:
    return _("กำหนดเสร็จ %(day)s") % {"day": thai.short_date(task["due_at"])}


# ── lists that were imported ──


def _import_questions(_viewer: Viewer) -> Mapping[str, Call]:
    return {"imports": Call("schools", "list_imports", {"limit": 20})}


def _imports(_viewer: Viewer, answers: Answers) -> Desk | None:
    waiting = [one for one in answers.get("imports", {}).get("items", []) if one["state"] in IMPORTS_TO_MIND]
    if not waiting:
        return None
    lines = tuple(Line(f"/imports/{one['id']}", one["filename"]) for one in waiting[:SHOWN])
    text = _("มี %(n)s ไฟล์ที่ตรวจแล้วรอท่านตัดสินใจ หรือนำเข้าไม่สำเร็จ") % {"n": thai.number(len(waiting))}
    return Desk(_("นำเข้ารายชื่อ"), text, lines=lines, is_calm=False)


IMPORTS_TO_MIND = frozenset({"CHECKED", "REJECTED", "FAILED"})


# ── the log ──


def _audit_questions(_viewer: Viewer) -> Mapping[str, Call]:
    since = (CLOCK.now() - dt.timedelta(days=DISCLOSURE_DAYS)).isoformat()
    wanted = {"disclosures": True, "limit": DISCLOSURES_COUNTED, "since": since}
    return {f"disclosures_{name}": Call(name, "audit_entries", wanted) for name in SERVICES}


def _audit(_viewer: Viewer, answers: Answers) -> Desk | None:
    found = [answer for name, answer in answers.items() if name.startswith("disclosures_")]
    if not found:
        return None
    count = sum(len(answer["items"]) for answer in found)
    written = thai.number(count) + ("+" if any(answer["more"] for answer in found) else "")
    tiles = (Tile(written, _("เปิดดูข้อมูลที่ปิดบัง ใน 7 วัน"), "/disclosures", "heed" if count else ""),)
    links = (("/audit", _("บันทึกการใช้งาน")), ("/disclosures", _("ใครเปิดดูข้อมูลอะไร")))
    text = _("ตรวจเหตุผลของการเปิดดูแต่ละครั้ง") if count else _("ไม่มีการเปิดดูข้อมูลส่วนบุคคลในเจ็ดวันนี้")
    return Desk(_("ตรวจสอบ"), text, tiles, links=links, is_calm=not count)


# ── the system ──


def _ops_questions(_viewer: Viewer) -> Mapping[str, Call]:
    return {f"ops_{name}": Call(name, "ops_status", {}) for name in SERVICES}


def _ops(_viewer: Viewer, answers: Answers) -> Desk | None:
    found = [answer for name, answer in answers.items() if name.startswith("ops_")]
    parked = sum(answer["parked"] for answer in found)
    ready = sum(answer["ready"] for answer in found)
    tiles = (
        _tile(parked, _("ข้อความที่พักไว้"), "/ops", "alert"),
        Tile(
            _("%(ready)s จาก %(all)s") % {"ready": thai.number(ready), "all": thai.number(len(SERVICES))},
            _("บริการที่พร้อม"), "/ops", "" if ready == len(SERVICES) else "alert",
        ),
    )  # fmt: skip
    is_calm = not parked and ready == len(SERVICES)
    text = _("ไม่มีข้อความค้าง ทุกบริการพร้อม") if is_calm else _("มีข้อความที่ระบบทำต่อไม่ได้ หรือบริการที่ยังไม่พร้อม รอคนตัดสินใจ")
    return Desk(_("ระบบ"), text, tiles, links=(("/ops", _("เปิดหน้าระบบ")),), is_calm=is_calm)


# ── books ──


def _books_questions(_viewer: Viewer) -> Mapping[str, Call]:
    return {"books": Call("documents", "list_waiting", {})}


def _books(_viewer: Viewer, answers: Answers) -> Desk | None:
    if "books" not in answers:
        return None
    found = answers["books"]
    requests, ending = found["requests_total"], found["reservations_total"]
    tiles = (
        _tile(requests, _("คำขอเลขที่รอ"), "/books", "heed"),
        _tile(ending, _("เลขจองหมดเวลาวันนี้"), "/books", "alert"),
    )
    asked = (
        Line(book_of(one["book_id"], "requests"), one["for"], f"{one['requested_by']} · {one['book_title']}")
        for one in found["requests"]
    )
    reserved = (
        Line(
            with_query(book_of(one["book_id"], "entries", str(one["no"])), be_year=str(one["be_year"])),
            f"{one['display_no']} {one['for']}",
            f"{one['book_title']} · {thai.short_time(one['reserved_until'])}",
        )
        for one in found["reservations"]
    )
    is_calm = not (requests or ending)
    text = _("ไม่มีคำขอเลขที่รอ ไม่มีเลขจองที่หมดเวลาวันนี้") if is_calm else _("ออกเลขให้ผู้ที่ขอ และใช้หรือยกเลิกเลขที่จองไว้ก่อนหมดวัน")
    return Desk(_("งานสารบรรณ"), text, tiles, (*asked, *reserved), (("/books", _("เปิดทะเบียน")),), is_calm)


# ── roles whose work comes with later parts of the system ──

_OWN_PLACES = (("/inbox", N_("ข้อความ")), ("/account", N_("บัญชีและรหัสผ่าน")), ("/schools", N_("โรงเรียนในเขต")))
NOT_YET = {
    "records_officer": (
        N_("เก็บและทำลายเอกสาร"),
        N_("การเก็บและทำลายเอกสารยังไม่เปิดใช้ในระบบนี้ ระหว่างนี้ทำตามระเบียบด้วยทะเบียนเดิม เมื่อเปิดใช้ งานจะมารอท่านที่นี่"),
    ),
    "teacher": (
        N_("งานของครู"),
        N_("การส่งผลงาน ขอความช่วยเหลือ และสมัครอบรมยังไม่เปิดใช้ ตอนนี้รับข้อความของเขตและดูแลบัญชีของท่านได้ที่นี่"),
    ),
}


def _nothing(_viewer: Viewer) -> Mapping[str, Call]:
    return {}


def _not_yet(role: str) -> Place:
    title, text = NOT_YET[role]
    links = tuple((href, name) for href, name in _OWN_PLACES)
    return Place(
        frozenset({role}),
        _nothing,
        lambda _viewer, _answers: Desk(_(title), _(text), links=tuple((href, _(name)) for href, name in links)),
    )


PLACES = (
    Place(frozenset(ACTS.roles) - {"auditor"}, _letter_questions, _letters),
    Place(frozenset(ACTS.roles), _view_questions, _views),
    Place(frozenset({"data_officer"}), _profile_questions, _profile),
    Place(frozenset({"area_admin", "school_director"}), _people_questions, _people),
    Place(frozenset({"area_admin", "school_director"}), _import_questions, _imports),
    Place(frozenset({"auditor"}), _audit_questions, _audit),
    Place(frozenset({"ops"}), _ops_questions, _ops),
    Place(frozenset({"registrar"}), _books_questions, _books),
    *(_not_yet(role) for role in NOT_YET),
)


def _tile(count: int, text: str, href: str, tone: str) -> Tile:
    return Tile(thai.number(count), text, href, tone if count else "")
