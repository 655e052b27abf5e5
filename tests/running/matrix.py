"""Who may call what, read from the OpenAPI document: the answer each caller must get, and a request to get it with.

The document says of every operation who may (``x-access``, see ``Access`` in shared/http/routes.py); this module knows
what follows from that for people of the same school, of another school and of another area. What the parameters and
members of a request stand for is told by the story of tests/running/two_areas.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import Any

import requests

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
# what somebody whose password stands on a slip may do before anything else
BEFORE_THE_PASSWORD = frozenset({"/api/v1/auth/password", "/api/v1/me"})


class Place(StrEnum):
    """Where a caller is, seen from the school and area that every request is about."""

    HERE = "here"
    OTHER_SCHOOL = "another school"
    OTHER_AREA = "another area"
    NOWHERE = "nowhere"  # whose grants have ended


@dataclass(frozen=True)
class Caller:
    """Somebody with an account; ``at_school``: the roles are held at a school, not at the area."""

    username: str
    roles: frozenset[str]
    place: Place
    at_school: bool = False
    must_change_password: bool = False


class Answer(Enum):
    """What a caller must get. A command that is allowed may still be impossible now: 409, 412, 422, 428."""

    PASSES = "passes"
    NO_LOGIN = 401
    REFUSED = 403
    UNKNOWN = 404
    HIDDEN = "refused as if it were not there"


@dataclass(frozen=True)
class Thing:
    """What stands for a parameter: something of the own school, and one of the same form that is not there.

    ``owner`` is the person whose alone it is, ``readers`` those to whom alone it is shown of all that hold a role for
    it, ``lookers`` those who see it and may not do with it what is asked; what is not ``bound`` belongs to no school
    and no area.
    """

    value: Any
    absent: Any = None
    owner: str | None = None
    readers: frozenset[str] = frozenset()
    lookers: frozenset[str] = frozenset()
    bound: bool = True


class Unknown(AssertionError):
    """A parameter or a member of a body for which the story has nothing."""


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything that the caller typed: an answer may repeat that."""
        return f"{self.path} {self.options}"


# what stands for the parameter ``name`` of an operation in its path (``in_body`` False) or its query and body
ThingOf = Callable[["Operation", str, bool], Thing | None]


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    described: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_question(self) -> bool:
        return self.method == "GET"

    @property
    def access(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.described["x-access"]
        return found

    @cached_property
    def path_parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def queries(self) -> list[Mapping[str, Any]]:
        return [parameter for parameter in self.described["parameters"] if parameter["in"] == "query"]

    @property
    def asked_queries(self) -> list[Mapping[str, Any]]:
        """The parts of the query that a request needs; all of them where another school must not ask for ours."""
        return [one for one in self.queries if one["required"] or self.access["elsewhere"]]

    @property
    def media_types(self) -> list[str]:
        """How the operation takes its body; one that takes none has one way to be called too."""
        return sorted(self.described.get("requestBody", {}).get("content", {"": None}))

    def members(self, media_type: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
        """The members of the body, of a list those of its items: name, schema, whether it must be there."""
        if media_type:
            schema = self._schema(media_type)
            yield from self._members(schema.get("items", schema))

    def takes_list(self, media_type: str) -> bool:
        """Whether the body is a list."""
        return bool(media_type) and self._schema(media_type).get("type") == "array"

    def _schema(self, media_type: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.described["requestBody"]["content"][media_type]["schema"]
        return found

    def _members(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        for part in schema.get("allOf", ()):
            yield from self._members(part)
        for name, member in schema.get("properties", {}).items():
            yield name, member, name in schema.get("required", ())


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """Every operation, by path."""
    schemas = document["components"]["schemas"]
    return [
        Operation(method.upper(), path, described, schemas)
        for path, methods in sorted(document["paths"].items())
        for method, described in sorted(methods.items())
        if method in METHODS
    ]


def things_in(operation: Operation, thing_of: ThingOf) -> list[Thing]:
    """What the request of an operation is about, as far as that belongs to somebody."""
    in_path = [needed(operation, name, thing_of) for name in operation.path_parameters]
    names = [parameter["name"] for parameter in operation.asked_queries]
    names += [name for media_type in operation.media_types for name, _, _ in operation.members(media_type)]
    found = [*in_path, *(thing_of(operation, name, True) for name in names)]
    return [thing for thing in found if thing is not None and thing.bound]


def needed(operation: Operation, name: str, thing_of: ThingOf) -> Thing:
    """What stands for a path parameter."""
    thing = thing_of(operation, name, False)
    if thing is None:
        raise Unknown(f"{operation.name}: enter what {{{name}}} stands for in tests/running/two_areas.py")
    return thing


def expected(operation: Operation, caller: Caller | None, thing_of: ThingOf) -> Answer:
    """What the document says that ``caller`` (None: nobody is signed in) must get."""
    access = operation.access
    if access["public"]:
        return Answer.PASSES
    if caller is None:
        return Answer.NO_LOGIN
    if caller.must_change_password:
        return Answer.PASSES if operation.path in BEFORE_THE_PASSWORD else Answer.REFUSED
    if access["roles"] and not caller.roles & set(access["roles"]):
        return Answer.REFUSED
    things = things_in(operation, thing_of)
    if not things or access["scope"] == "system":
        # of what is the office's own a school has none, though the role is held there
        is_the_offices = access["scope"] == "area" and access["roles"] and caller.at_school
        return Answer.REFUSED if is_the_offices else Answer.PASSES
    if any(caller.username in thing.lookers for thing in things):
        return Answer.REFUSED
    owners = {thing.owner for thing in things if thing.owner}.union(*(thing.readers for thing in things))
    if owners:
        return Answer.PASSES if caller.username in owners else Answer.HIDDEN
    return _by_place(access, caller)


def _by_place(access: Mapping[str, Any], caller: Caller) -> Answer:
    if caller.place in {Place.OTHER_AREA, Place.NOWHERE}:
        return Answer.HIDDEN
    if access["scope"] == "area" and access["roles"] and caller.at_school:
        return Answer.REFUSED
    if caller.place is Place.OTHER_SCHOOL and access["elsewhere"]:
        return Answer(access["elsewhere"])
    return Answer.PASSES


def ways_to_ask(operation: Operation, thing_of: ThingOf, *, absent: bool = False) -> Iterator[Asked]:
    """A request for every way in which the operation takes its body; ``absent``: about things that are not there."""

    def value_of(thing: Thing) -> Any:
        return thing.absent if absent and thing.absent is not None else thing.value

    path = operation.path
    for name in operation.path_parameters:
        path = path.replace(f"{{{name}}}", str(value_of(needed(operation, name, thing_of))))
    query = {}
    for parameter in operation.asked_queries:
        thing = thing_of(operation, parameter["name"], True)
        if thing is not None:
            query[parameter["name"]] = value_of(thing)
        elif parameter["required"]:
            query[parameter["name"]] = _example(operation, parameter["name"], parameter["schema"])
    # a version that nobody ever saw: who may change something is told 412, and everything stays as it is
    headers = {"If-Match": '"seen-by-nobody"'} if operation.method in {"PUT", "PATCH"} else {}
    for media_type in operation.media_types:
        body = _body(operation, media_type, thing_of, value_of)
        yield Asked(operation.method, path, {"params": query, "headers": headers, **body})


def _body(
    operation: Operation, media_type: str, thing_of: ThingOf, value_of: Callable[[Thing], Any]
) -> dict[str, Any]:
    members, files = {}, {}
    for name, schema, is_required in operation.members(media_type):
        thing = thing_of(operation, name, True)
        if thing is not None:
            members[name] = value_of(thing)
        elif _is_file(schema):
            files[name] = ("ตัวอย่าง.csv", "รหัส,ชื่อ\n1,ก\n".encode())
        elif schema.get("example") is not None or is_required:
            members[name] = _example(operation, name, schema)
    if media_type == "multipart/form-data":
        return {"data": members, "files": files}
    if operation.takes_list(media_type):
        return {"json": [members]}
    return {"json": members} if media_type else {}


def _is_file(schema: Mapping[str, Any]) -> bool:
    return "contentMediaType" in schema.get("items", schema)


def _example(operation: Operation, name: str, schema: Mapping[str, Any]) -> Any:
    if schema.get("example") is None:
        raise Unknown(f'{operation.name}: give the field {name} an example (metadata={{"example": …}}) in its schema')
    return schema["example"]


def send(session: requests.Session, url: str, asked: Asked) -> requests.Response:
    """The answer, of a stream its beginning: who may listen is told something at once."""
    answer = session.request(
        asked.method, url + asked.path, timeout=60, stream=True, allow_redirects=False, **asked.options
    )
    if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
        answer._content = b"".join(_beginning(answer))  # requests has no other way to read a part
        answer.close()
    return answer


def _beginning(answer: requests.Response) -> Iterator[bytes]:
    for line in answer.iter_lines():
        yield line + b"\n"
        if line.startswith(b"data:"):
            return


def is_as_expected(answer: requests.Response, wanted: Answer, *, gone: bool = False) -> bool:
    """Whether an answer is what its caller must get; ``gone``: somebody before made the thing disappear."""
    if wanted is Answer.PASSES:
        refusals = {401, 403} if gone else {401, 403, 404}
        return answer.status_code < 500 and answer.status_code not in refusals
    if answer.headers["Content-Type"] != "application/problem+json":
        return False
    if wanted is Answer.HIDDEN:
        return answer.status_code in {403, 404, 422}
    return answer.status_code == wanted.value
