"""Making and editing an event by its forms."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database, Person
from tests.pages.html import Page
from tests.pictures import png
from tests.selling import list_event
from tests.sql.events import event, organizer, venue

START = f"{datetime.now().year + 1}-06-12T19:00"
FORM = {"title": "Setting type by hand", "starts_at": START, "price": "25", "capacity": "12"}


@pytest.fixture
def events(workspace: str) -> str:
    return f"{workspace}/events"


def make(browser: Browser, events: str, **typed: Any) -> Any:
    """Fill the form of a new event in and send it, as a browser without scripts does."""
    return Page(browser.get(f"{events}/new")).form(events).send(browser, **{**FORM, **typed})


def made(browser: Browser, events: str, **typed: Any) -> str:
    """The address of a new draft's form."""
    answer = make(browser, events, then="keep", **typed)
    assert answer.status_code == 303, Page(answer).words
    return str(answer.location)


def test_four_fields_and_one_button_put_an_event_on_show(app: APIFlask, omar: Browser, events: str) -> None:
    form = Page(omar.get(f"{events}/new")).form(events)
    with calls_counted() as calls:
        answer = form.send(omar, **FORM, then="publish")
    assert calls == {"database": 1}
    page = Page(omar.get(answer.location))
    assert "“Setting type by hand” is on show." in page.words
    (public,) = {link for link in page.links() if re.fullmatch(r"/events/[a-z0-9-]+", link)}
    seen = Page(Browser(app).get(public)).words
    assert "€25.00" in seen
    assert "12 seats left" in seen


def test_a_draft_can_be_previewed_and_published_later(app: APIFlask, omar: Browser, events: str) -> None:
    at = made(omar, events)
    page = Page(omar.get(at))
    (preview,) = {link for link in page.links() if link.startswith("/events/")}
    assert "This is a draft." in Page(omar.get(preview)).words
    assert Browser(app).get(preview).status_code == 404
    published = page.form(at.replace("/edit", "/publication")).send(omar)
    assert "is on show." in Page(omar.get(published.location)).words
    assert Browser(app).get(preview).status_code == 200
    withdrawn = Page(omar.get(at)).form(at.replace("/edit", "/publication/withdrawal")).send(omar)
    assert "It is a draft again." in Page(omar.get(withdrawn.location)).words


def test_a_preview_is_what_buyers_will_see_but_sells_nothing(
    omar: Browser, dora: Browser, database: Database, team: uuid.UUID
) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    offer = {
        "early_bird_price_cents": 1200,
        "early_bird_until": soon,
        "group_percent": 10,
        "group_min_quantity": 3,
    }
    draft = list_event(database, offer, status="draft", organizer_id=team)
    answer = omar.get(f"/events/{draft.slug}")
    page = Page(answer)
    assert "Early-bird price until" in page.words
    assert "Total €12.00" in page.words
    assert "Continue" in page.words
    assert "20 seats left" in page.words
    assert "See what else is on" not in page.words
    assert "disabled" in page.elements[f"quantity[{draft.ticket_type}]"]
    assert not [form for form in page.forms if form.action.endswith("/orders/new")]
    (publication,) = [form for form in page.forms if form.action.endswith("/publication")]
    seen = Page(dora.get(f"/events/{draft.slug}"))
    assert "Back to editing" not in seen.words
    assert [form for form in seen.forms if form.action.endswith("/publication")] == []
    published = omar.client.post(
        publication.action,
        data=publication.fields,
        headers={"Referer": f"http://localhost/events/{draft.slug}"},
    )
    assert published.location == f"/events/{draft.slug}"
    page = Page(omar.get(published.location))
    assert "is on show." in page.words
    assert page.form(f"/events/{draft.slug}/orders/new").fields[f"quantity[{draft.ticket_type}]"] == ["1"]


def test_a_draft_without_tickets_is_not_said_to_be_over(
    omar: Browser, database: Database, team: uuid.UUID
) -> None:
    draft = event(database, organizer_id=team, status="draft")
    page = Page(omar.get(f"/events/{draft.slug}"))
    assert "There are no tickets yet." in page.words
    assert "Ticket sale has ended." not in page.words
    assert [href for href in page.links() if href.endswith(f"/events/{draft.id}/ticket-types/new")]


def test_everything_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    omar: Browser, events: str
) -> None:
    wrong = {
        "title": "x" * 5000,
        "starts_at": "2027-03-28T02:30",
        "capacity": "a dozen",
        "price": "12.345",
        "vat_rate": "lots",
        "description": "<script>alert(1)</script>",
    }
    answer = make(omar, events, then="publish", **wrong)
    assert answer.status_code == 422
    page = Page(answer)
    assert "5 things need another look:" in page.words
    for field in ("title", "starts_at", "capacity", "price", "vat_rate"):
        assert f"{field}-error" in page.said_of(field)
        assert page.elements[field]["value"] == wrong[field]
    assert "&lt;script&gt;" in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("typed", "cents"), [("12,50", 1250), ("12.5", 1250), ("0", 0), ("1 250", 125_000), ("7.00", 700)]
)
def test_prices_are_read_as_people_write_them(
    omar: Browser, events: str, database: Database, team: uuid.UUID, typed: str, cents: int
) -> None:
    made(omar, events, price=typed)
    assert cents == database.value(
        "select price_cents from public.ticket_types inner join public.events on events.id = event_id"
        " where organizer_id = %s",
        [team],
    )


def test_an_edit_is_kept_and_a_time_that_was_not_touched_stays_exact(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    listing = list_event(database, organizer_id=team, starts_in=timedelta(days=9, seconds=7.5))
    before = database.value("select starts_at from public.events where id = %s", [listing.id])
    at = f"{events}/{listing.id}/edit"
    answer = Page(omar.get(at)).form(at).send(omar, title="Other words")
    assert answer.status_code == 303
    after = database.rows("select title, starts_at, revision from public.events where id = %s", [listing.id])
    assert after == [("Other words", before, 2)]


def test_the_second_of_two_managers_is_told_and_keeps_what_they_typed(
    omar: Browser, marie: Browser, events: str, database: Database
) -> None:
    # A title with a T where a time has one is still a title.
    at = made(omar, events, title="Jazz with The Trio", summary="Ink")
    mine = Page(omar.get(at)).form(at)
    moved = START.replace("T19", "T20")
    sent = Page(marie.get(at)).form(at).send(marie, title="Hers", summary="Paper", starts_at=moved)
    assert sent.status_code == 303
    refused = mine.send(omar, title="Mine")
    assert refused.status_code == 409
    page = Page(refused)
    assert "Marie has changed this meanwhile." in page.words
    assert "Marie wrote here: Hers" in page.words
    assert page.elements["title"]["value"] == "Mine"
    assert page.elements["starts_at"]["value"] == moved
    # What took over the other's words is marked as news, not as wrong.
    assert "aria-invalid" in page.elements["title"]
    assert "aria-invalid" not in page.elements["starts_at"]
    assert page.words.index("Marie wrote here: Hers") < page.words.index("New from Marie.")
    assert re.search(r'name="summary"[^>]*>Paper<', refused.text)
    again = page.form(at).send(omar)
    assert again.status_code == 303
    assert database.value("select title from public.events where id = %s", [at.split("/")[-2]]) == "Mine"


def test_a_removed_members_open_form_changes_nothing(
    omar: Browser, marie: Browser, people: dict[str, Person], events: str, database: Database
) -> None:
    at = made(omar, events)
    form = Page(marie.get(at)).form(at)
    database.rows("delete from public.organizer_members where user_id = %s", [people["manager"].id])
    assert form.send(marie, title="Still mine").status_code == 404


def test_an_event_belongs_to_its_own_workspace(
    omar: Browser, dora: Browser, events: str, database: Database, people: dict[str, Person]
) -> None:
    other = list_event(database, organizer_id=organizer(database, owner=people["owner"]))
    foreign = list_event(database)
    for listing in (other, foreign):
        assert omar.get(f"{events}/{listing.id}/edit").status_code == 404
    assert "New event" not in Page(dora.get(events)).words
    assert dora.get(f"{events}/new").status_code == 403


def test_a_venues_places_and_clocks_are_its_events(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    hall = venue(database, 40, timezone="Europe/Lisbon", name="A Gráfica", city="Lisbon")
    at = made(omar, events, venue_id=str(hall), capacity="")
    page = Page(omar.get(at))
    assert page.elements["starts_at"]["value"] == START
    found = database.rows("select timezone, capacity from public.events where organizer_id = %s", [team])
    assert found == [("Europe/Lisbon", None)]
    refused = make(omar, events, venue_id="nowhere", then="keep")
    assert "Please choose one of the venues." in Page(refused).words


def test_opening_the_forms_costs_one_call(omar: Browser, events: str) -> None:
    at = made(omar, events)
    omar.get(at)
    for path in (f"{events}/new", at):
        with calls_counted() as calls:
            assert omar.get(path).status_code == 200
        assert calls == {"database": 1}


def test_a_draft_is_deleted(omar: Browser, events: str) -> None:
    at = made(omar, events)
    deleted = Page(omar.get(at)).form(at.replace("/edit", "/deletion")).send(omar)
    assert deleted.location.endswith(events)
    assert omar.get(at).status_code == 404


def test_an_event_is_duplicated_and_held_in_two_cities(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    at = made(omar, events)
    copied = Page(omar.get(at)).form(at.replace("/edit", "/copies")).send(omar)
    assert "This is the copy" in Page(omar.get(copied.location)).words
    halls = [str(venue(database, 30, city=city)) for city in ("Ghent", "Liège")]
    series = at.replace("/edit", "/series")
    wrong = Page(omar.get(series)).form(series).send(omar, starts=["2020-01-01T10:00", "", START])
    assert wrong.status_code == 422
    page = Page(wrong)
    assert "starts.0-error" in page.said_of("starts.0")
    assert "Date 1: This start has passed already." in page.words
    assert page.elements["starts.1"]["value"] == START
    more = Page(page.form(series).send(omar, starts=[START, "", ""], venue_ids=halls[:1], then="more"))
    form = more.form(series)
    assert form.fields["starts"] == [START, "", "", "", ""]
    assert form.fields["venue_ids"] == halls[:1]
    sent = page.form(series).send(
        omar, starts=[START, START.replace("-12T", "-19T")], venue_ids=halls, then="publish"
    )
    assert "4 events are made." in Page(omar.get(sent.location)).words


def test_calling_off_says_what_it_does_and_wants_a_reason(
    app: APIFlask, omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    at = make(omar, events, then="publish").location.replace("/edit", "/cancellation")
    page = Page(omar.get(at))
    assert "Money that goes back €0.00" in page.words
    refused = page.form(at).send(omar, reason=" ")
    assert refused.status_code == 422
    assert "reason-error" in Page(refused).said_of("reason")
    sent = page.form(at).send(omar, reason="The press broke.")
    assert "is called off." in Page(omar.get(sent.location)).words
    assert "stays as it was" in Page(omar.get(at)).words


def test_a_venues_team_calls_off_what_happens_there(
    omar: Browser, events: str, database: Database, team: uuid.UUID
) -> None:
    hall = venue(database, slug=f"hall-{uuid.uuid4().hex}", organizer_id=team)
    there, elsewhere = (list_event(database, venue_id=place) for place in (hall, None))
    assert omar.get(f"{events}/{elsewhere.id}/cancellation").status_code == 404
    at = f"{events}/{there.id}/cancellation"
    slug = database.value("select slug from public.venues where id = %s", [hall])
    assert at in Page(omar.get(events.replace("/events", f"/venues/{slug}"))).links()
    page = Page(omar.get(at))
    assert f"/events/{there.slug}" in page.links()
    sent = page.form(at).send(omar, reason="The roof leaks.")
    assert "is called off." in Page(omar.get(sent.location)).words


def test_scripts_in_a_description_are_shown_to_nobody(app: APIFlask, omar: Browser, events: str) -> None:
    cruel = (
        "<script>alert(1)</script>\n\n[click](javascript:alert(1)) ![x](x onerror=alert(1))\n\n"
        "<img src=x onerror=alert(1)>\n\n[data](data:text/html,<script>alert(1)</script>) **Bread**"
    )
    answer = make(omar, events, then="publish", description=cruel, summary="<b>Bold</b>", title="<i>T</i>")
    (public,) = {link for link in Page(omar.get(answer.location)).links() if link.startswith("/events/")}
    page = Page(Browser(app).get(public))
    described = [attributes for tag, attributes in page.tags if tag in {"a", "img"}]
    assert not any("alert" in str(value) for attributes in described for value in attributes.values())
    inline = [attributes for tag, attributes in page.tags if tag == "script" and "src" not in attributes]
    assert inline == [{"type": "application/ld+json"}]
    assert {"b", "i"}.isdisjoint(tag for tag, _ in page.tags)
    assert "strong" in {tag for tag, _ in page.tags}


def test_how_to_join_is_on_the_page_of_a_confirmed_order(app: APIFlask, omar: Browser, events: str) -> None:
    words = "https://meet.example/room\n<script>alert(1)</script>"
    answer = make(omar, events, then="publish", joining=words, price="0")
    (public,) = {link for link in Page(omar.get(answer.location)).links() if link.startswith("/events/")}
    visitor = Browser(app)
    assert "meet.example" not in visitor.get(public).text
    choice = Page(visitor.get(public)).form(f"{public}/orders/new")
    form = Page(choice.send(visitor)).form(f"{public}/orders")
    placed = form.send(visitor, buyer_name="Gus", buyer_email=f"{uuid.uuid4().hex}@example.org")
    page = Page(visitor.get(placed.location))
    assert "How to join" in page.words
    assert "https://meet.example/room" in page.links()
    assert not [tag for tag, attributes in page.tags if tag == "script" and "src" not in attributes]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        ((BytesIO(b"<svg/>"), "bread.svg"), "This is not a picture we can read."),
        ((BytesIO(b""), "bread.png"), "This is not a picture we can read."),
        ((BytesIO(b""), ""), "Please choose a file first."),
    ],
)
def test_what_is_wrong_with_a_picture_is_said_beside_it(
    omar: Browser, events: str, upload: tuple[BytesIO, str], words: str
) -> None:
    at = made(omar, events)
    answer = omar.submit(at, {"picture": upload}, to=at.replace("/edit", "/cover"))
    assert answer.status_code == 422
    page = Page(answer)
    assert words in page.words
    assert "picture-error" in page.said_of("picture")
    assert page.elements["title"]["value"] == FORM["title"]


def test_a_picture_is_shown(omar: Browser, events: str) -> None:
    at = made(omar, events)
    sent = omar.submit(at, {"picture": (BytesIO(png()), "bread.png")}, to=at.replace("/edit", "/cover"))
    assert sent.status_code == 303
    assert "/covers/" in omar.get(at).text
