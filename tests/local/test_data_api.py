"""The data API of the embedded stack sets roles, claims, headers and time-outs as PostgREST does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local.stack import Stack
from tests.database import Database
from tests.local.conftest import AuthClient, bearer
from tests.waiting import eventually


@pytest.fixture
def api(stack: Stack) -> httpx.Client:
    """The data API as a visitor reaches it."""
    key = stack.settings.secrets.publishable_key
    return httpx.Client(
        base_url=f"{stack.settings.supabase_url}/rest/v1", headers={"apikey": key}, timeout=15
    )


@pytest.fixture
def told(owner: Database, api: httpx.Client) -> Iterator[None]:
    """Two functions that exist for this test alone: what a request looks like from inside, and a slow one."""
    owner.rows(
        b"""create function public.told() returns jsonb language sql stable set search_path = '' as $$
          select jsonb_build_object(
            'role', current_user, 'uid', auth.uid(), 'session', auth.jwt() ->> 'session_id',
            'secret', current_setting('request.headers')::jsonb ->> 'x-order-secret',
            'timeout', current_setting('statement_timeout')) $$;
        create function public.slow() returns text language sql set search_path = '' as
          $$ select pg_sleep(4)::text $$;
        create function public.wrong() returns int language sql set search_path = '' as $$ select 1 / 0 $$;
        create function public.refused() returns void language plpgsql set search_path = '' as
          $$ begin raise exception 'no' using errcode = '23514'; end $$;
        grant execute on function public.told(), public.slow(), public.wrong(), public.refused()
          to anon, authenticated, service_role;
        notify pgrst, 'reload schema'"""
    )
    eventually(lambda: known(api, "told") and known(api, "wrong"))
    yield
    owner.rows(
        b"""drop function public.told(), public.slow(), public.wrong(), public.refused();
        notify pgrst, 'reload schema'"""
    )
    eventually(lambda: not known(api, "told") and not known(api, "wrong"))


def known(api: httpx.Client, function: str) -> bool:
    """Whether the data API has heard of a function: `told` it calls itself, `wrong` it leaves to Lite."""
    return api.post(f"/rpc/{function}").status_code != 404


@pytest.mark.usefixtures("told")
def test_each_caller_is_seen_as_hosted_sees_it(
    stack: Stack, api: httpx.Client, auth: AuthClient, email: str
) -> None:
    auth.sign_up(email)
    session = auth.confirm(email).json()
    visitor = api.post("/rpc/told", headers={"X-Order-Secret": "ours"}).json()
    person = api.post("/rpc/told", headers=bearer(session["access_token"])).json()
    service = api.post("/rpc/told", headers={"apikey": stack.settings.secrets.secret_key}).json()

    assert visitor == {"role": "anon", "uid": None, "session": None, "secret": "ours", "timeout": "3s"}
    assert (person["role"], person["uid"]) == ("authenticated", session["user"]["id"])
    assert person["session"] is not None
    assert (service["role"], service["timeout"]) == ("service_role", "8s")


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("function", "status", "code"),
    [("slow", 500, "57014"), ("wrong", 400, "22012"), ("refused", 400, "23514")],
)
def test_errors_have_the_status_and_code_of_postgrest(
    api: httpx.Client, function: str, status: int, code: str
) -> None:
    answer = api.post(f"/rpc/{function}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_key_is_asked_for(api: httpx.Client) -> None:
    assert api.post("/rpc/list_events", headers={"apikey": ""}).status_code == 401
    assert api.post("/rpc/list_events", headers={"apikey": "sb_publishable_other"}).status_code == 401


def test_a_forged_token_is_refused(api: httpx.Client, auth: AuthClient, email: str) -> None:
    auth.sign_up(email)
    token = auth.confirm(email).json()["access_token"]
    forged = f"{token[:-4]}aaaa"
    assert api.post("/rpc/list_events", json={}, headers=bearer(forged)).status_code == 401
