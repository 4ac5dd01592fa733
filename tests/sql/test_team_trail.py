"""A team's trail as its readers page through it: what happened, to what, and who did it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.team import Team, found


@pytest.fixture
def team(database: Database) -> Team:
    return found(database)


def read(db: Database, team: Team, role: str = "owner", **search: Any) -> dict[str, Any]:
    page: dict[str, Any] = db.person(team.members[role]).call(
        "list_audit_entries", organizer=team.slug, **search
    )
    return page


def told(page: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """(what, what it is called, who) of each entry."""
    return [(entry["what"], entry["subject"]["name"], entry["name"]) for entry in page["entries"]]


def by(db: Database, team: Team, role: str, function: str, **arguments: Any) -> Any:
    return db.person(team.members[role]).call(function, **arguments)


def test_it_tells_who_did_what_to_which_thing(database: Database, team: Team) -> None:
    by(
        database,
        team,
        "manager",
        "update_event",
        event_id=team.draft,
        revision=1,
        changes={"title": "Bread", "capacity": 7},
    )
    by(database, team, "owner", "end_promotion_code", organizer=team.slug, code=team.code)
    page = read(database, team, matter="events", page_size=2)
    assert told(page) == [
        ("promotion_code.ended", team.code, "Owner"),
        ("event.edited", "Bread", "Manager"),
    ]
    edited = page["entries"][1]
    assert edited["subject"]["leads_to"] == str(team.draft)
    assert edited["detail"]["changed"]["title"]["to"] == "Bread"


def test_a_guest_and_a_program_are_named_as_the_team_knows_them(database: Database, team: Team) -> None:
    seat = team.ticket_type
    key = events.insert_api_key(database, team.id, "organizer:read", "events:read", "events:write")
    database.visitor(x_api_key=key).call(
        "update_ticket_type", ticket_type_id=seat, revision=1, changes={"price_cents": 1250}
    )
    entries = read(database, team)["entries"]
    (edit,) = [entry for entry in entries if entry["what"] == "ticket_type.edited"]
    assert (edit["by"], edit["name"], edit["subject"]["currency"]) == ("key", "Website", "EUR")
    held = database.value("select buyer_name from public.orders where reference = %s", [team.held])
    placed = [
        entry
        for entry in entries
        if entry["what"] == "order.placed" and entry["subject"]["leads_to"] == team.held
    ]
    assert [(entry["by"], entry["name"]) for entry in placed] == [("guest", held)]


def test_what_is_gone_keeps_the_name_it_had(database: Database, team: Team) -> None:
    title = database.value("select title from public.events where id = %s", [team.draft])
    by(database, team, "owner", "delete_event", event_id=team.draft)
    (gone,) = read(database, team, matter="events", page_size=1)["entries"]
    assert (gone["what"], gone["subject"]["name"]) == ("event.deleted", title)
    assert gone["subject"].get("leads_to") is None


def test_pages_follow_each_other_without_a_gap(database: Database, team: Team) -> None:
    expected = database.rows(
        "select id from public.audit_entries where organizer_id = %s order by at desc, id desc", [team.id]
    )
    read_so_far: list[int] = []
    cursor = None
    while True:
        page = read(database, team, page_size=3, cursor=cursor)
        read_so_far += [entry["id"] for entry in page["entries"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert read_so_far == [entry for (entry,) in expected]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "9" * 30, "0"])
def test_a_cursor_is_one_that_was_given(database: Database, team: Team, cursor: str) -> None:
    with database.refuses("cursor_invalid", 422):
        read(database, team, cursor=cursor)


def test_a_cursor_of_another_team_opens_nothing(database: Database, team: Team) -> None:
    other = found(database)
    theirs = read(database, other, page_size=1)["next"]
    with database.refuses("cursor_invalid", 422):
        read(database, team, cursor=theirs)


def test_it_narrows_down_to_a_matter_a_person_and_days(database: Database, team: Team) -> None:
    by(database, team, "owner", "add_order_note", reference=team.order, body="Called.")
    by(database, team, "owner", "change_buyer", reference=team.order, name="Gus", email="gus@example.org")
    by(database, team, "manager", "make_venue_key", venue=team.venue)
    owner = str(team.members["owner"].id)
    assert [what for what, *_ in told(read(database, team, actor_id=owner))] == ["order.buyer_changed"]
    assert [what for what, *_ in told(read(database, team, matter="venues"))] == ["venue.key_made"]
    today = date.fromisoformat(
        str(database.value("select (now() at time zone %s)::date", [read(database, team)["timezone"]]))
    )
    assert told(read(database, team, from_day=today, to_day=today)) == told(read(database, team))
    assert not told(read(database, team, from_day=today + timedelta(days=1)))
    assert not told(read(database, team, to_day=today - timedelta(days=1)))


def test_who_left_can_still_be_chosen(database: Database, team: Team) -> None:
    door = team.members["door"]
    by(database, team, "owner", "remove_member", organizer=team.slug, user_id=door.id)
    actors = {actor["id"]: actor["name"] for actor in read(database, team)["actors"]}
    assert actors[str(door.id)] == "Door"
    assert {str(member.id) for member in team.members.values()} | {str(team.key)} == actors.keys()


def test_the_address_of_an_invitation_is_for_those_who_see_the_team(database: Database, team: Team) -> None:
    address = database.value("select email from public.invitations where id = %s", [team.invitation])
    for name, also in ((None, []), (address, ["team:read"])):
        key = events.insert_api_key(database, team.id, "organizer:read", "audit:read", *also)
        page = database.visitor(x_api_key=key).call("list_audit_entries", organizer=team.slug, matter="team")
        invited = [each["subject"]["name"] for each in page["entries"] if each["what"] == "team.invited"]
        assert invited == [name]


def test_another_teams_trail_stays_its_own(database: Database, team: Team) -> None:
    other = found(database)
    ids = {entry["subject"]["id"] for entry in read(database, team, page_size=100)["entries"]}
    assert str(other.show) not in ids
    with database.refuses("not_found", 404):
        database.person(other.members["owner"]).call("list_audit_entries", organizer=team.slug)


def test_an_erased_person_is_no_longer_named(database: Database, team: Team) -> None:
    manager = team.members["manager"]
    by(database, team, "manager", "make_venue_key", venue=team.venue)
    database.person(manager).call("erase_me")
    (made,) = read(database, team, matter="venues")["entries"]
    assert (made["by"], made["name"]) == ("person", None)
    assert str(manager.id) not in {actor["id"] for actor in read(database, team)["actors"]}
