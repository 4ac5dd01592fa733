"""The form of an event: its fields as text, what they ask for, and which of them a refusal belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from services.models.team_events import NewEvent, TeamEventDetail
from services.refusals import Refusal
from services.team_events import Facts
from web.amounts import cents

TEXTS = (
    "title", "summary", "description", "joining", "language", "venue_id", "timezone",
    "starts_at", "ends_at", "capacity", "currency",
)  # fmt: skip
# How the fields that everybody fills in follow each other.
ORDER = ("title", "starts_at", "ends_at", "venue_id", "price", "capacity", "language", "currency", "timezone")
SWITCHES = ("asks_phone", "waitlist_keeps_price")
MOMENTS = ("starts_at", "ends_at")
FIRST_TICKET = ("kind", "price", "ticket_name", "vat_rate")
# Refusals that are no list of faults, and the field they are about.
FIELDS = {
    "venue_full": "venue_id",
    "start_outside_hours": "starts_at",
    "start_too_soon": "starts_at",
    "start_too_late": "starts_at",
    "ticket_types.0.price_cents": "price",
    "ticket_types.0.name": "ticket_name",
    "ticket_types.0.vat_rate": "vat_rate",
}
AREAS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip
# Columns that the form names otherwise.
COLUMNS = {"language_code": "language"}

Form = dict[str, str]


class News(str):
    """A sentence about a field that is not wrong: somebody else has changed it meanwhile."""

    __slots__ = ()
    is_news = True


def typed(fields: Mapping[str, str]) -> Form:
    """The form as it was filled in, to be shown again; boxes that are not ticked are empty."""
    names = ("revision", *TEXTS, *SWITCHES, *FIRST_TICKET)
    return {name: plain(fields.get(name, "")) for name in names}


def plain(words: str) -> str:
    """What was typed, with line breaks as they are kept: browsers send two characters for each."""
    return words.replace("\r\n", "\n").strip()


def begun(defaults: NewEvent, asked: Mapping[str, str]) -> Form:
    """The form of a new event before anybody typed; its address may have asked for more, such as a venue."""
    return {
        **typed({}),
        **_written(defaults.model_dump(mode="json")),
        "waitlist_keeps_price": "on",
        "vat_rate": "",
        **{name: words for name, words in typed(asked).items() if words},
    }


def filled(event: TeamEventDetail) -> Form:
    """The form of an event as it is now."""
    written = _written(event.model_dump(mode="json", include={*TEXTS, *SWITCHES} - {*MOMENTS}))
    return written | {
        "revision": str(event.revision),
        "venue_id": str(event.venue.id) if event.venue else "",
        "capacity": "" if event.own_capacity is None else str(event.own_capacity),
        "starts_at": wall_clock(event.starts_at, event.timezone),
        "ends_at": wall_clock(event.ends_at, event.timezone),
    }


def facts(form: Form) -> Facts:
    """What the form asks for, for Postgres to judge."""
    return {name: form[name] for name in TEXTS} | {name: bool(form[name]) for name in SWITCHES}


def first_facts(form: Form) -> Facts:
    """The same for a new event, with its first ticket type."""
    seat = {
        "name": form["ticket_name"] or _("Seat"),
        "price_cents": cents(form["price"], form["currency"]),
    }
    if form["vat_rate"]:
        seat["vat_rate"] = form["vat_rate"].replace(",", ".")
    return {**facts(form), "kind": form["kind"], "ticket_types": [seat]}


def revision(form: Form) -> int:
    """Which state was edited; one that is no number was never there."""
    return int(form["revision"]) if form["revision"].isdecimal() and len(form["revision"]) < 10 else 0


def errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field; `form` is for what belongs to none."""
    if refusal.word in FIELDS:
        return {FIELDS[refusal.word]: refusal.sentence}
    told = {FIELDS.get(field, field): sentence for field, sentence in sentences_by_field(refusal).items()}
    return in_order(told, (*ORDER, *TEXTS))


def in_order(errors: dict[str, str], fields: Sequence[str]) -> dict[str, str]:
    """The sentences as their fields follow each other on the page; others come last."""
    place = {field: number for number, field in reversed(list(enumerate(fields)))}
    return dict(sorted(errors.items(), key=lambda error: place.get(error[0], len(fields))))


def merged(form: Form, refusal: Refusal, event: TeamEventDetail) -> tuple[Form, dict[str, str]]:
    """What somebody typed while somebody else changed the event; see `reconciled`."""
    before = {
        COLUMNS.get(column, column): shown(column in MOMENTS, change.get("before"), event.timezone)
        for column, change in refusal.detail.get("changes", {}).items()
    }
    result, told = reconciled(form, refusal, before, filled(event))
    return result, in_order(told, (*ORDER, *TEXTS))


def reconciled(form: Form, refusal: Refusal, before: Form, now: Form) -> tuple[Form, dict[str, str]]:
    """What one person typed, laid over what another one has changed since: fields `before` and `now`.

    Fields that only the other one touched show what they say now; what was typed stays, and the sentence
    beside it says what the other one wrote.
    """
    who = refusal.detail.get("by") or _("Somebody")
    result = form | {"revision": now["revision"]}
    told: dict[str, str] = {
        "form": News(
            _("%(who)s has changed this meanwhile. Look at what is marked, then save again.", who=who)
        )
    }
    for field, earlier in before.items():
        if form.get(field) == earlier:
            result[field] = now[field]
            told[field] = News(_("New from %(who)s.", who=who))
        elif form.get(field) != now[field]:
            told[field] = _("%(who)s wrote here: %(words)s", who=who, words=now[field] or _("nothing"))
    return result, told


def wall_clock(instant: datetime, timezone: str) -> str:
    """An instant as fields for date and time take it, by the clocks there."""
    return f"{instant.astimezone(ZoneInfo(timezone)):%Y-%m-%dT%H:%M}"


@lru_cache(maxsize=1)
def timezones() -> list[tuple[str, list[str]]]:
    """The zones that are named after a place, by the part of the world they are in."""
    places = sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS)
    return [(area, list(names)) for area, names in groupby(places, key=lambda name: name.partition("/")[0])]


def _written(values: Mapping[str, Any]) -> Form:
    return {
        name: "on" if value is True else "" if value in (None, False) else str(value)
        for name, value in values.items()
    }


def shown(is_moment: bool, value: Any, timezone: str) -> str:
    """How a form shows what a column held."""
    if is_moment and value:
        return wall_clock(datetime.fromisoformat(value), timezone)
    return _written({"": value})[""]
