"""What is on sale, and who buys it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, Browser, token_for
from tests.database import Database, Person
from tests.sandbox import Sandbox
from tests.sql.events import edit, event, ticket_type


@dataclass(frozen=True)
class Listing:
    """An event and the ids of its ticket types, in the order in which they are shown."""

    id: str
    slug: str
    title: str
    ticket_types: tuple[str, ...]

    @property
    def ticket_type(self) -> str:
        return self.ticket_types[0]


def list_event(
    database: Database,
    *ticket_types: dict[str, Any],
    title: str = "Bread before dawn",
    status: str = "published",
    seats: int = 20,
    **columns: Any,
) -> Listing:
    """An event in a week with its ticket types: one at 15 EUR, unless told otherwise."""
    listed = "published" if status == "cancelled" else status
    made = event(database, capacity=seats, title=title, status=listed, **columns)
    types = [ticket_type(database, made, **{"price_cents": 1500, **type}) for type in ticket_types or ({},)]
    if status == "cancelled":
        edit(database, "events", made.id, status="cancelled")
    return Listing(str(made.id), made.slug, title, tuple(map(str, types)))


def draft(listing: Listing, quantity: Any = 1, **changes: Any) -> dict[str, Any]:
    """The body of POST /orders: Gaston, a guest, at an address nobody else has."""
    return {
        "event_id": listing.id,
        "lines": [{"ticket_type_id": listing.ticket_type, "quantity": quantity}],
        "buyer": {"name": "Gaston", "email": some_email()},
        **changes,
    }


def some_email(name: str = "gaston") -> str:
    return f"{name}.{uuid.uuid4().hex[:10]}@example.org"


class Guest(ApiClient):
    """Buys without an account, and shows the secret of the order placed last."""

    order: dict[str, Any]

    @property
    def app(self) -> APIFlask:
        return cast(APIFlask, self.client.application)

    def hold(self, listing: Listing, quantity: int = 1, **changes: Any) -> dict[str, Any]:
        """Place an order, which must succeed."""
        answer = self.post("/orders", draft(listing, quantity, **changes))
        assert answer.status_code == 201, answer.text
        self.order = answer.json
        if answer.json.get("secret"):
            self.client.environ_base["HTTP_X_ORDER_SECRET"] = answer.json["secret"]
        return self.order

    def read(self) -> dict[str, Any]:
        """The order as it is now."""
        answer = self.get(f"/orders/{self.order['reference']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def checkout(self) -> dict[str, Any]:
        """Open a checkout, which must succeed."""
        answer = self.try_checkout()
        assert answer.status_code == 201, answer.text
        opened: dict[str, Any] = answer.json
        return opened

    def try_checkout(self) -> Any:
        return self.post(f"/orders/{self.order['reference']}/checkout")

    def pay(self, sandbox: Sandbox) -> str:
        """Pay the order placed last and let the webhook tell us; the session's id."""
        session = str(self.checkout()["session_id"])
        sandbox.pay(session)
        for told in sandbox.events_of(session, "checkout.session.completed"):
            assert sandbox.bring(self.app, told).status_code == 204
        assert self.read()["status"] == "confirmed"
        return session

    def buy(self, listing: Listing, sandbox: Sandbox, quantity: int = 1, **changes: Any) -> dict[str, Any]:
        """Hold seats and pay them; the order, confirmed."""
        self.hold(listing, quantity, **changes)
        self.pay(sandbox)
        return self.read()

    def cancel(self, *seats: int) -> Any:
        """Try to give up seats of the order placed last, by their place in it; all, if none is named."""
        attendees = [self.order["attendees"][seat]["id"] for seat in seats]
        body = {"attendees": attendees} if seats else {}
        return self.post(f"/orders/{self.order['reference']}/cancellation", body)

    def follow(self, order: dict[str, Any]) -> dict[str, Any]:
        """Take another order of one's own for the one placed last."""
        self.order = order
        return self.read()


def signed_in(app: APIFlask, stack: Stack, person: Person) -> Guest:
    """The same, for someone with an account."""
    return Guest(app, token_for(stack, person))


def sign_in(browser: Browser, stack: Stack, person: Person) -> Browser:
    """Give a browser the cookie that it would have after signing in."""
    app = browser.client.application
    value = app.extensions["session-signer"].dumps([token_for(stack, person), "unused", 0])
    browser.client.set_cookie("guichet", value)
    return browser
