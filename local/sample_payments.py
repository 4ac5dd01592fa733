"""Tells the Stripe sandbox of the sample data's payments, so that they can be refunded like any other."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import psycopg

from local.settings import Settings

PAYMENTS = """
    select
        payment_intent_id, amount_cents, lower(currency),
        extract(epoch from coalesce(charged_at, created_at))::bigint
    from public.payments
    where kind = 'payment' and payment_intent_id like 'pi_sample_%'
"""


def tell_sandbox(settings: Settings) -> None:
    """Safe to repeat: the sandbox adds only what it does not know."""
    with psycopg.connect(settings.database_url()) as connection:
        found = connection.execute(PAYMENTS).fetchall()
    names = ("payment_intent", "amount", "currency", "created")
    body = json.dumps({"payments": [dict(zip(names, row, strict=True)) for row in found]}).encode()
    request = Request(f"{settings.stripe_url}/_sandbox/payments", body, {"Content-Type": "application/json"})
    urlopen(request, timeout=30).close()
