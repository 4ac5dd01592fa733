"""Events as their team keeps them.

What is typed goes to Postgres as it is, which answers with everything that is wrong at once: Refusal
`invalid_input`, whose detail has `errors`, each {field, code}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services import pictures
from services.models.team_events import (
    CallingOff,
    EmptyDesk,
    EventDesk,
    TeamEvent,
    TeamEventDetail,
    TeamEventPage,
    TeamEventSearch,
)
from services.outside import database, storage
from services.pictures import COVERS, cover_file

Facts = Mapping[str, Any]  # fields of EventDraft or EventEdits


def list_events(organizer: str, search: TeamEventSearch) -> TeamEventPage:
    """A team's events, drafts included. Raises Refusal: not_found, not_permitted, cursor_invalid."""
    filters = search.model_dump(mode="json", exclude_none=True)
    return TeamEventPage.model_validate(database.call("list_team_events", organizer=organizer, **filters))


def read(event_id: UUID) -> EventDesk:
    """Raises Refusal: not_found, not_permitted."""
    return EventDesk.model_validate(database.call("read_team_event", event_id=event_id))


def prepare(organizer: str) -> EmptyDesk:
    """What the form of a new event begins with. Raises Refusal: not_found, not_permitted."""
    return EmptyDesk.model_validate(database.call("read_event_defaults", organizer=organizer))


def create(organizer: str, facts: Facts, *, publish: bool = False) -> TeamEventDetail:
    """Raises Refusal: invalid_input, venue_full, not_found, not_permitted."""
    return _event(database.call("create_event", organizer=organizer, event=facts, publish=publish))


def update(event_id: UUID, revision: int, changes: Facts) -> TeamEventDetail:
    """Change what is named, if nobody has since `revision`; buyers are told of another time or place.

    Raises Refusal: invalid_input, edited_meanwhile (detail: revision, by, changes), event_is_closed,
    venue_full, not_found, not_permitted and the words of the event's policy.
    """
    return _event(database.call("update_event", event_id=event_id, revision=revision, changes=changes))


def publish(event_id: UUID) -> TeamEventDetail:
    """Raises Refusal: illegal_transition, invalid_input, venue_full, not_found, not_permitted."""
    return _event(database.call("publish_event", event_id=event_id))


def unpublish(event_id: UUID) -> TeamEventDetail:
    """Raises Refusal: illegal_transition, event_has_orders, not_found, not_permitted."""
    return _event(database.call("unpublish_event", event_id=event_id))


def delete(event_id: UUID) -> None:
    """Raises Refusal: illegal_transition, event_was_ordered, not_found, not_permitted."""
    answer = database.call("delete_event", event_id=event_id)
    _forget_cover(answer["unused_cover_path"])


def copy(event_id: UUID) -> TeamEventDetail:
    """Make a draft of the same event a week later.

    Raises Refusal: illegal_transition, not_found, not_permitted.
    """
    return _event(database.call("copy_event", event_id=event_id))


def repeat(
    organizer: str, event_id: UUID, starts: Sequence[str], venue_ids: Sequence[str], *, publish: bool = False
) -> list[TeamEvent]:
    """Hold an event again at each start and each venue, all or none.

    Raises Refusal: invalid_input, venue_full, illegal_transition, not_found, not_permitted.
    """
    answer = database.call(
        "create_series",
        organizer=organizer,
        event_id=event_id,
        starts=list(starts),
        venue_ids=list(venue_ids),
        publish=publish,
    )
    return [TeamEvent.model_validate(event) for event in answer["events"]]


def quote_cancellation(event_id: UUID, organizer: str | None = None) -> CallingOff:
    """What calling the event off would do, in the workspace of its organizer or its venue's.

    Raises Refusal: not_found, not_permitted.
    """
    return CallingOff.model_validate(
        database.call("quote_event_cancellation", event_id=event_id, organizer=organizer)
    )


def set_cover(event_id: UUID, content: bytes) -> TeamEventDetail:
    """Show this picture on the event's pages.

    Raises Refusal: picture_invalid, picture_too_large, event_is_closed, not_found, not_permitted.
    """
    drawn = pictures.wide(content)
    path = database.call("prepare_event_cover", event_id=event_id)["path"]
    for width, picture in drawn.items():
        storage.upload(COVERS, cover_file(path, width), picture, pictures.MEDIA_TYPE)
    return _show_cover(event_id, path)


def remove_cover(event_id: UUID) -> TeamEventDetail:
    """Let a cover be drawn instead. Raises Refusal: event_is_closed, not_found, not_permitted."""
    return _show_cover(event_id, None)


def _show_cover(event_id: UUID, path: str | None) -> TeamEventDetail:
    answer = database.call("set_event_cover", event_id=event_id, path=path)
    _forget_cover(answer["unused_cover_path"])
    return _event(answer["event"])


def _forget_cover(path: str | None) -> None:
    if path:
        for width in pictures.WIDTHS:
            pictures.forget(COVERS, cover_file(path, width))


def _event(answer: Any) -> TeamEventDetail:
    return TeamEventDetail.model_validate(answer)
