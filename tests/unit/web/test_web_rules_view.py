"""Rules as people read them."""

from __future__ import annotations

import json

import pytest

from gateway.web import labels
from gateway.web.rules_view import Chosen, cards
from services.rounds.rules.catalogue import catalogue
from services.rounds.rules.registry import load_rule_set

SET = "dmc-2569-2"


def test_every_rule_of_the_set_is_there_with_where_it_comes_from() -> None:
    found = catalogue(SET)
    assert [rule["id"] for rule in found["items"]] == sorted(load_rule_set(SET).rules)
    for rule in found["items"]:
        assert rule["source"] and rule["about"] and rule["scopes"], rule["id"]
        assert rule["id"] in labels.RULES
        assert set(rule["scopes"]) <= set(labels.RULE_SCOPES)
        assert rule["example"]["wrong"] and rule["example"]["right"], rule["id"]
    json.dumps(found)


def test_the_oldest_set_is_still_read() -> None:
    assert [rule["id"] for rule in catalogue("dmc-2569-1")["items"] if rule["example"]] == []


def test_a_set_that_is_not_there() -> None:
    with pytest.raises(LookupError):
        catalogue("dmc-1999-1")


def test_a_rule_names_its_columns_as_the_file_does() -> None:
    rules = {rule["id"]: rule for rule in catalogue(SET)["items"]}
    assert rules["P03"]["columns"] == ["คำนำหน้าชื่อ", "เพศ"]
    assert rules["C02"]["scopes"] == ["roll", "row"]
    assert rules["F01"]["columns"] == []


def test_what_is_filled_in_for_each_finding_is_left_open_and_nothing_is_said_twice() -> None:
    found = {card.id: card for card in cards(catalogue(SET)["items"], Chosen())}
    assert found["P03"].wordings[0].message == "คำนำหน้าชื่อ … ไม่ตรงกับเพศ…"
    assert [wording.message for wording in found["F01"].wordings] == [""]
    assert found["F03"].severity == "BLOCK"
    assert {wording.severity for wording in found["F03"].wordings} == {"BLOCK", "ERROR"}


def test_rules_are_found_by_word_column_id_and_severity() -> None:
    rules = catalogue(SET)["items"]

    def found(**choice: str) -> set[str]:
        return {card.id for card in cards(rules, Chosen.from_query(choice))}

    assert found(q="p06") == {"P06"}
    assert {"H01", "H02"} <= found(q="น้ำหนัก")
    assert "P06" in found(q="วันเกิด", severity="ERROR")
    assert found(q="ไม่มีคำนี้") == set()
    assert found(severity="WRONG") == found()
