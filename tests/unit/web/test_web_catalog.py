"""The English catalog says everything that the pages say."""

from __future__ import annotations

import re

import pytest

from gateway.web import catalog, helping, preferences
from gateway.web.site import ENVIRONMENT

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
THAI = re.compile("[\u0e00-\u0e7f]")
OTHERS = [language for language in preferences.LANGUAGES if language != "th"]
# the language's own name, digits, an official abbreviation: Thai in every language
KEEPS_THAI = {"ไทย ๑๒๓"}

TEXTS = sorted({text for text, _file in catalog.messages()})


def test_there_is_something_to_translate() -> None:
    assert len(TEXTS) > 500


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    """``python -m gateway.web.catalog`` puts what is missing into the catalog."""
    known = catalog.read(language)
    assert [text for text in TEXTS if text not in known or not known[text].string] == []
    assert [message.id for message in known if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalog_holds_no_text_that_is_gone(language: str) -> None:
    assert [message.id for message in catalog.read(language) if message.id and message.id not in TEXTS] == []


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_those_of_the_text(language: str) -> None:
    differing = [
        message.id
        for message in catalog.read(language)
        if message.id and sorted(PLACEHOLDER.findall(message.id)) != sorted(PLACEHOLDER.findall(message.string))
    ]
    assert differing == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_no_thai(language: str) -> None:
    thai = {message.id for message in catalog.read(language) if message.id and THAI.search(str(message.string))}
    assert thai <= KEEPS_THAI


@pytest.mark.parametrize("language", preferences.LANGUAGES)
@pytest.mark.parametrize("topic", helping.TOPICS)
def test_every_topic_of_help_is_written_in_every_language(topic: str, language: str) -> None:
    name = helping.template_of(topic, language)
    source, _path, _current = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)
    assert source.count("help.step(") >= 2
    assert source.count("help.trouble(") >= 2
    assert bool(THAI.search(source)) is (language == "th")
