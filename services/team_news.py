"""What short mails about a team say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from services.news import Facts, News


def team_invitation(facts: Facts) -> News:
    team, inviter = facts["organizer"]["name"], facts["data"].get("invited_by")
    what = {
        "owner": _("As an owner you may do everything, the team itself included."),
        "manager": _("As a manager you look after events, tickets, orders and refunds."),
        "finance": _("In finance you see orders, invoices and numbers, and may refund."),
        "door": _("At the door you let people in."),
    }[facts["data"]["role"]]
    asks = (
        _("%(name)s asks you to join %(team)s.", name=inviter, team=team)
        if inviter
        else _("You are asked to join %(team)s.", team=team)
    )
    return News(
        subject=_("Join %(team)s on Guichet", team=team),
        title=_("You are invited."),
        paragraphs=[asks, what, _("The link works once, for seven days, for this address alone.")],
        action=_("See the invitation"),
        because=_(
            "You get this mail because %(team)s invited this address. If you do not know them, do nothing.",
            team=team,
        ),
    )


TEAM_NEWS: Mapping[str, Callable[[Facts], News]] = {"team_invitation": team_invitation}
