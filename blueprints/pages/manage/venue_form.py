"""The form of a venue: its fields as text, what they ask for, and which of them a refusal belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.pages.manage.event_form import in_order, reconciled
from services.models.team_venues import TeamVenue
from services.refusals import Refusal
from services.team_venues import Facts
from web.places import weekday_name

TEXTS = (
    "name", "address", "postal_code", "city", "country", "latitude", "longitude", "timezone", "capacity",
)  # fmt: skip
EDGES = ("opens", "closes")
HOURS = {weekday: [f"hours.{weekday}.{edge}" for edge in EDGES] for weekday in range(1, 8)}

Form = dict[str, str]


def typed(fields: Mapping[str, str]) -> Form:
    """The form as it was filled in, to be shown again."""
    names = ("revision", *TEXTS, *(name for pair in HOURS.values() for name in pair))
    return {name: fields.get(name, "").strip() for name in names}


def begun(venues: list[TeamVenue]) -> Form:
    """The form of a new venue before anybody typed; a team's places are mostly in one country."""
    form = typed({})
    return form | {"country": venues[0].country, "timezone": venues[0].timezone} if venues else form


def filled(venue: TeamVenue) -> Form:
    """The form of a venue as it is now."""
    written = {name: _written(getattr(venue, name)) for name in TEXTS}
    return typed({**written, **_fields_of(venue.model_dump()["hours"]), "revision": str(venue.revision)})


def facts(form: Form) -> Facts:
    """What the form asks for, for Postgres to judge."""
    hours = [
        {"weekday": weekday, **{edge: form[name] for edge, name in zip(EDGES, names, strict=True)}}
        for weekday, names in HOURS.items()
    ]
    return {**{name: form[name] for name in TEXTS}, "hours": hours}


def has_hours(form: Form) -> bool:
    """Whether anything is typed where opening hours are, which else stay folded away."""
    return any(form[name] for names in HOURS.values() for name in names)


def errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field; what is wrong with a day's hours names the day."""
    return {field: _of_its_day(field, words) for field, words in sentences_by_field(refusal).items()}


def merged(form: Form, refusal: Refusal, venue: TeamVenue) -> tuple[Form, dict[str, str]]:
    """What somebody typed while somebody else changed the venue; see `reconciled`."""
    now = filled(venue)
    before: Form = {}
    for column, change in refusal.detail.get("changes", {}).items():
        was = change.get("before")
        before |= _hours_before(was, now) if column == "hours" else {column: _written(was)}
    result, told = reconciled(form, refusal, before, now)
    return result, in_order({_place_of(name): words for name, words in told.items()}, TEXTS)


def _fields_of(hours: Iterable[Mapping[str, Any]] | None) -> Form:
    return {f"hours.{span['weekday']}.{edge}": span[edge] for span in hours or () for edge in EDGES}


def _hours_before(hours: Iterable[Mapping[str, Any]] | None, now: Form) -> Form:
    """The times that were others before."""
    before = typed(_fields_of(hours))
    return {name: before[name] for names in HOURS.values() for name in names if before[name] != now[name]}


def _place_of(field: str) -> str:
    """Where a sentence stands: opening and closing of a day share one."""
    return field.rpartition(".")[0] or field


def _of_its_day(field: str, words: str) -> str:
    """A sentence about the hours of a day, with the name of the day."""
    place, _dot, number = field.partition(".")
    if place != "hours" or not number.isdecimal() or int(number) not in HOURS:
        return words
    return str(_("%(label)s: %(value)s", label=weekday_name(int(number)), value=words))


def _written(value: Any) -> str:
    return "" if value is None else str(value)
