"""Charges, the ways they are paid, and what they leave in the balance."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from ..identifiers import new_id
from ..storage import Body


@dataclass(frozen=True)
class Decline:
    """Why a payment fails: Stripe's code, the bank's, and the words for the buyer."""

    code: str
    decline_code: str | None
    message: str


CARD_DECLINED = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
EXPIRED_CARD = Decline("expired_card", "expired_card", "Your card has expired.")
DEBIT_FAILED = Decline(
    "debit_not_authorized", None, "The debit could not be collected from the bank account."
)

CARD: dict[str, Any] = {
    "type": "card",
    "card": {
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": "uK3vRm8yQz1LsT0d",
        "funding": "credit",
        "last4": "4242",
        "network": "visa",
        "wallet": None,
    },
}
BANK_DEBIT: dict[str, Any] = {
    "type": "sepa_debit",
    "sepa_debit": {
        "bank_code": "37040044",
        "branch_code": "",
        "country": "DE",
        "fingerprint": "Wd5qN2bXc7PfJ4hE",
        "last4": "3000",
        "mandate": None,
    },
}


def charge(intent: Body, method: dict[str, Any], payer: Body | None, *, created: int | None = None) -> Body:
    """A charge on its way; `method` is CARD or BANK_DEBIT, `payer` the session's customer details."""
    payer = payer or {}
    return {
        "id": new_id("charge"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": {
                "city": None,
                "country": None,
                "line1": None,
                "line2": None,
                "postal_code": None,
                "state": None,
            },
            "email": payer.get("email"),
            "name": payer.get("name"),
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "GUICHET",
        "captured": False,
        "created": created or int(time.time()),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": new_id("payment_method"),
        "payment_method_details": method,
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }


def outcome(decline: Decline | None) -> Body:
    """What the network said."""
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": decline.decline_code if decline else None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details." if decline else "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }


def payment_error(charge: Body, decline: Decline) -> Body:
    """The `last_payment_error` of an intent whose charge failed."""
    error = {
        "charge": charge["id"],
        "code": decline.code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "payment_method": {
            "id": charge["payment_method"],
            "object": "payment_method",
            "billing_details": charge["billing_details"],
            "created": charge["created"],
            "customer": None,
            "livemode": False,
            "metadata": {},
            **charge["payment_method_details"],
        },
        "type": "card_error"
        if charge["payment_method_details"]["type"] == "card"
        else "invalid_request_error",
    }
    return error | {"decline_code": decline.decline_code} if decline.decline_code else error


def balance_transaction(source: Body, amount: int, category: str) -> Body:
    """What a charge or refund does to the balance; the fee of a charge is 1.5 % and 25 minor units."""
    now = int(time.time())
    fee = round(amount * 0.015) + 25 if category == "charge" else 0
    return {
        "id": new_id("balance_transaction"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 7 * 86400,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": source["currency"],
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ]
        if fee
        else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source["id"],
        "status": "pending",
        "type": category,
    }
