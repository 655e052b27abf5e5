"""The receipt stamp (ตรารับหนังสือ, form 12) on the pages of a letter: never over what stands there.

Source: ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526, ข้อ 37: upper right corner of the first page, about
2.5 × 5 cm, the agency's name, the number as in the register, day and time of receipt. Where a letter passes through
several registers each of them stamps it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from services.documents.printing.opening import opened
from services.documents.printing.places import HEIGHT, Frame, Room, frame_of, growth, room_of
from services.documents.printing.refusals import Refused
from shared.printing.typst import compile_paper, printable
from shared.thai.dates import BANGKOK, format_full
from shared.thai.digits import to_thai

TEMPLATE = Path(__file__).with_name("stamp.typ")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Stamp:
    """One stamp: the register's agency and ``display_no``, and when the letter was received (shown in Bangkok time).

    ``x`` and ``y`` are the place of its upper left corner in percent of the page as it is shown (cropped, turned);
    None leaves the place to the system. ``page`` counts from 1.
    """

    agency: str
    number: str
    received_at: datetime
    page: int = 1
    x: float | None = None
    y: float | None = None
    thai_digits: bool = False

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None:
            raise ValueError("received_at needs a time zone")
        if (self.x is None) is not (self.y is None):
            raise ValueError("x and y come together")
        if self.x is not None and self.y is not None and not (math.isfinite(self.x) and math.isfinite(self.y)):
            raise ValueError("x and y are numbers")
        if self.page < 1:
            raise ValueError("pages count from 1")

    def lines(self) -> list[str]:
        """What stands below the name."""
        here = self.received_at.astimezone(BANGKOK)
        lines = [f"เลขรับ {self.number}", f"วันที่ {format_full(here.date())}", f"เวลา {here:%H.%M} น."]
        return [printable(to_thai(line) if self.thai_digits else line) for line in lines]


class Outcome(StrEnum):
    """Where a stamp went, seen from where it was wanted (or from the usual place, upper right).

    ``kept``: there · ``clamped``: moved into the page · ``moved``: that place was not free, the nearest free one was
    taken · ``page_grown``: the page was full and was made higher at its top.
    """

    KEPT = "kept"
    CLAMPED = "clamped"
    MOVED = "moved"
    PAGE_GROWN = "page_grown"


@dataclass(frozen=True)
class Placed:
    """Where a stamp stands: its upper left corner in percent of the page as it is shown."""

    page: int
    x: float
    y: float
    outcome: Outcome


@dataclass
class Spot:
    """Where a stamp goes: its upper left corner in points from that of the page as it is shown."""

    left: float
    top: float
    outcome: Outcome

    def on(self, frame: Frame, page: int) -> Placed:
        """The same in percent of the page."""
        x, y = self.left / frame.width * 100, self.top / frame.height * 100
        return Placed(page, round(x, 3), round(y, 3), self.outcome)


def stamp_pdf(source: Path, target: Path, stamps: Sequence[Stamp]) -> list[Placed]:
    """Write the PDF at ``source`` with the stamps to ``target``; where each stamp went, in their order.

    Stamps with a place of their own are put first, the others into what is left. What stood on the pages stays as it
    is, the text layer too.

    Raises:
        Refused: the file cannot be stamped, or has no such page.
    """
    drawn = _drawn(stamps)
    with opened(source) as (structure, seen), pikepdf.open(BytesIO(drawn)) as faces:
        if any(stamp.page > len(seen) for stamp in stamps):
            raise Refused("no_such_page")
        placed: dict[int, Placed] = {}
        for number in sorted({stamp.page for stamp in stamps}):
            chosen = [index for index, stamp in enumerate(stamps) if stamp.page == number]
            frame, spots = arranged(seen[number - 1], [stamps[index] for index in chosen])
            page = structure.pages[number - 1]
            shown = frame_of(seen[number - 1])
            if frame != shown:
                _grow(page, frame)
            forms = [structure.copy_foreign(faces.pages[index].as_form_xobject()) for index in chosen]
            _draw(structure, page, shown, frame, list(zip(forms, spots, strict=True)))
            for index, spot in zip(chosen, spots, strict=True):
                placed[index] = spot.on(frame, number)
        # into a stream: a path is replaced by another file, and a child's result lies where none can be
        with target.open("w+b") as stream:
            structure.save(stream, deterministic_id=True)
    return [placed[index] for index in range(len(stamps))]


def stamp_task(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """As a child task: job {path, out, stamps} → {placed: [{page, x, y, outcome}], refused: {code, detail} | None}.

    Stamps are the fields of :class:`Stamp`, ``received_at`` in ISO 8601 with a zone. When refused nothing is written.
    """
    stamps = stamps_of(job)
    progress("stamp", 0, len(stamps))
    try:
        placed = stamp_pdf(Path(job["path"]), Path(job["out"]), stamps)
    except Refused as refusal:
        return {"placed": [], "refused": refusal.as_dict()}
    return {"placed": [asdict(one) for one in placed], "refused": None}


def stamps_of(job: Mapping[str, Any]) -> list[Stamp]:
    """The stamps of a child's job."""
    return [Stamp(**{**plain, "received_at": datetime.fromisoformat(plain["received_at"])}) for plain in job["stamps"]]


def _drawn(stamps: Sequence[Stamp]) -> bytes:
    faces = [{"agency": printable(stamp.agency), "lines": stamp.lines()} for stamp in stamps]
    return compile_paper(TEMPLATE, {"stamps": faces}, max(stamp.received_at for stamp in stamps))


def arranged(page: pypdfium2.PdfPage, stamps: Sequence[Stamp]) -> tuple[Frame, list[Spot]]:
    """The page's frame, higher if need be, and a spot for each stamp."""
    frame, room = frame_of(page), room_of(page)
    spots: dict[int, Spot] = {}
    for index, stamp in sorted(enumerate(stamps), key=lambda one: one[1].x is None):
        grown = False
        while (spot := _spot_for(room, stamp)) is None:
            above, beside = growth(room)
            frame, room, grown = frame.grown(above, beside), room.grown(above, beside), True
            for earlier in spots.values():
                earlier.top += above
        if grown:
            spot.outcome = Outcome.PAGE_GROWN
        room.take(spot.left, spot.top)
        spots[index] = spot
    return frame, [spots[index] for index in range(len(stamps))]


def _spot_for(room: Room, stamp: Stamp) -> Spot | None:
    if stamp.x is None or stamp.y is None:
        wanted = within = room.default
    else:
        wanted = stamp.x / 100 * room.width, stamp.y / 100 * room.height
        within = room.clamped(*wanted)
    if room.is_free(*within):
        return Spot(*within, Outcome.KEPT if within == wanted else Outcome.CLAMPED)
    free = room.nearest(*within, upper_first=stamp.x is None)
    return None if free is None else Spot(*free, Outcome.MOVED)


def _grow(page: pikepdf.Page, frame: Frame) -> None:
    """Make the page as large as its frame."""
    left, bottom, right, top = (float(side) for side in page.mediabox)
    page.mediabox = pikepdf.Array(
        [min(left, frame.left), min(bottom, frame.bottom), max(right, frame.right), max(top, frame.top)]
    )
    page.cropbox = pikepdf.Array([frame.left, frame.bottom, frame.right, frame.top])


def _draw(
    structure: pikepdf.Pdf,
    page: pikepdf.Page,
    shown: Frame,
    frame: Frame,
    faces: Sequence[tuple[pikepdf.Object, Spot]],
) -> None:
    """Put the forms behind what the page draws: its state is closed off first, and what the edge of what was
    ``shown`` has hidden stays hidden.
    """
    # a copy: pages may share their resources
    shared: Any = page.resources
    resources: Any = pikepdf.Dictionary(shared)
    forms = resources.XObject = pikepdf.Dictionary(resources.get("/XObject", pikepdf.Dictionary()))
    page.obj.Resources = resources
    unopened, unclosed = _unbalanced(page)
    clip = f"{shown.left} {shown.bottom} {shown.right - shown.left} {shown.top - shown.bottom} re W n "
    drawn = [b"Q " * (unclosed + 1)]
    for form, spot in faces:
        name = next(f"/Stamp{n}" for n in range(len(forms) + 1) if f"/Stamp{n}" not in forms)
        forms[name] = form
        matrix = " ".join(f"{number:.4f}" for number in frame.matrix(spot.left, spot.top, HEIGHT))
        drawn.append(f"q {matrix} cm {name} Do Q\n".encode())
    page.contents_add(structure.make_stream(b"q " + clip.encode() + b"q " * unopened), prepend=True)
    page.contents_add(structure.make_stream(b"\n" + b"".join(drawn)))


def _unbalanced(page: pikepdf.Page) -> tuple[int, int]:
    """How many states the page closes without having opened them, and how many it leaves open."""
    depth = lowest = 0
    try:
        for instruction in pikepdf.parse_content_stream(page, "q Q"):
            depth += 1 if str(instruction.operator) == "q" else -1
            lowest = min(lowest, depth)
    except pikepdf.PdfError:
        return 0, 0
    return -lowest, depth - lowest
