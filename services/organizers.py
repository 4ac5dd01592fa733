"""Teams that sell: made, described, shown by a picture."""

from __future__ import annotations

from typing import Any

from services import pictures
from services.models.events import OrganizerPage
from services.models.organizers import OrganizerChanges, OrganizerDraft, OwnOrganizer
from services.outside import database, storage

PICTURES = "pictures"


def read_public(slug: str, cursor: str | None = None) -> OrganizerPage:
    """A team as everyone sees it, with its events. Raises Refusal: not_found, cursor_invalid."""
    page = OrganizerPage.model_validate(database.call("read_public_organizer", slug=slug, cursor=cursor))
    path = page.organizer.picture_path
    shown = {"picture_url": storage.address(PICTURES, path) if path else None}
    return page.model_copy(update={"organizer": page.organizer.model_copy(update=shown)})


def create(draft: OrganizerDraft) -> OwnOrganizer:
    """Make a team whose owner the caller is. Raises Refusal: organizer_refused, too_many_organizers."""
    return _organizer(database.call("create_organizer", facts=draft.model_dump(exclude_none=True)))


def read(slug: str) -> OwnOrganizer:
    """A team as its members see it. Raises Refusal: not_found."""
    return _organizer(database.call("read_organizer", organizer=slug))


def update(slug: str, revision: int, changes: OrganizerChanges) -> OwnOrganizer:
    """Change what is given, if nobody else has changed the team since `revision`.

    Raises Refusal: organizer_refused, edited_meanwhile (detail: revision, by, changes), not_found,
    not_permitted.
    """
    told = changes.model_dump(exclude_unset=True)
    return _organizer(database.call("update_organizer", organizer=slug, revision=revision, changes=told))


def set_picture(slug: str, content: bytes) -> OwnOrganizer:
    """Show this picture beside the team's name.

    Raises Refusal: picture_invalid, picture_too_large, not_found, not_permitted.
    """
    picture = pictures.square(content)
    path = database.call("prepare_organizer_picture", organizer=slug)["path"]
    storage.upload(PICTURES, path, picture, pictures.MEDIA_TYPE)
    return _show_picture(slug, path)


def remove_picture(slug: str) -> OwnOrganizer:
    """Show no picture. Raises Refusal: not_found, not_permitted."""
    return _show_picture(slug, None)


def _show_picture(slug: str, path: str | None) -> OwnOrganizer:
    answer = database.call("set_organizer_picture", organizer=slug, path=path)
    pictures.forget(PICTURES, answer["former_picture_path"])
    return _organizer(answer)


def _organizer(answer: dict[str, Any]) -> OwnOrganizer:
    path = answer["picture_path"]
    return OwnOrganizer.model_validate(
        {**answer, "picture_url": storage.address(PICTURES, path) if path else None}
    )
