"""Where an error page leads on to: back to the form, to the workspace one came from, or to what's on."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from blueprints.guards import me
from services import caller, workspaces
from services.models.workspaces import Workspace
from services.refusals import Refusal, Unavailable
from web.paths import page_of_form

IN_WORKSPACE = re.compile(r"/manage/([^/]+)/")  # also of addresses at which there is nothing


@dataclass(frozen=True)
class Way:
    label: str
    href: str


def ways_on(status: int, workspace: Workspace | None = None) -> list[Way]:
    """The ways on from an error with this status, the best one first."""
    return [*_again(status), *(_in_workspace(status, workspace) or _in_public())]


def team_asked_for() -> str | None:
    """The team whose workspace was asked for, as the address names it."""
    named = IN_WORKSPACE.match(request.path)
    return named[1] if named else None


def workspace_around(status: int) -> Workspace | None:
    """The workspace that an error page stands in: of the team that was asked for, if one is in it."""
    team = team_asked_for()
    # Whoever is too fast, or met a failure, is not asked about once more.
    if team is None or status == 429 or status >= 500 or not caller.current().signed_in:
        return None
    with suppress(Refusal, Unavailable):
        return workspaces.find(team)
    return None


def _again(status: int) -> list[Way]:
    if status == 422 and "cursor" in request.args:
        asked = {name: value for name, value in request.args.items() if name != "cursor"}
        return [Way(_("From the beginning"), f"{request.path}?{urlencode(asked)}".rstrip("?"))]
    if status not in {400, 413, 429} and status < 500:
        return []
    if request.method == "GET":
        return [Way(_("Try again"), request.full_path.rstrip("?"))] if status != 400 else []
    return [Way(_("Back to the form"), page_of_form())]


def _in_workspace(status: int, workspace: Workspace | None) -> list[Way]:
    team = team_asked_for()
    if team is None:
        return []
    teams = Way(_("All my teams"), url_for("workspaces.index"))
    events = Way(_("The team’s events"), url_for("manage.events.index", organizer=team))
    if workspace:
        return [events]
    # Who finds nothing may be in this team no more.
    return [teams, events] if status == 404 else [events, teams]


def _in_public() -> list[Way]:
    whats_on = Way(_("See what’s on"), url_for("events.index"))
    return [whats_on] if me() else [whats_on, Way(_("Sign in"), url_for("account.sign_in"))]
