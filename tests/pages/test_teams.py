"""Making a team and telling who it is, through the pages alone."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database, Person
from tests.pages.html import Page
from tests.pictures import png
from tests.selling import sign_in
from tests.sql.events import insert


@pytest.fixture
def liege(omar: Browser) -> str:
    """The address of the team that Omar has just made."""
    made = omar.submit("/manage/new", {"name": "Tandem Liège"}, to="/manage")
    assert made.status_code == 303, made.text
    return str(made.location).split("/")[2]


def test_a_name_makes_a_team_and_leads_to_its_first_event(omar: Browser) -> None:
    made = Page(omar.get("/manage")).form("/manage").send(omar, name="Atelier de nuit")
    assert re.fullmatch(r"/manage/atelier-de-nuit(-\d+)?/events/new", made.location)
    assert "Now its first event." in Page(omar.get(made.location)).words
    listed = Page(omar.get("/manage"))
    assert "Owner" in listed.words
    assert "/manage/new" in listed.links()


def test_what_was_typed_is_kept_beside_what_is_wrong(omar: Browser, liege: str) -> None:
    long = "A name without an end " * 250
    answer = omar.submit("/manage/new", {"name": long, "slug": liege + "!"}, to="/manage")
    page = Page(answer)
    assert answer.status_code == 422
    assert page.form("/manage").fields["name"] == [long]
    assert page.said_of("name") == ["name-error"]
    assert "slug-error" in page.said_of("slug")
    taken = omar.submit("/manage/new", {"name": "Tandem", "slug": liege}, to="/manage")
    assert "This address is taken." in Page(taken).words


def test_a_team_says_who_it_is(omar: Browser, liege: str) -> None:
    at = f"/manage/{liege}/settings"
    form = Page(omar.get(at)).form(at)
    assert form.fields["name"] == ["Tandem Liège"]
    saved = form.send(
        omar, about="We **talk**.", website="https://tandem.example", hue="210", slug=f"{liege}-b"
    )
    assert saved.location == f"/manage/{liege}-b/settings"
    page = Page(omar.get(saved.location))
    kept = page.form(saved.location).fields
    assert (kept["website"], kept["hue"]) == (["https://tandem.example"], ["210"])
    assert "We **talk**." in page.words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"hue": "red"}, "hue"),
        ({"about": "a" * 4001}, "about"),
        ({"slug": ""}, "slug"),
    ],
)
def test_nothing_changes_while_something_is_wrong(
    omar: Browser, liege: str, typed: dict[str, str], field: str
) -> None:
    at = f"/manage/{liege}/settings"
    answer = Page(omar.get(at)).form(at).send(omar, **{"website": "https://new.example", **typed})
    assert answer.status_code == 422
    assert f"{field}-error" in Page(answer).said_of(field)
    assert Page(omar.get(at)).form(at).fields["website"] == [""]


def test_the_second_of_two_owners_is_told_and_loses_nothing(omar: Browser, liege: str) -> None:
    at = f"/manage/{liege}/settings"
    tab, other = Page(omar.get(at)).form(at), Page(omar.get(at)).form(at)
    assert tab.send(omar, name="First", website="https://first.example").status_code == 303
    answer = other.send(omar, name="Second")
    page = Page(answer)
    assert answer.status_code == 409
    assert page.form(at).fields["name"] == ["Second"]
    assert page.form(at).fields["website"] == ["https://first.example"]
    assert "Omar wrote here: First" in page.words
    assert page.form(at).send(omar).status_code == 303
    assert Page(omar.get(at)).form(at).fields["name"] == ["Second"]


def test_a_picture_is_shown_and_removed(omar: Browser, liege: str) -> None:
    at, to = f"/manage/{liege}/settings", f"/manage/{liege}/settings/picture"
    assert omar.submit(at, {"picture": (BytesIO(png()), "us.png")}, to=to).status_code == 303
    assert "/pictures/" in omar.get(at).text
    wrong = omar.submit(at, {"picture": (BytesIO(b"<svg/>"), "us.svg")}, to=to)
    assert (wrong.status_code, "picture-error" in Page(wrong).said_of("picture")) == (422, True)
    assert omar.submit(at, {"remove": "yes"}, to=to).status_code == 303
    assert "/pictures/" not in omar.get(at).text


def test_pages_cost_one_call(omar: Browser, liege: str) -> None:
    for path in ("/manage", f"/manage/{liege}/settings"):
        with calls_counted() as calls:
            assert omar.get(path).status_code == 200
        assert calls == {"database": 1}, path
    with calls_counted() as calls:
        omar.get("/manage/new")
    assert calls == {}


def test_pages_offer_what_one_may_do(
    dora: Browser, people: dict[str, Person], database: Database, liege: str
) -> None:
    team = database.value("select id from public.organizers where slug = %s", [liege])
    insert(database, "organizer_members", organizer_id=team, user_id=people["door"].id, role="door")
    at = f"/manage/{liege}/settings"
    page = Page(dora.get(at))
    assert "Owners can change this." in page.words
    assert at not in [form.action for form in page.forms]
    refused = dora.submit(at, {"name": "Mine"}, to=at)
    assert (refused.status_code, "Your role does not allow this." in Page(refused).words) == (403, True)


def test_others_find_nothing_there(app: APIFlask, stack: Stack, database: Database, liege: str) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    assert zoe.get(f"/manage/{liege}/settings").status_code == 404
    assert Browser(app).get(f"/manage/{liege}/settings").location.startswith("/account/sign-in?next=")
