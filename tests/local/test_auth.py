"""Auth of the embedded stack answers as hosted Supabase Auth does, where Supabase Lite alone would not."""

from __future__ import annotations

import jwt

from local.stack import Stack
from tests.database import Database
from tests.local.conftest import AuthClient, bearer


def test_a_password_of_eight_characters_is_refused(auth: AuthClient, email: str) -> None:
    assert auth.sign_up(email, "12345678").json()["error_code"] == "weak_password"
    assert auth.sign_up(email, "123456789").status_code == 200


def test_an_address_must_be_confirmed_first(auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    assert auth.sign_in(email).json()["error_code"] == "email_not_confirmed"
    assert auth.confirm(email).status_code == 200
    assert auth.sign_in(email).status_code == 200


def test_tokens_carry_hosted_claims(stack: Stack, auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    session = auth.confirm(email).json()
    claims = jwt.decode(
        session["access_token"],
        stack.settings.secrets.jwt,
        algorithms=["HS256"],
        audience="authenticated",
        issuer=f"{stack.settings.supabase_url}/auth/v1",
    )
    assert claims["sub"] == session["user"]["id"]
    assert claims["user_metadata"]["display_name"] == "Ana"
    assert claims["exp"] - claims["iat"] == 900


def test_signing_out_ends_the_session(auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    token = auth.confirm(email).json()["access_token"]
    assert auth.user(token).status_code == 200
    auth.http.post("/logout?scope=local", headers=bearer(token))
    assert auth.user(token).status_code == 403


def test_a_new_password_ends_the_other_sessions(auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    other = auth.confirm(email).json()["access_token"]
    own = auth.sign_in(email).json()["access_token"]
    assert auth.http.put("/user", json={"password": "another one"}, headers=bearer(own)).status_code == 200
    assert auth.user(other).status_code == 403
    assert auth.user(own).status_code == 200


def test_a_refresh_token_is_used_once(auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    first = auth.confirm(email).json()["refresh_token"]
    second = auth.http.post("/token?grant_type=refresh_token", json={"refresh_token": first}).json()[
        "refresh_token"
    ]
    third = auth.http.post("/token?grant_type=refresh_token", json={"refresh_token": second}).json()[
        "refresh_token"
    ]
    assert len({first, second, third}) == 3
    reused = auth.http.post("/token?grant_type=refresh_token", json={"refresh_token": first})
    assert reused.json()["error_code"] == "refresh_token_already_used"


def test_signing_up_again_does_not_tell_who_has_an_account(auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    auth.confirm(email)
    again = auth.sign_up(email)
    assert again.status_code == 200
    assert again.json()["identities"] == []
    assert len(auth.mails(email)) == 1


def test_the_confirmation_is_sent_again_after_a_pause(auth: AuthClient, owner: Database, email: str) -> None:
    auth.sign_up(email)
    resend = {"type": "signup", "email": email}
    assert auth.http.post("/resend", json=resend).json()["error_code"] == "over_email_send_rate_limit"
    owner.rows(
        "update auth.users set confirmation_sent_at = now() - interval '61 seconds' where email = %s", [email]
    )
    assert auth.http.post("/resend", json=resend).status_code == 200
    assert len(auth.mails(email)) == 2
    assert auth.confirm(email).status_code == 200
