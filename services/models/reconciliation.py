"""What comparing Stripe's books with ours brought to light."""

from __future__ import annotations

from services.models import Output


class Reconciliation(Output):
    compared: int
    repaired: int
    beyond_repair: list[str]
