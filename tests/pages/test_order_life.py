"""What pages say of an order's second half, and what they let one do: no script runs here."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser
from tests.database import Database, Person
from tests.jobs import settle_cancelled_events
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, sign_in, signed_in
from tests.sql.events import insert, organizer

GROUP = {"group_min_quantity": 3, "group_percent": 20}


@pytest.fixture
def ana(database: Database) -> Person:
    return database.sign_up("Ana")


@pytest.fixture
def browser(app: APIFlask, stack: Stack, ana: Person) -> Browser:
    """Ana's."""
    return sign_in(Browser(app), stack, ana)


@pytest.fixture
def buyer(app: APIFlask, stack: Stack, ana: Person) -> Guest:
    """Ana, who does by API what a test takes for granted."""
    return signed_in(app, stack, ana)


def words(answer: Any) -> str:
    """What a reader sees, in one line."""
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


class TestCancelling:
    @pytest.fixture
    def page(self, buyer: Guest, database: Database, sandbox: Sandbox) -> str:
        order = buyer.buy(list_event(database, GROUP), sandbox, 3)
        return f"/orders/{order['reference']}/cancellation"

    def test_all_seats_are_chosen_at_first(self, browser: Browser, page: str) -> None:
        opened = browser.get(page)
        assert opened.text.count(" checked") == 3
        assert "You get back for 3 seats €36.00" in words(opened)
        assert "Possible until" in words(opened)
        assert "Cancel 3 seats" in words(opened)

    def test_the_sum_follows_the_seats(self, browser: Browser, buyer: Guest, page: str) -> None:
        seat = buyer.order["attendees"][1]["id"]
        opened = browser.get(f"{page}?attendee={seat}&chosen=yes")
        assert opened.text.count(" checked") == 1
        assert "You get back for 1 seat €6.00" in words(opened)
        assert "full price" in words(opened)
        assert opened.text.count('type="hidden" name="attendee"') == 1

    def test_no_seat_is_not_every_seat(self, browser: Browser, page: str) -> None:
        opened = browser.get(f"{page}?chosen=yes")
        assert "Please choose at least one seat." in words(opened)
        assert "Cancel 3 seats" not in words(opened)

    def test_the_chosen_seat_goes(self, browser: Browser, buyer: Guest, page: str) -> None:
        seat = buyer.order["attendees"][1]["id"]
        sent = browser.submit(f"{page}?attendee={seat}", {"attendee": seat}, to=page)
        assert sent.status_code == 303
        told = words(browser.get(sent.location))
        assert "The seat is cancelled." in told
        assert "Two seats are yours." in told
        assert "1 seat was cancelled. €6.00 is on its way back to you" in told
        assert "Confirmed, partly refunded" in told

    def test_too_late_is_said_on_the_order(self, browser: Browser, page: str, database: Database) -> None:
        token = browser.form_token(page)
        database.move_clock(timedelta(days=7) - timedelta(hours=3))
        for method in ("GET", "POST"):
            answer = browser.client.open(page, method=method, data={"csrf_token": token})
            assert answer.status_code == 303
            assert "It is too late to cancel" in words(browser.get(answer.location))

    def test_it_is_nobody_elses(self, app: APIFlask, stack: Stack, page: str, database: Database) -> None:
        assert sign_in(Browser(app), stack, database.sign_up("Zoe")).get(page).status_code == 404
        assert Browser(app).get(page).status_code == 404


class TestStates:
    def test_on_its_way_out(
        self, browser: Browser, buyer: Guest, database: Database, sandbox: Sandbox
    ) -> None:
        order = buyer.buy(list_event(database), sandbox, 2)
        sandbox.spoil("server_error", "/v1/refunds", times=None)
        buyer.cancel(0)
        opened = browser.get(f"/orders/{order['reference']}")
        assert "Being cancelled" in words(opened)
        assert "1 seat is being cancelled. €15.00 is on its way back" in words(opened)
        assert " data-refunding" in opened.text
        assert "Cancel seats" not in words(opened)

    def test_a_refund_that_failed(
        self, browser: Browser, buyer: Guest, database: Database, sandbox: Sandbox
    ) -> None:
        buyer.hold(list_event(database))
        sandbox.give_back(buyer.pay(sandbox))
        buyer.cancel()
        told = words(browser.get(f"/orders/{buyer.order['reference']}"))
        assert "nothing was cancelled and your seats are still yours. You can try again" in told
        assert "Refund failed €15.00" in told
        assert "Cancellation failed; your seats stayed yours" in told
        assert "Cancel the seat" in told

    def test_an_event_that_was_called_off(
        self,
        app: APIFlask,
        stack: Stack,
        browser: Browser,
        buyer: Guest,
        database: Database,
        sandbox: Sandbox,
    ) -> None:
        owner = database.sign_up("Omar")
        listing = list_event(database, organizer_id=organizer(database, owner=owner))
        order = buyer.buy(listing, sandbox)
        signed_in(app, stack, owner).post(
            f"/events/{listing.id}/cancellation", {"reason": "The pipes froze."}
        )
        told = words(browser.get(f"/orders/{order['reference']}"))
        assert "The event does not take place." in told
        assert "All that you paid is on its way back to you" in told
        settle_cancelled_events(app)
        told = words(browser.get(f"/orders/{order['reference']}"))
        assert "The organizer writes: The pipes froze." in told
        assert "€15.00 was given back" in told
        assert "This event is cancelled." in words(browser.get(f"/events/{listing.slug}"))

    def test_a_request_and_its_answers(
        self, app: APIFlask, stack: Stack, browser: Browser, buyer: Guest, database: Database
    ) -> None:
        owner = database.sign_up("Omar")
        omar = signed_in(app, stack, owner)
        team = organizer(database, owner=owner)
        answers = {"approval": "is held for you until", "rejection": "could not accept your request"}
        for answer, sentence in answers.items():
            order = buyer.hold(list_event(database, {"requires_approval": True}, organizer_id=team))
            page = f"/orders/{order['reference']}"
            assert "The organizer is looking at your request." in words(browser.get(page))
            omar.post(f"{page}/{answer}", {} if answer == "rejection" else None)
            assert sentence in words(browser.get(page))

    def test_free_seats_that_nobody_confirmed_lapse(
        self, browser: Browser, buyer: Guest, database: Database
    ) -> None:
        page = f"/orders/{buyer.hold(list_event(database, {'price_cents': 0}))['reference']}"
        assert "left to confirm" in words(browser.get(page))
        database.move_clock(timedelta(minutes=15))
        assert "The time to confirm is over." in words(browser.get(page))


class TestWaiting:
    @pytest.fixture
    def holder(self, app: APIFlask) -> Guest:
        return Guest(app)

    @pytest.fixture
    def full(self, holder: Guest, database: Database) -> Any:
        listing = list_event(database, seats=2)
        holder.hold(listing, 2)
        return listing

    def test_a_full_event_offers_the_line_and_keeps_the_number_while_one_signs_in(
        self, app: APIFlask, browser: Browser, full: Any
    ) -> None:
        visitor = Browser(app)
        opened = visitor.get(f"/events/{full.slug}")
        assert "Wait in line" in words(opened)
        assert "csrf_token" not in opened.text
        asked = f"/events/{full.slug}/waitlist/new?ticket_type_id={full.ticket_type}&quantity=2"
        sent = visitor.get(asked)
        assert sent.status_code == 303
        assert sent.location.startswith("/account/sign-in?next=")
        assert "quantity%3D2" in sent.location
        back = browser.get(asked)
        assert 'name="quantity" type="number" value="2"' in back.text
        joined = browser.submit(
            asked, {"ticket_type_id": full.ticket_type, "quantity": 2}, f"/events/{full.id}/waitlist"
        )
        told = words(browser.get(joined.location))
        assert "You are in line, number 1." in told
        assert "Next in line" in told
        assert "You are next in line for 2 seats." in words(browser.get(f"/events/{full.slug}"))
        assert "next in line" not in words(visitor.get(f"/events/{full.slug}"))
        again = browser.submit(
            asked, {"ticket_type_id": full.ticket_type, "quantity": 1}, f"/events/{full.id}/waitlist"
        )
        assert "You are in line for this already." in words(browser.get(again.location))

    def test_an_offer_leads_to_paying_and_can_be_declined(
        self, browser: Browser, buyer: Guest, holder: Guest, full: Any
    ) -> None:
        entry = buyer.post(f"/events/{full.id}/waitlist", {"ticket_type_id": full.ticket_type}).json
        holder.cancel()
        told = words(browser.get("/waitlist"))
        assert "Held for you until" in told
        assert "Pay for your seat" in told
        reference = buyer.get("/me/waitlist").json["data"][0]["order_reference"]
        assert "left to pay" in words(browser.get(f"/orders/{reference}"))
        left = browser.submit("/waitlist", {}, f"/waitlist/{entry['id']}/departure")
        told = words(browser.get(left.location))
        assert "You have left the line." in told
        assert "You are in no line at the moment. Over" in told

    def test_fewer_seats_than_one_wants_offer_the_line_too(
        self, browser: Browser, database: Database
    ) -> None:
        listing = list_event(database, seats=2)
        assert "More seats than are left?" in words(browser.get(f"/events/{listing.slug}"))
        refused = browser.get(f"/events/{listing.slug}/orders/new?quantity[{listing.ticket_type}]=3")
        assert refused.status_code == 409
        assert '<details class="type__more" open data-while-free>' in refused.text
        assert re.search(r'id="wait-[^"]+" name="quantity"[^>]* value="3"', refused.text)

    def test_nobody_waits_for_nothing(self, browser: Browser, database: Database) -> None:
        listing = list_event(database)
        opened = browser.get(f"/events/{listing.slug}/waitlist/new?ticket_type_id=x")
        assert opened.status_code == 303
        assert "When an event is full you can wait in line for it." in words(browser.get("/waitlist"))


class TestSeats:
    def test_each_seat_says_its_ticket_where_there_are_several(
        self, browser: Browser, buyer: Guest, database: Database
    ) -> None:
        listing = list_event(database, {"name": "Regular"}, {"name": "Student"})
        lines = [
            {"ticket_type_id": id, "quantity": 1, "attendees": [{"name": name}]}
            for id, name in zip(listing.ticket_types, ("Léa", "Max"), strict=True)
        ]
        order = buyer.hold(listing, lines=lines)
        assert "Seats Léa Regular Max Student" in words(browser.get(f"/orders/{order['reference']}"))

    def test_a_seat_of_the_only_ticket_is_its_name_alone(
        self, browser: Browser, buyer: Guest, database: Database
    ) -> None:
        order = buyer.hold(list_event(database))
        assert "Seat Gaston Change the names" in words(browser.get(f"/orders/{order['reference']}"))


class TestCodes:
    @pytest.fixture
    def form(self, database: Database) -> str:
        team = organizer(database)
        listing = list_event(database, organizer_id=team)
        insert(database, "promotion_codes", organizer_id=team, code="TANDEM", percent=10)
        return f"/events/{listing.slug}/orders/new?quantity[{listing.ticket_type}]=2"

    def test_a_code_lowers_the_price(self, browser: Browser, form: str) -> None:
        told = words(browser.get(f"{form}&promotion_code=tandem"))
        assert "With your code" in told
        assert "€27.00" in told

    def test_an_unknown_code_is_said_beside_its_field_and_the_way_goes_on(
        self, browser: Browser, form: str
    ) -> None:
        opened = browser.get(f"{form}&promotion_code=NOPE&buyer_name=Ana+Ruiz")
        assert "We do not know this code for this event." in words(opened)
        assert 'aria-describedby="promotion_code-error"' in opened.text
        assert 'value="Ana Ruiz"' in opened.text
        assert "€30.00" in words(opened)
