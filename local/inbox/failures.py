"""Bad luck on demand: what the next sends shall meet."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, get_args

from local.inbox.validation import Problem

Kind = Literal["throttled", "server_error", "timeout_before", "timeout_after"]


class Dropped(Exception):
    """The connection is to be cut without an answer."""


@dataclass(frozen=True)
class Failure:
    """One planned failure. `retry_after` and `seconds` (how long a time-out hangs) are seconds."""

    kind: Kind
    count: int = 1
    retry_after: int = 1
    seconds: float = 30

    @classmethod
    def read(cls, body: Any) -> Failure:
        """A failure from the JSON `{kind, count?, retry_after?, seconds?}`. Raises ValueError."""
        if not isinstance(body, dict) or body.get("kind") not in get_args(Kind):
            raise ValueError(f"`kind` must be one of {', '.join(get_args(Kind))}.")
        known = {name: body[name] for name in ("kind", "count", "retry_after", "seconds") if name in body}
        if not all(
            isinstance(value, int | float) and value >= 0 for name, value in known.items() if name != "kind"
        ):
            raise ValueError("`count`, `retry_after` and `seconds` must be numbers, not negative.")
        return cls(**known)

    def before_accepting(self) -> None:
        """Fail instead of accepting. Raises Problem or, after hanging, Dropped."""
        if self.kind == "throttled":
            raise Problem(
                429,
                "rate_limit_exceeded",
                "Too many requests. You can only make 5 requests per second.",
                self.retry_after,
            )
        if self.kind == "server_error":
            raise Problem(500, "application_error", "Something went wrong. Please try again later.")
        if self.kind == "timeout_before":
            self._hang()

    def after_accepting(self) -> None:
        """Fail although the mail was taken: hang, then raise Dropped."""
        if self.kind == "timeout_after":
            self._hang()

    def _hang(self) -> None:
        time.sleep(self.seconds)
        raise Dropped
