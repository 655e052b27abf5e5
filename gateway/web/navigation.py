"""The main menu: the places a person may go to."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.web.language import N_, gettext
from gateway.web.viewer import Viewer


@dataclass(frozen=True)
class Link:
    """One entry of the menu."""

    href: str
    text: str
    icon: str
    is_here: bool


def links_for(viewer: Viewer | None, path: str) -> list[Link]:
    """The menu of ``viewer`` on the page at ``path``; nobody signed in has none."""
    if viewer is None:
        return []
    places = [
        ("/", N_("งานของฉัน"), "tasks", True),
        ("/rounds", N_("รอบข้อมูล"), "rounds", viewer.reads_rounds),
        ("/inbox", N_("ข้อความ"), "inbox", True),
        ("/schools", N_("โรงเรียน"), "school", True),
        ("/reports", N_("รายงาน"), "chart", viewer.reads_rounds),
        ("/organisations", N_("หน่วยงานในเขต"), "tree", viewer.has("area_admin", "officer")),
        ("/people", N_("บุคลากร"), "people", viewer.has("area_admin", "school_director")),
        ("/audit", N_("บันทึกการใช้งาน"), "shield", viewer.has("auditor", "area_admin")),
        ("/pupil-copy", N_("สำเนาข้อมูลนักเรียน"), "shield", viewer.has("data_officer", "school_director", "officer")),
        ("/disclosures", N_("การเปิดดูข้อมูล"), "shield", viewer.has("school_director")),
        ("/ops", N_("ระบบ"), "ops", viewer.has("ops")),
    ]
    return [Link(href, gettext(text), icon, _is_here(href, path)) for href, text, icon, shown in places if shown]


def _is_here(href: str, path: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")
