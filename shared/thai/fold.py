"""Undo what keyboards, browsers and Excel do to Thai text, so that equal words compare equal.

Only invisible differences are folded: no letter a reader can see is changed, except that two strokes which look like
one letter (ํ + า, เ + เ) become that letter. NFKC is not used: it would take ำ apart again.
"""

from __future__ import annotations

import re
import unicodedata

from shared.thai.digits import to_arabic

# Zero-width and directional marks, soft hyphen, byte order mark: nobody sees them, every comparison does.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f]")
_SPACES = re.compile(r"\s+")
_NIKHAHIT_AA = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_TONE_AFTER_AM = re.compile("\u0e33([\u0e48-\u0e4b])")
_TONE_BEFORE_VOWEL = re.compile("([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e3a\u0e47])")
_DASHES = re.compile("[-\u2010-\u2015\u2212]+\\Z")
_DOTS = re.compile(r"[.\u2026]+\Z")
_TAG = re.compile(r"<[^<>]*>")

# One search decides for the great majority of cells that there is nothing to fold.
_SUSPECT = re.compile(
    "[^\u0020-\u007e\u0e01-\u0e3a\u0e3f-\u0e5b]|  |\u0e4d|\u0e40\u0e40|\u0e33[\u0e48-\u0e4b]"
    "|[\u0e48-\u0e4c][\u0e31\u0e34-\u0e3a\u0e47]"
)

_NOT_FOUND_BY = re.compile("[\\s\"'`\u00ab\u00bb\u2018-\u201f\ud800-\udfff]+")

_UNKNOWN_WORDS = frozenset({"ไม่ปรากฎ", "ไม่ปรากฏ", "ไม่ระบุ"})


def fold_text(text: str) -> str:
    """``text`` as a careful typist writes it: one kind of space, ำ whole, marks in order, nothing invisible."""
    if not _SUSPECT.search(text):
        return text.strip()
    folded = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    folded = _TONE_BEFORE_VOWEL.sub(r"\2\1", folded)
    folded = _NIKHAHIT_AA.sub("\\1\u0e33", folded)
    folded = _TONE_AFTER_AM.sub("\\1\u0e33", folded)
    folded = folded.replace("\u0e40\u0e40", "\u0e41")
    return _SPACES.sub(" ", folded).strip()


def fold_for_search(text: str) -> str:
    """``text`` as it is stored to be found and as what was typed is compared with it: folded, Thai digits as Arabic
    ones, small letters, without white space and quotation marks, which people set as they like (นางสาว สมใจ, "สวน").

    A part of what comes out comes out unchanged, so every part of a folded text finds it. Half a surrogate pair, which
    no database takes, is dropped.
    """
    folded = fold_text(_NOT_FOUND_BY.sub("", to_arabic(text).lower()))
    # one pass leaves disguises that stand one upon another (two tone marks before a vowel) half undone
    while (again := fold_text(folded)) != folded:
        folded = again
    return folded


def fold_header(text: str) -> str:
    """A column header without markup, white space and letter case: two headers are the same if this is."""
    return _SPACES.sub("", fold_text(_TAG.sub("", text))).casefold()


def is_dash(text: str) -> bool:
    """One or more dashes of any kind: how a form is told that there is nothing to write."""
    return bool(_DASHES.match(fold_text(text)))


def is_missing(text: str) -> bool:
    """Nothing, a dash, a run of dots, or a word for "not known" (ไม่ปรากฏ, also spelt ไม่ปรากฎ; ไม่ระบุ)."""
    folded = fold_text(text)
    return not folded or folded in _UNKNOWN_WORDS or bool(_DASHES.match(folded) or _DOTS.match(folded))
