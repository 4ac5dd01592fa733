"""Every sentence of pages, mails and refusals is said in every language."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from local.settings import ROOT
from web.languages import LANGUAGES

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "pgettext": ((1, "c"), 2)}
# The words of an entry, and its context if it has one, on one line or several.
WORDS = r'(".*"(?:\n".*")*)'
ENTRY = re.compile(rf"(?:^msgctxt {WORDS}\n)?^msgid {WORDS}", re.MULTILINE)
# Where French wants a space that no line breaks at, or the word joiner that keeps this word whole.
LOOSE = re.compile(r" [;:?!»]|« |\be-mail")
OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def sentences() -> set[tuple[str | None, str]]:
    """All that is said, in English and with its context, found as `pybabel extract` finds it."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_ours)
    return {(context, _forms(words)[0]) for _, _, words, _, context in found}


def _is_ours(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in {"node_modules", "static", "tests", "local", "supabase"}


def written(code: str) -> Path:
    return ROOT / "translations" / code / "LC_MESSAGES" / "messages.po"


def catalogue(code: str) -> Catalog:
    with written(code).open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_untranslated(code: str, sentences: set[tuple[str | None, str]]) -> None:
    assert len(sentences) > 300
    known = catalogue(code)
    missing = [
        (context, sentence) for context, sentence in sentences
        if not (message := known.get(sentence, context)) or not all(_forms(message.string)) or message.fuzzy
    ]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_translated_that_nobody_says(code: str, sentences: set[tuple[str | None, str]]) -> None:
    kept = {(message.context, _forms(message.id)[0]) for message in catalogue(code) if message.id}
    assert kept - sentences == set()


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_filled_in_stays_in_the_sentence(code: str) -> None:
    for message in catalogue(code):
        if not message.id:
            continue
        wanted = {name for form in _forms(message.id) for name in PLACEHOLDER.findall(form)}
        for form in _forms(message.string):
            assert set(PLACEHOLDER.findall(form)) <= wanted, message.id
        assert {name for form in _forms(message.string) for name in PLACEHOLDER.findall(form)} == wanted, (
            message.id
        )


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_stands_twice(code: str) -> None:
    """Only one of two would be read; words that need two translations stand in two contexts."""
    entries = ENTRY.findall(written(code).read_text())
    assert len(entries) > 300
    counted = Counter((context.replace('"\n"', ""), words.replace('"\n"', "")) for context, words in entries)
    assert [entry for entry, times in counted.items() if times > 1] == []


def test_french_signs_stay_with_their_words() -> None:
    loose = [
        form for message in catalogue("fr") if message.id
        for form in _forms(message.string) if LOOSE.search(form)
    ]  # fmt: skip
    assert loose == []


def _forms(words: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, list | tuple) else (words or "",)
