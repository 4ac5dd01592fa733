"""Customers."""

from __future__ import annotations

from .. import parameters as p
from ..errors import missing
from ..objects.customer import customer
from ..pagination import PAGE, equal, page
from ..storage import Body
from .endpoint import Endpoints, Params, store

endpoints = Endpoints()

_ADDRESS = p.shape(dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), p.text()))
_IGNORED = "invoice_settings next_invoice_sequence shipping tax tax_exempt tax_id_data validate"
_CREATE: dict[str, p.Check] = {
    "address": _ADDRESS,
    "description": p.text(),
    "email": p.email,
    "metadata": p.metadata,
    "name": p.text(256),
    "phone": p.text(20),
    "preferred_locales": p.list_of(p.text(10), 20),
    **dict.fromkeys(_IGNORED.split(), p.ignored),
}


@endpoints.post("/customers")
def create(params: Params) -> Body:
    return store().add(customer(p.checked(_CREATE, params)))


@endpoints.get("/customers/<identifier>")
def retrieve(params: Params, identifier: str) -> Body:
    p.checked({}, params)
    found = store().find(identifier, "customer")
    if found is None:
        raise missing("customer", identifier)
    return found


@endpoints.get("/customers")
def index(params: Params) -> Body:
    asked = p.checked(PAGE | {"email": p.text()}, params)
    return page(store(), "customer", "/v1/customers", asked, equal(asked, "email"))
