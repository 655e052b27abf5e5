"""The router without any server: validation in Thai, authentication, problems."""

from __future__ import annotations

import json

import marshmallow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields, validate, validates_schema
from werkzeug.datastructures import Headers, MultiDict

from shared.http.answers import Answer, Cookie, content_disposition, json_answer, page
from shared.http.json_text import encode_json
from shared.http.request import ReceivedFile, Request
from shared.http.routing import PUBLIC, Access, Router, Routes, sign_in_required
from shared.http.schemas import Paging
from shared.http.validation import in_thai
from shared.http.wire import to_wire
from shared.problems import Problem


class Room(Schema):
    grade = fields.String(required=True, metadata={"title": "ชั้น"})
    pupils = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=60))


class CreateRound(Schema):
    name = fields.String(required=True, validate=validate.Length(max=20), metadata={"title": "ชื่อรอบ"})
    opens = fields.Date(required=True, metadata={"title": "วันเปิด"})
    closes = fields.Date(required=True, metadata={"title": "วันปิด"})
    rooms = fields.List(fields.Nested(Room), metadata={"title": "ห้องเรียน"})
    kind = fields.String(validate=validate.OneOf(["dmc", "emis"]))

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data, **_):
        if data["closes"] < data["opens"]:
            raise marshmallow.ValidationError("วันปิดต้องไม่อยู่ก่อนวันเปิด", "closes")


class RoundQuery(Paging):
    kind = fields.List(fields.String())
    year = fields.Integer()


routes = Routes(tag="rounds")


@routes.post("/api/v1/rounds", body=CreateRound, status=201, access=Access(roles=("officer",), scope="area"))
def create_round(request, office):
    return {"office": office, **request.json}


@routes.put("/api/v1/rooms", body=Room, many=True, if_match=False)
def put_rooms(request, office):
    return {"rooms": request.json}


@routes.get("/api/v1/rounds", query=RoundQuery)
def list_rounds(request, office):
    return request.query


@routes.get("/api/v1/rounds/{id:uuid}/versions/{number:int}")
def show_version(request, office):
    return dict(request.params)


@routes.delete("/api/v1/rounds/{id}")
def delete_round(request, office):
    return None


@routes.post("/api/v1/rounds/{id}/files", files=("file", "more*"))
def add_files(request, office):
    return len(request.files)


@routes.page("/rounds", query=RoundQuery)
def rounds_page(request, office):
    return page(f"<p>{request.query}</p>")


@routes.form("/rounds", body=CreateRound)
def rounds_form(request, office):
    return page(f"<p>{request.form}</p>")


router = Router([routes])


def ask(method, path, value=None, *, to=router, query="", raw=None, **headers):
    body = raw if raw is not None else b"" if value is None else json.dumps(value).encode()
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    names.setdefault("content-type", "application/json")
    request = Request(method, path, query_string=query, raw=body, headers=Headers(names))
    answer = to.answer(request, "office")
    return answer.status, json.loads(answer.body) if answer.body[:1] in (b"{", b"[") else answer


def errors_of(document):
    return {error["pointer"]: (error["code"], error["message"]) for error in document["errors"]}


def test_a_good_body_reaches_the_handler_validated():
    status, body = ask("POST", "/api/v1/rounds", {"name": "2569-1", "opens": "2026-06-10", "closes": "2026-06-30"})
    assert status == 201
    assert body == {"office": "office", "name": "2569-1", "opens": "2026-06-10", "closes": "2026-06-30"}


def test_every_wrong_field_is_named_in_thai():
    rooms = [{"grade": "ป.1", "pupils": 61}, {"pupils": 1.5}, 7]
    status, body = ask("POST", "/api/v1/rounds", {"name": "x" * 30, "opens": "31/12/2569", "rooms": rooms, "extra": 1})
    assert (status, body["code"]) == (422, "invalid")
    assert errors_of(body) == {
        "name": ("length", "ชื่อรอบ: ต้องมีไม่เกิน 20 ตัว"),
        "opens": ("date", "วันเปิด: วันที่ไม่ถูกต้อง (ปปปป-ดด-วว เป็น ค.ศ.)"),
        "closes": ("required", "วันปิด: ต้องระบุ"),
        "rooms.0.pupils": ("range", "pupils: ต้องอยู่ระหว่าง 0 ถึง 60"),
        "rooms.1.grade": ("required", "ชั้น: ต้องระบุ"),
        "rooms.1.pupils": ("integer", "pupils: ต้องเป็นจำนวนเต็ม"),
        "rooms.2": ("type", "ห้องเรียน 2: ชนิดข้อมูลไม่ถูกต้อง"),
        "extra": ("unknown", "extra: ไม่รู้จักฟิลด์นี้"),
    }


def test_a_body_may_be_a_list():
    rooms = [{"grade": "ป.1", "pupils": 20}, {"grade": "ป.2", "pupils": 30}]
    assert ask("PUT", "/api/v1/rooms", rooms) == (200, {"rooms": rooms})
    status, body = ask("PUT", "/api/v1/rooms", [rooms[0], {"pupils": 61}, 7])
    assert status == 422
    assert errors_of(body) == {
        "1.grade": ("required", "ชั้น: ต้องระบุ"),
        "1.pupils": ("range", "pupils: ต้องอยู่ระหว่าง 0 ถึง 60"),
        "2": ("type", "2: ชนิดข้อมูลไม่ถูกต้อง"),
    }
    assert ask("PUT", "/api/v1/rooms", rooms[0])[0] == 422


def test_a_schemas_own_thai_words_pass_unchanged():
    _, body = ask("POST", "/api/v1/rounds", {"name": "x", "opens": "2026-06-30", "closes": "2026-06-10"})
    assert errors_of(body) == {"closes": ("invalid", "วันปิด: วันปิดต้องไม่อยู่ก่อนวันเปิด")}


def test_a_buddhist_year_is_caught():
    _, body = ask("POST", "/api/v1/rounds", {"name": "x", "opens": "2569-06-10", "closes": "2569-06-30"})
    assert errors_of(body)["opens"][0] == "year"


def test_every_message_of_marshmallow_has_thai_words():
    messages = [
        text.format(obj_type=kind, awareness="aware", input="x", choices="a, b")
        for cls in vars(fields).values()
        if isinstance(cls, type) and issubclass(cls, fields.Field)
        for text in getattr(cls, "default_error_messages", {}).values()
        for kind in ("datetime", "date", "time")
    ]
    messages += Schema._default_error_messages.values()
    checks = [
        (validate.Range(min=1), 0), (validate.Range(max=1), 2), (validate.Range(min=1, max=2), 3),
        (validate.Range(min=1, min_inclusive=False), 1), (validate.Range(max=1, max_inclusive=False), 1),
        (validate.Range(min=1, max=2, min_inclusive=False), 1),
        (validate.Length(min=2), "a"), (validate.Length(max=1), "ab"), (validate.Length(min=2, max=3), "a"),
        (validate.Length(equal=2), "a"), (validate.Equal(1), 2), (validate.Regexp("a"), "b"),
        (validate.OneOf([1]), 2), (validate.NoneOf([2]), 2), (validate.ContainsOnly([1]), [2]),
        (validate.ContainsNoneOf([2]), [2]), (validate.Email(), "x"), (validate.URL(), "x"),
        (validate.Predicate("isdigit"), "x"),
    ]  # fmt: skip
    for check, value in checks:
        with pytest.raises(marshmallow.ValidationError) as caught:
            check(value)
        messages += caught.value.messages
    for message in messages:
        assert not in_thai(message)[1].isascii(), message


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists))
def test_no_value_is_a_500(value):
    for body in ({"name": value, "opens": value, "rooms": value, "kind": value}, value, {"rooms": [value]}):
        status, _ = ask("POST", "/api/v1/rounds", raw=json.dumps(body).encode("utf-8", "surrogatepass"))
        assert status in (400, 422)


@given(st.binary(), st.text(st.characters(max_codepoint=255)))
def test_no_bytes_are_a_500(raw, query):
    assert ask("POST", "/api/v1/rounds", raw=raw)[0] in (400, 422)
    assert ask("GET", "/api/v1/rounds", query=query)[0] in (200, 400, 422)
    assert ask("POST", "/rounds", raw=raw)[0] in (400, 422)


def test_queries_are_validated():
    assert ask("GET", "/api/v1/rounds", query="kind=dmc&kind=emis&year=&limit=5") == (
        200,
        {"kind": ["dmc", "emis"], "limit": 5},
    )
    _, body = ask("GET", "/api/v1/rounds", query="limit=500&year=1&year=2&nonsense=1")
    assert set(errors_of(body)) == {"year"}
    _, body = ask("GET", "/api/v1/rounds", query="limit=500&nonsense=1")
    assert set(errors_of(body)) == {"limit", "nonsense"}
    assert ask("GET", "/api/v1/rounds", query="cursor=%FF")[1]["code"] == "pairs"
    assert ask("GET", "/rounds", query="fbclid=tracker")[0] == 200


def test_paths_are_matched_by_kind():
    uuid = "018f0000-0000-7000-8000-000000000000"
    assert ask("GET", f"/api/v1/rounds/{uuid}/versions/3") == (200, {"id": uuid, "number": 3})
    assert ask("GET", "/api/v1/rounds/x/versions/3")[0] == 404
    assert ask("DELETE", "/api/v1/rounds/x")[0] == 204
    status, body = ask("PUT", "/api/v1/rounds")
    assert (status, body["allow"]) == (405, ["GET", "HEAD", "POST"])


def test_files_are_those_declared():
    def send(*names):
        files = [ReceivedFile(name, "a.pdf", "0" * 64, 1, "application/pdf") for name in names]
        headers = Headers({"Content-Type": "multipart/form-data; boundary=x"})
        request = Request("POST", "/api/v1/rounds/1/files", headers=headers, files=files)
        return router.answer(request)

    assert send("file").body == b"1"
    assert send("file", "more", "more").body == b"3"
    assert errors_of(json.loads(send("more").body))["file"][0] == "required"
    assert set(errors_of(json.loads(send("file", "file", "else").body))) == {"file", "else"}


def test_the_gateway_says_who_is_asking_and_how_problems_look():
    def authenticate(request, route, office):
        if not route.access.public and request.headers.get("Authorization") != "Bearer good":
            raise sign_in_required()
        request.identity = office

    def render(request, problem):
        if problem.status == 401:
            raise ZeroDivisionError
        return page(problem.title, problem.status)

    own = Router([routes], authenticate, render)
    status, body = ask("POST", "/api/v1/rounds", {"nonsense": 1}, to=own)
    assert (status, body["code"]) == (401, "sign_in")
    assert ask("POST", "/api/v1/rounds", {}, to=own, authorization="Bearer good")[0] == 422
    assert ask("GET", "/rounds", to=own)[1]["code"] == "unexpected"  # the page of the problem was broken itself
    status, answer = ask("GET", "/rounds", query="limit=x", to=own, authorization="Bearer good")
    assert (status, answer.content_type) == (422, "text/html; charset=utf-8")


def test_a_route_cannot_be_declared_twice():
    again = Routes(tag="again")
    again.get("/api/v1/rounds/{name}/files")(lambda request, office: None)
    again.post("/api/v1/rounds/{name}/files")(lambda request, office: None)
    with pytest.raises(ValueError, match="declared twice"):
        Router([routes, again])


@pytest.mark.parametrize(
    ("header", "version"), [('"7"', "7"), ('W/"7"', "7"), ("*", "*"), ('"7", "8"', None), ("7", None)]
)
def test_if_match_names_one_version(header, version):
    request = Request("PUT", "/", headers=Headers({"If-Match": header}))
    if version is not None:
        assert request.if_match == version
        return
    with pytest.raises(Problem):
        _ = request.if_match


def test_an_idempotency_key_is_plain():
    assert Request("POST", "/", headers=Headers({"Idempotency-Key": "a-1"})).idempotency_key == "a-1"
    assert Request("POST", "/").idempotency_key is None
    assert Request("POST", "/", posted=MultiDict({"idempotency_key": "a-2"})).idempotency_key == "a-2"
    with pytest.raises(Problem):
        _ = Request("POST", "/", headers=Headers({"Idempotency-Key": "a b"})).idempotency_key


def test_thai_file_names_survive():
    assert content_disposition("a b.pdf") == 'attachment; filename="a b.pdf"'
    assert content_disposition('ก".pdf', "inline") == "inline; filename=\"__.pdf\"; filename*=UTF-8''%E0%B8%81%22.pdf"


def test_a_cookie_is_safe_unless_told_otherwise():
    answer = Answer(200, b"", cookies=[Cookie("session", "x", max_age=60), Cookie("lang", "th")])
    cookies = [value for name, value in to_wire(Request("GET", "/"), answer).headers if name == "Set-Cookie"]
    assert {"Secure", "HttpOnly", "Max-Age=60", "SameSite=Lax"} <= set(cookies[0].split("; "))
    assert len(cookies) == 2


def test_json_is_plain_utf8():
    assert encode_json({"ก": "\ud800"}) == '{"ก":"?"}'.encode()
    with pytest.raises(ValueError, match="JSON compliant"):
        encode_json(float("nan"))
    assert json_answer({}, etag=7).etag == "7"
    assert PUBLIC.public
