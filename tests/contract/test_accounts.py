"""What accounts make of Auth's and Storage's odder answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services import accounts, caller
from services.caller import Caller
from services.models.accounts import SignUp
from services.outside.database import Database
from services.outside.identity import Identity
from services.outside.storage import Storage
from services.refusals import Refusal, Unavailable
from tests.application import sign_up_form
from tests.contract.outside import Wire, app_with, settings, wire
from tests.contract.test_identity_gateway import ACCESS_TOKEN, SESSION, failure
from tests.pictures import png

FLAWLESS = httpx.Response(200, json={"errors": []})
ME = {
    "id": "8d4c5d66-0000-4000-8000-000000000000", "email": "ana@example.org", "display_name": "Ana",
    "birth_date": "1990-05-17", "native_languages": ["fr"], "target_languages": ["en"], "location": None,
    "locale": "en", "avatar_path": "ana/one.webp", "consent_at": "2026-11-20T10:00:00Z", "organizers": [],
    "created_at": "2026-11-20T10:00:00Z",
}  # fmt: skip
DOWN = httpx.ConnectError("down")


@contextmanager
def ana(
    database: Any = FLAWLESS, auth: Any = DOWN, storage: Any = DOWN, token: str | None = ACCESS_TOKEN
) -> Iterator[Wire]:
    """Acts as Ana, with these answers of the three; gives the wire to Auth."""
    told, to_auth = settings(), wire(auth)
    app = app_with(
        told,
        database=Database(told, wire(database).pool),
        identity=Identity(told, to_auth.pool),
        storage=Storage(told, wire(storage).pool),
    )
    with app.app_context(), caller.acting_as(Caller(access_token=token, user_id=str(ME["id"]))):
        yield to_auth


@pytest.mark.parametrize("code", ["user_already_exists", "email_exists", "over_email_send_rate_limit"])
def test_nothing_tells_that_an_address_is_known(code: str) -> None:
    with ana(auth=failure(422, code)):
        assert accounts.sign_up(SignUp(**sign_up_form())) is None


@pytest.mark.parametrize(
    ("answer", "field", "code"),
    [
        (failure(400, "email_address_invalid"), "email", "email_invalid"),
        (
            httpx.Response(
                422, json={"error_code": "weak_password", "msg": "No.", "weak_password": {"reasons": []}}
            ),
            "password",
            "password_too_weak",
        ),
    ],
)
def test_what_auth_refuses_is_said_beside_the_field(answer: httpx.Response, field: str, code: str) -> None:
    with ana(auth=answer), pytest.raises(Refusal) as refused:
        accounts.sign_up(SignUp(**sign_up_form()))
    assert refused.value.detail == {"errors": [{"field": field, "code": code}]}


def test_too_many_requests_are_said_as_such() -> None:
    with ana(auth=failure(429, "over_request_rate_limit")), pytest.raises(Refusal, match="rate_limited"):
        accounts.sign_up(SignUp(**sign_up_form()))


def test_where_addresses_need_no_confirmation_a_sign_up_opens_a_session() -> None:
    with ana(auth=httpx.Response(200, json=SESSION)):
        session = accounts.sign_up(SignUp(**sign_up_form()))
    assert session
    assert session.access_token == ACCESS_TOKEN


def test_auth_is_not_asked_for_a_sign_up_that_breaks_a_rule() -> None:
    flaw = httpx.Response(200, json={"errors": [{"field": "birth_date", "code": "under_age"}]})
    with ana(database=flaw) as to_auth, pytest.raises(Refusal, match="invalid_input"):
        accounts.sign_up(SignUp(**sign_up_form()))
    assert to_auth.asked == []


def test_signing_out_of_a_session_that_is_over_is_fine() -> None:
    with ana(auth=failure(403, "session_not_found")):
        accounts.sign_out()


def test_signing_out_without_a_session_asks_nobody() -> None:
    with ana(token=None) as to_auth:
        accounts.sign_out()
    assert to_auth.asked == []


def test_signing_out_says_when_auth_could_not_be_told() -> None:
    with ana(), pytest.raises(Unavailable):
        accounts.sign_out()


@pytest.mark.parametrize("ask", [accounts.send_recovery, accounts.resend_confirmation])
def test_a_mail_that_is_not_sent_is_no_clue(ask: Any) -> None:
    with ana(auth=failure(429, "over_email_send_rate_limit")):
        ask("ana@example.org")


def test_a_new_password_like_the_old_one_is_said_beside_the_field() -> None:
    with ana(auth=failure(422, "same_password")), pytest.raises(Refusal) as refused:
        accounts.change_password("correct horse battery", "refresh")
    assert refused.value.detail == {"errors": [{"field": "password", "code": "same_password"}]}


def test_a_new_password_needs_a_session() -> None:
    with ana(token=None), pytest.raises(Refusal, match="sign_in_required"):
        accounts.change_password("correct horse battery", "refresh")


def test_a_picture_that_cannot_be_stored_changes_nothing() -> None:
    with ana(database=httpx.Response(200, json=ME)), pytest.raises(Unavailable, match="storage"):
        accounts.set_avatar(png())


def test_a_former_picture_that_cannot_be_removed_costs_nothing_else() -> None:
    with ana(database=httpx.Response(200, json=ME)):
        assert accounts.remove_avatar().email == "ana@example.org"
