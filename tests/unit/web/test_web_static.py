"""Static files: kept in parts, fetched in one piece, cached for as long as they are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.web.site import SHEETS, STATIC, WEB
from shared.http.request import Request
from shared.http.static import StaticFiles, version_of
from shared.problems import Problem

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "first.css").write_text("a {}")
    (tmp_path / "second.css").write_text("b {}")
    return tmp_path


def fetch(files: StaticFiles, address: str) -> object:
    path, _, query = address.partition("?")
    request = Request("GET", path, query, params={"name": path.removeprefix("/static/")})
    return files.static_file(request, None)


def test_parts_are_one_file_in_their_order(root: Path) -> None:
    files = StaticFiles(root, {"all.css": ("second.css", "first.css")})
    answer = fetch(files, files.url("all.css"))
    assert (answer.body, answer.content_type) == (b"b {}\na {}", "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == FOR_EVER


def test_a_part_that_was_not_built_is_left_out_until_it_is(root: Path) -> None:
    files = StaticFiles(root, {"all.css": ("first.css", "vendor/font.css")})
    before = files.url("all.css")
    assert fetch(files, before).body == b"a {}"
    (root / "vendor").mkdir()
    (root / "vendor" / "font.css").write_text("@font-face {}")
    assert files.url("all.css") != before
    assert fetch(files, files.url("all.css")).body == b"a {}\n@font-face {}"
    assert fetch(files, before).headers["Cache-Control"] == "public, no-cache"


def test_a_file_named_by_its_content_needs_no_version(root: Path) -> None:
    font = b"wOF2 not really"
    name = f"sarabun.{version_of(font)}.woff2"
    (root / name).write_bytes(font)
    answer = fetch(StaticFiles(root), f"/static/{name}")
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("font/woff2", FOR_EVER)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "nothing.css", "first.css/..", ""])
def test_nothing_else_is_served(root: Path, name: str) -> None:
    (root.parent / "secret").write_text("key")
    files = StaticFiles(root, {"empty.css": ("nothing.css",)})
    assert not files.has("empty.css")
    with pytest.raises(Problem, match="not_found"):
        fetch(files, f"/static/{name}")


def test_every_sheet_of_the_pages_is_there_and_part_of_the_one() -> None:
    assert {f"{name}.css" for name in SHEETS} == {path.name for path in (WEB / "static" / "css").iterdir()}
    assert STATIC.has("khet.css")
