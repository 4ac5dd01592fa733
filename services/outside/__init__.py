"""The only modules that talk over the network, and the door through which services reach them.

`database`, `identity`, `storage`, `stripe`, `mail` and `challenge` stand for the gateways of the app in
whose context the code runs; a test puts its own `Outside` into `app.extensions["outside"]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app
from werkzeug.local import LocalProxy

from services.outside.challenge import Challenge, Turnstile
from services.outside.database import Database
from services.outside.identity import Identity
from services.outside.mail import Mail, Resend
from services.outside.pool import Pool
from services.outside.storage import Storage
from services.outside.stripe import Stripe

if TYPE_CHECKING:
    from config import Settings


@dataclass(frozen=True)
class Outside:
    """One gateway per provider."""

    database: Database
    identity: Identity
    storage: Storage
    stripe: Stripe
    mail: Mail
    challenge: Challenge


def connect(settings: Settings) -> Outside:
    """Make the gateways. Nothing is sent before the first call."""
    pool = Pool()
    return Outside(
        database=Database(settings, pool),
        identity=Identity(settings, pool),
        storage=Storage(settings, pool),
        stripe=Stripe(settings),
        mail=Resend(settings),
        challenge=Turnstile(settings),
    )


def _outside() -> Outside:
    return cast(Outside, current_app.extensions["outside"])


database = cast(Database, LocalProxy(lambda: _outside().database))
identity = cast(Identity, LocalProxy(lambda: _outside().identity))
storage = cast(Storage, LocalProxy(lambda: _outside().storage))
stripe = cast(Stripe, LocalProxy(lambda: _outside().stripe))
mail = cast(Mail, LocalProxy(lambda: _outside().mail))
challenge = cast(Challenge, LocalProxy(lambda: _outside().challenge))
