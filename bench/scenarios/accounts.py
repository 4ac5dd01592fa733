"""Signing in, and what people see of their own."""

from __future__ import annotations

from bench.load import full
from bench.results import Result
from bench.site import Site
from bench.visits import SignIn

CONNECTIONS = 8


def sign_in(site: Site) -> list[Result]:
    """POST /api/v1/auth/login, against Supabase Auth called directly: most of it is bcrypt."""
    people = site.size["orders"] // 20
    direct = full(site.supabase, SignIn(people, site.key), connections=CONNECTIONS, seconds=3)
    busy = full(site.web, SignIn(people), connections=CONNECTIONS, seconds=3)
    detail = {"latency": busy.latency(), "other": {**direct.others(), **busy.others()}}
    return [Result("sign-in", busy.rate, "/s", "Supabase Auth", direct.rate, detail=detail)]
