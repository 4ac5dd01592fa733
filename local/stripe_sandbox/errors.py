"""Stripe's way of saying no."""

from __future__ import annotations

from typing import Any

DOCUMENTED = {
    "amount_too_large",
    "amount_too_small",
    "charge_already_refunded",
    "email_invalid",
    "idempotency_key_in_use",
    "parameter_invalid_empty",
    "parameter_invalid_integer",
    "parameter_missing",
    "parameter_unknown",
    "rate_limit",
    "resource_missing",
    "url_invalid",
}


class StripeError(Exception):
    """An answer that is no success. `started` tells whether the endpoint had begun its work.

    Stripe remembers an answer under its idempotency key only then: what fails validation may be sent again.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        started: bool = False,
        **more: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.started = started
        fields = {"code": code, "message": message, "param": param, "type": type, **more}
        self.error: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
        if code in DOCUMENTED:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def invalid(message: str, param: str, code: str | None = None) -> StripeError:
    """A parameter is not what it should be."""
    return StripeError(message, param=param, code=code)


def refused(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """The parameters are fine, the state of things is not."""
    return StripeError(message, code=code, param=param, started=True)


def missing(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> StripeError:
    """Nothing of that kind has that id."""
    return StripeError(
        f"No such {kind}: '{identifier}'", status=status, code="resource_missing", param=param, started=True
    )


def unauthorized(message: str) -> StripeError:
    return StripeError(message, status=401)


def no_such_url(method: str, path: str) -> StripeError:
    return StripeError(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs "
        "or we can help at https://support.stripe.com/.",
        status=404,
    )
