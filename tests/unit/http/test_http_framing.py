"""Heads that two readers could understand differently are refused, in words, before anything is done.

RFC 9112 §2.2 (line ends), §3.2 (Host), §5.1 (blank before the colon), §5.2 (folded lines), §6.3 (lengths), §11.2
(request smuggling): a proxy in front of us and we must agree where a request ends, or the rest of one becomes another.
"""

from __future__ import annotations

import json

import pytest

LINE = b"POST /api/v1/letters HTTP/1.1\r\n"
HEAD = LINE + b"Host: khet.test\r\nContent-Type: application/json\r\n"
NEXT = b"GET /api/v1/ping HTTP/1.1\r\nHost: khet.test\r\n\r\n"
BODY = b'{"subject":"x"}'

LENGTHS = {
    "not a number": b"Content-Length: abc\r\n",
    "empty": b"Content-Length:\r\n",
    "blank": b"Content-Length:  \r\n",
    "a sign": b"Content-Length: +15\r\n",
    "negative": b"Content-Length: -15\r\n",
    "underscore": b"Content-Length: 1_5\r\n",
    "hexadecimal": b"Content-Length: 0x0f\r\n",
    "a fraction": b"Content-Length: 15.0\r\n",
    "a list": b"Content-Length: 15, 15\r\n",
    "twice": b"Content-Length: 15\r\nContent-Length: 15\r\n",
    "two lengths": b"Content-Length: 15\r\nContent-Length: 16\r\n",
    "Thai digits": "Content-Length: ๑๕\r\n".encode(),
    "superscript": b"Content-Length: 1\xb2\r\n",
    "too long to be true": b"Content-Length: " + b"9" * 40 + b"\r\n",
    "length and chunks": b"Content-Length: 15\r\nTransfer-Encoding: chunked\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 15\r\n",
}
SHAPES = {
    "blank before the colon": HEAD + b"Content-Length : 15\r\n\r\n",
    "tab before the colon": HEAD + b"Transfer-Encoding\t: chunked\r\n\r\n",
    "a line without colon": HEAD + b"nonsense\r\nContent-Length: 15\r\n\r\n",
    "an empty name": HEAD + b": x\r\nContent-Length: 15\r\n\r\n",
    "a folded line": HEAD + b"X-Folded: a\r\n Content-Length: 15\r\n\r\n",
    "a folded first line": LINE + b" Host: khet.test\r\n\r\n",
    "a bare carriage return": HEAD + b"X-Bare: a\rContent-Length: 15\r\n\r\n",
    "a bare line feed": HEAD + b"X-Bare: a\nContent-Length: 15\r\n\r\n",
    "line feeds alone": HEAD.replace(b"\r\n", b"\n") + b"\n",
    "a NUL": HEAD + b"X-Nul: a\0b\r\n\r\n",
    "a control character in a name": HEAD + b"X\x0bY: a\r\n\r\n",
    "a letter in a name that is not ASCII": HEAD + b"X\xe9: a\r\n\r\n",
    "no Host": LINE + b"Content-Length: 15\r\n\r\n",
    "two Hosts": HEAD + b"Host: evil.test\r\n\r\n",
    "an empty Host": LINE + b"Host:\r\n\r\n",
    "a Host with a path": LINE + b"Host: khet.test/@evil.test\r\n\r\n",
    "a Host with a user": LINE + b"Host: khet.test@evil.test\r\n\r\n",
    "a Host list": LINE + b"Host: khet.test, evil.test\r\n\r\n",
    "a target without slash": HEAD.replace(b"POST /api", b"POST api") + b"\r\n",
    "a whole address": HEAD.replace(b"POST /api", b"POST http://evil.test/api") + b"\r\n",
    "an authority": b"CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: khet.test\r\n\r\n",
    "a target that is not ASCII": HEAD.replace(b"/letters", b"/letters/\xe0\xb8\x81") + b"\r\n",
    "a tab in the request line": HEAD.replace(b"POST /", b"POST\t/") + b"\r\n",
    "two blanks in the request line": HEAD.replace(b"POST /", b"POST  /") + b"\r\n",
    "a line feed after the request line": HEAD.replace(b"1.1\r\n", b"1.1\n", 1) + b"\r\n",
    "no version": b"GET /api/v1/ping\r\n\r\n",
    "a name no method has": HEAD.replace(b"POST", b"PO(ST)") + b"\r\n",
    "what an upgrade begins with": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


def said(office, raw):
    """Everything that comes back on a connection that the server ends."""
    with office.socket() as client:
        client.sendall(raw)
        return client.makefile("rb").read()


def refused(answer):
    """The one problem of a refusal that closes its connection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert answer.count(b"HTTP/1.") == 1, answer
    assert b"content-type: application/problem+json" in head.lower(), answer
    assert b"connection: close" in head.lower()
    assert b"nosniff" in head and b"no-store" in head
    problem = json.loads(body)
    assert {"type", "code", "status", "title", "trace_id"} <= problem.keys()
    assert any("\u0e01" <= letter <= "\u0e5b" for letter in problem["title"]), problem
    assert int(head.split(b" ", 2)[1]) == problem["status"]
    return problem


@pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS)
def test_a_length_that_is_none_is_refused_in_words(office, length):
    problem = refused(said(office, HEAD + length + b"\r\n" + BODY + NEXT))
    assert (problem["status"], problem["code"]) == (400, "length")


@pytest.mark.parametrize("encoding", [b"chunked", b"Chunked", b"gzip, chunked", b"identity", b"x", b""])
def test_no_encoding_of_the_transfer_is_read(office, encoding):
    chunks = b"f\r\n" + BODY + b"\r\n0\r\n\r\n"
    problem = refused(said(office, HEAD + b"Transfer-Encoding: " + encoding + b"\r\n\r\n" + chunks + NEXT))
    assert (problem["status"], problem["code"]) == (411, "length_required")


@pytest.mark.parametrize("head", SHAPES.values(), ids=SHAPES)
def test_a_head_that_could_be_read_two_ways_is_refused(office, head):
    problem = refused(said(office, head + BODY + NEXT))
    assert problem["status"] in {400, 505}
    assert problem["code"] == "http"


def test_a_head_that_breaks_off_is_not_answered_as_a_request(office):
    with office.socket() as client:
        client.sendall(HEAD + b"Content-Length: 0\r\n")
        client.shutdown(1)
        answer = client.makefile("rb").read()
    assert answer == b"" or refused(answer)["status"] == 400


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + (b"X: " + b"y" * 8_000 + b"\r\n") * 12 + b"\r\n", 431),
        (b"GET / HTTP/3.1\r\nHost: x\r\n\r\n", 505),
    ],
)
def test_what_is_too_long_or_too_new_says_so(office, raw, status):
    assert refused(said(office, raw))["status"] == status


@pytest.mark.parametrize("host", [b"khet.test", b"khet.test:8080", b"127.0.0.1", b"[::1]:8080", b"KHET-1.test."])
def test_the_names_of_machines_are_taken(office, host):
    answer = said(office, b"GET /api/v1/ping HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_old_programs_need_no_host(office):
    assert b" 200 OK\r\n" in said(office, b"GET /api/v1/ping HTTP/1.0\r\n\r\n")


def test_what_is_well_framed_is_read_to_its_end_and_no_further(office):
    request = HEAD + b"content-length:015\r\nX-Thai: \xe0\xb8\x81\r\nX-Tab:\ta \r\nX-Empty:\r\n\r\n" + BODY
    last = NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answer = said(office, request + last)
    assert answer.count(b"HTTP/1.1 ") == 2
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert b'"pong":true' in answer
