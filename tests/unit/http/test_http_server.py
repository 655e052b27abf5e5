"""The server over real sockets: bodies, limits, keep-alive, compression, conditions, errors."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json

import pytest
from http_bodies_for_tests import multipart

from shared.http.trace import Trace


def test_a_question_is_answered(office):
    reply = office.ask("GET", "/api/v1/ping")
    assert reply.status == 200
    assert reply.json["pong"] is True
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Request-Id"] == reply.json["trace_id"]


HARD_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("path", ["/api/v1/ping", "/api/v1/letters/1", "/api/v1/nothing", "/api/v1/broken", "/nothing"])
def test_every_answer_keeps_foreign_content_out_and_is_kept_by_nobody(office, path):
    reply = office.ask("GET", path)
    assert {name: reply.headers[name] for name in HARD_HEADERS} == HARD_HEADERS
    assert "Strict-Transport-Security" not in reply.headers


def test_pages_have_a_policy_of_their_own_and_files_may_be_kept(office):
    page, style = office.ask("GET", "/letters"), office.ask("GET", "/static/app.css")
    for reply in (page, style):
        changed = {name for name in HARD_HEADERS if reply.headers[name] != HARD_HEADERS[name]}
        assert changed == ({"Content-Security-Policy"} if reply is page else {"Cache-Control"})
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'self'", "'none'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_browsers_come_by_https_alone_where_people_do(start):
    office = start(https=True)
    for path in ("/api/v1/ping", "/letters", "/static/app.css", "/api/v1/broken"):
        assert office.ask("GET", path).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_callers_trace_is_continued(office):
    parent = Trace.begin()
    assert office.ask("GET", "/api/v1/ping", traceparent=parent.traceparent).json["trace_id"] == parent.trace_id


def test_one_connection_serves_many_requests(office):
    connection = office.connect()
    connection.connect()
    first = connection.sock
    for _ in range(3):
        assert office.ask("GET", "/api/v1/ping", connection=connection).status == 200
        assert office.ask("GET", "/api/v1/nothing", connection=connection).status == 404
        assert office.ask("HEAD", "/api/v1/letters/5", connection=connection).status == 200
        assert connection.sock is first
    connection.close()


def test_a_trickling_upload_holds_no_worker(office):
    body, content_type = multipart(("subject", None, b"x"), ("file", "a.pdf", b"%PDF-1.7 " + b"x" * 5000))
    with office.socket() as slow:
        head = f"POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n"
        slow.sendall(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body[:200])
        assert office.ask("GET", "/api/v1/ping").status == 200  # the only worker is free
        slow.sendall(body[200:])
        answer = http.client.HTTPResponse(slow)
        answer.begin()
        received = json.loads(answer.read())
    assert answer.status == 201
    assert received["files"][0]["content_type"] == "application/pdf"


def test_uploads_land_in_the_store_under_their_hash(office):
    content = "ประกาศ\n".encode() * 20_000
    body, content_type = multipart(
        ("subject", None, "เรื่อง".encode()), ("file", "doc/../ประกาศ.txt", content), ("attachments", "", b"")
    )
    reply = office.ask("POST", "/api/v1/uploads", body, content_type=content_type)
    assert reply.status == 201, reply.body.decode()
    digest = hashlib.sha256(content).hexdigest()
    assert reply.json["form"] == {"subject": "เรื่อง", "copies": 1}
    assert reply.json["files"] == [
        {
            "field": "file",
            "filename": "ประกาศ.txt",
            "sha256": digest,
            "size": len(content),
            "content_type": "text/plain",
        }
    ]
    saved = office.ask("GET", f"/api/v1/files/{digest}")
    assert saved.body == content
    assert saved.headers["Content-Length"] == str(len(content))
    assert "filename*=UTF-8''%E0%B8%9B" in saved.headers["Content-Disposition"]


def test_too_large_is_said_before_reading(start):
    office = start(body_limit=1000, file_limit=2000, upload_limit=100_000)
    reply = office.send_json("POST", "/api/v1/letters", {"subject": "x" * 2_000_000})
    assert (reply.status, reply.json["code"]) == (413, "too_large")
    assert reply.headers["Connection"] == "close"
    body, content_type = multipart(("subject", None, b"x"), ("file", "a", b"y" * 3000))
    reply = office.ask("POST", "/api/v1/uploads", body, content_type=content_type)
    assert reply.status == 413
    body, content_type = multipart(("file", "a", b"y" * 200_000))
    assert office.ask("POST", "/api/v1/uploads", body, content_type=content_type).status == 413
    assert office.ask("GET", "/api/v1/ping").status == 200


def test_expect_continue_is_answered_without_the_body(office):
    with office.socket() as client:
        client.sendall(b"POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        assert client.makefile("rb").readline() == b"HTTP/1.1 404 Not Found\r\n"
    with office.socket() as client:
        head = b"POST /api/v1/letters HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        client.sendall(head + b"Content-Length: 15\r\nExpect: 100-continue\r\n\r\n")
        lines = client.makefile("rb")
        assert lines.readline() == b"HTTP/1.1 100 Continue\r\n"
        client.sendall(b'{"subject":"x"}')
        assert lines.readline() == b"\r\n"
        assert lines.readline() == b"HTTP/1.1 201 Created\r\n"


def test_a_silent_client_is_told_so(start):
    office = start(socket_timeout=0.2)
    with office.socket() as client:
        client.sendall(b"POST /api/v1/letters HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        client.sendall(b"Content-Length: 15\r\n\r\n{")
        assert client.makefile("rb").readline() == b"HTTP/1.1 408 Request Timeout\r\n"


def test_headers_that_never_end_close_the_connection(start):
    office = start(socket_timeout=0.2)
    with office.socket() as client:
        client.sendall(b"GET /api/v1/ping HTTP/1.1\r\nHost: x\r\n")
        assert client.recv(100) == b""


def test_what_is_not_http_gets_a_problem(office):
    with office.socket() as client:
        client.sendall(b"GET / HTTP/9.9 x\r\n\r\n")
        assert b"urn:khet:problem:http" in client.makefile("rb").read()


NESTED = b"[" * 100_000
BAD_BODIES = [
    (b"{", 400),
    (b"\xff\xfe", 400),
    (NESTED, 400),
    (b'{"subject":"a","subject":"b"}', 400),
    (b'{"subject":NaN}', 400),
    (b'{"copies":' + b"9" * 5000 + b"}", 400),
    (b'{"copies":99999999999999999999}', 422),
    (b'{"copies":1e999,"subject":"x"}', 422),
    (b'{"subject":"a\\u0000b"}', 422),
    (b'{"subject":"\\ud800"}', 422),
    (b'{"\\ud800":1}', 422),
    (b'{"subject":"x","copies":"99999999999999999999"}', 422),
    (b"[]", 422),
    (b"null", 422),
    (b'"x"', 422),
    (b"", 422),
    (b'{"subject":{"a":[[[]]]}}', 422),
]


def test_no_bad_body_is_a_500(office):
    for body, status in BAD_BODIES:
        reply = office.send_json("POST", "/api/v1/letters", body)
        assert (body[:40], reply.status) == (body[:40], status)
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.json["trace_id"]
    assert office.ask("GET", "/api/v1/ping").status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--edge",
        b"--edge\r\n\r\nx\r\n--edge--",
        b"--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--\r\n",
        b"--edge\r\nContent-Disposition: form-data; name=\xff\r\n\r\nx\r\n--edge--\r\n",
        b"--edge\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"x" * 300_000 + b"\r\n--edge--\r\n",
        b"".join(b"--edge\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n" for _ in range(60)),
    ],
)
def test_no_bad_multipart_is_a_500(office, body):
    for content_type in ("multipart/form-data; boundary=edge", "multipart/form-data"):
        assert office.ask("POST", "/api/v1/uploads", body, content_type=content_type).status in (400, 413, 422)


def test_no_bad_address_is_a_500(office):
    for path in (
        "/%00", "/api/v1/letters/%E0%B9%91", "/%ff", "/api/v1/letters/" + "9" * 5000, "/static/../x", "//x",
        "/static/" + "a" * 300, "/static/" + "a/" * 2500,
    ):  # fmt: skip
        assert office.ask("GET", path).status == 404, path


def test_refusals_name_what_would_do(office):
    for method in ("DELETE", "post", "Post", "TRACE"):
        reply = office.ask(method, "/api/v1/letters")
        assert (reply.status, reply.headers["Allow"]) == (405, "POST")
    reply = office.ask("POST", "/api/v1/letters", b"subject=x", content_type="application/x-www-form-urlencoded")
    assert (reply.status, reply.json["code"]) == (415, "media_type")
    assert office.send_json("PATCH", "/api/v1/letters/1", {}).status == 428
    assert office.send_json("PATCH", "/api/v1/letters/1", {}, if_match='W/"7"').json == {"if_match": "7"}


def test_a_defect_tells_no_details(office):
    for path in ("/api/v1/broken", "/api/v1/header"):
        reply = office.ask("GET", path)
        assert (reply.status, reply.json["code"]) == (500, "unexpected")
        assert b"secret" not in reply.body
        assert reply.json["trace_id"] in reply.json["detail"]


def test_people_see_a_page(office):
    reply = office.ask("GET", "/nothing", accept="text/html,*/*;q=0.1")
    assert reply.headers["Content-Type"].startswith("text/html")
    assert office.ask("GET", "/api/nothing", accept="text/html").headers["Content-Type"] == "application/problem+json"
    form = "application/x-www-form-urlencoded"
    reply = office.ask("POST", "/letters", "subject=เรื่อง&token=t&copies=".encode(), content_type=form)
    assert reply.status == 303
    assert reply.headers["Location"].startswith("/letters?q=%E0")
    assert office.ask("POST", "/letters", b"subject=\xff", content_type=form).status == 400


def test_long_text_is_compressed_when_accepted(office):
    plain = office.ask("GET", "/letters")
    packed = office.ask("GET", "/letters", accept_encoding="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert office.ask("GET", "/letters", accept_encoding="gzip;q=0").body == plain.body


def test_what_the_client_has_is_not_sent_again(office):
    first = office.ask("GET", "/api/v1/letters/1")
    assert first.headers["ETag"] == '"7"'
    again = office.ask("GET", "/api/v1/letters/1", if_none_match='W/"7"')
    assert (again.status, again.body) == (304, b"")
    head = office.ask("HEAD", "/api/v1/letters/1")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(first.body)))


def test_static_files_are_cached_for_ever_by_version(office):
    first = office.ask("GET", "/static/app.css", accept_encoding="gzip")
    assert first.headers["Cache-Control"] == "public, no-cache"
    version = first.headers["ETag"].strip('"').removesuffix("-gzip")
    versioned = office.ask("GET", f"/static/app.css?v={version}")
    assert "immutable" in versioned.headers["Cache-Control"]
    assert gzip.decompress(first.body) == versioned.body
    assert office.ask("GET", "/static/app.css", if_none_match=f'"{version}"').status == 304
    assert office.ask("GET", "/static/..%2fstore").status == 404


def test_health_has_a_port_of_its_own(leaving):
    leaving.port = leaving.health
    assert leaving.ask("GET", "/health/live").json == {"ok": True}
    assert leaving.ask("GET", "/health/ready").json["ok"] is True
    assert b"khet_http_request_seconds" in leaving.ask("GET", "/metrics").body
    leaving.drain()
    leaving.until(lambda: leaving.ask("GET", "/health/ready").status == 503)


def test_only_our_own_proxies_say_who_is_asking(start):
    stranger = start()
    assert stranger.ask("GET", "/api/v1/ping", x_forwarded_for="10.1.1.1").json["remote"] == "127.0.0.1"
    behind = start(trusted_proxies=["127.0.0.0/8"])
    header = "6.6.6.6, 10.1.1.1"
    assert behind.ask("GET", "/api/v1/ping", x_forwarded_for=header).json["remote"] == "10.1.1.1"
