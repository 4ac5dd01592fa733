"""What becomes of a form when the session is over, its token is out of date, or it is too large."""

from __future__ import annotations

import uuid
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser
from tests.database import Database, Person
from tests.pages.buying import GASTON, order_form
from tests.pages.html import Page
from tests.selling import list_event, sign_in, some_email

SITE = "http://localhost"
START = f"{datetime.now().year + 1}-06-12T19:00"
FORM = {"title": "Setting type by hand", "starts_at": START, "price": "25", "capacity": "12"}


@pytest.fixture
def events(workspace: str) -> str:
    return f"{workspace}/events"


def sent_from(browser: Browser, page: str | None, to: str, **typed: Any) -> Any:
    """Send a form after the session is over, from a page, or from one that the browser keeps to itself."""
    token = browser.form_token("/account/profile")
    browser.client.delete_cookie("guichet")
    headers = {"Referer": page} if page else {}
    return browser.client.post(to, data={**typed, "csrf_token": token}, headers=headers)


@pytest.mark.parametrize(
    ("page", "back"),
    [
        (SITE + "{events}/new?title=Ink", "{events}/new?title=Ink"),
        # The form had come back with something to look at: its address is that of the list.
        (SITE + "{events}", "{events}/new"),
        (None, "{events}/new"),
        ("https://elsewhere.example/account/profile", "{events}/new"),
        (SITE + "//elsewhere.example/x", "/"),
    ],
)
def test_who_signs_in_again_is_back_at_their_form(
    omar: Browser, events: str, page: str | None, back: str
) -> None:
    answer = sent_from(omar, page.format(events=events) if page else None, events, **FORM)
    assert answer.status_code == 303
    at = omar.get(answer.location)
    assert "You were signed out meanwhile." in Page(at).words
    assert Page(at).form("/account/sign-in").fields["next"] == [back.format(events=events)]


def test_a_form_without_a_page_of_its_own_leads_to_the_page_it_stands_on(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    listing = list_event(database, organizer_id=team)
    at = f"{events}/{listing.id}/edit"
    answer = sent_from(omar, SITE + at, f"{events}/{listing.id}/cover")
    assert Page(omar.get(answer.location)).form("/account/sign-in").fields["next"] == [at]


@pytest.mark.parametrize("page", ["notes", "buyer"])
def test_a_form_that_came_back_leads_to_the_page_above(omar: Browser, events: str, page: str) -> None:
    order = events.replace("/events", "/orders/GC2026-7K3M9Q")
    answer = sent_from(omar, f"{SITE}{order}/{page}", f"{order}/buyer")
    assert Page(omar.get(answer.location)).form("/account/sign-in").fields["next"] == [order]


def test_a_form_whose_token_is_out_of_date_is_drawn_again_as_it_was_filled_in(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    form = Page(omar.get(f"{events}/new")).form(events)
    omar.client.delete_cookie("forms")
    answer = form.send(omar, **FORM)
    assert answer.status_code == 400
    again = Page(answer)
    assert "This form is out of date." in again.words
    assert again.elements["title"]["value"] == "Setting type by hand"
    assert database.value("select count(*) from public.events where organizer_id = %s", [team]) == 0
    assert again.form(events).send(omar, then="keep").status_code == 303


def test_an_order_form_keeps_who_is_coming(app: APIFlask, database: Database) -> None:
    listing, visitor = list_event(database), Browser(app)
    form = order_form(visitor, listing, 2)
    visitor.client.delete_cookie("forms")
    answer = form.send(visitor, **GASTON, buyer_email=some_email())
    again = Page(answer).form(f"/events/{listing.slug}/orders")
    assert answer.status_code == 400
    assert again.fields["buyer_name"] == ["Gaston"]
    assert again.fields[f"quantity[{listing.ticket_type}]"] == ["2"]
    assert again.send(visitor).status_code == 303


@pytest.mark.parametrize("path", ["/account/sign-in", "/account/sign-up", "/account/profile", "/manage"])
def test_forms_of_an_account_are_drawn_again(omar: Browser, path: str) -> None:
    if path in {"/account/sign-in", "/account/sign-up"}:
        omar.client.delete_cookie("guichet")
    answer = omar.client.post(path, data={"email": "ana@example.org", "name": "Tandem", "password": "x"})
    assert answer.status_code == 400
    page = Page(answer)
    assert "This form is out of date." in page.words
    assert page.form(path).fields["csrf_token"]
    assert "password" not in page.form(path).fields or page.form(path).fields["password"] == [""]


@pytest.mark.parametrize(
    ("side", "typed"),
    [
        ("events/{event}/cancellation", {"reason": "The oven broke."}),
        ("events/{event}/series", {"starts": START}),
        ("events/{event}/ticket-types", {"name": "Balcony"}),
        ("promotion-codes", {"code": "BREAD"}),
        ("team/invitations", {"email": "marie@example.org"}),
        ("api-keys", {"name": "Website"}),
        ("venues", {"name": "Les Halles"}),
        ("settings", {"about": "We bake."}),
    ],
)
def test_forms_of_a_workspace_are_drawn_again(
    omar: Browser, events: str, database: Database, team: uuid.UUID, side: str, typed: dict[str, str]
) -> None:
    listing = list_event(database, organizer_id=team)
    to = events.replace("/events", "/") + side.format(event=listing.id)
    answer = omar.client.post(to, data=typed)
    page = Page(answer)
    assert answer.status_code == 400
    assert "This form is out of date." in page.words
    assert typed.items() <= {name: words[0] for name, words in page.form(to).fields.items()}.items()


def test_whoever_is_not_in_a_team_is_drawn_none_of_its_forms(
    app: APIFlask, stack: Stack, events: str, database: Database
) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    assert zoe.client.post(events, data=FORM).status_code == 404
    assert Browser(app).client.post(events, data=FORM).location.startswith("/account/sign-in")


def test_a_form_that_cannot_be_drawn_again_leads_back_to_its_page(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    at = f"{events}/{list_event(database, organizer_id=team).id}"
    answer = omar.client.post(f"{at}/copies", headers={"Referer": f"{SITE}{at}/edit"})
    assert answer.status_code == 400
    assert f"{at}/edit" in Page(answer).links()


def test_a_picture_that_is_too_large_is_told_the_limit_and_the_way_back(
    omar: Browser, events: str, people: dict[str, Person], database: Database, team: uuid.UUID
) -> None:
    at = f"{events}/{list_event(database, organizer_id=team).id}"
    answer = omar.client.post(
        f"{at}/cover",
        data={"picture": (BytesIO(b"\0" * (7 * 1024 * 1024)), "big.png")},
        headers={"Referer": f"{SITE}{at}/edit"},
    )
    assert answer.status_code == 413
    page = Page(answer)
    assert "5 MiB is the most." in page.words
    assert f"{at}/edit" in page.links()
    assert people["owner"].email in page.words
    assert "Tandem" in page.words


def test_errors_in_a_workspace_lead_back_into_it(dora: Browser, events: str) -> None:
    refused = dora.get(f"{events}/new")
    assert refused.status_code == 403
    assert events in Page(refused).links()
    assert "Tandem" in Page(refused).words
    for path in (f"{events}/{uuid.uuid4()}", f"{events}/nowhere/at/all"):
        gone = dora.get(path)
        assert gone.status_code == 404
        assert events in Page(gone).links()
        assert "It was moved or deleted, or belongs to another team." in Page(gone).words


def test_a_page_of_a_list_that_is_gone_leads_to_its_beginning(omar: Browser, events: str) -> None:
    orders = events.replace("/events", "/orders")
    gone = omar.get(f"{orders}?status=confirmed&cursor=gone")
    assert gone.status_code == 422
    assert f"{orders}?status=confirmed" in Page(gone).links()


def test_errors_name_no_team_to_those_outside_it(
    app: APIFlask, stack: Stack, events: str, database: Database
) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    refused = zoe.get(events)
    assert refused.status_code == 404
    assert "Tandem" not in Page(refused).words


def test_who_was_removed_from_a_team_is_told_so(
    marie: Browser, people: dict[str, Person], events: str, database: Database
) -> None:
    database.rows("delete from public.organizer_members where user_id = %s", [people["manager"].id])
    page = Page(marie.get(events))
    assert "you are no longer in this team" in page.words
    assert "your order" not in page.words
    assert "/manage" in page.links()
