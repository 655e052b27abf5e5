"""What is kept of a letter so that it can be found, and what people type to find it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from shared.thai.digits import to_arabic
from shared.thai.fold import fold_for_search, fold_text
from shared.thai.letter_numbers import YEAR, Number

LONGEST_QUERY = 200

# Between two texts of a letter, and around each of its numbers. Folding takes both out of what anybody writes or
# types, so nothing is found across two texts, and what stands between two number marks is a number and all of it.
_TEXT_MARK = "\n"
_NUMBER_MARK = "\x1e"

_ANYWHERE, _IN_SUBJECT, _REACH = 0, 1, 2  # the seed of a gram's hash says where it stands
_LONGEST_GRAM = 3
# of a long term so many, spread over it, tell as much as all of them, and take less to look up
_MOST_GRAMS = 8
# a word of fewer letters has too little in each half to be known by; a longer one is known by a third of it
_SHORTEST_NEAR, _IN_THREE = 5, 9

# What is typed, piece by piece: a phrase, a number with the blanks that people put into it, a word. A register's
# number is looked for before an office's (see YEAR).
_PIECE = re.compile(
    r'"(?P<phrase>[^"]*)"?'
    r"|(?<!\S)(?:(?:เลข)?ที่\s?)?(?P<number>"
    rf"(?:ว\s?)?[1-9][\d.]*\s?/\s?{YEAR}"
    r"|(?:[ก-ฮ]{1,4}\.?\s?)?\d[\dx.]+\s?/\s?(?:ว\s?)?[\d.]+"
    r"|ว\s?[\d.]+"
    r")(?!\S)"
    r'|(?P<word>[^\s"]+)',
    re.ASCII,
)
_QUOTES = re.compile("[\u201c-\u201f\u00ab\u00bb]")


class Rank(IntEnum):
    """How well a letter answers what was typed; the best come first."""

    ANYWHERE = 0
    WORDS_IN_SUBJECT = 1
    PHRASE_IN_SUBJECT = 2
    EXACT_NUMBER = 3


@dataclass(frozen=True)
class SearchText:
    """A letter as it is stored to be found, folded.

    ``grams`` are hashes of all its runs of one, two and three letters, those of the subject a second time with another
    seed, and of its numbers as a whole: what an index can look up for a term of any length. They tell letters that may
    hold a term from those that cannot; whether one does is read in ``everything`` or ``subject``.
    """

    subject: str
    everything: str
    grams: tuple[int, ...]

    @classmethod
    def of(
        cls,
        subject: str,
        correspondents: Iterable[str] = (),
        numbers: Iterable[str] = (),
        people: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> SearchText:
        """What is stored of a letter.

        Args:
            subject: เรื่อง.
            correspondents: from whom and to whom (จาก, ถึง), as written.
            numbers: the letter's own (ที่) and those of the registers it stands in, as displayed.
            people: names of those who have to do with it.
            notes: การปฏิบัติ, หมายเหตุ and whatever else shall be found.
        """
        folded = fold_for_search(subject)
        marked = {f"{_NUMBER_MARK}{spelling}{_NUMBER_MARK}" for spelling in _spellings_of(numbers)}
        others = [fold_for_search(text) for text in (*correspondents, *people, *notes)]
        everything = _TEXT_MARK.join(text for text in (folded, *sorted(marked), *others) if text)
        whole = {_hashed(number, _ANYWHERE) for number in marked}
        grams = _runs_in(everything, _ANYWHERE) | _runs_in(folded, _IN_SUBJECT) | whole
        return cls(folded, everything, tuple(sorted(grams)))


@dataclass(frozen=True)
class Term:
    """One thing that must stand in a letter: one of ``spellings``. A number is also the whole number ``exactly``."""

    spellings: tuple[str, ...]
    exactly: str | None = None


@dataclass(frozen=True)
class Query:
    """What somebody looks for: every term, in any order; ``phrase`` is the terms as they were typed, as one run."""

    terms: tuple[Term, ...]
    phrase: str

    @property
    def has_number(self) -> bool:
        return any(term.exactly for term in self.terms)

    @property
    def ranks(self) -> tuple[Rank, ...]:
        """The ranks a letter can have, best first."""
        possible = {
            Rank.EXACT_NUMBER: self.has_number,
            Rank.PHRASE_IN_SUBJECT: bool(self.terms),
            # one word that stands in the subject is the phrase
            Rank.WORDS_IN_SUBJECT: len(self.terms) > 1,
            Rank.ANYWHERE: True,
        }
        return tuple(rank for rank, is_possible in possible.items() if is_possible)

    def exact_spellings(self) -> tuple[tuple[str, ...], ...]:
        """For every term the spellings of which one must stand in a letter that ranks as an exact number."""
        return tuple((term.exactly,) if term.exactly else term.spellings for term in self.terms)

    def grams_of(self, rank: Rank) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """What letters of ``rank`` have among their grams: of every item all those of one alternative."""
        if rank is Rank.PHRASE_IN_SUBJECT:
            return ((_grams_of(self.phrase, _IN_SUBJECT),),)
        wanted = self.exact_spellings() if rank is Rank.EXACT_NUMBER else [term.spellings for term in self.terms]
        seed = _IN_SUBJECT if rank is Rank.WORDS_IN_SUBJECT else _ANYWHERE
        items = [tuple(_grams_of(spelling, seed) for spelling in spellings) for spellings in wanted]
        # what has no alternative is looked up together
        together = {gram for item in items if len(item) == 1 for gram in item[0]}
        several = tuple(item for item in items if len(item) > 1)
        return ((tuple(sorted(together)),), *several) if together else several


def query_of(typed: str) -> Query:
    """What ``typed`` looks for: words, "quoted phrases" and numbers in any form, of which each must be found.

    Nothing in it is syntax but quotation marks, and one that is not closed is none. What is longer than
    ``LONGEST_QUERY`` is cut off there.
    """
    text = _QUOTES.sub('"', to_arabic(fold_text(typed[:LONGEST_QUERY])).lower())
    terms = dict.fromkeys(term for piece in _PIECE.finditer(text) if (term := _term_of(piece)))
    phrase = fold_for_search("".join(term.spellings[0] for term in terms))
    # a long term is the quickest way to see that a letter is not the one
    return Query(tuple(sorted(terms, key=lambda term: -len(term.spellings[0]))), phrase)


def nearly(query: Query) -> Query | None:
    """What is looked for when ``query`` finds nothing: the same, but of every long word a part is enough. A slip (a
    letter too many, too few, another, two the wrong way round) leaves one of the parts as it was. None when no word is
    long enough to be told from others by a part of it.
    """
    terms = tuple(Term((*term.spellings, *_parts_of(term)), term.exactly) for term in query.terms)
    return Query(terms, query.phrase) if terms != query.terms else None


def closeness(query: Query, everything: str) -> float:
    """How much of every term of ``query`` stands together in a letter's text, by pairs of letters: from 0 to 1."""
    return min((_closeness(term, everything) for term in query.terms), default=0.0)


def reach_grams(marks: Iterable[str]) -> tuple[int, ...]:
    """From where letters are seen, as it stands among their grams: paths of units, ids of people."""
    return tuple(sorted({_hashed(mark, _REACH) for mark in marks}))


def _term_of(piece: re.Match[str]) -> Term | None:
    text = fold_for_search(piece[piece.lastgroup or 0])
    number = None if piece.lastgroup == "phrase" else Number.of(text)
    if not text:
        return None
    if not number or (text.isdigit() and text.startswith("0")):  # 04047 is an office's code, never a running number
        return Term((text,))
    marked = tuple(f"{_NUMBER_MARK}{spelling}{_NUMBER_MARK}" for spelling in (number.whole, number.unmarked))
    others = dict.fromkeys(spelling for spelling in marked if text not in spelling)
    return Term((text, *others), marked[0])


def _parts_of(term: Term) -> tuple[str, ...]:
    text = term.spellings[0]
    if term.exactly or len(text) < _SHORTEST_NEAR:
        return ()
    # two letters the wrong way round spoil two parts at most
    parts = 2 if len(text) < _IN_THREE else 3
    ends = [len(text) * part // parts for part in range(parts + 1)]
    return tuple(text[begin:end] for begin, end in pairwise(ends))


def _closeness(term: Term, everything: str) -> float:
    text = term.spellings[0]
    if any(spelling in everything for spelling in term.spellings):
        return 1.0
    wanted = _pairs_in(text)
    return max(
        (
            len(wanted & _pairs_in(everything[max(0, at - begin - 1) : at - begin + len(text) + 1])) / len(wanted)
            for part in _parts_of(term)
            for begin in (text.index(part),)
            for at in _places_of(part, everything)
        ),
        default=0.0,
    )


def _places_of(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _pairs_in(text: str) -> set[str]:
    return {first + second for first, second in pairwise(text)}


def _spellings_of(numbers: Iterable[str]) -> set[str]:
    found = set()
    for text in map(fold_for_search, numbers):
        number = Number.of(text)
        found |= {text, *(number.spellings if number else ())}
    return found - {""}


def _runs_in(text: str, seed: int) -> set[int]:
    runs = {text[at : at + size] for size in range(1, _LONGEST_GRAM + 1) for at in range(len(text) - size + 1)}
    return {_hashed(run, seed) for run in runs}


def _grams_of(text: str, seed: int) -> tuple[int, ...]:
    """What a letter has that holds ``text``: a number as a whole, else some of its longest runs."""
    if text.startswith(_NUMBER_MARK):
        return (_hashed(text, seed),)
    size = min(_LONGEST_GRAM, len(text))
    last = len(text) - size
    places = {*range(0, last, -(-(last + 1) // _MOST_GRAMS)), last}
    return tuple(sorted({_hashed(text[at : at + size], seed) for at in places}))


@lru_cache(maxsize=1 << 16)
def _hashed(run: str, seed: int) -> int:
    """32 bits with a sign, as databases store a small whole number. Two runs with one hash cost a look, no more."""
    value = zlib.crc32(run.encode(), seed)
    return value - (1 << 32) if value >= 1 << 31 else value
