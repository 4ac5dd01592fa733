"""Accounts: sign-up, sessions, one's own profile and data."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from email_validator import EmailNotValidError, validate_email

from services import caller, pictures
from services.models.accounts import Me, ProfileChanges, SignUp
from services.outside import database, identity, storage
from services.outside.identity import LinkType, Session, SignOutScope
from services.refusals import Refusal

log = structlog.stdlib.get_logger("guichet.accounts")

AVATARS = "avatars"
LONGEST_PASSWORD = 72  # bytes: bcrypt, which Auth uses, reads no further


def sign_up(person: SignUp) -> Session | None:
    """Make an account, and its profile with it. Returns a session only where addresses need no confirmation.

    A known address gets the same answer as a new one, so that nobody learns who has an account.
    Raises Refusal `invalid_input` with every field's error at once.
    """
    errors = _faults(person)
    if errors:
        raise Refusal("invalid_input", 422, {"errors": errors})
    profile = person.model_dump(exclude={"email", "password"}) | {"locale": caller.current().locale}
    try:
        return identity.sign_up(person.email, person.password, profile)
    except Refusal as refusal:
        if refusal.word in {"email_taken", "mail_limit"}:
            log.info("sign-up of a known address", word=refusal.word)
            return None
        raise _as_field_error(refusal) from refusal


def resend_confirmation(email: str) -> None:
    """Send the confirmation again, if an account waits for it; it answers the same if none does."""
    try:
        identity.resend_confirmation(email)
    except Refusal as refusal:
        log.info("confirmation not sent again", word=refusal.word)


def sign_in(email: str, password: str) -> Session:
    """Raises Refusal `invalid_credentials`, or `email_not_confirmed` to who knows the password."""
    return identity.sign_in(email, password)


def refresh(refresh_token: str) -> Session:
    """Raises Refusal `session_over` once the token is spent or its session ended, or `sign_in_required`."""
    return identity.refresh(refresh_token)


def sign_out(scope: SignOutScope = "local") -> None:
    """End this session, or all of the person's, at once: Postgres asks at each call if it still exists."""
    token = caller.current().access_token
    if token is None:
        return
    try:
        identity.sign_out(token, scope)
    except Refusal as refusal:
        log.info("session was over already", word=refusal.word)


def send_recovery(email: str) -> None:
    """Mail the way to a new password, if there is such an account; it answers the same if there is none."""
    try:
        identity.send_recovery(email)
    except Refusal as refusal:
        log.info("recovery not sent", word=refusal.word)


def follow_link(token_hash: str, link_type: LinkType) -> Session:
    """Redeem a mail's link. Raises Refusal `link_expired` when it was used or is too old."""
    return identity.follow_link(token_hash, link_type)


def change_password(password: str, refresh_token: str) -> None:
    """Set a new password and end the person's other sessions. Raises Refusal `invalid_input`."""
    if code := _password_fault(password):
        raise Refusal("invalid_input", 422, {"errors": [{"field": "password", "code": code}]})
    token = caller.current().access_token
    if token is None:
        raise Refusal("sign_in_required", 401)
    try:
        identity.change_password(token, refresh_token, password)
    except Refusal as refusal:
        raise _as_field_error(refusal) from refusal
    identity.sign_out(token, "others")


def read_me() -> Me:
    return _me(database.call("read_me"))


def update_me(changes: ProfileChanges) -> Me:
    """Change what is given. Raises Refusal `invalid_input` with every field's error at once."""
    return _me(database.call("update_me", changes=changes.model_dump(exclude_unset=True)))


def set_avatar(content: bytes) -> Me:
    """Show this picture beside one's name. Raises Refusal `picture_invalid` or `picture_too_large`."""
    picture = pictures.square(content)
    former = read_me()
    path = f"{former.id}/{uuid.uuid4().hex}.webp"
    storage.upload(AVATARS, path, picture, pictures.MEDIA_TYPE)
    me = _me(database.call("set_avatar", path=path))
    pictures.forget(AVATARS, former.avatar_path)
    return me


def remove_avatar() -> Me:
    former = read_me().avatar_path
    me = _me(database.call("set_avatar", path=None))
    pictures.forget(AVATARS, former)
    return me


def export_me() -> dict[str, Any]:
    """Everything we hold about the person, as one document."""
    document: dict[str, Any] = database.call("export_me")
    return document


def erase_me() -> None:
    """Erase the person's data; what the law wants kept stays without their name."""
    me = read_me()
    database.call("erase_me")
    pictures.forget(AVATARS, me.avatar_path)


def _me(answer: dict[str, Any]) -> Me:
    path = answer.get("avatar_path")
    return Me.model_validate({**answer, "avatar_url": storage.address(AVATARS, path) if path else None})


def _faults(person: SignUp) -> list[dict[str, str]]:
    """Ask Postgres for the rules; add what it cannot judge: an address's grammar, a secret's bytes."""
    facts = person.model_dump(exclude={"password"}) | {"password_length": len(person.password)}
    errors: list[dict[str, str]] = database.call("check_sign_up", sign_up=facts)["errors"]
    faulty = {error["field"] for error in errors}
    if "email" not in faulty and not _is_address(person.email):
        errors.append({"field": "email", "code": "email_invalid"})
    if "password" not in faulty and (code := _password_fault(person.password)):
        errors.append({"field": "password", "code": code})
    return errors


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _password_fault(password: str) -> str | None:
    if len(password) < 9:
        return "password_too_short"
    return "password_too_long" if len(password.encode()) > LONGEST_PASSWORD else None


def _as_field_error(refusal: Refusal) -> Refusal:
    """Auth judges addresses and passwords by rules of its own; say so beside the field."""
    fields = {"email_invalid": "email", "password_too_weak": "password", "same_password": "password"}
    if refusal.word not in fields:
        return refusal
    return Refusal("invalid_input", 422, {"errors": [{"field": fields[refusal.word], "code": refusal.word}]})
