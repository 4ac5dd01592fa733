"""Promotion codes over the API."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask

from tests.database import Database
from tests.selling import Guest, Listing, draft, list_event, some_email
from tests.sql.events import insert, organizer


@pytest.fixture
def gaston(app: APIFlask) -> Guest:
    return Guest(app)


@pytest.fixture
def team(database: Database) -> Any:
    return organizer(database)


@pytest.fixture
def listing(database: Database, team: Any) -> Listing:
    return list_event(database, organizer_id=team)


def code(database: Database, team: Any, word: str = "TANDEM", **terms: Any) -> str:
    insert(database, "promotion_codes", organizer_id=team, code=word, **({"percent": 10} | terms))
    return word


def quoted(gaston: Guest, listing: Listing, word: str, quantity: int = 2) -> Any:
    return gaston.get(
        f"/events/{listing.id}/quote?ticket_type={listing.ticket_type}&quantity={quantity}&code={word}"
    )


def test_a_code_lowers_the_price_that_is_quoted_and_charged(
    gaston: Guest, listing: Listing, database: Database, team: Any
) -> None:
    code(database, team)
    answer = quoted(gaston, listing, "tandem").json
    assert (answer["total_cents"], answer["discount_cents"], answer["applied"]) == (2700, 300, ["code"])
    order = gaston.hold(listing, 2, promotion_code="TANDEM")
    assert (order["total_cents"], order["discount_cents"]) == (2700, 300)
    assert order["lines"][0]["applied"] == ["code"]


@pytest.mark.parametrize(
    ("terms", "word", "status"),
    [
        ({"word": "ANOTHER"}, "code_unknown", 422),
        ({"ends_at": "2020-01-01", "starts_at": "2019-01-01"}, "code_not_valid_now", 409),
        ({"starts_at": "2999-01-01"}, "code_not_valid_now", 409),
    ],
)
def test_a_code_that_does_not_count_says_why(
    gaston: Guest, listing: Listing, database: Database, team: Any, terms: Any, word: str, status: int
) -> None:
    code(database, team, **terms)
    for answer in (
        quoted(gaston, listing, "TANDEM"),
        gaston.post("/orders", draft(listing, promotion_code="TANDEM")),
    ):
        assert (answer.status_code, answer.json["code"]) == (status, word)


def test_a_code_is_used_as_often_as_it_may_be(
    app: APIFlask, gaston: Guest, listing: Listing, database: Database, team: Any
) -> None:
    code(database, team, max_uses=1)
    gaston.hold(listing, promotion_code="TANDEM")
    late = Guest(app)
    answer = late.post("/orders", draft(listing, promotion_code="TANDEM"))
    assert (answer.status_code, answer.json["code"]) == (409, "code_used_up")
    gaston.cancel()
    assert late.post("/orders", draft(listing, promotion_code="TANDEM")).status_code == 201


def test_one_person_uses_it_as_often_as_they_may(
    app: APIFlask, gaston: Guest, listing: Listing, database: Database, team: Any
) -> None:
    code(database, team, max_uses_per_person=1)
    buyer = {"name": "Gaston", "email": some_email()}
    gaston.hold(listing, promotion_code="TANDEM", buyer=buyer)
    other = list_event(database, organizer_id=team)
    answer = Guest(app).post("/orders", draft(other, promotion_code="TANDEM", buyer=buyer))
    assert (answer.status_code, answer.json["code"]) == (409, "code_used_by_you")
