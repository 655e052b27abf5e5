"""What the tests of printing share: Thai texts as people type them, and reading papers back with PDFium."""

from __future__ import annotations

import pypdfium2
from hypothesis import strategies as st

CONSONANTS = "กขคงจชญฎฏฐณดตถทนบปผฝพฟภมยรลวศษสหฬอฮ"
ABOVE_OR_BELOW = ["", *"ะาิีึืุูั็ำ"]
TONES = ["", *"่้๊๋์"]
SYLLABLES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", *"เแโใไ"]),
    st.sampled_from(CONSONANTS),
    st.sampled_from(ABOVE_OR_BELOW),
    st.sampled_from(TONES),
)
# น้ำ as it should be, with the tone first, and taken apart; marks twice and marks without a letter
ODD = st.sampled_from(["น้ำ", "น้ํา", "นํ้า", "ก่่", "ปู้ป่ี", "ฟ้ิ", "่", "ู", "ฤๅ", "ๆ", "ฯลฯ", "ญูฐู", "ปิ์", "ขั้น", "กตัญญู"])
PIECES = st.one_of(
    SYLLABLES, SYLLABLES, SYLLABLES, ODD, st.just(" "), st.text("๐๑๒๓๔๕๖๗๘๙0123456789", min_size=1, max_size=4),
    st.text("ABCfilTWMg/.,()-:–“”…", min_size=1, max_size=4), st.sampled_from(["\u00a0", "😀", "👩‍🏫", "中", "\u200b"]),
)  # fmt: skip
# a mark alone has no height that a reader of PDF could tell a line by: texts begin with a letter
THAI_TEXTS = st.builds("{}{}".format, SYLLABLES, st.lists(PIECES, max_size=14).map("".join))


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page as PDFium reads it, which is what people copy from Chrome.

    A hyphen at the end of a line is told as U+0002, as if a word had been divided there.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded().replace("\x02", "-") for page in document]


def without_blanks(text: str) -> str:
    """What is left when blanks and ends of lines do not count."""
    return "".join(text.split())
