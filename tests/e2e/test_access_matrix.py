"""Everybody gets what the office says and nothing else: every operation of the document × every caller of two areas.

Nothing here names an operation: the document says who may (``x-access``), the requests are made from its schemas, and
what their parameters stand for is in tests/running/two_areas.py. A new operation is in the matrix by being there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.contracts.openapi import printed
from tests.running.api import Api
from tests.running.leaks import Marks, alike
from tests.running.matrix import (
    Answer,
    Asked,
    Caller,
    Operation,
    Place,
    expected,
    is_as_expected,
    needed,
    operations_of,
    send,
    things_in,
    ways_to_ask,
)
from tests.running.secret_areas import SUBJECT, SecretLetters
from tests.running.system import EmbeddedSystem, ServicesSystem, running
from tests.running.two_areas import TwoAreas
from tests.servers import PostgresServer, RabbitServer

# these take something away that others still ask for: they come after everything else
LAST = re.compile(r"DELETE |/(retire|close|merge|end|revoke|exempt|lock)$")
# what explains the columns of a list shows a school of the model office as an example to everybody
EXAMPLE = {"57040001", "บ้านศรีลานนา"}
SHOWS_EXAMPLE = {"/api/v1/imports/kinds", "/imports"}
# forms that end the session of whoever sends them, or ask for the password
ONES_OWN = {"/account/sessions", "/password"}


@pytest.fixture(scope="module")
def areas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAreas]:
    folder = tmp_path_factory.mktemp("areas")
    with running(EmbeddedSystem(folder, areas=2)) as system:
        yield TwoAreas.played(system, folder)


@pytest.fixture(scope="module")
def areas_apart(
    tmp_path_factory: pytest.TempPathFactory, servers: tuple[RabbitServer, PostgresServer]
) -> Iterator[TwoAreas]:
    """The same with every process by itself."""
    folder = tmp_path_factory.mktemp("apart")
    with running(ServicesSystem(folder, *servers, areas=2)) as system:
        yield TwoAreas.played(system, folder)


@pytest.fixture(scope="module")
def secrets(areas: TwoAreas) -> SecretLetters:
    return SecretLetters.keyed_in(areas)


@pytest.fixture(scope="module")
def operations(areas: TwoAreas) -> list[Operation]:
    return operations_on(areas)


def operations_on(areas: TwoAreas) -> list[Operation]:
    """Every operation: those that look, those that change something, at the end those that take something away."""
    document = requests.get(f"{areas.system.url}/api/openapi.json", timeout=10).json()
    return sorted(
        operations_of(document), key=lambda one: (bool(LAST.search(one.name)), not one.is_question, one.path)
    )


def ask(areas: TwoAreas, caller: Caller | None, asked: Asked) -> requests.Response:
    session = areas.account(caller).session if caller else requests.Session()
    return send(session, areas.system.url, asked)


def who(caller: Caller | None) -> str:
    return f"{caller.username} ({caller.place})" if caller else "nobody"


def test_every_parameter_stands_for_something(areas: TwoAreas, operations: list[Operation]) -> None:
    for operation in operations:
        for name in operation.path_parameters:
            needed(operation, name, areas.home.thing_of)
        assert list(ways_to_ask(operation, areas.home.thing_of))


def test_the_callers_are_what_the_matrix_takes_them_for(areas: TwoAreas) -> None:
    """Each of them signed in, with the roles in force that the matrix reckons with."""
    roles = set()
    for caller in areas.callers():
        me = areas.account(caller).get("/me")
        assert {grant["role"] for grant in me["grants"]} == caller.roles, caller
        assert me["must_change_password"] == caller.must_change_password
        roles |= caller.roles
    assert len(roles) == 12
    assert len(areas.callers()) == len({caller.username for caller in areas.callers()})


@pytest.mark.parametrize("place", [None, *Place])
def test_who_may_not_is_refused_and_learns_nothing(
    areas: TwoAreas, operations: list[Operation], place: Place | None
) -> None:
    """First all that is refused: it must change nothing, so nothing depends on its order."""
    assert wrongly_let_in(areas, operations, from_there(areas, place)) == {}


@pytest.mark.parametrize("place", [Place.OTHER_AREA, Place.OTHER_SCHOOL])
def test_it_is_so_with_every_process_by_itself(areas_apart: TwoAreas, place: Place) -> None:
    """Once more on PostgreSQL and RabbitMQ, where other statements narrow the rows."""
    callers = from_there(areas_apart, place)
    assert wrongly_let_in(areas_apart, operations_on(areas_apart), callers) == {}


def from_there(areas: TwoAreas, place: Place | None) -> list[Caller | None]:
    return [caller for caller in areas.callers() if caller.place is place] if place else [None]


def wrongly_let_in(areas: TwoAreas, operations: list[Operation], callers: list[Caller | None]) -> dict[str, Any]:
    wrong = defaultdict(list)
    marks = {Place.OTHER_AREA: areas.home.marks, Place.OTHER_SCHOOL: areas.home.personal_marks(areas.home.own)}
    for operation in operations:
        for caller in callers:
            wanted = expected(operation, caller, areas.home.thing_of)
            if wanted is Answer.PASSES:
                continue
            for asked in ways_to_ask(operation, areas.home.thing_of):
                answer = ask(areas, caller, asked)
                found = marks[caller.place].found_in(answer, asked.text) if caller and caller.place in marks else []
                if not is_as_expected(answer, wanted) or found:
                    got = answer.status_code, found, answer.text[:200]
                    wrong[operation.name].append((who(caller), wanted.value, *got))
    return dict(wrong)


def test_what_is_hidden_answers_like_what_is_not_there(areas: TwoAreas, operations: list[Operation]) -> None:
    wrong = defaultdict(list)
    for operation in operations:
        things = things_in(operation, areas.home.thing_of)
        values = [str(value) for thing in things for value in flat(thing.value)]
        absent = [str(value) for thing in things for value in flat(thing.absent)]
        for caller in areas.callers():
            if expected(operation, caller, areas.home.thing_of) not in {Answer.HIDDEN, Answer.UNKNOWN}:
                continue
            thing_of = areas.home.thing_of
            pairs = zip(ways_to_ask(operation, thing_of), ways_to_ask(operation, thing_of, absent=True), strict=True)
            for here, nowhere in pairs:
                hidden, missing = ask(areas, caller, here), ask(areas, caller, nowhere)
                if alike(hidden, values) != alike(missing, absent):
                    wrong[operation.name].append((who(caller), hidden.text[:300], missing.text[:300]))
    assert dict(wrong) == {}


def test_a_letter_with_a_class_is_to_everybody_else_what_is_not_there(
    areas: TwoAreas, operations: list[Operation], secrets: SecretLetters
) -> None:
    """Every operation on a letter × everybody who gets as far × every class, and an id that nobody has."""
    wrong = defaultdict(list)
    of_letters = [one for one in operations if one.path.startswith("/api/v1/letters/{id}")]
    assert len(of_letters) > 20
    for operation in of_letters:
        for caller in areas.callers():
            if expected(operation, caller, secrets.thing_of("secret")) is not Answer.HIDDEN:
                continue
            told = []
            for level, letter in secrets.and_none.items():
                ways = ways_to_ask(operation, secrets.thing_of(level))
                told.append([alike(ask(areas, caller, asked), [letter]) for asked in ways])
            nothing = told.pop(0)
            if told != [nothing] * len(told):
                wrong[operation.name].append((who(caller), nothing, told))
    assert dict(wrong) == {}


def test_lists_and_pages_are_those_of_a_system_without_such_letters(areas: TwoAreas, secrets: SecretLetters) -> None:
    """As they were before the letters came: counts, lists, searches, what waits, the inbox."""
    wrong: dict[str, Any] = {}
    for side in (areas.home, areas.second):
        for name in {caller.username for caller in side.callers(Place.HERE)} - {SecretLetters.READER}:
            reader = side.account(name)
            if (now := secrets.listed(reader)) != secrets.before[name]:
                wrong[name] = now, secrets.before[name]
            for path in ("/", "/letters", "/tasks", "/books", "/inbox", f"/books/{secrets.book}"):
                page = reader.session.get(reader.url + path, timeout=60)
                if leaked := secrets.marks.found_in(page, path):
                    wrong[f"{name} {path}"] = leaked, page.status_code
    assert wrong == {}
    own = secrets.listed(areas.home.account(SecretLetters.READER))
    assert SUBJECT in str(own)


def test_pages_and_forms_are_open_to_their_roles_alone(areas: TwoAreas) -> None:
    """Pages stand in no document, their roles in tests/contracts/api.json: nobody else of the own area comes in."""
    home = areas.home
    callers = [*home.strangers(), *home.callers(Place.OTHER_SCHOOL), *home.callers(Place.HERE)]
    wrong = defaultdict(list)
    for route in page_routes():
        path, _ = filled(areas, route)
        for caller in [None, *callers]:
            wanted = refusal_of_page(route, caller)
            if wanted and (got := answer_of_page(areas, caller, route["method"], path)) != wanted:
                wrong[f"{route['method']} {route['path']}"].append((who(caller), wanted, got))
    assert dict(wrong) == {}


def page_routes() -> list[dict[str, Any]]:
    """Every page, and every form that a page sends, but those that everybody may open."""
    return [route for route in printed()["routes"] if route["kind"] == "page" and not route["public"]]


def refusal_of_page(route: dict[str, Any], caller: Caller | None) -> tuple[int, str] | None:
    """Status, and where it leads or what it says; None for who may come in."""
    if caller is None:
        return 303, "/login"
    if route["roles"] and not caller.roles & set(route["roles"]):
        return 403, "ไม่มีสิทธิ์"
    return (303, "/password") if caller.must_change_password and route["path"] != "/password" else None


def answer_of_page(areas: TwoAreas, caller: Caller | None, method: str, path: str) -> tuple[int, str]:
    asked = Asked(method, path, {"headers": {"Accept": "text/html"}, "data": {"reason": "x"}})
    answer = ask(areas, caller, asked)
    if answer.is_redirect:
        return answer.status_code, answer.headers["Location"].partition("?")[0]
    heading = re.search("<h1>(.*?)</h1>", answer.text)
    return answer.status_code, heading[1] if heading else answer.text[:100]


def flat(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@pytest.mark.parametrize("is_question", [True, False], ids=["questions", "commands"])
def test_who_may_is_heard(areas: TwoAreas, operations: list[Operation], is_question: bool) -> None:
    wrong = defaultdict(list)
    for operation in operations:
        if operation.access["public"] or operation.is_question is not is_question:
            continue
        gone = False
        for caller in areas.callers():
            if expected(operation, caller, areas.home.thing_of) is not Answer.PASSES:
                continue
            for asked in ways_to_ask(operation, areas.home.thing_of):
                answer = ask(areas, caller, asked)
                if not is_as_expected(answer, Answer.PASSES, gone=gone) and not is_nobodys(operation, areas):
                    wrong[operation.name].append((who(caller), answer.status_code, answer.text[:300]))
                gone = gone or (answer.ok and not operation.is_question)
    assert dict(wrong) == {}


def is_nobodys(operation: Operation, areas: TwoAreas) -> bool:
    """Whether a path is about something that does not exist: who may ask for it is told so."""
    things = [needed(operation, name, areas.home.thing_of) for name in operation.path_parameters]
    return bool(things) and not any(thing.bound for thing in things)


def test_what_is_open_to_everybody_is_open(areas: TwoAreas, operations: list[Operation]) -> None:
    public = [operation for operation in operations if operation.access["public"]]
    assert public
    for operation in public:
        for asked in ways_to_ask(operation, areas.home.thing_of):
            answer = ask(areas, None, asked)
            assert answer.status_code != 403, operation.name
            assert answer.status_code < 500, operation.name


# what lists, searches, reports, messages and pages let through: after everything above has left its traces


def test_nothing_of_one_area_is_seen_in_the_other(areas: TwoAreas, operations: list[Operation]) -> None:
    wrong = {}
    for side, marks in ((areas.second, areas.home.marks), (areas.home, areas.second.marks)):
        searching = side.watchers()
        for caller in [*side.callers(Place.HERE), *side.callers(Place.OTHER_SCHOOL)]:
            if "ops" not in caller.roles:  # whoever runs the system sees the queues of all
                reader = side.account(caller.username)
                wrong |= seen_by(reader, operations, marks, searching=caller in searching)
    assert wrong == {}


def test_the_people_of_a_school_are_not_seen_in_another(areas: TwoAreas, operations: list[Operation]) -> None:
    wrong = {}
    for side in (areas.home, areas.second):
        for caller in side.callers(Place.OTHER_SCHOOL):
            marks = side.personal_marks(side.own)
            wrong |= seen_by(side.account(caller.username), operations, marks, searching=True)
    assert wrong == {}


def seen_by(reader: Api, operations: list[Operation], marks: Marks, *, searching: bool) -> dict[str, Any]:
    """What of ``marks`` somebody sees on every page of every list, and when asking for it by name."""
    found = {}
    name = reader.get("/me")["username"]
    for operation in operations:
        if not operation.is_question or operation.path_parameters or operation.access["public"]:
            continue  # what everybody may see, the document with its examples above all, shows nobody's data
        for query in [largest(operation), *(searches(operation, marks) if searching else ())]:
            for answer in pages_of(reader, operation.path, query):
                leaked = seen(operation.path, marks.found_in(answer, str(query)))
                if leaked or answer.status_code >= 500:
                    found[f"{name} {operation.path} {query}"] = answer.status_code, leaked[:5]
    return found


def seen(path: str, leaked: list[str]) -> list[str]:
    """What leaked beside the example that everybody is shown."""
    return [mark for mark in leaked if mark not in EXAMPLE or path not in SHOWS_EXAMPLE]


def largest(operation: Operation) -> dict[str, str]:
    """The query with which a list comes in as few pages as it can."""
    return {
        parameter["name"]: str(parameter["schema"]["maximum"])
        for parameter in operation.queries
        if parameter["name"] == "limit"
    }


def searches(operation: Operation, marks: Marks) -> Iterator[dict[str, str]]:
    """Every filter of a list with something of theirs."""
    if operation.path.endswith(".xlsx"):
        return  # it is written from the list that is searched
    code = [f"{code}0001" for code in marks.codes]
    for parameter in operation.queries:
        if parameter["schema"].get("type") == "string" and parameter["name"] not in {"cursor", "limit"}:
            for text in (*code, *marks.texts[:1], *marks.texts[-2:]):
                yield {parameter["name"]: text}


def pages_of(reader: Api, path: str, query: dict[str, str]) -> Iterator[requests.Response]:
    cursor: dict[str, str] = {}
    while True:
        answer = send(reader.session, reader.url, Asked("GET", path, {"params": {**query, **cursor}}))
        yield answer
        following = answer.json().get("next_cursor") if "json" in answer.headers.get("Content-Type", "") else None
        if not following:
            return
        cursor = {"cursor": following}


def test_no_page_shows_anything_of_the_other_area(areas: TwoAreas) -> None:
    """Pages stand in no document: every address of them, with the other area's things where one has parameters."""
    wrong: dict[str, Any] = {}
    marks = areas.home.marks
    # what everybody may see shows nobody's data; some show examples of the model office
    routes = [route for route in page_routes() if route["path"] not in ONES_OWN]
    for caller in areas.second.watchers():
        reader = areas.second.account(caller.username)
        for route in routes:
            path, is_theirs = filled(areas, route)
            answer = reader.session.request(
                route["method"], reader.url + path, data={"reason": "x"}, timeout=60, allow_redirects=False
            )
            leaked = seen(route["path"], marks.found_in(answer, path))
            if leaked or answer.status_code >= 500 or (answer.ok and is_theirs and not is_open(answer)):
                wrong[f"{caller.username} {route['method']} {route['path']}"] = (answer.status_code, leaked[:5])
    assert wrong == {}


def filled(areas: TwoAreas, route: dict[str, Any]) -> tuple[str, bool]:
    """The address of a page about the other area's things, and whether it is about any."""
    operation = Operation(route["method"], re.sub(r":\w+}", "}", route["path"]), {}, {})
    path, is_theirs = operation.path, False
    for name in operation.path_parameters:
        thing = areas.home.thing_of(operation, name, False)
        path = path.replace(f"{{{name}}}", str(thing.value) if thing else "x")
        is_theirs = is_theirs or thing is None or thing.bound
    return path, is_theirs


def is_open(answer: requests.Response) -> bool:
    """Redirects lead back to where the refusal is; they say nothing."""
    return answer.is_redirect


def test_nobody_of_the_other_area_stands_in_the_log(areas: TwoAreas) -> None:
    """Of all the commands above, none of the other area's people left a trace in this one's log, or the reverse; but
    that they asked for a letter with a class of secrecy and were refused is written down where the letter is.
    """
    for side, others in ((areas.home, areas.second), (areas.second, areas.home)):
        strangers = {others.account(caller.username).get("/me")["person_id"] for caller in others.callers(Place.HERE)}
        auditor = side.account(f"auditor{side.area.suffix}")
        entries = [entry for page in pages_of(auditor, "/api/v1/audit", {}) for entry in page.json()["items"]]
        assert len(entries) > 50
        theirs = [entry for entry in entries if entry["actor"] in strangers]
        assert {entry["action"] for entry in theirs} == ({"letter.deny"} if side is areas.home else set())
        assert [entry["actor_name"] for entry in theirs if entry["actor_name"]] == []
        assert [entry for entry in entries if f"/{others.area.code}/" in entry["org_path"]] == []
