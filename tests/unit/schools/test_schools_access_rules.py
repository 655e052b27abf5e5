"""Who may come in, how long they stay and which of their grants count today."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.access import rules
from services.schools.access.rules import Period, Rotation, SessionLife, SessionState

NOON = dt.datetime(2026, 6, 10, 5, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


def life(started: dt.timedelta, refreshed: dt.timedelta, revoked_at: dt.datetime | None = None) -> SessionLife:
    """A session by how long ago it began and was last refreshed."""
    return SessionLife(NOON - started, NOON - refreshed, revoked_at)


class TestGrantsInForce:
    def test_first_and_last_day_count(self) -> None:
        term = Period(dt.date(2026, 6, 10), dt.date(2026, 6, 12))
        days = [dt.date(2026, 6, day) for day in range(9, 14)]
        assert [term.covers(day) for day in days] == [False, True, True, True, False]

    @given(DAYS, DAYS)
    def test_without_a_last_day_it_holds_until_further_notice(self, first: dt.date, day: dt.date) -> None:
        assert Period(first).covers(day) is (day >= first)

    @given(DAYS, DAYS)
    def test_a_period_cannot_end_before_it_begins(self, first: dt.date, last: dt.date) -> None:
        if last < first:
            with pytest.raises(ValueError, match="cannot end"):
                Period(first, last)
        else:
            assert Period(first, last).covers(first)
            assert Period(first, last).covers(last)


class TestSessions:
    def test_a_session_in_use_is_open(self) -> None:
        assert life(dt.timedelta(days=2), dt.timedelta(minutes=14)).state(NOON) is SessionState.OPEN

    def test_a_day_without_a_sign_of_life_ends_it(self) -> None:
        assert life(dt.timedelta(days=1), rules.IDLE_LIMIT - SECOND).state(NOON) is SessionState.OPEN
        assert life(dt.timedelta(days=1), rules.IDLE_LIMIT).state(NOON) is SessionState.EXPIRED

    def test_nobody_stays_longer_than_a_week(self) -> None:
        assert life(rules.ABSOLUTE_LIMIT - SECOND, SECOND).state(NOON) is SessionState.OPEN
        assert life(rules.ABSOLUTE_LIMIT, SECOND).state(NOON) is SessionState.EXPIRED

    def test_revoked_wins_over_expired(self) -> None:
        assert life(rules.ABSOLUTE_LIMIT, SECOND, revoked_at=NOON).state(NOON) is SessionState.REVOKED

    @given(st.timedeltas(dt.timedelta(0), dt.timedelta(days=9)), st.timedeltas(dt.timedelta(0), dt.timedelta(days=9)))
    def test_open_until_it_expires_and_never_after(self, until_refresh: dt.timedelta, later: dt.timedelta) -> None:
        session = SessionLife(NOON, NOON + until_refresh)
        now = NOON + until_refresh + later
        assert (session.state(now) is SessionState.OPEN) is (now < session.expires_at)

    def test_a_browser_is_noted_once_in_a_quarter_of_an_hour(self) -> None:
        assert not life(dt.timedelta(hours=1), rules.ACCESS_LIFETIME - SECOND).is_sign_due(NOON)
        assert life(dt.timedelta(hours=1), rules.ACCESS_LIFETIME).is_sign_due(NOON)


class TestRefreshTokens:
    def test_a_token_serves_once(self) -> None:
        fresh = life(SECOND, SECOND)
        assert rules.judge_refresh(fresh, NOON, used_before=False) is Rotation.ROTATE
        assert rules.judge_refresh(fresh, NOON, used_before=True) is Rotation.REVOKE

    @pytest.mark.parametrize("used_before", [False, True])
    def test_a_session_that_is_over_gives_no_tokens(self, used_before: bool) -> None:
        for over in (life(SECOND, SECOND, revoked_at=NOON), life(rules.ABSOLUTE_LIMIT, SECOND)):
            assert rules.judge_refresh(over, NOON, used_before=used_before) is Rotation.REFUSE


class TestAttempts:
    def test_nine_failures_leave_the_account_open(self) -> None:
        assert rules.limited_until([NOON] * 9, NOON) is None

    def test_ten_failures_close_it_until_the_first_is_a_quarter_old(self) -> None:
        failures = [NOON - dt.timedelta(minutes=minute) for minute in range(10)]
        assert rules.limited_until(failures, NOON) == NOON + dt.timedelta(minutes=6)

    def test_old_failures_are_forgotten(self) -> None:
        assert rules.limited_until([NOON - rules.FAILURE_WINDOW] * 50, NOON) is None

    @given(st.lists(st.integers(0, 1800), max_size=30))
    def test_the_account_is_open_again_at_the_promised_instant(self, ages: list[int]) -> None:
        failures = [NOON - dt.timedelta(seconds=age) for age in ages]
        until = rules.limited_until(failures, NOON)
        if until is not None:
            assert until > NOON
            assert rules.limited_until(failures, until) is None
            assert rules.limited_until(failures, until - SECOND) is not None


class TestPasswords:
    @pytest.mark.parametrize(
        ("new", "says"),
        [
            ("ฝนตกทุก", "อย่างน้อย 10"),
            ("x" * 201, "ไม่เกิน 200"),
            ("Data-57040001", "ชื่อผู้ใช้"),
            ("มีdata-57040001อยู่", "ชื่อผู้ใช้"),
            ("ฟารินีชอบทุเรียน", "ชื่อหรือนามสกุล"),
            ("รักแจ้งสว่างมาก", "ชื่อหรือนามสกุล"),
            ("khet-demo", "รหัสผ่านเดิม"),
        ],
    )
    def test_weak_ones_are_refused_with_the_reason(self, new: str, says: str) -> None:
        weakness = rules.password_weakness("data-57040001", "khet-demo", new, ("ฟารินี", "แจ้งสว่าง", "ท"))
        assert says in (weakness or "")

    def test_a_sentence_is_a_password(self) -> None:
        assert rules.password_weakness("officer", "khet-demo", "ฝนตกที่เชียงของทุกวัน", ("ฟ", "ฝ")) is None

    @given(st.text(max_size=40))
    def test_the_key_of_attempts_ignores_how_the_name_was_typed(self, username: str) -> None:
        assert rules.attempts_key(username) == rules.attempts_key(f" {rules.normal_username(username)} ")
