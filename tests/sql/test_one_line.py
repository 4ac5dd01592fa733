"""What a one-line field keeps, and what is nothing: blanks, and signs that nobody sees."""

from __future__ import annotations

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.test_keeping_events import faults

UNSEEN = [
    "\u200b",
    "\u2060 \u2060",
    "\ufeff",
    "\u00ad",
    "\u200d\u200c",
    "\u3164",
    "\u2800",
    "\u00a0",
    " \u200e\t",
]


@pytest.mark.parametrize("words", UNSEEN)
def test_what_nobody_sees_is_nothing(database: Database, words: str) -> None:
    assert database.value("select private.one_line(%s)", [words]) is None


@pytest.mark.parametrize("words", ["👩‍👩‍👧", "❤️", "می‌خواهم", "क्‍ष", "co\u00adopération", "x"])
def test_joiners_within_words_stay(database: Database, words: str) -> None:
    assert database.value("select private.one_line(%s)", [f" {words}\n"]) == words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (" One\tline\r\n\r\n\r\n\r\nand\u202e another \n", "One line\n\nand another"),
        ("\u200b\n \n", None),
        (None, None),
    ],
)
def test_several_lines_stay_several(database: Database, words: str | None, kept: str | None) -> None:
    assert database.value("select private.some_lines(%s)", [words]) == kept


def test_nothing_is_named_so(database: Database, omar: Person) -> None:
    me, team = database.person(omar), events.organizer(database, owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [team])
    with database.refuses("invalid_input", 422) as refused:
        me.call("create_event", organizer=slug, event={"title": "\u2060"})
    assert ("title", "title_invalid") in faults(refused)
    with database.refuses("organizer_refused", 422) as refused:
        me.call("create_organizer", facts={"name": "\u200b"})
    assert ("name", "name_missing") in faults(refused)
