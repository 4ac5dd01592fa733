"""The form of a meetup: its fields, how they are read, and which of them a refusal belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from blueprints.pages import forms
from services.models.meetups import MeetupDraft
from services.models.venues import Venue
from services.refusals import Refusal, sentence

NAMES = ("title", "language", "venue_id", "starts_at", "description")
FIELDS = {
    "title_invalid": "title",
    "language_unknown": "language",
    "venue_unknown": "venue_id",
    "venue_full": "venue_id",
    "description_too_long": "description",
    "start_outside_hours": "starts_at",
    "start_too_soon": "starts_at",
    "start_too_late": "starts_at",
    "time_skipped": "starts_at",
}
# Where the field for the start begins and ends. The event's policy judges; this only spares wrong turns.
SOONEST, LATEST = timedelta(days=1), timedelta(days=7)
STEP = timedelta(minutes=15)

Typed = Mapping[str, str]


def typed(fields: Mapping[str, str]) -> dict[str, str]:
    """The form as it was filled in, to be shown again."""
    return {name: fields.get(name, "").strip() for name in NAMES}


def judged(form: Typed, venues: list[Venue]) -> tuple[MeetupDraft | None, dict[str, str]]:
    """The meetup that the form asks for, or a sentence for each field that needs another look."""
    venue = next((each for each in venues if str(each.id) == form["venue_id"]), None)
    wrong = {
        "title": None if form["title"] else "title_invalid",
        "language": None if 0 < len(form["language"]) <= 8 else "language_unknown",
        "venue_id": None if venue else "venue_unknown",
    }
    errors = {field: sentence(word) for field, word in wrong.items() if word}
    starts_at = None
    try:
        starts_at = _instant(form["starts_at"], venue)
    except Refusal as refusal:
        errors["starts_at"] = refusal.sentence
    if errors or venue is None or starts_at is None:
        return None, errors
    # Longer texts than the rule allows are cut where it still refuses them.
    draft = {
        "title": form["title"][:1000],
        "language": form["language"],
        "venue_id": venue.id,
        "starts_at": starts_at,
        "description": form["description"][:100_000],
    }
    return forms.read(MeetupDraft, draft), {}


def errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field; `form` is for what belongs to none."""
    return {FIELDS.get(refusal.word, "form"): refusal.sentence}


def window(timezone: str | None) -> tuple[str, str]:
    """The first and last start that the date field offers, by the clocks of the place."""
    now = datetime.now(ZoneInfo(timezone or "UTC"))
    first = now + SOONEST
    first += (datetime.min.replace(tzinfo=first.tzinfo) - first) % STEP
    return f"{first:%Y-%m-%dT%H:%M}", f"{now + LATEST:%Y-%m-%dT%H:%M}"


def _instant(wall_clock: str, venue: Venue | None) -> datetime:
    """The instant at which a venue's clocks show this time.

    Raises Refusal: required, time_invalid, time_skipped.
    """
    zone = ZoneInfo((venue and venue.timezone) or "UTC")
    try:
        local = datetime.fromisoformat(wall_clock).replace(tzinfo=zone)
        shown = local.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise Refusal("time_invalid" if wall_clock else "required", 422) from error
    if shown.replace(fold=0) != local.replace(fold=0):
        raise Refusal("time_skipped", 422, {"typed": f"{local:%H:%M}", "instead": f"{shown:%H:%M}"})
    return local
