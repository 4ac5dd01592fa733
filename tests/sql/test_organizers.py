"""Teams: made by anyone with an account, described by right, their address theirs alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd


def make(db: Database, person: Person, **facts: Any) -> dict[str, Any]:
    made: dict[str, Any] = db.person(person).call("create_organizer", facts={"name": "Tandem Lyon", **facts})
    return made


def codes(detail: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["code"] for error in detail["errors"]}


def test_whoever_makes_a_team_owns_it(database: Database, omar: Person) -> None:
    made = make(database, omar, name="  Atelier\nBas de Casse ")
    assert (made["name"], made["slug"], made["about"], made["website"]) == (
        "Atelier Bas de Casse",
        "atelier-bas-de-casse",
        "",
        None,
    )
    assert made["workspace"]["role"] == "owner"
    assert "team:write" in made["workspace"]["permissions"]
    assert database.person(omar).call("read_organizer", organizer=made["slug"])["id"] == made["id"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Café  Gênes & Co.", "cafe-genes-co"),
        ("東京の会", "team"),
        ("New", "new-2"),
        ("-- Tandem --", "tandem"),
        ("a" * 49 + " bcd", "a" * 49),
        ("l’Œuvre ✨", "l-oeuvre"),
    ],
)
def test_an_address_is_made_from_the_name(database: Database, omar: Person, name: str, slug: str) -> None:
    assert make(database, omar, name=name)["slug"] == slug


def test_a_name_that_is_taken_is_numbered(database: Database, omar: Person, zoe: Person) -> None:
    made = [make(database, who)["slug"] for who in (omar, zoe, omar)]
    assert made == ["tandem-lyon", "tandem-lyon-2", "tandem-lyon-3"]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"name": " \n"}, {"name": "name_missing"}),
        ({"name": "n" * 121}, {"name": "name_too_long"}),
        ({"slug": "Tandem Lyon"}, {"slug": "slug_invalid"}),
        ({"slug": "new"}, {"slug": "slug_invalid"}),
        ({"slug": "s" * 61}, {"slug": "slug_invalid"}),
        ({"about": "a" * 4001}, {"about": "about_too_long"}),
        ({"website": "javascript:alert(1)"}, {"website": "website_invalid"}),
        ({"website": "https://a b.example"}, {"website": "website_invalid"}),
        ({"hue": 360}, {"hue": "hue_invalid"}),
        (
            {"name": "", "slug": "", "hue": -1},
            {"name": "name_missing", "slug": "slug_invalid", "hue": "hue_invalid"},
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once(
    database: Database, omar: Person, facts: dict[str, Any], told: dict[str, str]
) -> None:
    with database.refuses("organizer_refused", 422) as refusal:
        make(database, omar, **facts)
    assert codes(refusal.detail) == told
    made = make(database, omar)
    with database.refuses("organizer_refused", 422) as refusal:
        database.person(omar).call("update_organizer", organizer=made["slug"], revision=1, changes=facts)
    assert codes(refusal.detail) == told


def test_an_address_is_taken_once(database: Database, omar: Person, zoe: Person) -> None:
    make(database, omar, slug="tandem")
    mine = make(database, zoe)
    with database.refuses("organizer_refused", 422) as refusal:
        make(database, zoe, slug="tandem")
    assert codes(refusal.detail) == {"slug": "slug_taken"}
    with database.refuses("organizer_refused", 422) as refusal:
        database.person(zoe).call(
            "update_organizer", organizer=mine["slug"], revision=1, changes={"slug": "tandem"}
        )
    assert codes(refusal.detail) == {"slug": "slug_taken"}
    both = {"slug": "tandem", "website": "ours"}
    with database.refuses("organizer_refused", 422) as refusal:
        database.person(zoe).call("update_organizer", organizer=mine["slug"], revision=1, changes=both)
    assert codes(refusal.detail) == {"slug": "slug_taken", "website": "website_invalid"}


def test_many_at_once_get_an_address_each_or_a_word(crowd: Crowd) -> None:
    people = [crowd.owner.sign_up("Omar") for _ in range(8)]
    answers = crowd.rush(
        [lambda db, who=who: make(db, who, name="The same rush")["slug"] for who in people]  # type: ignore[misc]
    )
    made = [slug for slug in answers if slug != "organizer_refused"]
    assert "the-same-rush" in made
    assert len(set(made)) == len(made)


def test_a_person_makes_so_many_teams_a_day(database: Database, omar: Person) -> None:
    database.rows("update private.limits set amount = 2 where name = 'organizers_by_person'")
    make(database, omar)
    make(database, omar)
    with database.refuses("too_many_organizers", 429):
        make(database, omar)


def test_changes_touch_only_what_is_sent(database: Database, omar: Person) -> None:
    made = make(database, omar, about="Since 1998.", website="https://tandem.example", hue=200)
    me = database.person(omar)
    changed = me.call(
        "update_organizer", organizer=made["slug"], revision=1, changes={"name": "Tandem", "website": None}
    )
    assert (changed["name"], changed["website"], changed["about"], changed["hue"]) == (
        "Tandem",
        None,
        "Since 1998.",
        200,
    )


def test_only_who_may_changes_a_team(database: Database, omar: Person, dora: Person, zoe: Person) -> None:
    slug = make(database, omar)["slug"]
    team = database.value("select id from public.organizers where slug = %s", [slug])
    events.insert(database, "organizer_members", organizer_id=team, user_id=dora.id, role="door")
    assert database.person(dora).call("read_organizer", organizer=slug)["workspace"]["role"] == "door"
    with database.refuses("not_permitted", 403):
        database.person(dora).call("update_organizer", organizer=slug, revision=1, changes={"name": "Mine"})
    for who in (database.person(zoe), database.visitor()):
        with database.refuses("not_found", 404):
            who.call("read_organizer", organizer=slug)
        with database.refuses("not_found", 404):
            who.call("prepare_organizer_picture", organizer=slug)
        with database.refuses("not_found", 404):
            who.call("set_organizer_picture", organizer=slug, path=None)


def test_visitors_make_no_teams(database: Database) -> None:
    with database.refuses("permission denied for function create_organizer"):
        database.visitor().call("create_organizer", facts={"name": "Mine"})


def test_a_picture_lies_in_its_teams_folder(database: Database, omar: Person, zoe: Person) -> None:
    mine, other = make(database, omar), make(database, zoe)
    me = database.person(omar)
    path = me.call("prepare_organizer_picture", organizer=mine["slug"])["path"]
    assert path.startswith(f"{mine['id']}/")
    assert me.call("set_organizer_picture", organizer=mine["slug"], path=path)["picture_path"] == path
    with database.refuses("picture_path_invalid", 422):
        me.call("set_organizer_picture", organizer=mine["slug"], path=f"{other['id']}/abc.webp")
    removed = me.call("set_organizer_picture", organizer=mine["slug"], path=None)
    assert (removed["picture_path"], removed["former_picture_path"]) == (None, path)


def test_a_teams_beginning_and_changes_reach_the_trail(database: Database, omar: Person) -> None:
    made = make(database, omar)
    me = database.person(omar)
    for changes in ({"hue": made["hue"]}, {"name": "T", "hue": (made["hue"] + 1) % 360}):
        me.call("update_organizer", organizer=made["slug"], revision=1, changes=changes)
    path = me.call("prepare_organizer_picture", organizer=made["slug"])["path"]
    me.call("set_organizer_picture", organizer=made["slug"], path=path)
    trail = database.rows(
        "select action, detail #> '{changed,name}', organizer_id::text from public.audit_entries"
        " where subject_id = %s and actor_id = %s order by id",
        [made["id"], omar.id],
    )
    assert trail == [
        ("organizer.created", None, made["id"]),
        ("organizer.edited", {"from": "Tandem Lyon", "to": "T"}, made["id"]),
        ("organizer.picture_changed", None, made["id"]),
    ]


def test_who_edits_what_another_has_changed_is_told(database: Database, omar: Person, zoe: Person) -> None:
    made = make(database, omar)
    events.insert(database, "organizer_members", organizer_id=made["id"], user_id=zoe.id, role="owner")
    change = {"organizer": made["slug"], "revision": 1}
    theirs = database.person(zoe).call("update_organizer", **change, changes={"name": "Zoe’s"})
    assert theirs["revision"] == 2
    with database.refuses("edited_meanwhile", 409) as refusal:
        database.person(omar).call("update_organizer", **change, changes={"name": "Omar’s"})
    assert (refusal.detail["by"], refusal.detail["changes"]["name"]["now"]) == ("Zoe", "Zoe’s")
