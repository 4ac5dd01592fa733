"""Payments that their cardholder contests at the bank."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.models import Output
from services.models.events import Cents


class Dispute(Output):
    id: str = Field(description="Stripe's id")
    order_reference: str
    amount_cents: Cents
    currency: str
    reason: str = Field(description="Stripe's word, such as fraudulent")
    status: str = Field(description="Stripe's word, such as needs_response, won or lost")
    opened_at: datetime
