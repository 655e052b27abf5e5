"""README says of speed what one run of the bench found."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench.results import kept, quoted

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_quotes_the_results_of_one_run() -> None:
    held = re.search(r"<!-- make bench -->\n(.*?)\n<!-- end -->", README.read_text(), re.DOTALL)
    assert held is not None, "the quotation stands between <!-- make bench --> and <!-- end -->"
    assert held[1].strip() == quoted(kept()), "print it anew: python -m tests.bench.results"
