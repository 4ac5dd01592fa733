"""Who comes, on the team's pages: looked up, printed, taken along as a table."""

from __future__ import annotations

import csv
import io
import re
import uuid

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event
from web.spreadsheets import harmless


@pytest.fixture
def listing(app: APIFlask, database: Database, team: uuid.UUID, sandbox: Sandbox) -> Listing:
    """An event to which somebody comes whose name would be a formula."""
    listing = list_event(database, organizer_id=team, title="Ink and paper")
    seat = {"ticket_type_id": listing.ticket_type, "quantity": 1}
    named = {
        "name": '=HYPERLINK("https://evil.example")',
        "email": "eve@example.org",
        "phone": "+32 470 123456",
    }
    Guest(app).buy(listing, sandbox, lines=[{**seat, "attendees": [named]}])
    Guest(app).buy(listing, sandbox)
    return listing


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+32 470", "'+32 470"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("Ana", "Ana"),
        ("a=b", "a=b"),
        (None, ""),
        (7, "7"),
    ],
)
def test_nothing_typed_becomes_a_formula(typed: object, written: str) -> None:
    assert harmless(typed) == written


def test_each_page_of_people_costs_one_call(omar: Browser, listing: Listing, workspace: str) -> None:
    at = f"{workspace}/events/{listing.id}/attendees"
    for path in (
        at,
        f"{at}?q=gaston",
        f"{at}/print",
        f"{workspace}/attendees",
        f"{workspace}/attendees?q=gaston",
    ):
        with calls_counted() as calls:
            page = Page(omar.get(path))
        assert calls == {"database": 1}
        assert "Gaston" in page.words
    assert "2 confirmed seats" in Page(omar.get(at)).words
    assert "Nobody here has these words." in Page(omar.get(f"{at}?q=nobody")).words


def test_the_sheet_to_print_says_when_and_where_and_whose_guests_come(
    app: APIFlask, omar: Browser, listing: Listing, workspace: str, database: Database, sandbox: Sandbox
) -> None:
    Guest(app).buy(listing, sandbox, lines=[{"ticket_type_id": listing.ticket_type, "quantity": 2}])
    starts_at, where = database.rows(
        """select starts_at, venues.name || ', ' || venues.city
        from public.events left join public.venues on venues.id = venue_id where events.id = %s""",
        [listing.id],
    )[0]
    sheet = Page(omar.get(f"{workspace}/events/{listing.id}/attendees/print")).words
    assert f"{starts_at:%B %Y}, " in sheet
    assert (where or "Online") in sheet
    assert "Guest of Gaston" in sheet


def test_the_table_is_safe_and_excel_reads_it(omar: Browser, listing: Listing, workspace: str) -> None:
    answer = omar.get(f"{workspace}/events/{listing.id}/attendees.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="attendees-{listing.slug}.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[:3] == ["Name", "E-mail", "Phone"]
    assert rows[0][:3] == ['\'=HYPERLINK("https://evil.example")', "eve@example.org", "'+32 470 123456"]
    assert rows[1][0] == "Gaston"
    assert head[5:] == ["Buyer", "E-mail of the buyer", "Ordered at (Brussels time)"]
    assert rows[1][6].startswith("gaston.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", rows[1][7])


def test_a_long_table_is_whole(
    omar: Browser, app: APIFlask, sandbox: Sandbox, database: Database, team: uuid.UUID, workspace: str
) -> None:
    """Its rows are asked for in several calls, the later ones while the answer is on its way."""
    listing = list_event(database, organizer_id=team, seats=3000)
    order = Guest(app).buy(listing, sandbox)
    database.rows(
        """insert into public.attendees (order_id, order_line_id, event_id, ticket_type_id, position, name)
        select order_id, order_line_id, event_id, ticket_type_id, n, 'Person ' || n
        from public.attendees cross join generate_series(2, 2500) as n where order_id = %s""",
        [order["id"]],
    )
    with calls_counted() as calls:
        answer = omar.get(f"{workspace}/events/{listing.id}/attendees.csv")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert (len(rows), calls) == (2501, {"database": 2})
    assert len({tuple(row) for row in rows}) == 2501


def test_who_may_not_take_the_table_is_not_offered_it(
    marie: Browser, dora: Browser, listing: Listing, workspace: str
) -> None:
    at = f"{workspace}/events/{listing.id}/attendees"
    assert f"{at}.csv" not in Page(marie.get(at)).links()
    assert marie.get(f"{at}.csv").status_code == 403
    assert dora.get(at).status_code == 403
    assert dora.get(f"{workspace}/attendees").status_code == 403
    assert f"{workspace}/attendees" not in Page(dora.get(f"{workspace}/events")).links()


def test_the_door_sees_names_on_the_day(
    dora: Browser, database: Database, listing: Listing, workspace: str
) -> None:
    database.rows(
        "update public.events set starts_at = now(), ends_at = now() + interval '1 minute' where id = %s",
        [listing.id],
    )
    page = Page(dora.get(f"{workspace}/events/{listing.id}/attendees"))
    assert "Gaston" in page.words
    assert "eve@example.org" not in page.words
