"""The matrix of permissions over HTTP: every role, key and stranger × every call × own and foreign team."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.api.team_endpoints import API, ENDPOINTS, OTHERWISE, Endpoint
from tests.application import ApiClient
from tests.database import Database
from tests.pictures import png
from tests.selling import signed_in
from tests.sql.events import insert_api_key
from tests.sql.team import ROLES, Team, found

LET_IN, NO_RIGHT, NOTHING_THERE, UNKNOWN = "let in", "not_permitted", "not_found", "sign_in_required"


@pytest.fixture
def rights(database: Database) -> dict[str, set[str]]:
    """The permissions table: what each role may."""
    rows = database.rows(
        "select role::text, array_agg(permission) from public.role_permissions group by role"
    )
    return {role: set(permissions) for role, permissions in rows}


def outcome(client: ApiClient, endpoint: Endpoint, team: Team) -> str:
    """What comes of a call; a refusal for another reason than rights is let in, a fault of ours is not."""
    body = endpoint.body_for(team)
    sent = {"data": png(), "content_type": "image/png"} if body == b"picture" else {"json": body}
    if body is None:
        sent = {}
    answer = client.client.open(
        API + endpoint.at(team), method=endpoint.method, headers=headers(client), **sent
    )
    assert answer.status_code < 500, answer.text
    assert answer.status_code != 422 or (answer.json or {})["code"] != "invalid_input", answer.text
    word = (answer.json or {}).get("code") if answer.status_code >= 400 else None
    return word if word in (NO_RIGHT, NOTHING_THERE, UNKNOWN) else LET_IN


def headers(client: ApiClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}"} if client.token else {}


def program(app: APIFlask, database: Database, team: Team, *permissions: str) -> ApiClient:
    client = ApiClient(app)
    client.client.environ_base["HTTP_X_API_KEY"] = insert_api_key(database, team.id, *permissions)
    return client


@pytest.fixture(scope="module")
def teams(postgres_url: str) -> tuple[Team, Team]:
    """Two teams to which nothing ever happens."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        return found(Database(connection)), found(Database(connection))


@pytest.fixture
def other(teams: tuple[Team, Team]) -> Team:
    return teams[0]


every_endpoint = pytest.mark.parametrize(
    "endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}"
)


@every_endpoint
def test_who_lacks_the_right_is_refused(
    app: APIFlask,
    stack: Stack,
    database: Database,
    other: Team,
    rights: dict[str, set[str]],
    endpoint: Endpoint,
) -> None:
    for role in ROLES:
        if not endpoint.permissions <= rights[role]:
            seen = NO_RIGHT if endpoint.sight in rights[role] else NOTHING_THERE
            assert outcome(signed_in(app, stack, other.members[role]), endpoint, other) == seen, role
    unable = program(app, database, other, *rights["owner"] - (endpoint.permissions - {endpoint.sight}))
    if endpoint.permissions != {endpoint.sight}:
        assert outcome(unable, endpoint, other) in (NO_RIGHT, UNKNOWN)


@every_endpoint
def test_strangers_visitors_and_other_teams_find_nothing(
    app: APIFlask,
    stack: Stack,
    database: Database,
    teams: tuple[Team, Team],
    rights: dict[str, set[str]],
    endpoint: Endpoint,
) -> None:
    team, other = teams
    for role in ROLES:
        assert outcome(signed_in(app, stack, team.members[role]), endpoint, other) == NOTHING_THERE, role
    key = program(app, database, team, *rights["owner"])
    assert outcome(key, endpoint, other) in (NOTHING_THERE, UNKNOWN)
    assert outcome(signed_in(app, stack, database.sign_up("Zoe")), endpoint, other) == NOTHING_THERE
    assert outcome(ApiClient(app), endpoint, other) == UNKNOWN


@every_endpoint
def test_who_has_the_right_is_let_in(
    app: APIFlask,
    stack: Stack,
    database: Database,
    other: Team,
    rights: dict[str, set[str]],
    endpoint: Endpoint,
) -> None:
    def team() -> Team:
        return other if endpoint.method == "GET" else found(database)

    for role in ROLES:
        if endpoint.permissions <= rights[role]:
            own = team()
            assert outcome(signed_in(app, stack, own.members[role]), endpoint, own) == LET_IN, role
    own = team()
    able = program(app, database, own, "organizer:read", endpoint.sight, *endpoint.permissions)
    assert outcome(able, endpoint, own) in (LET_IN, UNKNOWN)


def test_every_call_of_a_team_is_in_the_matrix(app: APIFlask) -> None:
    with app.app_context():
        spec: Any = app.spec
    takes_keys = {
        (method.upper(), path.removeprefix(API))
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
        and ({"api_key": []} in operation.get("security", []) or path.startswith(f"{API}/organizers/{{"))
    }
    assert takes_keys == {(each.method, each.path) for each in ENDPOINTS} | OTHERWISE
