"""Findings of a version beside those of the version before it: fixed, still open, new."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.rounds.submissions.rules import Since, compare


def finding(rule: str, key: str | None, value: str | None = "v", **more: Any) -> dict[str, Any]:
    usual = {"severity": "ERROR", "state": "open", "row": 5, "header": "ชื่อ"}
    return {"rule": rule, "row_key": key, "value_hash": value, **usual, **more}


def test_what_is_gone_is_fixed_what_stays_is_open_what_comes_is_new() -> None:
    earlier = [finding("P01", "a"), finding("P05", "a"), finding("P01", "b")]
    later = [finding("P01", "b", row=4), finding("H01", "b", row=4)]
    compared = compare(earlier, later)
    assert list(compared.since) == [Since.OPEN, Since.NEW]
    assert list(compared.fixed) == [0, 1]


def test_another_wrong_value_is_not_a_new_finding() -> None:
    assert list(compare([finding("H02", "a", "700")], [finding("H02", "a", "800")]).since) == [Since.OPEN]


def test_of_two_columns_of_a_row_one_is_fixed() -> None:
    earlier = [finding("H01", "a", header="น้ำหนัก"), finding("H01", "a", header="ส่วนสูง")]
    compared = compare(earlier, [finding("H01", "a", header="ส่วนสูง")])
    assert (list(compared.since), list(compared.fixed)) == ([Since.OPEN], [0])


def test_a_corrected_id_does_not_make_the_rest_of_its_row_new() -> None:
    earlier = [finding("I03", "wrong", "id"), finding("H01", "wrong", "0", header="น้ำหนัก")]
    compared = compare(earlier, [finding("H01", "right", "0", header="น้ำหนัก")])
    assert (list(compared.since), list(compared.fixed)) == ([Since.OPEN], [0])


def test_rows_without_an_id_are_told_apart_by_their_number() -> None:
    earlier = [finding("I01", None, None, row=4), finding("I01", None, None, row=9)]
    compared = compare(earlier, [finding("I01", None, None, row=9)])
    assert (list(compared.since), list(compared.fixed)) == ([Since.OPEN], [0])


def test_of_the_file_as_a_whole_columns_are_told_apart() -> None:
    earlier = [finding("F07", None, None, row=None, header="หมู่")]
    compared = compare(earlier, [finding("F07", None, None, row=None, header="ศาสนา")])
    assert (list(compared.since), list(compared.fixed)) == ([Since.NEW], [0])


def test_what_was_explained_is_not_fixed_and_notes_are_not_compared() -> None:
    explained = finding("C03", "a", severity="WARN", state="acknowledged")
    note = finding("P06", "a", severity="INFO")
    assert list(compare([explained, note], []).fixed) == []
    assert list(compare([], [note]).since) == [None]


_FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(["P01", "H01", "F07"]),
        st.sampled_from([None, "a", "b", "c"]),
        st.sampled_from([None, "x", "y"]),
        row=st.sampled_from([None, 3, 4, 5]),
        header=st.sampled_from(["ชื่อ", "น้ำหนัก"]),
        severity=st.sampled_from(["ERROR", "WARN", "INFO"]),
    ),
    max_size=12,
)


@given(_FINDINGS, _FINDINGS)
def test_nothing_is_counted_twice_or_lost(earlier: list[dict[str, Any]], later: list[dict[str, Any]]) -> None:
    compared = compare(earlier, later)
    settled = [one for one in later if one["severity"] != "INFO"]
    before = [one for one in earlier if one["severity"] != "INFO"]
    still = list(compared.since).count(Since.OPEN)
    assert still + list(compared.since).count(Since.NEW) == len(settled)
    assert still + len(compared.fixed) == len(before)


@given(_FINDINGS)
def test_the_same_findings_again_are_all_still_open(findings: list[dict[str, Any]]) -> None:
    compared = compare(findings, findings)
    assert list(compared.fixed) == []
    assert Since.NEW not in compared.since
