"""Checks of request parameters, each answering as Stripe does. A check takes the raw value and its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .errors import StripeError, invalid
from .money import CURRENCIES

Check = Callable[[Any, str], Any]

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_INTEGER = re.compile(r"-?[0-9]{1,15}")


def text(longest: int = 5000) -> Check:
    """A string of at most so many characters."""

    def check(value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {value}", name)
        if len(value) > longest:
            raise invalid(f"Invalid string: {value[:30]}...; must be at most {longest} characters", name)
        return value

    return check


def integer(least: int | None = None, most: int | None = None) -> Check:
    """A whole number between the bounds, both included."""

    def check(value: Any, name: str) -> int:
        if not isinstance(value, str) or not _INTEGER.fullmatch(value):
            raise invalid(f"Invalid integer: {value}", name, "parameter_invalid_integer")
        number = int(value)
        if least is not None and number < least:
            wanted = (
                "Invalid non-negative integer"
                if least == 0
                else f"This value must be greater than or equal to {least}."
            )
            raise invalid(wanted, name, "parameter_invalid_integer")
        if most is not None and number > most:
            raise invalid(
                f"This value must be less than or equal to {most}.", name, "parameter_invalid_integer"
            )
        return number

    return check


def boolean(value: Any, name: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", name)
    return bool(value == "true")


def one_of(*choices: str) -> Check:
    """One of the words Stripe knows."""

    def check(value: Any, name: str) -> str:
        if value not in choices:
            raise invalid(f"Invalid {name}: must be one of {' or '.join(choices)}", name)
        return str(value)

    return check


def email(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > 512 or not _EMAIL.fullmatch(value):
        raise invalid(f"Invalid email address: {value}", name, "email_invalid")
    return value


def url(value: Any, name: str) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or " " in str(value):
        raise invalid("Not a valid URL", name, "url_invalid")
    return text(5000)(value, name)  # type: ignore[no-any-return]


def currency(value: Any, name: str) -> str:
    code = value.lower() if isinstance(value, str) else ""
    if code not in CURRENCIES:
        raise invalid(f"Invalid currency: {value}. Stripe supports: {', '.join(sorted(CURRENCIES))}", name)
    return str(code)


def metadata(value: Any, name: str) -> dict[str, str]:
    """At most 50 keys of 40 characters, values of 500; an empty value unsets its key."""
    if not isinstance(value, dict):
        raise invalid("Invalid metadata: metadata must be a set of key-value pairs", name)
    if len(value) > 50:
        raise invalid(f"Metadata can have up to 50 keys, but you passed in {len(value)}.", name)
    for key, entry in value.items():
        if len(key) > 40:
            raise invalid(f"Metadata keys can have up to 40 characters, but {key} has {len(key)}.", name)
        if not isinstance(entry, str) or len(entry) > 500:
            raise invalid(f"Metadata values can have up to 500 characters: {key} has more.", f"{name}[{key}]")
    return {key: entry for key, entry in value.items() if entry}


def list_of(check: Check, most: int) -> Check:
    """A list of at most so many values, each passing the check."""

    def check_all(value: Any, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise invalid("Invalid array", name)
        if len(value) > most:
            raise invalid(f"Array must have at most {most} elements", name)
        return [check(entry, f"{name}[{index}]") for index, entry in enumerate(value)]

    return check_all


def shape(fields: dict[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    """An object with these fields and no others; empty strings count as absent."""

    def check(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid("Invalid object", name)
        unknown = [_inside(name, key) for key in value if key not in fields]
        if unknown:
            raise _unknown(unknown)
        for key in required:
            if value.get(key, "") == "":
                param = _inside(name, key)
                raise invalid(f"Missing required param: {param}.", param, "parameter_missing")
        return {key: fields[key](entry, _inside(name, key)) for key, entry in value.items() if entry != ""}

    return check


def ignored(value: Any, _name: str) -> Any:
    """Known to Stripe, without effect in the sandbox."""
    return value


def unsupported(_value: Any, name: str) -> Any:
    """Known to Stripe, and it would change what happens: better refused than quietly forgotten."""
    raise invalid(f"The sandbox does not know what to do with {name}.", name)


def checked(
    fields: dict[str, Check], params: dict[str, Any], *, required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The request's parameters, checked and converted; raises StripeError."""
    clean: dict[str, Any] = shape(fields, required=required)(params, "")
    return clean


def _inside(name: str, key: str) -> str:
    return f"{name}[{key}]" if name else key


def _unknown(names: list[str]) -> StripeError:
    plural = "s" if len(names) > 1 else ""
    return invalid(f"Received unknown parameter{plural}: {', '.join(names)}", names[0], "parameter_unknown")
