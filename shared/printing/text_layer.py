"""The text layer of what Typst draws, mended so that PDFium (Chrome, Edge) reads back what was written.

Typst 0.15 draws a cluster whose marks are shifted upwards (``ปิ์``, ``ขั้น``) as several runs, each of which claims
the whole cluster: readers get it twice, with a line break between. A space that stands alone between two clusters
with an ``ActualText`` is dropped by PDFium. Here the runs of a line become one text object, and the pieces of a
cluster, with the space behind them, one marked sequence. What is seen on the page does not change by a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from pikepdf import ContentStreamInlineImage, ContentStreamInstruction, Operator

Instruction = ContentStreamInstruction | ContentStreamInlineImage
State = dict[str, Instruction]
Fonts = Mapping[str, Mapping[bytes, str]]

_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_MAPPINGS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_STATE = frozenset({"Tr", "Tf", "Tm"})
_SHOW = frozenset({"Tj", "TJ"})
_GLYPH_BYTES = 2
_UPRIGHT = (1, 0, 0, -1)


@dataclass
class _Piece:
    """Glyphs shown by one operator: ``texts`` is what each stands for, or what all of them stand for when ``spanned``.
    ``y`` is their height on the page.
    """

    state: State
    shown: Instruction
    glyphs: list[bytes]
    texts: list[str]
    spanned: bool
    y: float

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def size(self) -> float:
        return float(self.state["Tf"].operands[1])

    @property
    def origin(self) -> float:
        """Where it begins, in points from the beginning of its line."""
        first = self.shown.operands[0][0] if str(self.shown.operator) == "TJ" else 0
        kerning = 0.0 if isinstance(first, pikepdf.String) else float(first) * self.size / 1000
        return float(self.state["Tm"].operands[4]) - kerning

    def repeats(self, cluster: _Piece) -> bool:
        """Whether this claims the cluster once more for a mark of it. A second such cluster would begin with the same
        glyph at the same height.
        """
        begun = cluster.glyphs[0] if cluster.spanned else cluster.glyphs[-1]
        return self.texts[0] == cluster.texts[-1] and (self.glyphs[0], self.y) != (begun, cluster.y)


@dataclass
class _Line:
    """Runs with one colour that stand at one height, but for shifted marks. ``x`` and ``y`` in points."""

    head: list[Instruction]
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
            del piece.texts[0]
        self.pieces.append(piece)
        if piece.text.strip():
            self.cluster = piece

    def continues_with(self, run: _Line) -> bool:
        """Whether a run goes on in this line: same colour, and no further up or down than a mark is shifted."""
        if pikepdf.unparse_content_stream(self.head[2:]) != pikepdf.unparse_content_stream(run.head[2:]):
            return False
        first = run.pieces[0]
        return abs(run.y - self.y) < first.size / 2 or self.is_marked_by(first)

    def join(self, run: _Line) -> None:
        for piece in run.pieces:
            matrix = [float(number) for number in piece.state["Tm"].operands]
            matrix[4] += run.x - self.x
            matrix[5] += self.y - run.y
            piece.state["Tm"] = ContentStreamInstruction([round(number, 4) for number in matrix], Operator("Tm"))
            self.add(piece)


def mended(pdf: bytes) -> bytes:
    """The PDF with the text layer of its pages mended. For what Typst wrote without tags; no other file."""
    with pikepdf.open(BytesIO(pdf)) as document:
        known: dict[tuple[int, int], Mapping[bytes, str]] = {}
        for page in document.pages:
            fonts = {name: _unicode_of(font, known) for name, font in page.resources.get("/Font", {}).items()}
            instructions = list(_mended(pikepdf.parse_content_stream(page), fonts))
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))
        target = BytesIO()
        document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _unicode_of(font: pikepdf.Object, known: dict[tuple[int, int], Mapping[bytes, str]]) -> Mapping[bytes, str]:
    """What each glyph of a font stands for. Pages share fonts, so each is read once."""
    if font.objgen not in known:
        listed = b"".join(_MAPPINGS.findall(font.ToUnicode.read_bytes()))
        known[font.objgen] = {
            bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in _MAPPED.findall(listed)
        }
    return known[font.objgen]


def _mended(instructions: Iterable[Instruction], fonts: Fonts) -> Iterator[Instruction]:
    line: _Line | None = None
    for part in _parts(instructions):
        run = _read_run(part, fonts)
        if line and run and line.continues_with(run):
            line.join(run)
            continue
        if line:
            yield from _written(line)
        line = run
        if run is None:
            yield from part
    if line:
        yield from _written(line)


def _parts(instructions: Iterable[Instruction]) -> Iterator[list[Instruction]]:
    """The stream in parts, each from ``q`` to the next ``q`` or ``Q``: a run of text is one of them."""
    part: list[Instruction] = []
    for instruction in instructions:
        name = str(instruction.operator)
        if name == "q" and part:
            yield part
            part = []
        part.append(instruction)
        if name == "Q":
            yield part
            part = []
    if part:
        yield part


def _read_run(part: Sequence[Instruction], fonts: Fonts) -> _Line | None:
    """``q … cm … BT … ET Q`` as a line of its own; None for everything else that may stand in a page."""
    names = [str(instruction.operator) for instruction in part]
    if names[:2] != ["q", "cm"] or names[-2:] != ["ET", "Q"] or names.count("BT") != 1:
        return None
    *turned, x, y = (float(number) for number in part[1].operands)
    if tuple(turned) != _UPRIGHT:
        return None
    start = names.index("BT") + 1
    line = _Line(list(part[:start]), x, y)
    for piece in _pieces(part[start:-2], fonts, y):
        line.add(piece)
    return line if line.pieces else None


def _pieces(instructions: Sequence[Instruction], fonts: Fonts, y: float) -> Iterator[_Piece]:
    state: State = {}
    actual: str | None = None
    for instruction in instructions:
        name = str(instruction.operator)
        if name == "BDC":
            actual = str(instruction.operands[1]["/ActualText"])
        elif name == "EMC":
            actual = None
        elif name in _STATE:
            state[name] = instruction
        elif name in _SHOW:
            glyphs = _glyphs_of(instruction)
            unicode = fonts[str(state["Tf"].operands[0])]
            texts = [unicode[glyph] for glyph in glyphs] if actual is None else [actual]
            yield _Piece(dict(state), instruction, glyphs, texts, actual is not None, y)
        else:
            raise ValueError(f"Typst writes {name} into text now: teach shared/printing/text_layer.py")


def _glyphs_of(shown: Instruction) -> list[bytes]:
    operand = shown.operands[0]
    parts = [operand] if str(shown.operator) == "Tj" else operand
    codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return [codes[at : at + _GLYPH_BYTES] for at in range(0, len(codes), _GLYPH_BYTES)]


def _written(line: _Line) -> Iterator[Instruction]:
    yield from line.head
    for text, pieces in _groups(line.pieces):
        spanned = len(pieces) > 1 or pieces[0].spanned
        if spanned:
            words = pikepdf.Dictionary(ActualText=pikepdf.String(text))
            yield ContentStreamInstruction([pikepdf.Name.Span, words], Operator("BDC"))
        for piece in pieces:
            yield from piece.state.values()
            yield piece.shown
        if spanned:
            yield ContentStreamInstruction([], Operator("EMC"))
    yield ContentStreamInstruction([], Operator("ET"))
    yield ContentStreamInstruction([], Operator("Q"))


def _groups(pieces: Iterable[_Piece]) -> Iterator[tuple[str, list[_Piece]]]:
    """Pieces that are read as one: from blank to blank, since PDFium guesses blanks from the gaps between pieces; and
    what begins left of a shifted mark, since PDFium reads a line from left to right.
    """
    text, reached = "", 0.0
    group: list[_Piece] = []
    for piece in pieces:
        if text.endswith(" ") and piece.text[:1].strip() and piece.origin >= reached:
            yield text, group
            text, group = "", []
        group.append(piece)
        reached = max(reached, piece.origin)
        text += piece.text
    yield text, group
