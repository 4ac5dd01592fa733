"""Who did what in a team, on its pages and by the API."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from blueprints.pages.manage.history import WORDS
from blueprints.pages.manage.trail import FIELDS
from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import sign_in, signed_in
from tests.sql.team import Team, found


@pytest.fixture
def tandem(database: Database) -> Team:
    return found(database)


@pytest.fixture
def at(tandem: Team) -> str:
    return f"/manage/{tandem.slug}/audit"


@pytest.fixture
def owner(app: APIFlask, stack: Stack, tandem: Team) -> Browser:
    return sign_in(Browser(app), stack, tandem.members["owner"])


def edit(database: Database, team: Team) -> None:
    manager = database.person(team.members["manager"])
    manager.call(
        "update_ticket_type",
        ticket_type_id=team.ticket_type,
        revision=1,
        changes={"price_cents": 1250, "access_code": "SESAME"},
    )
    manager.call("update_event", event_id=team.draft, revision=1, changes={"starts_at": "2030-05-17T19:00"})


def test_the_page_says_what_was_before_and_who_changed_it(
    database: Database, tandem: Team, owner: Browser, at: str
) -> None:
    edit(database, tandem)
    with calls_counted() as calls:
        page = Page(owner.get(f"{at}?about=events"))
    assert calls == {"database": 1}
    assert "→ €12.50" in page.words
    assert "→ Fri 17 May 2030, 19:00" in page.words
    assert "Manager" in page.words
    assert "SESAME" not in page.words
    assert f"/manage/{tandem.slug}/events/{tandem.draft}" in page.links()


def test_it_narrows_down_and_pages_on(tandem: Team, owner: Browser, at: str) -> None:
    everything = Page(owner.get(at))
    assert f"/manage/{tandem.slug}/orders/{tandem.order}" in everything.links()
    members = Page(everything.form(at).send(owner, about="team"))
    assert "Joined the team, Door" in members.words
    assert tandem.order not in members.words
    nothing = Page(everything.form(at).send(owner, about="team", to="2020-01-01"))
    assert "Nothing in the trail fits." in nothing.words
    assert at in nothing.links()


def test_it_speaks_french(database: Database, tandem: Team, owner: Browser, at: str) -> None:
    edit(database, tandem)
    words = Page(owner.get(f"{at}?about=events", headers={"Accept-Language": "fr"})).words
    assert "Journal" in words
    assert "→ 12,50 €" in words


def test_every_column_that_edits_tell_of_has_a_label(database: Database) -> None:
    arguments = database.rows("select encode(tgargs, 'escape') from pg_trigger where tgname = 'revise'")
    columns = {name for (told,) in arguments for name in told.split("\\000") if name}
    assert columns | {"joining"} == FIELDS.keys()


def test_every_action_has_words(database: Database) -> None:
    by_state = database.rows(
        """select 'order.' || unnest(enum_range('pending'::public.order_status, null))
        union select 'order.payment_' || unnest(enum_range(null::public.payment_status))
        union select 'waitlist.' || unnest(enum_range(null::public.waitlist_status))
        union select 'event.' || unnest(enum_range(null::public.event_status))
        union select 'cancellation.' || unnest(enum_range(null::public.cancellation_status))
        union select 'refund.' || unnest(enum_range('requested'::public.payment_state, 'failed'))"""
    )
    by_name = database.rows(
        """select distinct said[1] from pg_proc
        cross join
            regexp_matches(prosrc, $$private\\.audit\\w*\\((?:v_order, )?'([a-z_]+\\.[a-z_]+)'$$, 'g') as said
        where pronamespace in ('public'::regnamespace, 'private'::regnamespace)"""
    )
    not_a_teams = {"account.erased"}
    assert len(by_name) > 10
    assert {action for (action,) in by_state + by_name} - not_a_teams <= WORDS.keys()


def test_the_api_links_to_what_an_entry_is_about(
    app: APIFlask, stack: Stack, database: Database, tandem: Team
) -> None:
    edit(database, tandem)
    owner = signed_in(app, stack, tandem.members["owner"])
    path = f"/organizers/{tandem.slug}/audit"
    page = owner.get(f"{path}?about=events&limit=1").json
    (entry,) = page["data"]
    assert (entry["what"], entry["name"]) == ("event.edited", "Manager")
    assert entry["_links"]["event"]["href"] == f"/api/v1/organizers/{tandem.slug}/events/{tandem.draft}"
    onward = page["_links"]["next"]["href"].removeprefix("/api/v1")
    (before,) = owner.get(onward).json["data"]
    assert before["what"] == "ticket_type.edited"
    assert owner.get(f"{path}?about=weather").json["code"] == "invalid_input"
    assert signed_in(app, stack, tandem.members["finance"]).get(path).json["code"] == "not_permitted"
