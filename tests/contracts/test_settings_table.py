"""The README's table of settings is the one that the code prints."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from shared.cli.commands import khet
from shared.settings import table

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_holds_what_khet_settings_prints() -> None:
    printed = CliRunner().invoke(khet, ["settings"], catch_exceptions=False).output.strip()
    held = re.search(r"<!-- khet settings -->\n(.*?)\n<!-- end -->", README.read_text(), re.DOTALL)
    assert held is not None, "the table stands between <!-- khet settings --> and <!-- end -->"
    assert held[1].strip() == printed, "print it anew: khet settings"


def test_every_setting_says_what_it_is_for() -> None:
    assert all(meaning.strip() for _, _, meaning in table())
