"""The text layer of what Typst draws, mended so that PDFium (Chrome, Edge) reads back what was written.

Typst 0.15 draws a cluster whose marks are shifted upwards (``ปิ์``, ``ขั้น``) as several runs, each of which claims
the whole cluster: readers get it twice, with a line break between. Where a line consists of several pieces, PDFium
guesses blanks from the gaps between them and drops blanks that stand alone. Here the runs of a line become one text
object that says its text as a whole. What is seen on the page does not change by a point; what Chrome marks when it
finds a word in such a line is the beginning of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any

import pikepdf

_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_MAPPINGS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_GLYPH_BYTES = 2
# of the size: how far marks may stand from where the pen is (ป็่ in Laksaman 0.311); cells of a table are further apart
_SHIFTED_SIDEWAYS = 0.33

_NUMBER = rb"-?[\d.]+"
# Typst leaves brackets in a string alone where they are balanced: no line has as many glyphs as this allows brackets.
_DEPTH = 60
_CHARACTER = rb"[^()\\]|\\."
_STRING = rb"\((?:" + (_CHARACTER + rb"|\((?:") * _DEPTH + _CHARACTER + rb")*\)" * _DEPTH + rb")*\)|<[0-9A-Fa-f]*>"
_SHOWN = rb"(?:" + _STRING + rb")Tj|\[(?:" + _STRING + rb"|[-\d.\s]+)*\]TJ"
_PIECE = (
    rb"\s*(?:/Span<</ActualText(?P<actual>" + _STRING + rb")>>BDC\s*)?"
    rb"(?P<state>" + _NUMBER + rb" Tr/(?P<font>\w+) (?P<size>" + _NUMBER + rb") Tf) 1 0 0 -1 "
    rb"(?P<x>" + _NUMBER + rb") (?P<y>" + _NUMBER + rb") Tm(?P<shown>" + _SHOWN + rb")\s*(?P<end>EMC)?\s*"
)
_RUN = (
    rb"q 1 0 0 -1 (?P<x>" + _NUMBER + rb") (?P<y>" + _NUMBER + rb") cm(?P<colour>[^()<>\[\]]*?)\nBT"
    rb"(?P<pieces>(?:" + re.sub(rb"\?P<\w+>", rb"?:", _PIECE) + rb")+)ET\nQ\n?"
)
_STRINGS = re.compile(_STRING, re.DOTALL)
_PIECES = re.compile(_PIECE, re.DOTALL)
_RUNS = re.compile(_RUN, re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class _Font:
    """What each glyph stands for, and how wide it is in thousandths of the size."""

    unicode: Mapping[bytes, str]
    widths: Mapping[bytes, float]


Fonts = Mapping[bytes, _Font]


@dataclass
class _Piece:
    """Glyphs shown by one operator: ``texts`` is what each stands for, or what all of them stand for when ``spanned``.

    ``x`` and ``end`` in points from the left of the page, ``y`` its height.
    """

    state: bytes
    size: float
    shown: bytes
    glyphs: list[bytes]
    texts: list[str]
    spanned: bool
    x: float
    end: float
    y: float

    def repeats(self, cluster: _Piece) -> bool:
        """Whether this claims the cluster once more for a mark of it. A second such cluster would begin with the same
        glyph at the same height.
        """
        begun = cluster.glyphs[0] if cluster.spanned else cluster.glyphs[-1]
        return self.texts[:1] == cluster.texts[-1:] and (self.glyphs[0], self.y) != (begun, cluster.y)


@dataclass
class _Line:
    """Runs with one colour that stand at one height, but for shifted marks. ``x`` and ``y`` in points."""

    colour: bytes
    x: float
    y: float
    pieces: list[_Piece] = field(default_factory=list)
    cluster: _Piece | None = None
    """The last piece that is neither a blank nor marks alone."""

    def is_marked_by(self, piece: _Piece) -> bool:
        """Whether a piece begins with a mark of the last cluster, drawn higher or lower than what came before."""
        return self.cluster is not None and piece.y != self.pieces[-1].y and piece.repeats(self.cluster)

    def add(self, piece: _Piece) -> None:
        if self.is_marked_by(piece):
            piece.texts = piece.texts[1:]
        self.pieces.append(piece)
        if any(text.strip() for text in piece.texts):
            self.cluster = piece

    def continues_with(self, run: _Line) -> bool:
        """Whether a run goes on where this line ends, in the same colour, no higher or lower than a mark is shifted."""
        first, last = run.pieces[0], self.pieces[-1]
        return (
            self.colour == run.colour
            and abs(first.x - last.end) < first.size * _SHIFTED_SIDEWAYS
            and (abs(run.y - self.y) < first.size / 2 or self.is_marked_by(first))
        )

    def join(self, run: _Line) -> None:
        for piece in run.pieces:
            self.add(piece)


def mended(pdf: bytes) -> bytes:
    """The PDF with the text layer of its pages mended. For what Typst wrote without tags: text that is drawn in another
    way than it draws now is left as it is.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        known: dict[tuple[int, int], _Font] = {}
        for page in document.pages:
            named = page.resources.get("/Font", {}).items()
            fonts = {name.removeprefix("/").encode(): _read_font(font, known) for name, font in named}
            page.Contents = document.make_stream(_mended(page.Contents.read_bytes(), fonts))
        target = BytesIO()
        document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _read_font(font: pikepdf.Object, known: dict[tuple[int, int], _Font]) -> _Font:
    """Pages share fonts, so each is read once."""
    if font.objgen not in known:
        listed = b"".join(_MAPPINGS.findall(font.ToUnicode.read_bytes()))
        unicode = {
            bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in _MAPPED.findall(listed)
        }
        known[font.objgen] = _Font(unicode, dict(_widths(list(font.DescendantFonts[0].W))))
    return known[font.objgen]


def _widths(listed: list[Any]) -> Iterator[tuple[bytes, float]]:
    """``first [width width …]`` or ``first last width``, as often as needed (PDF 32000-1, 9.7.4.3)."""
    while listed:
        first, second, *listed = listed
        if isinstance(second, pikepdf.Array):
            widths = list(second)
        else:
            width, *listed = listed
            widths = [width] * (second - first + 1)
        for code, width in enumerate(widths, first):
            yield code.to_bytes(_GLYPH_BYTES, "big"), float(width)


def _mended(content: bytes, fonts: Fonts) -> bytes:
    written: list[bytes] = []
    line: _Line | None = None
    done = 0
    for found in _RUNS.finditer(content):
        run = _read_run(found, fonts)
        if line and found.start() == done and line.continues_with(run):
            line.join(run)
        else:
            if line:
                written.extend(_written(line))
            written.append(content[done : found.start()])
            line = run
        done = found.end()
    if line:
        written.extend(_written(line))
    return b"".join([*written, content[done:]])


def _read_run(found: re.Match[bytes], fonts: Fonts) -> _Line:
    line = _Line(found["colour"], float(found["x"]), float(found["y"]))
    within = False
    for piece in _PIECES.finditer(found["pieces"]):
        font, size = fonts[piece["font"]], float(piece["size"])
        glyphs, kerning = _glyphs_of(piece["shown"])
        actual = piece["actual"]
        if actual is not None:
            texts = [str(pikepdf.String(_decoded(actual)))]
        else:
            # what follows in the same sequence was told with its first piece
            texts = [] if within else [font.unicode.get(glyph, "") for glyph in glyphs]
        spanned = within or actual is not None
        x, y = line.x + float(piece["x"]), line.y - float(piece["y"])
        end = x + (sum(font.widths.get(glyph, 0) for glyph in glyphs) - kerning) * size / 1000
        line.add(_Piece(piece["state"], size, piece["shown"], glyphs, texts, spanned, x, end, y))
        within = spanned and piece["end"] is None
    return line


@lru_cache(maxsize=20_000)
def _glyphs_of(shown: bytes) -> tuple[list[bytes], float]:
    """The glyphs of an operator, and by how much they are drawn together in all, in thousandths of the size."""
    codes = b"".join(_decoded(string) for string in _STRINGS.findall(shown))
    # strings first: the 93rd glyph of a font is written as a bracket
    between = _STRINGS.sub(b" ", shown).rpartition(b"]")[0].removeprefix(b"[")
    kerning = sum(float(number) for number in between.split())
    return [codes[at : at + _GLYPH_BYTES] for at in range(0, len(codes), _GLYPH_BYTES)], kerning


def _decoded(string: bytes) -> bytes:
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return _ESCAPE.sub(_unescaped, string[1:-1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)]) if found[1] else _ESCAPED.get(found[2], found[2])


def _written(line: _Line) -> Iterator[bytes]:
    yield b"q 1 0 0 -1 %.4f %.4f cm%b\nBT" % (line.x, line.y, line.colour)
    spanned = len(line.pieces) > 1 or line.pieces[0].spanned
    if spanned:
        text = "".join(text for piece in line.pieces for text in piece.texts)
        yield b"/Span<</ActualText<%b>>>BDC " % ("\ufeff" + text).encode("utf-16-be").hex().encode()
    for piece in line.pieces:
        yield b"%b 1 0 0 -1 %.4f %.4f Tm%b\n" % (piece.state, piece.x - line.x, line.y - piece.y, piece.shown)
    if spanned:
        yield b"EMC "
    yield b"ET\nQ\n"
