"""What is sent compressed is what was meant, whoever compressed which part of it."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from shared.http.answers import page
from shared.http.compression import CommonPart
from shared.http.request import Request
from shared.http.wire import to_wire

CARDS = "".join(f"<article>กฎข้อที่ {number}: ตรวจวันเกิดกับชั้น</article>" for number in range(300)).encode()


@given(st.binary(), st.binary(min_size=1), st.binary(), st.booleans())
def test_a_common_part_and_what_stands_around_it_are_unpacked_as_one(
    before: bytes, common: bytes, after: bytes, stands: bool
) -> None:
    body = before + (common if stands else b"") + after
    packed = CommonPart.of(common).compress_around(body)
    assert gzip.decompress(packed) == body


def test_a_page_with_a_common_part_is_sent_as_any_other() -> None:
    html = f"<h1>กฎ</h1>{CARDS.decode()}<p>ครูสมมติ</p>"
    request = Request("GET", "/rules", headers=Headers({"Accept-Encoding": "gzip"}))
    answer = page(html)
    answer.common = CommonPart.of(CARDS)
    wire = to_wire(request, answer)
    [body] = wire.body
    assert gzip.decompress(body) == html.encode()
    assert dict(wire.headers)["Content-Length"] == str(len(body))
    assert to_wire(Request("GET", "/rules"), answer).body == [html.encode()]
