"""The receipt stamp: five by two and a half centimetres, upright, and never over what stands on the page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages_for_tests import (
    A4,
    STAMP,
    Box,
    joined,
    letter_scan,
    overlap,
    page_pdf,
    picture_of,
    scan_pdf,
    size_of,
    text_at,
    text_of,
)
from PIL import Image, ImageChops

from services.documents.printing.refusals import Refused
from services.documents.printing.stamps import Outcome, Placed, Stamp, stamp_pdf, stamp_task

AT = datetime(2026, 6, 9, 18, 30, tzinfo=UTC)  # 10 June, 01.30 in Bangkok
OFFICE = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาเชียงราย เขต 4"
GROUP = "กลุ่มส่งเสริมการศึกษาทางไกล เทคโนโลยีสารสนเทศและการสื่อสาร"
SCALE = 2
GLYPH = 28 * SCALE  # the largest letters of these tests, in pixels
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def stamp(number: str = "123", **others: object) -> Stamp:
    return Stamp(OFFICE, number, AT, **others)


def stamped(source: Path, *stamps: Stamp) -> tuple[Path, list[Placed]]:
    target = source.with_name("stamped.pdf")
    return target, stamp_pdf(source, target, stamps)


def box_of(placed: Placed, path: Path) -> tuple[float, float, float, float]:
    """Where a stamp stands, in points from the upper left corner of the page as it is shown."""
    width, height = size_of(path, placed.page - 1)
    left, top = placed.x / 100 * width, placed.y / 100 * height
    return left, top, left + STAMP[0], top + STAMP[1]


def assert_nothing_covered(source: Path, target: Path, placed: list[Placed]) -> None:
    """The picture of the page before has no mark where a stamp is, and the picture after differs nowhere else."""
    before, after = picture_of(source), picture_of(target)
    grown = after.height - before.height
    boxes = [box_of(one, target) for one in placed]
    for index, box in enumerate(boxes):
        assert box[0] >= -0.1 and box[2] <= after.width / SCALE + 0.6
        assert box[1] >= -0.1 and box[3] <= after.height / SCALE + 0.6
        pixels = [round(side * SCALE) for side in box]
        # one pixel of the edge is the anti-aliasing of a neighbour; what was added to the page was not there before
        left, top, right = pixels[0] + 1, max(0, pixels[1] - grown + 1), min(pixels[2] - 1, before.width)
        inside = (left, top, right, pixels[3] - grown - 1)
        if inside[3] > top:
            assert before.crop(inside).convert("L").getextrema() == (255, 255)
        assert not any(overlap(box, other) for other in boxes[index + 1 :])
    padded = after.copy()
    padded.paste((255, 255, 255), (0, 0, *after.size))
    padded.paste(before, (0, grown))
    changed = ImageChops.difference(after, padded)
    for box in boxes:
        outline = [round(side * SCALE) + wider for side, wider in zip(box, (-2, -2, 2, 2), strict=True)]
        assert changed.crop(outline).getbbox() is not None
        changed.paste((0, 0, 0), outline)
    if grown:
        # letters that the old edge cuts are drawn as outlines, not as glyphs: at the edge they differ, within by one of
        # 255 shades at most
        edge = (GLYPH, grown + GLYPH, before.width - GLYPH, after.height - GLYPH)
        changed = changed.crop(edge) if edge[0] < edge[2] and edge[1] < edge[3] else Image.new("RGB", (1, 1))
        changed = changed.point([0, 0, *range(2, 256)] * 3)
    assert changed.getbbox() is None


def test_a_stamp_by_itself_goes_to_the_upper_right_of_the_first_page(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600), pages=2)
    target, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.KEPT
    left, top, right, _ = box_of(placed, target)
    assert placed.page == 1
    assert (round(A4[0] - right), round(top)) == (28, 23)
    assert left > A4[0] / 2
    assert_nothing_covered(source, target, [placed])
    assert ImageChops.difference(picture_of(source, 1), picture_of(target, 1)).getbbox() is None


def test_it_says_agency_number_day_and_time_of_bangkok(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    target, _ = stamped(source, stamp("45/2569"), stamp("๗", thai_digits=True))
    said = "".join(text_of(target).split())
    assert "".join(OFFICE.split()) in said
    assert "เลขรับ45/2569วันที่10มิถุนายน2569เวลา01.30น." in said
    assert "เลขรับ๗วันที่๑๐มิถุนายน๒๕๖๙เวลา๐๑.๓๐น." in said


def test_a_long_name_is_set_smaller_and_never_cut(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    long = Stamp(GROUP + " " + OFFICE + " กระทรวงศึกษาธิการ", "1", AT)
    target, placed = stamped(source, long)
    assert "".join(long.agency.split()) in "".join(text_of(target).split())
    assert_nothing_covered(source, target, placed)


def test_office_and_group_stand_beside_each_other(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    target, placed = stamped(source, stamp("1"), Stamp(GROUP, "2", AT), stamp("3"))
    assert [one.outcome for one in placed] == [Outcome.KEPT, Outcome.MOVED, Outcome.MOVED]
    assert_nothing_covered(source, target, placed)


def test_a_stamp_over_text_goes_to_the_nearest_free_place_and_says_so(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(400, 780, "OFFICE OF THE BASIC EDUCATION"))
    target, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.MOVED
    assert placed.y < 5, "the upper margin comes first"
    assert_nothing_covered(source, target, [placed])


def test_a_chosen_place_is_kept_clamped_or_moved_a_little(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    _, (kept,) = stamped(source, stamp(x=10, y=70))
    assert kept == Placed(1, 10, 70, Outcome.KEPT)
    target, (outside,) = stamped(source, stamp(x=140, y=-5))
    assert outside.outcome is Outcome.CLAMPED
    assert (round(outside.x + STAMP[0] / A4[0] * 100), outside.y) == (100, 0)
    target, (moved,) = stamped(source, stamp(x=15, y=27))
    assert moved.outcome is Outcome.MOVED
    assert abs(moved.x - 15) < 12
    assert abs(moved.y - 27) < 12
    assert_nothing_covered(source, target, [moved])


def test_a_chosen_place_comes_before_a_default_one(tmp_path: Path) -> None:
    """Or the office's stamp would push away what the clerk of the group dragged there."""
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    _, (_, dragged) = stamped(source, stamp("1"), stamp("2", x=65, y=3))
    assert dragged == Placed(1, 65, 3, Outcome.KEPT)


def test_a_full_page_grows_at_its_top(tmp_path: Path) -> None:
    lines = joined(text_at(5, y, "ALL OF THE PAGE IS WRITTEN ON " * 3, 11) for y in range(5, 842, 11))
    source = page_pdf(tmp_path / "a.pdf", lines)
    target, placed = stamped(source, stamp("1"), stamp("2"), stamp("3"), stamp("4"))
    assert {one.outcome for one in placed} == {Outcome.PAGE_GROWN, Outcome.MOVED}
    assert size_of(target)[0] == pytest.approx(A4[0], abs=0.1)
    assert size_of(target)[1] > A4[1] + STAMP[1]
    assert_nothing_covered(source, target, placed)


@pytest.mark.parametrize("paper", [255, 235])
def test_a_stamp_finds_white_paper_on_a_scan(tmp_path: Path, paper: int) -> None:
    source = scan_pdf(tmp_path / "a.pdf", letter_scan(paper=paper, upper_right=True))
    target, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.MOVED
    left, top, right, bottom = (round(side * SCALE) for side in box_of(placed, target))
    assert picture_of(source).crop((left, top, right, bottom)).convert("L").getextrema()[0] > paper - 15


def test_the_grain_of_a_scan_is_not_writing(tmp_path: Path) -> None:
    grain = Image.effect_noise((827, 1170), 16)
    source = scan_pdf(tmp_path / "a.pdf", ImageChops.add(letter_scan(paper=225), grain, 1, -128))
    _, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.KEPT


def test_uneven_light_on_a_photographed_letter_is_not_writing(tmp_path: Path) -> None:
    source = scan_pdf(tmp_path / "a.pdf", letter_scan(paper=230, shade=70))
    target, (placed,) = stamped(source, stamp())
    assert placed.outcome is not Outcome.PAGE_GROWN
    left, top, right, bottom = (round(side * SCALE) for side in box_of(placed, target))
    assert picture_of(source).crop((left, top, right, bottom)).convert("L").getextrema()[0] > 120, "no dark line"


def test_a_dark_picture_gets_its_stamp_above(tmp_path: Path) -> None:
    """Blue ink is not seen on it."""
    source = scan_pdf(tmp_path / "a.pdf", letter_scan(paper=60))
    _, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.PAGE_GROWN


def test_text_that_is_not_seen_is_not_covered(tmp_path: Path) -> None:
    """The recognised text of a scan: covered, it could not be marked and copied."""
    source = page_pdf(tmp_path / "a.pdf", b"3 Tr " + text_at(440, 790, "RECOGNISED") + text_at(440, 770, "TEXT HERE"))
    _, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.MOVED


def test_a_filled_field_of_a_form_is_not_covered(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    with pikepdf.open(source, allow_overwriting_input=True) as document:
        look = document.make_stream(b"0 0 150 40 re f", Subtype=pikepdf.Name.Form, BBox=[0, 0, 150, 40])
        widget = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("name"),
                Rect=[420, 760, 570, 800], F=4, AP=pikepdf.Dictionary(N=look),
            )
        )  # fmt: skip
        document.pages[0].Annots = pikepdf.Array([widget])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[widget])
        document.save()
    target, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.MOVED
    assert not overlap(box_of(placed, target), (420, A4[1] - 800, 570, A4[1] - 760))


def test_the_text_of_the_letter_and_its_content_stay(tmp_path: Path) -> None:
    content = text_at(85, 600, "first line") + text_at(85, 580, "second line")
    source = page_pdf(tmp_path / "a.pdf", content)
    target, _ = stamped(source, stamp())
    assert text_of(target).startswith(text_of(source))
    with pikepdf.open(target) as after:
        assert content in [stream.read_bytes() for stream in after.pages[0].Contents]


@pytest.mark.parametrize(
    "content", [b"q 0.5 0 0 0.5 50 50 cm q ", b"Q Q 0.5 0 0 0.5 50 50 cm ", b"q q Q Q Q 2 0 0 2 0 0 cm q "]
)
def test_a_page_that_leaves_its_coordinates_changed_moves_no_stamp(tmp_path: Path, content: bytes) -> None:
    source = page_pdf(tmp_path / "a.pdf", content + text_at(85, 300))
    target, placed = stamped(source, stamp())
    assert_nothing_covered(source, target, placed)


def test_a_page_as_large_as_a_field_takes_no_longer(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600), media=(0, 0, 1_000_000, 900_000))
    _, (placed,) = stamped(source, stamp())
    assert placed.outcome is Outcome.KEPT


def test_what_pages_share_is_not_changed_for_the_others(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600), pages=3)
    target, _ = stamped(source, stamp(page=2))
    with pikepdf.open(target) as after:
        assert ["/XObject" in page.resources for page in after.pages] == [False, True, False]


def test_a_stamp_can_be_put_on_what_was_stamped_before(tmp_path: Path) -> None:
    """Each register stamps the file that the one before has stamped."""
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    once, _ = stamped(source, stamp())
    first = once.rename(tmp_path / "first.pdf")
    second, (group,) = stamped(first, Stamp(GROUP, "9", AT))
    assert group.outcome is Outcome.MOVED
    assert_nothing_covered(first, second, [group])


RECTANGLES = st.lists(st.tuples(*[st.floats(0, 1)] * 3), max_size=14)
PLACES = st.lists(st.one_of(st.none(), st.tuples(st.floats(-50, 150), st.floats(-50, 150))), min_size=1, max_size=4)
SIZES = st.sampled_from([A4, (A4[1], A4[0]), (612, 792), (420, 595), (842, 1191), (200, 160), (130, 60)])
CROPS = st.sampled_from([None, (0.1, 0.1, 0.9, 0.95), (-0.2, 0, 0.8, 1.4)])  # of the page


def cropped(size: tuple[float, float], corner: tuple[float, float], crop: tuple[float, ...]) -> Box:
    left, bottom, right, top = (round(side * size[n % 2] + corner[n % 2]) for n, side in enumerate(crop))
    return left, bottom, right, top


@SLOW
@given(RECTANGLES, PLACES, SIZES, CROPS, st.sampled_from([0, 90, 180, 270]), st.sampled_from([(0, 0), (-100, 50)]))
def test_no_stamp_covers_text_or_another_stamp(
    tmp_path: Path,
    texts: list[tuple[float, float, float]],
    places: list[tuple[float, float] | None],
    size: tuple[float, float],
    crop: tuple[float, float, float, float] | None,
    rotate: int,
    corner: tuple[float, float],
) -> None:
    (x0, y0), (width, height) = corner, size
    source = page_pdf(
        tmp_path / "random.pdf",
        joined(text_at(x0 + x * width, y0 + y * height, "TEXT " * (1 + int(n * 6)), 8 + 20 * n) for x, y, n in texts),
        media=(x0, y0, x0 + width, y0 + height),
        crop=crop and cropped(size, corner, crop),
        rotate=rotate,
    )
    wanted = [{} if place is None else {"x": place[0], "y": place[1]} for place in places]
    target, placed = stamped(source, *(stamp(str(index), **where) for index, where in enumerate(wanted)))
    assert len(placed) == len(places)
    assert_nothing_covered(source, target, placed)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_stamp_on_a_turned_page_is_read_as_the_page_is(tmp_path: Path, rotate: int) -> None:
    faces = []
    for turn in (0, rotate):
        source = page_pdf(tmp_path / f"{turn}.pdf", text_at(85, 300), media=(0, 0, 600, 600), rotate=turn)
        target, (placed,) = stamped(source, stamp(x=25, y=20))
        faces.append(picture_of(target).crop([round(side * SCALE) for side in box_of(placed, target)]))
    upright, turned = (face.reduce(6).convert("L") for face in faces)
    assert ImageChops.difference(upright, turned).getextrema()[1] < 40


def test_as_a_child_task_job_and_result_are_plain(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    plain = {"agency": OFFICE, "number": "1", "received_at": AT.isoformat(), "page": 1, "x": 10, "y": 70}
    job = {"path": str(source), "out": str(tmp_path / "b.pdf"), "stamps": [plain]}
    told: list[tuple[str, int, int]] = []
    result = stamp_task(job, lambda *words: told.append(words))
    assert result == {"placed": [{"page": 1, "x": 10, "y": 70, "outcome": "kept"}], "refused": None}
    assert told == [("stamp", 0, 1)]
    assert "เลขรับ1" in "".join(text_of(tmp_path / "b.pdf").split())


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    source = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    with pytest.raises(Refused, match="no_such_page"):
        stamped(source, stamp(page=2))
    plain = {"agency": OFFICE, "number": "1", "received_at": AT.isoformat(), "page": 2}
    job = {"path": str(source), "out": str(tmp_path / "b.pdf"), "stamps": [plain]}
    assert stamp_task(job, lambda *_: None)["refused"]["code"] == "no_such_page"
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize(
    "wrong", [{"x": 1}, {"x": float("nan"), "y": 1}, {"page": 0}, {"received_at": AT.replace(tzinfo=None)}]
)
def test_a_stamp_that_makes_no_sense_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Stamp(**{"agency": OFFICE, "number": "1", "received_at": AT, **wrong})
