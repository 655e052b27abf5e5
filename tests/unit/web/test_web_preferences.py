"""How a page is written follows who reads it: language, digits, dates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.datastructures import Headers

from gateway.web import labels, thai
from gateway.web.language import gettext
from gateway.web.preferences import COOKIE, Preferences
from shared.http.request import Request

Choose = Callable[..., None]


def sent(cookie: str) -> Preferences:
    return Preferences.of(Request("GET", "/", headers=Headers({"Cookie": f"{COOKIE}={cookie}"})))


@pytest.mark.parametrize(
    ("cookie", "read"),
    [
        ("en.thai.full", Preferences("en", "thai", "full")),
        ("", Preferences()),
        ("en", Preferences("en")),
        ("de.roman.iso", Preferences()),
        ("th.thai.slashed.more", Preferences("th", "thai")),
        ("../../etc/passwd", Preferences()),
    ],
)
def test_a_cookie_says_only_what_there_is(cookie: str, read: Preferences) -> None:
    assert sent(cookie) == read


def test_what_was_not_chosen_stays() -> None:
    before = Preferences("th", "thai", "full")
    assert Preferences.chosen({"language": "en"}, before) == Preferences("en", "thai", "full")


def test_a_choice_survives_its_cookie() -> None:
    chosen = Preferences("en", "thai", "slashed")
    cookie = chosen.cookie(secure=True)
    assert sent(cookie.value) == chosen
    assert (cookie.same_site, cookie.secure, cookie.http_only, cookie.path) == ("Lax", True, True, "/")


@pytest.mark.parametrize(
    ("chosen", "short", "full", "time"),
    [
        (("th", "arabic", "short"), "10 มิ.ย. 2569", "วันพุธที่ 10 มิถุนายน 2569", "10 มิ.ย. 2569 16:30 น."),
        (("th", "thai", "full"), "๑๐ มิถุนายน ๒๕๖๙", "วันพุธที่ ๑๐ มิถุนายน ๒๕๖๙", "๑๐ มิถุนายน ๒๕๖๙ ๑๖:๓๐ น."),
        (("th", "arabic", "slashed"), "10/06/2569", "วันพุธที่ 10/06/2569", "10/06/2569 16:30 น."),
        (("en", "arabic", "short"), "10 Jun B.E. 2569", "Wednesday 10 June B.E. 2569", "10 Jun B.E. 2569 16:30"),
        (("en", "thai", "full"), "๑๐ June B.E. ๒๕๖๙", "Wednesday ๑๐ June B.E. ๒๕๖๙", "๑๐ June B.E. ๒๕๖๙ ๑๖:๓๐"),
        (("en", "arabic", "slashed"), "10/06/2569 B.E.", "Wednesday 10/06/2569 B.E.", "10/06/2569 B.E. 16:30"),
    ],
)
def test_dates_and_times(choose: Choose, chosen: tuple[str, str, str], short: str, full: str, time: str) -> None:
    choose(*chosen)
    instant = "2026-06-10T09:30:00+00:00"
    assert (thai.short_date(instant), thai.full_date(instant), thai.short_time(instant)) == (short, full, time)


def test_numbers(choose: Choose) -> None:
    assert (thai.number(15012), thai.percent(0.978), thai.plain(2569)) == ("15,012", "97.8%", "2569")
    choose(digits="thai")
    assert (thai.number(15012), thai.percent(0.978), thai.plain(2569)) == ("๑๕,๐๑๒", "๙๗.๘%", "๒๕๖๙")
    assert (thai.number(None), thai.short_date(None), thai.plain(None)) == ("–", "–", "–")


def test_a_field_keeps_the_form_in_which_days_are_typed(choose: Choose) -> None:
    choose("en", "thai", "full")
    assert thai.slashed("2026-06-10") == "10/06/2569"
    assert thai.slashed("30/02/2569") == "30/02/2569"


def test_texts_are_thai_until_english_is_chosen(choose: Choose) -> None:
    assert (gettext("งานของฉัน"), labels.label(labels.ROLES, "officer")) == ("งานของฉัน", "เจ้าหน้าที่")
    choose("en")
    assert (gettext("งานของฉัน"), labels.label(labels.ROLES, "officer")) == ("My work", "Officer")
    assert gettext("ข้อความที่ไม่มีในแคตตาล็อก") == "ข้อความที่ไม่มีในแคตตาล็อก"
