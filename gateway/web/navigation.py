"""The main menu: the places a person may go to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.api.books import ASKERS
from gateway.api.letter_reports import READS as READS_LETTER_REPORTS
from gateway.api.letters import READS as READS_LETTERS
from gateway.web.language import N_, gettext
from gateway.web.viewer import Viewer


@dataclass(frozen=True)
class _Place:
    """A place, and who goes there; ``also`` are the addresses of other pages that lie there."""

    href: str
    text: str
    icon: str
    is_for: Callable[[Viewer], bool]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """One entry of the menu."""

    href: str
    text: str
    icon: str
    is_here: bool


def place_of(path: str) -> str:
    """The place of the menu under which the page at ``path`` lies; empty when it lies under none."""
    return next(
        (place.href for place in _PLACES if any(_is_here(one, path) for one in (place.href, *place.also))), ""
    )


def links_for(viewer: Viewer | None, here: str) -> list[Link]:
    """The menu of ``viewer`` on a page that lies under ``here``; nobody signed in has none."""
    if viewer is None:
        return []
    return [
        Link(place.href, gettext(place.text), place.icon, place.href == here)
        for place in _PLACES
        if place.is_for(viewer)
    ]


def _is_here(href: str, path: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")


def _everybody(_viewer: Viewer) -> bool:
    return True


def _held(*roles: str) -> Callable[[Viewer], bool]:
    return lambda viewer: viewer.has(*roles)


def _reads_rounds(viewer: Viewer) -> bool:
    return viewer.reads_rounds


BESIDE_LETTERS = ("/tasks", "/circulars", "/delegations", "/office-days", "/contacts")
_PLACES = (
    _Place("/", N_("งานของฉัน"), "tasks", _everybody),
    _Place("/rounds", N_("รอบข้อมูล"), "rounds", _reads_rounds),
    _Place("/inbox", N_("ข้อความ"), "inbox", _everybody),
    _Place("/letters", N_("หนังสือ"), "letter", _held(*READS_LETTERS.roles), also=BESIDE_LETTERS),
    _Place("/books", N_("ทะเบียน"), "book", _held(*ASKERS)),
    _Place("/clearances", N_("ผู้เข้าถึงหนังสือลับ"), "shield", _held("area_director", "school_director")),
    _Place("/schools", N_("โรงเรียน"), "school", _everybody),
    _Place("/reports", N_("รายงาน"), "chart", _reads_rounds),
    _Place("/letter-reports", N_("รายงานหนังสือ"), "chart", _held(*READS_LETTER_REPORTS.roles)),
    _Place("/organisations", N_("หน่วยงานในเขต"), "tree", _held("area_admin", "officer")),
    _Place("/people", N_("บุคลากร"), "people", _held("area_admin", "school_director")),
    _Place("/audit", N_("บันทึกการใช้งาน"), "shield", _held("auditor", "area_admin")),
    _Place("/pupil-copy", N_("สำเนาข้อมูลนักเรียน"), "shield", _held("data_officer", "school_director", "officer")),
    _Place("/disclosures", N_("การเปิดดูข้อมูล"), "shield", _held("school_director")),
    _Place("/ops", N_("ระบบ"), "ops", _held("ops")),
)
