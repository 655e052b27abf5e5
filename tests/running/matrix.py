"""Who may call what: the table of the office (issue 2; rounds.md §1.11 "Who may"; DESIGN §1), written by hand.

It is deliberately not read from the code or from the OpenAPI document: the test compares all three.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OWN, OTHER = "57040001", "57040002"

EVERYONE = frozenset({"*"})
READERS = frozenset(
    {
        "data_officer",
        "school_director",
        "officer",
        "group_director",
        "deputy_director",
        "area_director",
        "auditor",
    }
)
OPS = frozenset({"ops"})
OFFICER = frozenset({"officer"})
GROUP_DIRECTOR = frozenset({"group_director"})
DATA_OFFICER = frozenset({"data_officer"})
DIRECTOR = frozenset({"school_director"})
UPLOADERS = DATA_OFFICER | OFFICER

NO_LOGIN, WRONG_ROLE, UNKNOWN, PASSES = 401, 403, 404, 0


@dataclass(frozen=True)
class Caller:
    """A demo account with its roles; ``school`` is where a person of a school holds them."""

    username: str
    roles: frozenset[str]
    school: str | None = None


CALLERS = (
    Caller("admin", frozenset({"area_admin", "ops"})),
    Caller("officer", OFFICER),
    Caller("groupdirector", GROUP_DIRECTOR),
    Caller("deputydirector", frozenset({"deputy_director"})),
    Caller("areadirector", frozenset({"area_director"})),
    Caller("registrar", frozenset({"registrar"})),
    Caller("recordsofficer", frozenset({"records_officer"})),
    Caller("auditor", frozenset({"auditor"})),
    Caller("ops", OPS),
    Caller("teacher", frozenset({"teacher"}), OWN),
    Caller(f"data-{OWN}", DATA_OFFICER, OWN),
    Caller(f"data-{OTHER}", DATA_OFFICER, OTHER),
    Caller(f"director-{OWN}", DIRECTOR, OWN),
    Caller(f"director-{OTHER}", DIRECTOR, OTHER),
)


@dataclass(frozen=True)
class Operation:
    """One operation as the office wants it.

    ``roles`` are those that may (all who are logged in: EVERYONE; nobody named: public). ``scope`` is where the role
    must be held. ``elsewhere`` is what holders of the role at another school are told: 403, or 404 where even existence
    is not theirs to know; None where everybody gets an answer of their own. ``only`` names the one person it is
    addressed to. ``asks`` are the options of the request that the test makes.
    """

    roles: frozenset[str] = frozenset()
    scope: str = ""
    elsewhere: int | None = None
    only: str | None = None
    asks: dict[str, Any] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return not self.roles

    def expected(self, caller: Caller | None) -> int:
        """The refusal that ``caller`` (None: nobody is logged in) must get, or PASSES."""
        if self.is_public:
            return PASSES
        if caller is None:
            return NO_LOGIN
        if self.roles != EVERYONE and not self.roles & caller.roles:
            return WRONG_ROLE
        if self.only and self.only != caller.username:
            return UNKNOWN
        if self.elsewhere and caller.school == OTHER:
            return self.elsewhere
        return PASSES


def _reading(elsewhere: int | None = None, **asks: Any) -> Operation:
    return Operation(READERS, "school", elsewhere, asks=asks)


def _command(roles: frozenset[str], scope: str, body: dict[str, Any] | None = None, elsewhere: int = 403) -> Operation:
    return Operation(roles, scope, elsewhere, asks={"json": body or {}})


PUBLIC, SIGNED_IN = Operation(), Operation(EVERYONE)
REASON = {"reason": "ตรวจสิทธิ์"}
NEW_ROUND = {
    "system": "dmc",
    "year_be": 2569,
    "round_no": 4,  # there is none: whoever may create a round is told so
    **dict.fromkeys(
        ("as_of_date", "open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at"), "2026-06-10"
    ),
}
ROUND, SCHOOL, SUBMISSION = "/api/v1/rounds/{id}", "/api/v1/rounds/{id}/schools/{smis}", "/api/v1/submissions/{id}"

TABLE: dict[tuple[str, str], Operation] = {
    ("GET", "/api/openapi.json"): PUBLIC,
    ("GET", "/health/live"): PUBLIC,
    ("GET", "/health/ready"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("POST", "/api/v1/auth/token"): Operation(asks={"json": {"username": "officer", "password": "khet-demo"}}),
    ("POST", "/api/v1/auth/refresh"): Operation(asks={"json": {}}),
    ("POST", "/api/v1/auth/revoke"): Operation(asks={"json": {"refresh_token": "unknown"}}),
    ("POST", "/api/v1/auth/password"): Operation(
        EVERYONE, asks={"json": {"current_password": "x", "new_password": "y"}}
    ),
    ("GET", "/api/v1/me"): SIGNED_IN,
    ("GET", "/api/v1/schools"): SIGNED_IN,
    ("GET", "/api/v1/schools/{smis}"): SIGNED_IN,
    ("PUT", "/api/v1/schools/{smis}/profile"): Operation(
        UPLOADERS, "school", 403, asks={"json": {"year_be": 2569, "rooms_by_grade": {"ป.1": 1}}}
    ),
    ("GET", "/api/v1/rounds"): _reading(),
    ("POST", "/api/v1/rounds"): _command(OFFICER, "area", NEW_ROUND),
    ("GET", "/api/v1/rounds/templates"): _reading(params={"round_no": 1, "year_be": 2569}),
    ("GET", ROUND): _reading(),
    ("GET", ROUND + "/progress"): _reading(),
    ("DELETE", ROUND): _command(OFFICER, "area"),
    ("POST", ROUND + "/announce"): _command(OFFICER, "area"),
    ("POST", ROUND + "/open"): _command(OFFICER, "area"),
    ("POST", ROUND + "/close"): _command(OFFICER, "area"),
    ("GET", SCHOOL): _reading(403),
    ("GET", SCHOOL + "/history"): _reading(403),
    ("POST", SCHOOL + "/submissions"): _command(UPLOADERS, "school", {"no_pupils": False}),
    ("POST", SCHOOL + "/confirm"): _command(DATA_OFFICER, "school"),
    ("POST", SCHOOL + "/certify"): _command(DIRECTOR, "school"),
    ("POST", SCHOOL + "/return"): _command(OFFICER, "area", REASON),
    ("POST", SCHOOL + "/revoke"): _command(OFFICER, "area", REASON),
    ("POST", SCHOOL + "/lift-hold"): _command(GROUP_DIRECTOR, "area"),
    ("POST", SCHOOL + "/acknowledge"): _command(OFFICER, "area"),
    ("POST", SCHOOL + "/exempt"): _command(GROUP_DIRECTOR, "area", REASON),
    ("GET", SUBMISSION): _reading(404),
    ("GET", SUBMISSION + "/findings"): _reading(404),
    ("GET", SUBMISSION + "/events"): _reading(404),
    ("POST", SUBMISSION + "/acknowledgements"): _command(DATA_OFFICER, "school", {"rule": "C03", **REASON}, 404),
    ("GET", "/api/v1/inbox"): SIGNED_IN,
    ("POST", "/api/v1/inbox/{id}/read"): Operation(EVERYONE, only=f"data-{OWN}"),
    ("GET", "/api/v1/reports"): _reading(),
    ("GET", "/api/v1/reports/headcount"): _reading(403, params={"round_id": "{round}", "school": OWN}),
    ("GET", "/api/v1/reports/headcount.xlsx"): _reading(403, params={"round_id": "{round}", "school": OWN}),
    ("GET", "/api/v1/ops/queues"): Operation(OPS, "system"),
    ("GET", "/api/v1/ops/parked"): Operation(OPS, "system"),
    ("POST", "/api/v1/ops/parked/{id}/replay"): Operation(OPS, "system"),
    ("POST", "/api/v1/ops/parked/{id}/drop"): Operation(OPS, "system"),
    ("POST", "/api/v1/ops/projections/{service}/rebuild"): Operation(OPS, "system"),
}
