"""Who is told what by which event."""

from __future__ import annotations

import pytest

from services.notifications.inbox.rules import NOTICES, notices_of, thai_day
from shared.bus.contracts import rounds as contracts

STATE = {
    "round_id": "r", "round_title": "DMC 2569 รอบที่ 1", "smis": "57040001", "name": "บ้านศรีลานนา", "amphoe": None,
    "org_path": "/obec/5704/57040001/", "state": "NOT_STARTED", "locked_from": None, "version": 2,
    "submission_id": None, "school_deadline": "2026-06-10T16:59:59+00:00",
    "certify_deadline": "2026-06-10T17:00:00+00:00", "confirmed_at": None, "on_hold": False, "reason": "แก้ห้อง",
}  # fmt: skip


def test_an_announcement_goes_to_the_data_officer_with_the_deadline_in_thai() -> None:
    (notice,) = notices_of(contracts.SCHOOL_ANNOUNCED.type, STATE)
    assert (notice.role, notice.kind) == ("data_officer", "round.announced")
    assert "บ้านศรีลานนา" in notice.body and "10 มิ.ย. 2569" in notice.body


def test_an_exempt_school_is_not_asked_for_anything() -> None:
    assert notices_of(contracts.SCHOOL_ANNOUNCED.type, {**STATE, "state": "EXEMPT"}) == []


def test_a_confirmation_waits_for_the_director() -> None:
    (notice,) = notices_of(contracts.SCHOOL_CONFIRMED.type, STATE)
    assert notice.role == "school_director" and "ฉบับที่ 2" in notice.body


@pytest.mark.parametrize("event", [contracts.SCHOOL_RETURNED, contracts.SCHOOL_REVOKED])
def test_a_way_back_names_its_reason_to_both_at_the_school(event: object) -> None:
    notices = notices_of(event.type, STATE)  # type: ignore[attr-defined]
    assert {notice.role for notice in notices} == {"data_officer", "school_director"}
    assert all("แก้ห้อง" in notice.body for notice in notices)


def test_more_time_is_told_to_both_at_the_school_with_the_date_and_the_reason() -> None:
    extended = {**STATE, "extended_until": "2026-06-15T16:59:59+00:00", "extension_reason": "น้ำท่วม"}
    notices = notices_of(contracts.SCHOOL_EXTENDED.type, extended)
    assert {notice.role for notice in notices} == {"data_officer", "school_director"}
    assert all("15 มิ.ย. 2569" in notice.title and "น้ำท่วม" in notice.body for notice in notices)
    assert not any("ปิดรับข้อมูลของโรงเรียนเอง" in notice.body for notice in notices)
    after_close = notices_of(contracts.SCHOOL_EXTENDED.type, {**extended, "locked_from": "READY"})
    assert all("ปิดรับข้อมูลของโรงเรียนเอง" in notice.body for notice in after_close)


@pytest.mark.parametrize(("state", "word"), [("READY", "ทำต่อให้เสร็จ"), ("ACKNOWLEDGED", "ไม่ต้องทำอะไรเพิ่ม")])
def test_a_reopened_round_tells_each_school_whether_there_is_something_to_do(state: str, word: str) -> None:
    notices = notices_of(contracts.SCHOOL_REOPENED.type, {**STATE, "state": state})
    assert len(notices) == 2 and all(word in notice.body for notice in notices)


def test_every_notice_belongs_to_a_declared_event() -> None:
    assert set(NOTICES) <= {event.type for event in (*contracts.SCHOOL_ROUND_EVENTS, *contracts.DUPLICATE_EVENTS)}


DUPLICATE = {
    "case_id": "c", "round_id": "r", "round_title": "DMC 2569 รอบที่ 1", "org_path": "/obec/5704/", "kind": "same_id",
    "first_smis": "57040001", "first_name": "บ้านศรีลานนา", "first_org_path": "/obec/5704/57040001/",
    "second_smis": "57040002", "second_name": "บ้านหลวง", "second_org_path": "/obec/5704/57040002/",
    "state": "OPEN", "keep": None, "found_at": "2026-06-01T00:00:00+00:00", "found_by": "v", "found_with": 60,
    "decided_at": None,
}  # fmt: skip


def test_what_a_file_brings_up_between_two_schools_is_one_message_for_each_of_three_desks() -> None:
    sixty = [notices_of(contracts.DUPLICATE_FOUND.type, {**DUPLICATE, "case_id": str(n)}) for n in range(60)]
    assert {(notice.role, notice.smis, notice.org_path) for notice in sixty[0]} == {
        ("data_officer", "57040001", "/obec/5704/57040001/"),
        ("data_officer", "57040002", "/obec/5704/57040002/"),
        ("officer", None, None),
    }
    assert len({(notice.once, notice.role, notice.smis) for notices in sixty for notice in notices}) == 3
    assert all("60 ราย" in notice.title for notice in sixty[0])


def test_a_candidate_is_called_one() -> None:
    sure = notices_of(contracts.DUPLICATE_FOUND.type, DUPLICATE)[0]
    likely = notices_of(contracts.DUPLICATE_FOUND.type, {**DUPLICATE, "kind": "near_id"})[0]
    assert "อาจซ้ำซ้อน" in likely.title and "อาจ" not in sure.title
    assert likely.once != sure.once


@pytest.mark.parametrize(("keep", "said"), [("57040002", "นับที่โรงเรียนบ้านหลวง"), ("both", "คนละคน")])
def test_a_decision_says_where_the_pupil_counts(keep: str, said: str) -> None:
    notices = notices_of(contracts.DUPLICATE_SETTLED.type, {**DUPLICATE, "state": "SETTLED", "keep": keep})
    assert all(said in notice.body and notice.once is None for notice in notices)


def test_the_day_is_bangkoks() -> None:
    assert thai_day("2026-06-10T16:59:59+00:00") == "10 มิ.ย. 2569"
    assert thai_day("2026-06-10T17:00:00+00:00") == "11 มิ.ย. 2569"
