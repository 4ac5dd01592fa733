"""Words raised in Postgres and sentences said by the app are the same set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.refusals import OWN_SENTENCES, SENTENCES, Refusal, sentence
from tests.contract.outside import app_with

SQL = "\n".join(file.read_text() for file in sorted(Path("supabase").glob("**/*.sql")))
RAISE = re.compile(
    r"sqlstate\s+'PT\d{3}'\s+using\s+message\s*=\s*(?:'(\w+)'|case when [^']+ then '(\w+)' else '(\w+)' end)"
)
RETURN = re.compile(r"private\.refusal\(\s*\d{3},\s*'(\w+)'")
ANY_RAISE = re.compile(r"raise\s+sqlstate\s+'PT\d{3}'")
IN_JSON = re.compile(r'"code":\s*"(\w+)"')
FAULT_LIST = re.compile(r"\(\s*values(?P<faults>(?:(?!\(\s*values).)*?)\) as fault \(field, code", re.DOTALL)
FAULT = re.compile(r"\(\s*'\w+',\s*'(\w+)',")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def raised() -> list[tuple[str, int]]:
    """Each word that is raised, or returned as if it were, with where in the SQL its facts follow."""
    found = (*RAISE.finditer(SQL), *RETURN.finditer(SQL))
    return [(word, refusal.end()) for refusal in found for word in refusal.groups() if word]


def words_in_sql() -> set[str]:
    faults = {word for found in FAULT_LIST.finditer(SQL) for word in FAULT.findall(found["faults"])}
    return {word for word, _ in raised()} | set(IN_JSON.findall(SQL)) | faults


def test_every_word_raised_has_its_sentence_and_no_sentence_is_idle() -> None:
    assert words_in_sql() == set(SENTENCES)


def test_every_refusal_in_sql_is_a_plain_word() -> None:
    assert len(ANY_RAISE.findall(SQL)) == len(RAISE.findall(SQL))


def test_no_word_is_said_in_two_ways() -> None:
    assert not set(SENTENCES) & set(OWN_SENTENCES)


@pytest.mark.parametrize("word", sorted(SENTENCES))
def test_the_facts_a_sentence_needs_come_with_the_word(word: str) -> None:
    told = str(SENTENCES[word])
    raises = [end for raised_word, end in raised() if raised_word == word]
    for fact in PLACEHOLDER.findall(told):
        assert all(f"'{fact}'" in SQL[end : end + 250] for end in raises)


def test_a_word_becomes_a_sentence_with_its_facts() -> None:
    with app_with().test_request_context(headers={"Accept-Language": "en"}):
        assert Refusal("sold_out", 409, {"left": 1}).sentence == "Someone was faster. Seats left now: 1."


def test_a_word_nobody_knows_still_says_something() -> None:
    with app_with().test_request_context(headers={"Accept-Language": "en"}):
        assert sentence("never_heard") == "Something in what was sent is not right."
