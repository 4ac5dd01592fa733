"""Charges, their disputes, and what they leave in the balance."""

from __future__ import annotations

from .. import parameters as p
from ..errors import missing
from ..pagination import PAGE, equal, page
from ..storage import Body
from .endpoint import Endpoints, Params, store

endpoints = Endpoints()


@endpoints.get("/charges/<identifier>")
def retrieve(params: Params, identifier: str) -> Body:
    return _found("charge", params, identifier)


@endpoints.get("/charges")
def index(params: Params) -> Body:
    asked = p.checked(PAGE | {"customer": p.text(), "payment_intent": p.text()}, params)
    return page(store(), "charge", "/v1/charges", asked, equal(asked, "customer", "payment_intent"))


@endpoints.get("/disputes/<identifier>")
def retrieve_dispute(params: Params, identifier: str) -> Body:
    return _found("dispute", params, identifier)


@endpoints.get("/disputes")
def index_disputes(params: Params) -> Body:
    asked = p.checked(PAGE | {"charge": p.text(), "payment_intent": p.text()}, params)
    return page(store(), "dispute", "/v1/disputes", asked, equal(asked, "charge", "payment_intent"))


@endpoints.get("/balance_transactions/<identifier>")
def retrieve_balance_transaction(params: Params, identifier: str) -> Body:
    return _found("balance_transaction", params, identifier)


def _found(kind: str, params: Params, identifier: str) -> Body:
    p.checked({}, params)
    found = store().find(identifier, kind)
    if found is None:
        raise missing(kind, identifier)
    return found
