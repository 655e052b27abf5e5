"""Where there is room on a page: what stands there is never covered.

All places are in points from the upper left corner of the page as it is shown, that is cropped and turned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil, hypot
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from services.documents.printing.images import images_of, scan_dpi

CM = 72 / 2.54
WIDTH, HEIGHT = 5 * CM, 2.5 * CM
"""The receipt stamp of form 12."""
EDGE = 0.5 * CM
"""What printers cannot print on."""
_DEFAULT_RIGHT, _DEFAULT_TOP = 1.0 * CM, 0.8 * CM
_UPPER_MARGIN = 1.5 * CM
# a page is looked at in cells of 4 points, a larger one in not more cells
_CELL, _MOST_CELLS = 4, 600
_GAP = 4.0
_MAX_PIXELS = 2_000
# of 255: what differs from the paper by more is a mark; on a scan paper that is darker than its brightest is shadow
_MARK, _MARK_ON_SCAN, _SHADOW = 20, 24, 90
_DARK_PAPER = 110


@dataclass(frozen=True)
class Frame:
    """The part of a page that is shown, in the page's own coordinates (points, upwards), and how it is turned."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @property
    def width(self) -> float:
        return self.right - self.left if self.rotation in (0, 180) else self.top - self.bottom

    @property
    def height(self) -> float:
        return self.top - self.bottom if self.rotation in (0, 180) else self.right - self.left

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page's own coordinates is seen."""
        return {
            0: (x - self.left, self.top - y),
            90: (y - self.bottom, x - self.left),
            180: (self.right - x, y - self.bottom),
            270: (self.top - y, self.right - x),
        }[self.rotation]

    def matrix(self, left: float, top: float, height: float) -> tuple[float, float, float, float, float, float]:
        """The matrix that draws a form of ``height`` upright with its upper left corner at a place as it is shown."""
        down = top + height
        return {
            0: (1, 0, 0, 1, self.left + left, self.top - down),
            90: (0, 1, -1, 0, self.left + down, self.bottom + left),
            180: (-1, 0, 0, -1, self.right - left, self.bottom + down),
            270: (0, -1, 1, 0, self.right - down, self.top - left),
        }[self.rotation]

    def grown(self, above: float, beside: float) -> Frame:
        """The frame with room added above and to the right of what is shown."""
        sides: dict[str, Any] = {
            0: {"top": self.top + above, "right": self.right + beside},
            90: {"left": self.left - above, "top": self.top + beside},
            180: {"bottom": self.bottom - above, "left": self.left - beside},
            270: {"right": self.right + above, "bottom": self.bottom - beside},
        }[self.rotation]
        return replace(self, **sides)


class Room:
    """The cells of a page that are taken, and where a stamp still fits. A cell is ``cell`` points wide and high."""

    def __init__(self, width: float, height: float, cell: int, taken: list[bytearray]) -> None:
        self.width = width
        self.height = height
        self.cell = cell
        self._taken = taken
        self._sums = _sums(taken)

    @property
    def default(self) -> tuple[float, float]:
        """Where a stamp belongs when nobody said where: upper right."""
        return self.clamped(self.width - _DEFAULT_RIGHT - WIDTH, _DEFAULT_TOP)

    def clamped(self, left: float, top: float) -> tuple[float, float]:
        """The nearest place at which the stamp lies within the page."""
        return max(0.0, min(left, self.width - WIDTH)), max(0.0, min(top, self.height - HEIGHT))

    def is_free(self, left: float, top: float) -> bool:
        if left < 0 or top < 0 or left + WIDTH > self.width + 0.01 or top + HEIGHT > self.height + 0.01:
            return False
        first, last = int(left / self.cell), min(ceil((left + WIDTH) / self.cell), len(self._taken[0]))
        upper, lower = int(top / self.cell), min(ceil((top + HEIGHT) / self.cell), len(self._taken))
        sums = self._sums
        return sums[lower][last] - sums[upper][last] - sums[lower][first] + sums[upper][first] == 0

    def nearest(self, left: float, top: float, *, upper_first: bool) -> tuple[float, float] | None:
        """The free place nearest to a place; with ``upper_first`` one in the upper margin, wherever there is one."""

        def farness(place: tuple[float, float]) -> tuple[bool, float, float, float]:
            below = upper_first and place[1] > _UPPER_MARGIN
            return below, hypot(place[0] - left, place[1] - top), place[1], -place[0]

        return min((place for place in self._places() if self.is_free(*place)), key=farness, default=None)

    def take(self, left: float, top: float) -> None:
        """A stamp lies there now, with a little air around it."""
        _fill(self._taken, self.cell, (left - _GAP, top - _GAP, left + WIDTH + _GAP, top + HEIGHT + _GAP))
        self._sums = _sums(self._taken)

    def grown(self, above: float, beside: float) -> Room:
        """The same page with free cells above and to the right; ``above`` is a multiple of a cell."""
        width, height = self.width + beside, self.height + above
        columns = ceil(width / self.cell)
        rows = [bytearray(columns) for _ in range(round(above / self.cell))]
        return Room(width, height, self.cell, rows + [row + bytearray(columns - len(row)) for row in self._taken])

    def _places(self) -> Iterator[tuple[float, float]]:
        """Places a cell apart, from the upper right; off the edge where the page has room for that."""
        across, down = self.width - WIDTH, self.height - HEIGHT
        beside, above = (EDGE if space >= 2 * EDGE else 0.0 for space in (across, down))
        for row in range(int((down - 2 * above) / self.cell) + 1):
            for column in range(int((across - 2 * beside) / self.cell) + 1):
                yield across - beside - column * self.cell, above + row * self.cell


def growth(room: Room) -> tuple[int, int]:
    """How much room a full page needs above and to the right for one more stamp, in points."""
    above = ceil((HEIGHT + 2 * EDGE) / room.cell) * room.cell
    return above, max(0, ceil(WIDTH + 2 * EDGE - room.width))


def frame_of(page: pypdfium2.PdfPage) -> Frame:
    """What is shown of a page."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation())


def room_of(page: pypdfium2.PdfPage) -> Room:
    """What is taken on a page: its texts, seen or not (a scan's recognised text), and every mark on the paper."""
    frame = frame_of(page)
    picture = _picture_of(page, frame)
    marks = _marks(picture) if scan_dpi(images_of(page)) is None else _marks_on_scan(picture)
    cell = max(_CELL, ceil(max(frame.width, frame.height) / _MOST_CELLS))
    return Room(frame.width, frame.height, cell, _taken(page, frame, marks, cell))


def _picture_of(page: pypdfium2.PdfPage, frame: Frame) -> Image.Image:
    scale = min(1.0, _MAX_PIXELS / max(frame.width, frame.height))
    picture: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return picture.convert("RGB")


def _marks(picture: Image.Image) -> Image.Image:
    """White where a pixel is not paper; the paper is what most of the page is. On dark paper blue is not seen."""
    paper = _paper_of(picture)
    if sum(paper) / 3 < _DARK_PAPER:
        return Image.new("L", picture.size, 255)
    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, paper))
    red, green, blue = difference.split()
    return _above(ImageChops.lighter(ImageChops.lighter(red, green), blue), _MARK)


def _marks_on_scan(picture: Image.Image) -> Image.Image:
    """White where a pixel is darker than the paper around it, or lies in a shadow that no writing is read in: paper
    that was scanned or photographed is grainy and not equally bright everywhere.
    """
    grey = picture.convert("L").filter(ImageFilter.GaussianBlur(1))
    paper = grey.reduce(4).filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MaxFilter(9))
    around = paper.filter(ImageFilter.GaussianBlur(4)).resize(grey.size)
    shades: Any = paper.getextrema()
    darkest = max(_DARK_PAPER, max(shades) - _SHADOW)
    shadow = around.point([255 if value < darkest else 0 for value in range(256)])
    return ImageChops.lighter(_above(ImageChops.subtract(around, grey), _MARK_ON_SCAN), shadow)


def _paper_of(picture: Image.Image) -> tuple[int, int, int]:
    red, green, blue = (channel.histogram() for channel in picture.split())
    return red.index(max(red)), green.index(max(green)), blue.index(max(blue))


def _above(picture: Image.Image, limit: int) -> Image.Image:
    return picture.point([255 if value > limit else 0 for value in range(256)])


def _taken(page: pypdfium2.PdfPage, frame: Frame, marks: Image.Image, cell: int) -> list[bytearray]:
    columns, rows = ceil(frame.width / cell), ceil(frame.height / cell)
    across, down = marks.width / frame.width, marks.height / frame.height
    taken = [bytearray(columns) for _ in range(rows)]
    pixels, wide = marks.tobytes(), marks.width
    for y in range(marks.height):
        line = pixels[y * wide : (y + 1) * wide]
        at = line.find(b"\xff")
        if at >= 0:
            row = taken[min(int((y + 0.5) / down / cell), rows - 1)]
            while at >= 0:
                column = min(int((at + 0.5) / across / cell), columns - 1)
                row[column] = 1
                at = line.find(b"\xff", max(at + 1, int((column + 1) * cell * across)))
    texts = page.get_textpage()
    for index in range(texts.count_rects()):
        left, bottom, right, top = texts.get_rect(index)
        corners = (frame.shown(left, bottom), frame.shown(right, top))
        (first, last), (upper, lower) = (sorted(side) for side in zip(*corners, strict=True))
        _fill(taken, cell, (first, upper, last, lower))
    return taken


def _fill(taken: list[bytearray], cell: int, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = (int(side // cell) for side in box)
    first, last = max(0, left), min(len(taken[0]), right + 1)
    for row in taken[max(0, top) : max(0, bottom + 1)]:
        if first < last:
            row[first:last] = b"\x01" * (last - first)


def _sums(taken: list[bytearray]) -> list[list[int]]:
    """How many cells are taken above and left of each corner: any rectangle is then four look-ups."""
    sums = [[0] * (len(taken[0]) + 1)]
    for row in taken:
        along = accumulate(row, initial=0)
        sums.append([above + left for above, left in zip(sums[-1], along, strict=True)])
    return sums
