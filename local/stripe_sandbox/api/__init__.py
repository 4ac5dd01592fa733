"""The endpoints of Stripe's API that the app calls, under /v1."""

from __future__ import annotations

from flask import Blueprint

from . import charges, customers, events, payment_intents, refunds, sessions
from .endpoint import prepare

blueprint = Blueprint("api", __name__, url_prefix="/v1")
prepare(blueprint)
for resource in (charges, customers, events, payment_intents, refunds, sessions):
    resource.endpoints.register(blueprint)
