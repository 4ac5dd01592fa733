"""Payments that their cardholder contests at the bank."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.models import Output
from services.models.events import Cents
from services.models.team_orders import EventName
from services.models.workspaces import Workspace


class Dispute(Output):
    id: str = Field(description="Stripe's id")
    order_reference: str
    buyer: str
    event: EventName
    amount_cents: Cents
    currency: str
    reason: str = Field(description="Stripe's word, such as fraudulent")
    status: str = Field(description="Stripe's word, such as needs_response, won or lost")
    opened_at: datetime


class DisputeList(Output):
    workspace: Workspace
    disputes: list[Dispute]
