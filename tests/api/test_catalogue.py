"""What is on: the list and its filters, one event, its seats and prices."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient
from tests.database import Database
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import organizer, venue

SOON, LATER = timedelta(days=10), timedelta(days=20)


@pytest.fixture
def bakers(database: Database) -> str:
    """The slug of an organizer whose events a test lists, whatever else is on."""
    id = organizer(database, "Les Boulangères")
    return str(database.value("select slug from public.organizers where id = %s", [id]))


def of(bakers: str, database: Database) -> dict[str, Any]:
    return {
        "organizer_id": database.value("select id::text from public.organizers where slug = %s", [bakers])
    }


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [event["title"] for event in answer.json["data"]]


def test_events_are_listed_soonest_first_with_what_can_be_done_now(
    visitor: ApiClient, database: Database, bakers: str
) -> None:
    list_event(database, title="Later", starts_in=LATER, **of(bakers, database))
    soon = list_event(database, title="Soon", starts_in=SOON, **of(bakers, database))
    answer = visitor.get(f"/events?organizer={bakers}")
    assert titles(answer) == ["Soon", "Later"]
    card = answer.json["data"][0]
    assert (card["id"], card["capacity"], card["left"], card["sale"]) == (soon.id, 20, 20, "on_sale")
    assert (card["price_from_cents"], card["price_to_cents"]) == (1500, 1500)
    assert card["_links"] == {
        "self": {"href": f"/api/v1/events/{soon.slug}", "method": "GET"},
        "page": {"href": f"/events/{soon.slug}", "method": "GET"},
        "availability": {"href": f"/api/v1/events/{soon.id}/availability", "method": "GET"},
        "quote": {"href": f"/api/v1/events/{soon.id}/quote", "method": "GET"},
        "order": {"href": "/api/v1/orders", "method": "POST"},
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=pâte à choux", ["Pâte à choux"]),
        ("q=PATE CHOUX", ["Pâte à choux"]),
        ("q=choux pate", ["Pâte à choux"]),
        ("q=liège", ["Pain d’épices"]),
        ("q=liege epices", ["Pain d’épices"]),
        ("q=100%25", []),
        ("q=_", []),
        ("q=%5C", []),
        ("q=%20", ["Pâte à choux", "Pain d’épices"]),
        ("city=Liège", ["Pain d’épices"]),
        ("city=Nowhere", []),
        ("language=nl", ["Pain d’épices"]),
        ("language=nl&city=Liège&q=pain", ["Pain d’épices"]),
        ("language=xx", []),
    ],
)
def test_filters_narrow_the_list_and_search_ignores_accents(
    visitor: ApiClient, database: Database, bakers: str, query: str, found: list[str]
) -> None:
    theirs = of(bakers, database)
    list_event(database, title="Pâte à choux", starts_in=SOON, **theirs)
    place = venue(database, city="Liège")
    list_event(
        database, title="Pain d’épices", starts_in=LATER, venue_id=place, language_code="nl",
        **theirs,
    )  # fmt: skip
    assert titles(visitor.get(f"/events?organizer={bakers}&{query}")) == found


def test_a_period_has_both_its_edges(visitor: ApiClient, database: Database, bakers: str) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + SOON
    list_event(database, title="At noon", starts_at=start, ends_at=start + SOON, **of(bakers, database))
    instant, second = start.strftime("%Y-%m-%dT%H:%M:%SZ"), timedelta(seconds=1)
    after = (start + second).strftime("%Y-%m-%dT%H:%M:%SZ")
    before = (start - second).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = f"/events?organizer={bakers}"
    assert titles(visitor.get(f"{path}&from={instant}&to={instant}")) == ["At noon"]
    assert titles(visitor.get(f"{path}&from={after}")) == []
    assert titles(visitor.get(f"{path}&to={before}")) == []


def test_a_cursor_leads_through_every_event_once(visitor: ApiClient, database: Database, bakers: str) -> None:
    start = datetime.now(UTC) + SOON
    for number in range(5):  # all at the same instant, so that only the cursor's second part tells them apart
        list_event(
            database, title=f"Batch {number}", starts_at=start, ends_at=start + SOON, **of(bakers, database)
        )
    seen: list[str] = []
    path = f"/events?organizer={bakers}&limit=2"
    for size in (2, 2, 1):
        answer = visitor.get(path)
        assert len(answer.json["data"]) == size
        seen += [event["id"] for event in answer.json["data"]]
        path = answer.json["_links"].get("next", {}).get("href", "").removeprefix("/api/v1")
    assert path == ""
    assert len(set(seen)) == 5


@pytest.mark.parametrize("path", ["/events", "/venues"])
@pytest.mark.parametrize("cursor", ["x", "%00", "AAAA", "eyJhIjoxfQ", "MTIz", "é", "-", "=" * 200])
def test_a_garbled_cursor_is_refused(visitor: ApiClient, database: Database, path: str, cursor: str) -> None:
    list_event(database, venue_id=venue(database))
    answer = visitor.get(f"{path}?cursor={cursor}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["code"] in {"cursor_invalid", "invalid_input"}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limit=0", "limit", "invalid"),
        ("limit=101", "limit", "invalid"),
        ("limit=ten", "limit", "invalid"),
        ("limit=1.5", "limit", "invalid"),
        ("language=french", "language", "invalid"),
        ("from=yesterday", "from", "invalid"),
        ("to=2026-13-01", "to", "invalid"),
        ("q=" + "a" * 201, "q", "invalid"),
        ("cursor=" + "a" * 201, "cursor", "invalid"),
        ("colour=red", "colour", "unknown_field"),
        ("starts_from=2026-01-01", "starts_from", "unknown_field"),
    ],
)
def test_a_query_that_makes_no_sense_names_its_field(
    visitor: ApiClient, query: str, field: str, code: str
) -> None:
    answer = visitor.get(f"/events?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


@pytest.mark.parametrize("limit", [1, 100])
def test_the_edges_of_a_page_are_allowed(visitor: ApiClient, limit: int) -> None:
    assert visitor.get(f"/events?limit={limit}").status_code == 200


def test_an_event_is_read_by_slug_and_by_id(visitor: ApiClient, database: Database) -> None:
    listing = list_event(
        database,
        {"name": "Early", "early_bird_price_cents": 1200, "early_bird_until": datetime.now(UTC) + SOON},
        {"name": "Group", "group_min_quantity": 3, "group_percent": 10, "position": 1, "capacity": 5},
        venue_id=venue(database),
    )
    by_slug, by_id = visitor.get(f"/events/{listing.slug}"), visitor.get(f"/events/{listing.id}")
    assert by_slug.json == by_id.json
    early, group = by_slug.json["ticket_types"]
    assert (early["price_cents"], early["list_price_cents"], early["left"]) == (1200, 1500, 20)
    assert (group["group"], group["left"]) == ({"min_quantity": 3, "percent": 10}, 5)
    assert by_slug.json["policy"]["hold_minutes"] == 15
    assert by_slug.json["venue"]["city"] == "Brussels"


@pytest.mark.parametrize("status", ["draft", "awaiting_payment"])
def test_what_is_not_published_does_not_exist(
    visitor: ApiClient, database: Database, bakers: str, status: str
) -> None:
    hidden = list_event(database, status=status, **of(bakers, database))
    assert titles(visitor.get(f"/events?organizer={bakers}")) == []
    for path in (
        hidden.slug, hidden.id, f"{hidden.id}/availability",
        f"{hidden.id}/quote?ticket_type={hidden.ticket_type}&quantity=1",
    ):  # fmt: skip
        answer = visitor.get(f"/events/{path}")
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), path


@pytest.mark.parametrize("name", ["nothing-here", str(uuid.UUID(int=4)), "%00", "a" * 500, "..%2f", "'--"])
@pytest.mark.parametrize("kind", ["events", "venues"])
def test_what_does_not_exist_is_not_found(visitor: ApiClient, kind: str, name: str) -> None:
    answer = visitor.get(f"/{kind}/{name}")
    assert answer.status_code in {404, 422}
    assert answer.json["code"] in {"not_found", "invalid_input"}


@pytest.mark.parametrize(
    ("how", "sale"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"starts_in": -timedelta(hours=1)}, "ended"),
    ],
)
def test_an_event_that_is_over_is_shown_but_offers_no_order(
    visitor: ApiClient, database: Database, how: dict[str, Any], sale: str
) -> None:
    answer = visitor.get(f"/events/{list_event(database, **how).slug}")
    assert (answer.status_code, answer.json["sale"]) == (200, sale)
    assert "order" not in answer.json["_links"]


def test_seats_left_follow_what_others_hold(app: APIFlask, visitor: ApiClient, database: Database) -> None:
    listing = list_event(database, {}, {"name": "Balcony", "capacity": 2}, seats=5)
    Guest(app).hold(listing, 3)
    answer = visitor.get(f"/events/{listing.id}/availability").json
    assert (answer["event_id"], answer["capacity"], answer["left"]) == (listing.id, 5, 2)
    assert {(type["left"], type["on_sale"], type["sale"]) for type in answer["ticket_types"]} == {
        (2, True, "on_sale")
    }


def test_a_full_event_says_so_and_offers_no_order(
    app: APIFlask, visitor: ApiClient, database: Database
) -> None:
    listing = list_event(database, seats=1)
    Guest(app).hold(listing)
    assert visitor.get(f"/events/{listing.id}/availability").json["ticket_types"][0]["sale"] == "sold_out"
    event = visitor.get(f"/events/{listing.slug}").json
    assert (event["sale"], event["left"]) == ("sold_out", 0)
    assert "order" not in event["_links"]


@pytest.mark.parametrize(
    ("quantity", "total", "discount", "applied"), [(2, 3000, 0, []), (3, 4050, 450, ["group"])]
)
def test_a_quote_is_the_true_price(
    visitor: ApiClient, database: Database, quantity: int, total: int, discount: int, applied: list[str]
) -> None:
    listing = list_event(database, {"group_min_quantity": 3, "group_percent": 10, "vat_rate": 21})
    answer = quote(visitor, listing, quantity)
    assert answer.status_code == 200
    assert (answer.json["total_cents"], answer.json["discount_cents"]) == (total, discount)
    assert (answer.json["currency"], answer.json["applied"]) == ("EUR", applied)
    assert answer.json["tax_cents"] == round(total * 21 / 121)
    assert answer.json["lines"][0]["quantity"] == quantity


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "quantity_out_of_range"),
        (-1, "quantity_out_of_range"),
        (11, "quantity_out_of_range"),
        (10**9, "lines_invalid"),
        (10**9 + 1, "invalid_input"),
        ("2.5", "invalid_input"),
        ("two", "invalid_input"),
    ],
)
def test_a_quote_of_an_impossible_quantity_is_refused(
    visitor: ApiClient, database: Database, quantity: Any, code: str
) -> None:
    answer = quote(visitor, list_event(database), quantity)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_quote_asks_for_a_ticket_type_of_the_event(visitor: ApiClient, database: Database) -> None:
    listing, other = list_event(database), list_event(database)
    foreign = Listing(listing.id, listing.slug, listing.title, other.ticket_types)
    assert quote(visitor, foreign, 1).json["code"] == "unknown_ticket_type"
    assert visitor.get(f"/events/{listing.id}/quote").json["errors"][0]["field"] == "ticket_type"
    assert visitor.get(f"/events/{listing.id}/quote?ticket_type=x").status_code == 422


def quote(visitor: ApiClient, listing: Listing, quantity: Any) -> Any:
    return visitor.get(f"/events/{listing.id}/quote?ticket_type={listing.ticket_type}&quantity={quantity}")


def test_people_see_the_order_they_have_at_an_event(
    app: APIFlask, stack: Stack, database: Database, visitor: ApiClient
) -> None:
    listing, ana = list_event(database), signed_in(app, stack, database.sign_up("Ana"))
    order = ana.hold(listing)
    assert ana.get(f"/events/{listing.slug}").json["my_order"]["reference"] == order["reference"]
    assert visitor.get(f"/events/{listing.slug}").json["my_order"] is None


def test_venues_are_listed_by_city_and_read(visitor: ApiClient, database: Database) -> None:
    city = f"City {uuid.uuid4().hex[:6]}"
    ids = [str(venue(database, city=city)) for _ in range(3)]
    first = visitor.get(f"/venues?city={city}&limit=2").json
    second = visitor.get(first["_links"]["next"]["href"].removeprefix("/api/v1")).json
    assert [place["id"] for place in first["data"] + second["data"]] == ids
    assert "next" not in second["_links"]
    one = visitor.get(f"/venues/{ids[0]}").json
    assert one == visitor.get(f"/venues/{one['slug']}").json
    assert one["_links"]["self"]["href"] == f"/api/v1/venues/{one['slug']}"
