"""Accounts: what people type, and what they are shown."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from services.models import Input, Output

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

# Rules (age, lengths, known codes) are judged by Postgres, all at once; here only kinds and sane sizes are.
Text = Annotated[str, StringConstraints(max_length=320)]
LanguageCodes = Annotated[list[Annotated[str, StringConstraints(max_length=8)]], Field(max_length=50)]
# A password is taken as it was typed: blanks at its ends count.
Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=1000)]
# Postgres reads many things as dates ("tomorrow"); we take only YYYY-MM-DD and let the rule refuse the rest.
BirthDate = Annotated[
    str,
    AfterValidator(lambda text: text if ISO_DATE.fullmatch(text) else ""),
    Field(max_length=40, json_schema_extra={"format": "date"}),
]


class SignUp(Input):
    email: Text
    password: Password
    display_name: Text
    birth_date: BirthDate
    native_languages: LanguageCodes
    target_languages: LanguageCodes
    consent: StrictBool


class SignIn(Input):
    email: Text
    password: Password


class Refresh(Input):
    refresh_token: Text


class Recovery(Input):
    email: Text


class ProfileChanges(Input):
    """Only what is sent changes."""

    display_name: Text | None = None
    birth_date: BirthDate | None = None
    native_languages: LanguageCodes | None = None
    target_languages: LanguageCodes | None = None
    location: Text | None = None
    locale: Annotated[str, StringConstraints(max_length=8)] | None = None


class Membership(Output):
    slug: str
    name: str
    role: str


class Me(Output):
    id: str
    email: str
    display_name: str
    birth_date: date
    native_languages: list[str]
    target_languages: list[str]
    location: str | None
    locale: str
    avatar_path: str | None
    avatar_url: str | None = None
    consent_at: datetime
    organizers: list[Membership]
    created_at: datetime


class SignedIn(Output):
    """The person behind a session, as far as a token tells."""

    id: str
    email: str
    display_name: str | None = None


class Language(Output):
    """An ISO 639-1 language with its names by locale; `self` is its own name for itself."""

    code: str
    names: dict[str, str]
