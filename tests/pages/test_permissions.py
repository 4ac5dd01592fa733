"""The matrix of permissions for pages: role or stranger × page or form × own and foreign team."""

from __future__ import annotations

import psycopg
import pytest
from apiflask import APIFlask
from flask import url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from local.stack import Stack
from tests.application import Browser
from tests.database import Database
from tests.pages.team_forms import FORMS
from tests.selling import sign_in
from tests.sql.team import ROLES, Team, found

# What it takes to open each page of a workspace.
PAGES = {
    "settings.show": "organizer:read",
    "team.index": "team:read",
    "team.confirm_removal": "team:write",
    "api_keys.index": "team:write",
    "audit.index": "audit:read",
    "events.index": "events:read",
    "events.new": "events:write",
    "events.edit": "events:write",
    "series.new": "events:write",
    "event_cancellations.new": "events:write",
    "codes.index": "events:write",
    "codes.new": "events:write",
    "dashboard.show": "events:read",
    "widgets.show": "events:write",
    "attendees.index": "attendees:read",
    "attendees.sheet": "attendees:read",
    "attendees.export": "exports:read",
    "people.index": "attendees:read",
    "waitlist.index": "orders:read",
    "disputes.index": "orders:refund",
    "ticket_types.index": "events:read",
    "ticket_types.new": "events:write",
    "ticket_types.edit": "events:write",
    "ticket_types.preview": "events:write",
    "venues.index": "events:read",
    "venues.new": "events:write",
    "venues.show": "events:read",
    "venues.edit": "events:write",
    "orders.index": "orders:read",
    "order.show": "orders:read",
    "refunds.new": "orders:refund",
    "desk.new": "orders:write",
    "desk.quote": "orders:write",
}
NAMES = {
    "organizer": "slug",
    "event_id": "show",
    "ticket_type_id": "ticket_type",
    "user_id": "member",
    "venue": "venue",
    "reference": "order",
}


def rules(app: APIFlask, method: str = "GET") -> list[Rule]:
    """The pages of a workspace that one can open, or its forms that one can send."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("manage.") and method in (rule.methods or ())
    ]


def page_of(rule: Rule) -> str:
    return str(rule.endpoint).removeprefix("manage.")


def path(app: APIFlask, rule: Rule, team: Team) -> str:
    with app.test_request_context():
        values = {name: getattr(team, NAMES[name]) for name in rule.arguments}
        return url_for(rule.endpoint, **values)


@pytest.fixture
def rights(database: Database) -> dict[str, set[str]]:
    """The permissions table: what each role may."""
    rows = database.rows(
        "select role::text, array_agg(permission) from public.role_permissions group by role"
    )
    return {role: set(permissions) for role, permissions in rows}


@pytest.fixture(scope="module")
def teams(postgres_url: str) -> tuple[Team, Team]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        return found(Database(connection)), found(Database(connection))


def test_every_page_of_a_workspace_is_in_the_matrix(app: APIFlask) -> None:
    assert {page_of(rule) for rule in rules(app)} == PAGES.keys()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_row_of_the_table_says(
    app: APIFlask, stack: Stack, rights: dict[str, set[str]], teams: tuple[Team, Team], role: str
) -> None:
    team, other = teams
    browser = sign_in(Browser(app), stack, team.members[role])
    answers = {page_of(rule): browser.get(path(app, rule, team)).status_code for rule in rules(app)}
    assert set(answers.values()) <= {200, 403, 404}
    assert {page for page, status in answers.items() if status == 200} == {
        page for page, permission in PAGES.items() if permission in rights[role]
    }
    assert {browser.get(path(app, rule, other)).status_code for rule in rules(app)} == {404}


def test_strangers_find_nothing_and_visitors_sign_in(
    app: APIFlask, stack: Stack, database: Database, teams: tuple[Team, Team]
) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    for rule in rules(app):
        assert zoe.get(path(app, rule, teams[0])).status_code == 404, rule.rule
        asked = Browser(app).get(path(app, rule, teams[0]))
        assert (asked.status_code, asked.location.split("?")[0]) == (303, "/account/sign-in"), rule.rule


def test_every_form_of_a_workspace_is_in_the_matrix(app: APIFlask) -> None:
    assert {page_of(rule) for rule in rules(app, "POST")} == FORMS.keys()


def sent(app: APIFlask, browser: Browser, team: Team, token: str) -> dict[str, TestResponse]:
    """What each form ends with when its fields are sent about a team's things."""
    by_page = {page_of(rule): rule for rule in rules(app, "POST")}
    answers = {}
    for page, form in FORMS.items():
        with app.test_request_context():
            to = url_for(by_page[page].endpoint, **form.values(team, by_page[page].arguments))
        answers[page] = browser.client.post(
            to, data={**form.fields, "csrf_token": token}, follow_redirects=True
        )
    return answers


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sends_what_its_row_of_the_table_says(
    app: APIFlask,
    stack: Stack,
    database: Database,
    rights: dict[str, set[str]],
    teams: tuple[Team, Team],
    role: str,
) -> None:
    own = found(database)
    browser = sign_in(Browser(app), stack, own.members[role])
    token = browser.form_token("/account/profile")
    foreign = sent(app, browser, teams[0], token)
    assert {page: answer.status_code for page, answer in foreign.items() if answer.status_code != 404} == {}
    answers = sent(app, browser, own, token)
    assert {page for page, answer in answers.items() if answer.status_code not in (403, 404)} == {
        page for page, form in FORMS.items() if form.permission in rights[role]
    }
    assert {page: answer.text for page, answer in answers.items() if answer.status_code >= 500} == {}


def test_strangers_send_nothing_and_visitors_sign_in(
    app: APIFlask, stack: Stack, database: Database, teams: tuple[Team, Team]
) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    answers = sent(app, zoe, teams[0], zoe.form_token("/account/profile"))
    assert {answer.status_code for answer in answers.values()} == {404}
    visitor = Browser(app)
    asked = sent(app, visitor, teams[0], visitor.form_token("/account/sign-in"))
    assert {(answer.status_code, answer.request.path) for answer in asked.values()} == {
        (200, "/account/sign-in")
    }
