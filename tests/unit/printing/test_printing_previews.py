"""A page on a screen, and the places of it where a stamp covers nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pages_for_tests import A4, STAMP, page_pdf, text_at
from PIL import Image

from services.documents.printing.previews import StampRoom, page_task, room_task, stamp_room
from services.documents.printing.stamps import Stamp, stamp_pdf

AT = datetime(2026, 6, 9, 18, 30, tzinfo=UTC)
FULL = b"".join(text_at(0, y, "x" * 120) for y in range(0, 842, 12))


def stamp(**place: float) -> Stamp:
    return Stamp("สพป.เชียงราย เขต 4", "12", AT, **place)


def room_on(path: Path, content: bytes, *stamps: Stamp, chosen: int = 0) -> StampRoom:
    return stamp_room(page_pdf(path / "page.pdf", content), list(stamps), chosen)


def test_every_place_that_is_said_to_be_free_keeps_a_stamp(tmp_path: Path) -> None:
    room = room_on(tmp_path, text_at(300, 800) + text_at(60, 400), stamp())
    free = [(x, y) for y, row in enumerate(room.free) for x, sign in enumerate(row) if sign == "1"]
    taken = [(x, y) for y, row in enumerate(room.free) for x, sign in enumerate(row) if sign == "0"]
    assert free and taken
    for places, outcome in ((free, "kept"), (taken, "moved")):
        x, y = places[len(places) // 2]
        (placed,) = stamp_pdf(tmp_path / "page.pdf", tmp_path / "stamped.pdf", [stamp(x=x, y=y)])
        assert placed.outcome == outcome
    width, height = (round(side / whole * 100, 3) for side, whole in zip(STAMP, A4, strict=True))
    assert (room.width, room.height, room.ratio) == (width, height, round(A4[1] / A4[0], 4))


def test_corners_that_are_taken_are_not_proposed(tmp_path: Path) -> None:
    lines = b"".join(text_at(20, y, "Ministry of Education, Office of the Basic") for y in range(430, 842, 12))
    room = room_on(tmp_path, lines, stamp())
    assert [name for name, _, _ in room.corners] == ["upper_right", "lower_right", "lower_left"]


def test_the_other_stamps_of_the_page_are_in_the_way(tmp_path: Path) -> None:
    room = room_on(tmp_path, b"", stamp(), stamp(x=10, y=50), chosen=0)
    assert room.free[50][10] == "0"
    assert room.free[70][10] == "1"
    own = room_on(tmp_path, b"", stamp(), stamp(x=10, y=50), chosen=1)
    assert own.free[50][10] == "1"


def test_a_full_page_has_no_place_to_choose_and_grows(tmp_path: Path) -> None:
    room = room_on(tmp_path, FULL, stamp())
    assert (room.free, room.corners, room.placed[0].outcome) == ((), (), "page_grown")


def test_a_page_is_drawn_for_a_screen_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    source, out = page_pdf(tmp_path / "page.pdf", text_at(60, 400)), tmp_path / "page.webp"
    assert page_task({"path": str(source), "out": str(out), "page": 1}, lambda *_: None) == {"refused": None}
    with Image.open(out) as picture:
        assert (picture.format, picture.width) == ("WEBP", 720)
    assert out.stat().st_size < 20_000
    assert page_task({"path": str(source), "out": str(out), "page": 2}, lambda *_: None)["refused"]["code"] == (
        "no_such_page"
    )
    plain = {"agency": "สพป.", "number": "1", "received_at": AT.isoformat(), "page": 3}
    answer = room_task({"path": str(source), "stamps": [plain], "chosen": 0}, lambda *_: None)
    assert answer["room"] is None and answer["refused"]["code"] == "no_such_page"
