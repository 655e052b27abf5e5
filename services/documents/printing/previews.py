"""A letter's page on a screen, and where on it a stamp may be put: what a clerk needs who drags it.

Places are in percent of the page as it is shown, from its upper left corner, and mean the upper left corner of a stamp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2

from services.documents.printing.opening import opened
from services.documents.printing.places import EDGE, HEIGHT, WIDTH, Room, frame_of, room_of
from services.documents.printing.refusals import Refused
from services.documents.printing.stamps import Placed, Stamp, arranged, stamps_of

# a page fits a desk's screen, and the slowest line takes it in a few seconds
_PICTURE_WIDTH, _QUALITY = 720, 55

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class StampRoom:
    """Where the stamps of a page stand (in their order), how large one is, and where else the chosen one may stand.

    ``corners`` are the free places nearest to the corners of the page, in reading order from the usual one. ``free``
    has a row of signs for each percent downwards and a sign for each percent across: ``1`` where the stamp covers
    nothing. A page that is full has neither: it grows at its top.
    """

    placed: tuple[Placed, ...]
    width: float
    height: float
    ratio: float
    corners: tuple[tuple[str, float, float], ...]
    free: tuple[str, ...]


def stamp_room(source: Path, stamps: list[Stamp], chosen: int) -> StampRoom:
    """What is known of the page of the PDF at ``source`` on which the stamp ``chosen`` (counted from 0) is put.

    Raises:
        Refused: the file cannot be stamped, or has no such page.
    """
    number = stamps[chosen].page
    together = [index for index, stamp in enumerate(stamps) if stamp.page == number]
    with opened(source) as (_, seen):
        page = _page(seen, number)
        frame, spots = arranged(page, [stamps[index] for index in together])
        placed = {index: spot.on(frame, number) for index, spot in zip(together, spots, strict=True)}
        is_grown = frame != frame_of(page)
        room = room_of(page)
        for index, spot in zip(together, spots, strict=True):
            if index != chosen and not is_grown:
                room.take(spot.left, spot.top)
    return StampRoom(
        placed=tuple(placed[index] for index in together),
        width=round(WIDTH / frame.width * 100, 3),
        height=round(HEIGHT / frame.height * 100, 3),
        ratio=round(frame.height / frame.width, 4),
        corners=() if is_grown else tuple(_corners(room)),
        free=() if is_grown else tuple(_free(room)),
    )


def room_task(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """As a child task: job {path, stamps, chosen} → {room: fields of :class:`StampRoom` | None, refused: … | None}."""
    progress("look", 0, 1)
    try:
        return {"room": asdict(stamp_room(Path(job["path"]), stamps_of(job), job["chosen"])), "refused": None}
    except Refused as refusal:
        return {"room": None, "refused": refusal.as_dict()}


def page_task(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """As a child task: job {path, out, page} → {refused: {code, detail} | None}; the page is written as WebP."""
    progress("draw", 0, 1)
    try:
        with opened(Path(job["path"])) as (_, seen):
            page = _page(seen, job["page"])
            picture = page.render(scale=_PICTURE_WIDTH / frame_of(page).width).to_pil().convert("RGB")
    except Refused as refusal:
        return {"refused": refusal.as_dict()}
    drawn = BytesIO()
    picture.save(drawn, "WEBP", quality=_QUALITY)
    Path(job["out"]).write_bytes(drawn.getvalue())
    return {"refused": None}


def _page(seen: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    if number > len(seen):
        raise Refused("no_such_page")
    return seen[number - 1]


def _corners(room: Room) -> Iterator[tuple[str, float, float]]:
    """A corner that is taken proposes nothing: the nearest free place must lie in its own quarter of the page."""
    right, bottom = room.width - WIDTH - EDGE, room.height - HEIGHT - EDGE
    wanted = {
        "upper_right": room.default, "upper_left": (EDGE, room.default[1]), "lower_right": (right, bottom),
        "lower_left": (EDGE, bottom),
    }  # fmt: skip
    for name, place in wanted.items():
        found = room.nearest(*room.clamped(*place), upper_first=False)
        if found is not None and _quarter(room, *found) == _quarter(room, *place):
            yield name, round(found[0] / room.width * 100, 3), round(found[1] / room.height * 100, 3)


def _quarter(room: Room, left: float, top: float) -> tuple[bool, bool]:
    return left + WIDTH / 2 > room.width / 2, top + HEIGHT / 2 > room.height / 2


def _free(room: Room) -> Iterator[str]:
    across, down = int((room.width - WIDTH) / room.width * 100), int((room.height - HEIGHT) / room.height * 100)
    for y in range(down + 1):
        yield "".join(
            "01"[room.is_free(x / 100 * room.width, y / 100 * room.height)] for x in range(across + 1)
        )
