"""How the product says no: stable words, and the one table that turns a word into a sentence."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Refusal(Exception):
    """A rule said no. `word` is stable; `detail` holds facts (left, expires_at, …); `hint` helps whoever calls."""

    def __init__(
        self, word: str, status: int, detail: dict[str, Any] | None = None, hint: str | None = None
    ) -> None:
        super().__init__(word)
        self.word = word
        self.status = status
        self.detail = detail or {}
        self.hint = hint

    @property
    def sentence(self) -> str:
        return sentence(self.word, self.detail)


class Unavailable(Exception):
    """A provider is down, slow or answers nonsense. `reached` says that it did answer, so others may still succeed."""

    def __init__(self, provider: str, reason: str, *, reached: bool = False) -> None:
        super().__init__(f"{provider}: {reason}")
        self.provider = provider
        self.reason = reason
        self.reached = reached


# Words raised by Postgres. A test holds this table and the migrations together.
SENTENCES: dict[str, LazyString] = {
    "not_found": _("There is nothing here."),
}

# Words that are said before Postgres is asked.
OWN_SENTENCES: dict[str, LazyString] = {
    "bad_request": _("This request could not be understood."),
    "malformed_json": _("The body is not valid JSON."),
    "form_expired": _("This form is out of date. Please send it again."),
    "unauthenticated": _("Please sign in first."),
    "forbidden": _("You may not do this."),
    "method_not_allowed": _("This address does not take that kind of request."),
    "too_large": _("That is too large to be accepted."),
    "unsupported_media_type": _("This kind of content is not accepted here."),
    "invalid_input": _("Something in what was sent is not right."),
    "rate_limited": _("That was a lot of requests in a short time. Please wait a moment and try again."),
    "internal_error": _("Something failed on our side. Nothing was half done; please try again."),
    "unavailable": _(
        "A service we depend on does not answer right now. Nothing was lost; please try again in a moment."
    ),
    "required": _("Please fill this in."),
    "unknown_field": _("This field is not known here."),
    "invalid": _("This does not look right."),
}


def sentence(word: str, detail: dict[str, Any] | None = None) -> str:
    """Say a word in the reader's language; an unknown word says that something is not right."""
    text = str(SENTENCES.get(word) or OWN_SENTENCES.get(word) or OWN_SENTENCES["invalid_input"])
    try:
        return text % (detail or {})
    except (KeyError, TypeError, ValueError):
        return text
