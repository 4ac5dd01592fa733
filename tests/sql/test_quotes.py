"""The one place where prices are computed: early-bird, groups, rounding, tax, and what is not understood."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.orders import line

MICROSECOND = timedelta(microseconds=1)


def quote(db: Database, event: events.Event, *lines: Any) -> dict[str, Any]:
    answer: dict[str, Any] = db.visitor().call("quote", event_id=event.id, lines=list(lines))
    return answer


def early_bird(db: Database, event: events.Event, **columns: Any) -> Any:
    until = db.value("select private.now() + interval '1 hour'")
    return events.ticket_type(
        db, event, 1000, early_bird_price_cents=700, early_bird_until=until, **columns
    )


def test_the_price_includes_tax(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, 1210, vat_rate=21)
    answer = quote(database, show, line(seat, 2))
    assert answer["currency"] == "EUR"
    assert answer["total_cents"] == 2420
    assert answer["tax_cents"] == 420
    assert (answer["subtotal_cents"], answer["discount_cents"], answer["applied"]) == (2420, 0, [])


def test_early_bird_lasts_through_its_last_instant(database: Database) -> None:
    show = events.event(database)
    seat = early_bird(database, show)
    database.move_clock(timedelta(hours=1))
    answer = quote(database, show, line(seat, 2))
    assert answer["applied"] == ["early_bird"]
    assert (answer["subtotal_cents"], answer["discount_cents"], answer["total_cents"]) == (2000, 600, 1400)
    assert answer["lines"][0]["unit_price_cents"] == 700
    assert answer["lines"][0]["list_price_cents"] == 1000


def test_early_bird_is_over_a_microsecond_later(database: Database) -> None:
    show = events.event(database)
    seat = early_bird(database, show)
    database.move_clock(timedelta(hours=1) + MICROSECOND)
    answer = quote(database, show, line(seat, 2))
    assert (answer["total_cents"], answer["applied"]) == (2000, [])


@pytest.mark.parametrize(("quantity", "total", "applied"), [(4, 4000, []), (5, 4500, ["group"])])
def test_a_group_begins_at_its_minimum(
    database: Database, quantity: int, total: int, applied: list[str]
) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, 1000, group_min_quantity=5, group_percent=10)
    answer = quote(database, show, line(seat, quantity))
    assert (answer["total_cents"], answer["applied"]) == (total, applied)


def test_early_bird_and_group_never_come_together(database: Database) -> None:
    show = events.event(database)
    seat = early_bird(database, show, group_min_quantity=2, group_percent=50)
    answer = quote(database, show, line(seat, 2))
    assert (answer["total_cents"], answer["applied"]) == (1400, ["early_bird"])
    database.move_clock(timedelta(hours=2))
    answer = quote(database, show, line(seat, 2))
    assert (answer["total_cents"], answer["applied"]) == (1000, ["group"])


@pytest.mark.parametrize(
    ("price", "percent", "quantity", "total"),
    [
        (101, 50, 2, 101),  # 101.0
        (101, 50, 3, 152),  # 151.5, half up
        (333, 15, 3, 849),  # 849.15
        (110, 5, 3, 314),  # 313.5, half up
    ],
)
def test_a_discount_is_rounded_half_up_per_line(
    database: Database, price: int, percent: int, quantity: int, total: int
) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, price, group_min_quantity=2, group_percent=percent)
    assert quote(database, show, line(seat, quantity))["total_cents"] == total


@pytest.mark.parametrize(
    ("price", "rate", "tax"),
    [(700, 21, 121), (105, 5, 5), (63, 5, 3), (1000, 0, 0), (107, 7, 7), (1065, 6, 60), (53, 6, 3), (689, 6, 39)],
)
def test_tax_is_taken_out_of_the_price(database: Database, price: int, rate: int, tax: int) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, price, vat_rate=rate)
    assert quote(database, show, line(seat))["tax_cents"] == tax


def test_tax_of_exactly_half_a_cent_is_rounded_up(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, 150, vat_rate=20)  # 25.0
    other = events.ticket_type(database, show, 75, vat_rate="25")  # 15.0
    half = events.ticket_type(database, show, 51, vat_rate="2")  # 1.0
    odd = events.ticket_type(database, show, 63, vat_rate="20")  # 10.5
    answer = quote(database, show, line(seat), line(other), line(half), line(odd))
    assert [each["tax_cents"] for each in answer["lines"]] == [25, 15, 1, 11]


def test_lines_add_up(database: Database) -> None:
    show = events.event(database)
    adult = events.ticket_type(database, show, 1500, vat_rate=21)
    child = events.ticket_type(database, show, 500, vat_rate=6, group_min_quantity=2, group_percent=20)
    answer = quote(database, show, line(adult, 2), line(child, 3))
    assert [each["total_cents"] for each in answer["lines"]] == [3000, 1200]
    assert answer["total_cents"] == 4200 == answer["subtotal_cents"] - answer["discount_cents"]
    assert answer["tax_cents"] == sum(each["tax_cents"] for each in answer["lines"])
    assert answer["applied"] == ["group"]


@pytest.mark.parametrize("quantity", [0, -1, 11, 999_999_999])
def test_a_quantity_is_refused_out_of_range(database: Database, quantity: int) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    with database.refuses("quantity_out_of_range", 422) as refusal:
        quote(database, show, line(seat, quantity))
    assert (refusal.detail["min"], refusal.detail["max"]) == (1, 10)


@pytest.mark.parametrize("quantity", [1, 2, 9, 10])
def test_a_quantity_passes_within_its_range(database: Database, quantity: int) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, min_per_order=1)
    assert quote(database, show, line(seat, quantity))["lines"][0]["quantity"] == quantity


@pytest.mark.parametrize("quantity", [10**9, 10**30, 2.5, 1e-9, "2", None, True, [], {}])
def test_a_quantity_that_is_no_whole_number_is_refused(database: Database, quantity: Any) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    with database.refuses("lines_invalid", 422):
        quote(database, show, line(seat, quantity))


@pytest.mark.parametrize("id", [None, "", "1", 1, "0' or '1'='1", {"a": 1}])
def test_a_ticket_type_that_is_no_uuid_is_refused(database: Database, id: Any) -> None:
    show = events.event(database)
    with database.refuses("lines_invalid", 422):
        quote(database, show, {"ticket_type_id": id, "quantity": 1})


@pytest.mark.parametrize("lines", ["[]", "{}", "null", '"x"', "7"])
def test_lines_must_be_a_list_with_something_in_it(database: Database, lines: str) -> None:
    show = events.event(database)
    with database.refuses("lines_missing", 422):
        database.visitor().value("select public.quote(%s, %s::jsonb)", [show.id, lines])


@pytest.mark.parametrize("lines", ["[null]", "[1]", "[[]]", '["x"]'])
def test_each_line_must_be_an_object(database: Database, lines: str) -> None:
    show = events.event(database)
    with database.refuses("lines_invalid", 422):
        database.visitor().value("select public.quote(%s, %s::jsonb)", [show.id, lines])


@pytest.mark.parametrize(("count", "word"), [(20, None), (21, "lines_missing")])
def test_an_order_has_at_most_twenty_lines(database: Database, count: int, word: str | None) -> None:
    show = events.event(database)
    lines = [line(events.ticket_type(database, show, 100)) for _ in range(count)]
    if word:
        with database.refuses(word, 422):
            quote(database, show, *lines)
    else:
        assert quote(database, show, *lines)["total_cents"] == 2000


def test_a_ticket_type_is_named_once(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    with database.refuses("ticket_type_repeated", 422):
        quote(database, show, line(seat), line(str(seat).upper()))


def test_a_ticket_type_of_another_event_is_unknown(database: Database) -> None:
    show, other = events.event(database), events.event(database)
    foreign = events.ticket_type(database, other)
    seat = events.ticket_type(database, show)
    with database.refuses("unknown_ticket_type", 422):
        quote(database, show, line(seat), line(foreign))


def test_a_total_beyond_what_stripe_charges_is_refused(database: Database) -> None:
    show = events.event(database, capacity=100)
    seat = events.ticket_type(database, show, 10_000_000, max_per_order=100)
    assert quote(database, show, line(seat, 9))["total_cents"] == 90_000_000
    with database.refuses("total_too_large", 422):
        quote(database, show, line(seat, 10))


@pytest.mark.parametrize("status", ["draft", "awaiting_payment"])
def test_a_draft_has_no_price_for_strangers(database: Database, status: str) -> None:
    show = events.event(database, status=status)
    seat = events.ticket_type(database, show)
    with database.refuses("not_found", 404):
        quote(database, show, line(seat))


@pytest.mark.parametrize(("cents", "passes"), [(0, True), (1, False), (49, False), (50, True)])
def test_a_price_is_nothing_or_what_stripe_can_charge(database: Database, cents: int, passes: bool) -> None:
    show = events.event(database)
    if passes:
        events.ticket_type(database, show, cents)
    else:
        with database.refuses("price_below_minimum", 422) as refusal:
            events.ticket_type(database, show, cents)
        assert refusal.detail == {"minimum_cents": 50}


def test_discounts_cannot_fall_below_the_minimum(database: Database) -> None:
    show = events.event(database)
    later = show.starts_at
    with database.refuses("price_below_minimum"):
        events.ticket_type(database, show, 100, early_bird_price_cents=49, early_bird_until=later)
    with database.refuses("price_below_minimum"):
        events.ticket_type(database, show, 60, group_min_quantity=2, group_percent=60)  # 48 for two
    events.ticket_type(database, show, 60, group_min_quantity=2, group_percent=58)  # 50 for two


def test_a_new_currency_judges_prices_again(database: Database) -> None:
    show = events.event(database)
    events.ticket_type(database, show, 200)
    with database.refuses("price_below_minimum"):
        events.edit(database, "events", show.id, currency="SEK")
    events.edit(database, "events", show.id, currency="CHF")


def test_an_order_costs_what_was_quoted(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, 333, group_min_quantity=3, group_percent=15, vat_rate=21)
    asked = [line(seat, 3)]
    quoted = quote(database, show, *asked)
    order = database.visitor().call(
        "place_order", event_id=show.id, lines=asked, buyer={"name": "Gus", "email": "gus@example.org"}
    )
    for sum_of in ("subtotal_cents", "discount_cents", "tax_cents", "total_cents"):
        assert order[sum_of] == quoted[sum_of]
    for field in ("list_price_cents", "unit_price_cents", "tax_cents", "total_cents", "applied", "name"):
        assert order["lines"][0][field] == quoted["lines"][0][field]
