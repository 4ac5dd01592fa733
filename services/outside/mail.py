"""Mail, sent through Resend.

What can go wrong: this mail will never be taken (MailRefused); it went out before in other words
(MailAlreadySent); not now, because we were too fast (MailThrottled) or because Resend is down, slow, or no
longer knows us (Unavailable).
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

import requests
import resend
from resend.exceptions import NoContentError, ResendError

from services.outside.provider import Provider
from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings

TIMEOUT = (2.0, 6.0)  # seconds to connect, seconds without an octet
PER_SECOND = 5  # Resend's limit for a whole team
LONGEST_PAUSE = 2.0  # seconds we sleep rather than come back later
DEFINITE = {400, 413, 422, 451}  # asking again with the same mail would be answered the same …
# … unless the answer is not Resend's own, or complains of our settings, which an operator can mend.
MENDABLE = {"application_error", "InternalServerError", "invalid_from_address", "invalid_access"}
UNFIT_FOR_A_NAME = re.compile(r'[\x00-\x1f\x7f<>"\\,;:@()\[\]\u202a-\u202e\u2066-\u2069]+')


class MailRefused(Refusal):
    """Resend will not take this mail, now or later. `detail` holds its reason."""

    def __init__(self, reason: str) -> None:
        super().__init__("mail_refused", 502, {"reason": reason})
        self.reason = reason


class MailAlreadySent(Refusal):
    """A mail with this key went out before, in other words: sending these too would be a second mail."""

    def __init__(self) -> None:
        super().__init__("mail_already_sent", 409)


class MailThrottled(Unavailable):
    """Too many mails for now. Try again after `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("mail", f"throttled for {retry_after:.1f} s", reached=True)
        self.retry_after = retry_after


@dataclass(frozen=True)
class OutgoingMail:
    """One mail to one person. `tags` (ASCII letters, digits, `_`, `-`) come back with its events."""

    to: str
    subject: str
    html: str
    text: str
    to_name: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


class Mail(Protocol):
    """Whatever sends mail."""

    def send(self, message: OutgoingMail, idempotency_key: str) -> str:
        """Send, and return the provider's id. The same key within 24 hours sends once.

        Raises MailRefused, MailAlreadySent, MailThrottled or Unavailable("mail").
        """


class Resend:
    """Mail through Resend's API, paced to its limit."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._provider = Provider("mail")
        self._pace = Pace(PER_SECOND)
        self._http = PooledClient()

    def send(self, message: OutgoingMail, idempotency_key: str) -> str:
        self._pace.wait()
        with self._provider.calling("send"):
            try:
                answer = self._post(message, idempotency_key)
            except ResendError as error:
                raise self._outcome(error) from error
            except NoContentError as error:
                raise Unavailable("mail", "an empty answer") from error
            identifier = answer.get("id") if isinstance(answer, Mapping) else None
            if not isinstance(identifier, str) or not identifier:
                raise Unavailable("mail", "an answer without an id")
            return identifier

    def _post(self, message: OutgoingMail, idempotency_key: str) -> Any:
        params = {
            "from": self._settings.mail_from,
            "to": [address(message.to, message.to_name)],
            "subject": message.subject,
            "html": message.html,
            "text": message.text,
            "headers": dict(message.headers),
            "tags": [{"name": name, "value": value} for name, value in message.tags.items()],
        }
        with _library:  # its settings are globals of the module
            resend.api_key = self._settings.resend_api_key
            resend.api_url = self._settings.resend_api_url or "https://api.resend.com"
            resend.default_http_client = self._http
            return resend.Emails.send(
                cast(resend.Emails.SendParams, params), {"idempotency_key": idempotency_key}
            )

    def _outcome(self, error: ResendError) -> Exception:
        status, reason = int(error.code), f"{error.code} {error.error_type}: {error.message}"
        if status == 409 and error.error_type == "invalid_idempotent_request":
            return MailAlreadySent()
        if status == 409:  # the same key is being sent at this moment
            return MailThrottled(PER_SECOND)
        if status == 429:
            throttled = MailThrottled(_seconds(error.headers))
            self._pace.rest(throttled.retry_after)
            return throttled
        if status in DEFINITE and error.error_type not in MENDABLE:
            return MailRefused(reason)
        return Unavailable("mail", reason)


class Pace:
    """At most so many calls a second, and none while the provider wants rest."""

    def __init__(self, per_second: float) -> None:
        self._step = 1 / per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Sleep until it is our turn. Raises MailThrottled when that is too long to sleep."""
        with self._lock:
            now = time.monotonic()
            pause = max(0.0, self._next - now)
            if pause > LONGEST_PAUSE:
                raise MailThrottled(pause)
            self._next = now + pause + self._step
        time.sleep(pause)

    def rest(self, seconds: float) -> None:
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)


class PooledClient(resend.HTTPClient):
    """Keeps its connections, which the library's own client does not; made anew after a fork."""

    def __init__(self) -> None:
        self._session: requests.Session | None = None
        self._pid = 0

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: dict[str, object] | list[object] | None = None,
        files: dict[str, Any] | None = None,
        data: dict[str, str] | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        if self._session is None or self._pid != os.getpid():
            self._session, self._pid = requests.Session(), os.getpid()
        answer = self._session.request(
            method,
            url,
            headers=dict(headers),
            json=json,
            files=files,
            data=data,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        return (
            answer.content,
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
        )


def address(email: str, name: str | None) -> str:
    """`Ana Ruiz <ana@example.org>`; what could be mistaken for structure is taken out of the name."""
    plain = " ".join(UNFIT_FOR_A_NAME.sub(" ", name or "").split())
    return f"{plain} <{email}>" if plain else email


def _seconds(headers: Mapping[str, str]) -> float:
    try:
        return max(1.0, float(headers.get("retry-after", "")))
    except ValueError:
        return 1.0


_library = threading.Lock()
