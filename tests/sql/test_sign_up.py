"""Who may join: checked before Auth is asked, and again by the trigger on auth.users, which nobody gets round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database

PERSON = {
    "email": "ana@example.org",
    "password_length": 9,
    "display_name": "Ana",
    "birth_date": "1990-05-17",
    "native_languages": ["pt"],
    "target_languages": ["fr", "nl"],
    "consent": True,
}


def faults(db: Database, **changes: Any) -> list[tuple[str, str]]:
    """(field, code) of everything that is wrong with this sign-up."""
    told = {field: value for field, value in {**PERSON, **changes}.items() if value is not ...}
    answer = db.visitor().call("check_sign_up", sign_up=told)
    return [(error["field"], error["code"]) for error in answer["errors"]]


def birthday(db: Database, years: int, days: int = 0) -> str:
    """Born so many years ago today, shifted by days."""
    born: str = db.value(
        "select ((private.now() at time zone 'UTC')::date - make_interval(years => %s) + make_interval(days => %s))::date::text",
        [years, days],
    )
    return born


def test_a_complete_sign_up_passes(database: Database) -> None:
    assert faults(database) == []


def test_the_eighteenth_birthday_passes(database: Database) -> None:
    assert faults(database, birth_date=birthday(database, 18)) == []


def test_the_day_before_the_eighteenth_birthday_is_refused(database: Database) -> None:
    assert faults(database, birth_date=birthday(database, 18, days=1)) == [("birth_date", "under_age")]


def test_one_grows_up_at_midnight_utc(database: Database) -> None:
    born = birthday(database, 18, days=1)
    database.move_clock(timedelta(days=1))
    assert faults(database, birth_date=born) == []


def test_the_day_does_not_hang_on_the_callers_time_zone(database: Database) -> None:
    born = birthday(database, 18, days=1)
    database.rows("set local time zone 'Pacific/Kiritimati'")
    assert faults(database, birth_date=born) == [("birth_date", "under_age")]


@pytest.mark.parametrize(
    "date", ["", "yesterday", "epoch", "17/05/1990", "1990-5-17", "1990-02-30", "1899-12-31", "infinity", None, ..., 7, []]
)
def test_a_birth_date_is_an_iso_date_of_a_living_person(database: Database, date: Any) -> None:
    assert faults(database, birth_date=date) == [("birth_date", "birth_date_invalid")]


def test_nobody_is_born_tomorrow(database: Database) -> None:
    assert faults(database, birth_date=birthday(database, 0)) == [("birth_date", "under_age")]
    assert faults(database, birth_date=birthday(database, 0, days=1)) == [("birth_date", "birth_date_invalid")]


@pytest.mark.parametrize(("length", "passes"), [(9, True), (8, False), (0, False), (..., False), (None, False)])
def test_a_password_has_nine_characters(database: Database, length: Any, passes: bool) -> None:
    found = faults(database, password_length=length)
    assert found == ([] if passes else [("password", "password_too_short")])


@pytest.mark.parametrize("codes", [[], None, ..., ["xx"], ["fr", "xx"], "fr", [1], ["fr"] * 21])
@pytest.mark.parametrize(
    ("field", "code"),
    [("native_languages", "native_language_missing"), ("target_languages", "target_language_missing")],
)
def test_one_language_of_each_use_is_needed(database: Database, field: str, code: str, codes: Any) -> None:
    assert faults(database, **{field: codes}) == [(field, code)]


@pytest.mark.parametrize("consent", [False, None, ..., "true", 1])
def test_consent_is_given_in_so_many_words(database: Database, consent: Any) -> None:
    assert faults(database, consent=consent) == [("consent", "consent_missing")]


@pytest.mark.parametrize("name", ["", "   ", "\n\t", None, ...])
def test_a_name_is_needed(database: Database, name: Any) -> None:
    assert faults(database, display_name=name) == [("display_name", "display_name_missing")]


def test_a_name_has_eighty_characters_at_most(database: Database) -> None:
    assert faults(database, display_name="é" * 80) == []
    assert faults(database, display_name="é" * 81) == [("display_name", "display_name_too_long")]


@pytest.mark.parametrize("email", ["", "ana", "ana@example", "a na@example.org", "@example.org", None, ...])
def test_an_address_looks_like_one(database: Database, email: Any) -> None:
    assert faults(database, email=email) == [("email", "email_invalid")]


def test_all_faults_are_told_at_once(database: Database) -> None:
    answer = database.visitor().call("check_sign_up", sign_up={})
    assert {error["field"] for error in answer["errors"]} == {
        "display_name", "birth_date", "native_languages", "target_languages", "consent", "password", "email",
    }  # fmt: skip


@pytest.mark.parametrize("nonsense", ["[]", '"x"', "7", "null"])
def test_a_sign_up_that_is_no_object_has_every_fault(database: Database, nonsense: str) -> None:
    answer = database.visitor().value("select public.check_sign_up(%s::jsonb)", [nonsense])
    assert len(answer["errors"]) == 7


def test_whether_an_address_is_known_is_not_told(database: Database) -> None:
    ana = database.sign_up("Ana")
    assert faults(database, email=ana.email) == []


def test_the_account_comes_with_its_profile(database: Database) -> None:
    ana = database.sign_up(
        "  Ana\r\nMaria ", native_languages=["pt", "pt"], target_languages=["fr"], locale="fr", location=" Porto "
    )
    me = database.person(ana).call("read_me")
    assert (me["display_name"], me["locale"], me["location"]) == ("Ana Maria", "fr", "Porto")
    assert (me["native_languages"], me["target_languages"]) == (["pt"], ["fr"])
    assert me["email"] == ana.email
    assert me["consent_at"]


@pytest.mark.parametrize(
    "missing",
    [
        {"birth_date": "2015-01-01"},
        {"consent": False},
        {"native_languages": []},
        {"target_languages": None},
        {"display_name": " "},
        {"birth_date": None},
        {"locale": "xx"},
    ],
)
def test_no_account_is_made_past_the_check(database: Database, missing: dict[str, Any]) -> None:
    with database.refuses("sign_up_refused", 422):
        database.sign_up("Ana", **missing)
    assert database.value("select count(*) from auth.users where email like 'ana.%'") == 0
