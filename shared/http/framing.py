"""The head of a request, read as strictly as the strictest reader in front of us would.

Where a request ends decides where the next one begins. Python's parser is generous: it takes a lone carriage return
for the end of a line, and drops what follows a name with a blank behind it. A proxy that reads otherwise could be made
to pass on half of somebody's request as the beginning of somebody else's (request smuggling, RFC 9112 §11.2). So what
is not exactly as RFC 9112 writes it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.problems import Problem

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE = re.compile(_TOKEN + rb" /[\x21-\x7e]* HTTP/1\.[01]\r\n")
_FIELD = re.compile(rb"(" + _TOKEN + rb"):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*\r\n")
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_END = b"\r\n"

_WORDS = {
    400: "คำขอ HTTP ไม่ถูกต้อง",
    414: "ที่อยู่ยาวเกินไป",
    431: "ส่วนหัวของคำขอยาวเกินไป",
    505: "ไม่รองรับ HTTP รุ่นนี้",
}


def not_http(status: int, detail: str = "") -> Problem:
    """What is not a request as HTTP/1.1 writes it."""
    return Problem("http", status, _WORDS.get(status, _WORDS[400]), detail)


def check_head(request_line: bytes, lines: Sequence[bytes]) -> None:
    """Look at a head as it came: the request line, then the lines of the header up to the empty one.

    Raises:
        Problem: ``http`` or ``length`` (400), ``length_required`` (411).
    """
    if not _REQUEST_LINE.fullmatch(request_line):
        raise not_http(400, "บรรทัดแรกไม่ถูกต้อง อักษรที่ไม่ใช่ ASCII ในที่อยู่ต้องเข้ารหัสแบบ percent-encoding")
    if not lines or lines[-1] != _END:
        raise not_http(400, "ส่วนหัวของคำขอไม่จบ")
    values: dict[bytes, list[bytes]] = {}
    for line in lines[:-1]:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise not_http(400, "ส่วนหัวของคำขอมีบรรทัดที่ไม่ถูกต้อง")
        values.setdefault(field[1].lower(), []).append(field[2])
    _check_length(values)
    _check_host(values.get(b"host", []), is_needed=request_line.endswith(b"1.1\r\n"))


def _check_length(values: dict[bytes, list[bytes]]) -> None:
    lengths = values.get(b"content-length", [])
    chunked = b"transfer-encoding" in values
    if lengths and (chunked or len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0])):
        raise Problem("length", 400, "Content-Length ไม่ถูกต้อง", "ระบุได้ครั้งเดียว เป็นตัวเลขล้วน และไม่ใช้คู่กับ Transfer-Encoding")
    if chunked:
        raise Problem("length_required", 411, "ต้องระบุ Content-Length", "ไม่รับข้อมูลแบบ chunked")


def _check_host(hosts: list[bytes], *, is_needed: bool) -> None:
    if len(hosts) > 1 or (is_needed and not hosts) or any(not _HOST.fullmatch(host) for host in hosts):
        raise not_http(400, "ต้องระบุ Host ให้ถูกต้องเพียงครั้งเดียว")
