"""What Stripe tells by webhook, as far as we read it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from services.models import Output

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class StripeObject(Output):
    """A Checkout session, a payment intent, a refund or a dispute."""

    id: Id
    object: str
    payment_intent: Id | None = None
    metadata: dict[str, str] = Field(default_factory=dict)


class StripeEventData(Output):
    object: StripeObject


class StripeEvent(Output):
    """Something happened to an object. Only a hint: what it is now, Stripe is asked."""

    id: Id
    type: str
    data: StripeEventData
