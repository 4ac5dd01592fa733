"""What a person reads once everything runs: where things are, and as whom to sign in."""

from __future__ import annotations

import re

from local.stack import SEED, Stack

# Seed data names its people in comments:  -- sign in: ana@guichet.example / correct horse / attends
SIGN_IN = re.compile(r"^-- sign in: (?P<email>\S+) / (?P<password>.+?) / (?P<who>.+)$", re.MULTILINE)


def welcome(stack: Stack) -> str:
    settings = stack.settings
    places = {
        "web": ("Guichet", settings.site_url),
        "inbox": ("Inbox (all mails)", settings.inbox_url),
        "stripe": ("Stripe sandbox", settings.stripe_url),
        "supabase": ("Supabase", settings.supabase_url),
    }
    lines = [f"  {label:<20} {url}" for name, (label, url) in places.items() if name not in stack.without]
    lines.append(f"  {'Postgres':<20} {settings.database_url()}")
    people = [
        f"  {person['email']:<28} {person['password']:<22} {person['who']}" for person in named_people()
    ]
    if people and stack.seed:
        lines += ["", "Sign in as", *people]
    return "\n".join(
        [
            "",
            "Everything runs.",
            "",
            *lines,
            "",
            "Ctrl-C stops it. `python -m local env` prints its settings.",
        ]
    )


def named_people() -> list[re.Match[str]]:
    return list(SIGN_IN.finditer(SEED.read_text())) if SEED.exists() else []
