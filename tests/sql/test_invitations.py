"""Invitations: for one address, for seven days, once; sent by mail, and by who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.test_outbox import claim, record

WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def slug(database: Database, omar: Person) -> str:
    """The address of Omar's team."""
    return team_of(database, omar)


def team_of(db: Database, owner: Person, **members: Person) -> str:
    team = events.organizer(db, "Tandem", owner=owner, **members)
    return str(db.value("select slug from public.organizers where id = %s", [team]))


def invite(db: Database, owner: Person, slug: str, email: str, role: str = "manager") -> dict[str, Any]:
    made: dict[str, Any] = db.person(owner).call("invite_member", organizer=slug, email=email, role=role)
    return made


def mailed_secret(db: Database) -> str:
    """The secret in the newest mail, which is taken out of the outbox."""
    mail = claim(db)[-1]
    record(db, mail, "sent")
    return str(mail["data"]["site_path"]).removeprefix("/invitations/")


def accept(db: Database, person: Person, secret: str) -> Any:
    return db.person(person).call("accept_invitation", secret=secret)


def role_of(db: Database, person: Person) -> str | None:
    found = db.rows("select role::text from public.organizer_members where user_id = %s", [person.id])
    return found[0][0] if found else None


def test_the_invited_join_in_the_role_they_were_invited_to(
    database: Database, omar: Person, ana: Person, slug: str
) -> None:
    made = invite(database, omar, slug, f" {ana.email.upper()} ", "finance")
    assert (made["email"], made["role"], made["state"], made["invited_by"]) == (
        ana.email, "finance", "open", "Omar",
    )  # fmt: skip
    secret = mailed_secret(database)
    seen = database.person(ana).call("read_invitation", secret=secret)
    assert (seen["organizer"]["slug"], seen["state"], seen["mine"]) == (slug, "open", True)
    workspace = accept(database, ana, secret)
    assert (workspace["organizer"]["slug"], workspace["role"]) == (slug, "finance")
    assert role_of(database, ana) == "finance"


def test_the_mail_is_in_the_readers_language_and_alone_knows_the_secret(
    database: Database, omar: Person, slug: str
) -> None:
    chloe = database.sign_up("Chloé", locale="fr")
    invite(database, omar, slug, chloe.email)
    mail = claim(database)[0]
    assert (mail["kind"], mail["recipient"], mail["recipient_name"], mail["locale"]) == (
        "team_invitation", chloe.email, "Chloé", "fr",
    )  # fmt: skip
    assert mail["data"]["organizer"]["name"] == "Tandem"
    assert (mail["data"]["role"], mail["data"]["invited_by"]) == ("manager", "Omar")
    secret = mail["data"]["site_path"].removeprefix("/invitations/")
    record(database, mail, "sent")
    for table in ("invitations", "deliveries", "audit_entries"):
        rows = database.value(f"select string_agg(row::text, ' ') from public.{table} as row")
        assert secret not in rows
    assert chloe.email not in database.value(
        "select string_agg(row::text, ' ') from public.audit_entries as row where action like 'team.%%'"
    )


def test_a_visitor_sees_what_the_link_asks(database: Database, omar: Person, slug: str) -> None:
    invite(database, omar, slug, "new@example.org")
    seen = database.visitor().call("read_invitation", secret=mailed_secret(database))
    assert (seen["email"], seen["mine"], "digest" in seen) == ("new@example.org", False, False)
    with database.refuses("not_found", 404):
        database.visitor().call("read_invitation", secret="nothing")


def test_only_the_invited_confirmed_address_joins(
    database: Database, omar: Person, zoe: Person, slug: str
) -> None:
    invite(database, omar, slug, "ana@example.org")
    secret = mailed_secret(database)
    with database.refuses("invitation_for_another", 403):
        accept(database, zoe, secret)
    unsure = database.sign_up("Ana", email="ana@example.org", confirmed=False)
    with database.refuses("invitation_for_another", 403):
        accept(database, unsure, secret)
    database.rows("update auth.users set email_confirmed_at = now() where id = %s", [unsure.id])
    accept(database, unsure, secret)
    with database.refuses("permission denied for function accept_invitation"):
        database.visitor().call("accept_invitation", secret=secret)


def test_it_expires_after_seven_days(database: Database, omar: Person, ana: Person, slug: str) -> None:
    invite(database, omar, slug, ana.email)
    secret = mailed_secret(database)
    database.move_clock(WEEK)
    assert database.visitor().call("read_invitation", secret=secret)["state"] == "expired"
    with database.refuses("invitation_expired", 410):
        accept(database, ana, secret)
    database.move_clock(WEEK - MOMENT)
    accept(database, ana, secret)


def test_it_works_once(database: Database, omar: Person, ana: Person, slug: str) -> None:
    invite(database, omar, slug, ana.email)
    secret = mailed_secret(database)
    accept(database, ana, secret)
    with database.refuses("invitation_over", 410):
        accept(database, ana, secret)
    database.person(ana).call("leave_organizer", organizer=slug)
    with database.refuses("invitation_over", 410):
        accept(database, ana, secret)


def test_a_withdrawn_one_opens_nothing(database: Database, omar: Person, ana: Person, slug: str) -> None:
    made = invite(database, omar, slug, ana.email)
    secret = mailed_secret(database)
    me = database.person(omar)
    assert me.call("withdraw_invitation", organizer=slug, invitation_id=made["id"])["state"] == "withdrawn"
    with database.refuses("invitation_over", 410):
        accept(database, ana, secret)
    for function in ("withdraw_invitation", "resend_invitation"):
        with database.refuses("not_found", 404):
            me.call(function, organizer=slug, invitation_id=made["id"])
    invite(database, omar, slug, ana.email)
    accept(database, ana, mailed_secret(database))


def test_sent_again_it_has_a_new_link_and_another_week(
    database: Database, omar: Person, ana: Person, slug: str
) -> None:
    made = invite(database, omar, slug, ana.email)
    former = mailed_secret(database)
    database.move_clock(WEEK)
    database.person(omar).call("resend_invitation", organizer=slug, invitation_id=made["id"])
    secret = mailed_secret(database)
    with database.refuses("not_found", 404):
        accept(database, ana, former)
    accept(database, ana, secret)


def test_nobody_is_invited_twice(database: Database, omar: Person, ana: Person, slug: str) -> None:
    invite(database, omar, slug, ana.email)
    with database.refuses("already_invited", 409):
        invite(database, omar, slug, ana.email.upper())
    database.move_clock(WEEK)
    invite(database, omar, slug, ana.email, "door")
    accept(database, ana, mailed_secret(database))
    assert role_of(database, ana) == "door"
    for address in (ana.email, omar.email):
        with database.refuses("already_member", 409):
            invite(database, omar, slug, address)


def test_who_became_a_member_meanwhile_stays_what_they_are(
    database: Database, omar: Person, ana: Person, slug: str
) -> None:
    invite(database, omar, slug, ana.email, "owner")
    secret = mailed_secret(database)
    team = database.value("select id from public.organizers where slug = %s", [slug])
    events.insert(database, "organizer_members", organizer_id=team, user_id=ana.id, role="door")
    with database.refuses("already_member", 409):
        accept(database, ana, secret)
    assert role_of(database, ana) == "door"


@pytest.mark.parametrize(
    "email", ["", " ", "ana", "ana@example", "a b@example.org", "a@b@example.org", "x" * 320 + "@example.org"]
)
def test_what_is_no_address_is_refused(database: Database, omar: Person, slug: str, email: str) -> None:
    with database.refuses("email_invalid", 422):
        invite(database, omar, slug, email)


def test_a_team_mails_so_many_people_a_day(database: Database, omar: Person, slug: str) -> None:
    database.rows("update private.limits set amount = 2 where name = 'invitations_by_organizer'")
    made = invite(database, omar, slug, "one@example.org")
    invite(database, omar, slug, "two@example.org")
    with database.refuses("too_many_invitations", 429):
        invite(database, omar, slug, "three@example.org")
    with database.refuses("too_many_invitations", 429):
        database.person(omar).call("resend_invitation", organizer=slug, invitation_id=made["id"])


def test_an_invitation_of_another_team_is_not_found(
    database: Database, omar: Person, zoe: Person, slug: str
) -> None:
    made = invite(database, omar, slug, "one@example.org")
    mine = team_of(database, zoe)
    for function in ("withdraw_invitation", "resend_invitation"):
        with database.refuses("not_found", 404):
            database.person(zoe).call(function, organizer=mine, invitation_id=made["id"])


def test_the_same_person_accepts_twice_at_once_and_joins_once(crowd: Crowd) -> None:
    omar, ana = crowd.owner.sign_up("Omar"), crowd.owner.sign_up("Ana")
    slug = team_of(crowd.owner, omar)
    invite(crowd.owner, omar, slug, ana.email)
    secret = mailed_secret(crowd.owner)
    answers = crowd.rush([lambda db: accept(db, ana, secret)["role"]] * 5)
    assert sorted(answers) == ["invitation_over"] * 4 + ["manager"]


def test_two_owners_invite_the_same_address_at_once(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    slug = team_of(crowd.owner, omar)
    answers = crowd.rush([lambda db: invite(db, omar, slug, "new@example.org")["state"]] * 5)
    assert sorted(answers) == ["already_invited"] * 4 + ["open"]


def test_an_erased_person_leaves_no_address_behind(
    database: Database, omar: Person, ana: Person, slug: str
) -> None:
    invite(database, omar, slug, ana.email)
    secret = mailed_secret(database)
    assert [each["role"] for each in database.person(ana).call("export_me")["invitations"]] == ["manager"]
    database.person(ana).call("erase_me")
    for table in ("invitations", "deliveries", "audit_entries"):
        assert ana.email not in database.value(
            f"select string_agg(row::text, ' ') from public.{table} as row"
        )
    assert database.visitor().call("read_invitation", secret=secret)["state"] == "withdrawn"


def test_whoever_goes_leaves_no_way_back_in(database: Database, omar: Person, dora: Person) -> None:
    slug = team_of(database, omar)
    team = database.value("select id from public.organizers where slug = %s", [slug])
    events.insert(database, "organizer_members", organizer_id=team, user_id=dora.id, role="owner")
    back_door = database.sign_up("Dora")
    invite(database, dora, slug, back_door.email, "owner")
    secret = mailed_secret(database)
    database.person(omar).call("remove_member", organizer=slug, user_id=dora.id)
    with database.refuses("invitation_over", 410):
        accept(database, back_door, secret)


def leave_out(db: Database, by: Person, slug: str, whom: Person) -> None:
    db.person(by).call("remove_member", organizer=slug, user_id=whom.id)


def revoke(db: Database, by: Person, slug: str, whom: Person) -> None:
    (key,) = db.person(by).call("list_api_keys", organizer=slug)["keys"]
    db.person(by).call("revoke_api_key", organizer=slug, key_id=key["id"])


def demote(db: Database, by: Person, slug: str, whom: Person) -> None:
    db.person(by).call("change_member_role", organizer=slug, user_id=whom.id, role="manager")


@pytest.mark.parametrize("lose", [leave_out, demote, revoke])
def test_nor_by_a_key_of_theirs(database: Database, omar: Person, dora: Person, lose: Any) -> None:
    slug = team_of(database, omar)
    team = database.value("select id from public.organizers where slug = %s", [slug])
    events.insert(database, "organizer_members", organizer_id=team, user_id=dora.id, role="owner")
    rights = database.value("select array_agg(permission) from public.role_permissions where role = 'owner'")
    key = events.insert_api_key(database, team, *rights, created_by=dora.id)
    back_door = database.sign_up("Dora")
    program = database.visitor(x_api_key=key)
    made = program.call("invite_member", organizer=slug, email=back_door.email, role="owner")
    assert made["invited_by"] == "Dora"
    secret = mailed_secret(database)
    lose(database, omar, slug, dora)
    with database.refuses("invitation_over", 410):
        accept(database, back_door, secret)


def test_a_key_gives_nobody_more_than_it_has(database: Database, omar: Person, zoe: Person) -> None:
    slug = team_of(database, omar)
    team = database.value("select id from public.organizers where slug = %s", [slug])
    key = events.insert_api_key(database, team, "organizer:read", "team:read", "team:write")
    program = database.visitor(x_api_key=key)
    for role in ("owner", "door"):
        with database.refuses("not_permitted", 403):
            program.call("invite_member", organizer=slug, email=zoe.email, role=role)
