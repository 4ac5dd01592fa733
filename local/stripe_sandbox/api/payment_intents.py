"""Payment intents."""

from __future__ import annotations

from .. import parameters as p
from ..errors import missing
from ..pagination import PAGE, equal, page
from ..storage import Body
from .endpoint import Endpoints, Params, store

endpoints = Endpoints()


@endpoints.get("/payment_intents/<identifier>")
def retrieve(params: Params, identifier: str) -> Body:
    p.checked({"client_secret": p.ignored}, params)
    found = store().find(identifier, "payment_intent")
    if found is None:
        raise missing("payment_intent", identifier, param="intent")
    return found


@endpoints.get("/payment_intents")
def index(params: Params) -> Body:
    asked = p.checked(PAGE | {"customer": p.text()}, params)
    return page(store(), "payment_intent", "/v1/payment_intents", asked, equal(asked, "customer"))
