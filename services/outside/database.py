"""The Data API: every call is one Postgres function, one transaction, one round trip."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from services import caller
from services.outside import addresses
from services.outside.pool import Pool
from services.outside.provider import Provider
from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings

# Functions that change nothing may be asked again when a kept connection turns out to be dead.
READS = ("read_", "list_", "quote", "check_", "export_", "job_status")
# Postgres gave up on the transaction and says itself that it may be tried again.
ROLLED_BACK = {"40001", "40P01"}
# Classes of SQLSTATE that mean "not now": connection, resources, intervention (57014: it took too long).
NOT_NOW = ("08", "53", "57", "58")


class Database:
    """Calls functions as the current caller, or with the secret key for webhooks and jobs."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._base = f"{settings.supabase_url}/rest/v1/rpc/"
        self._publishable_key = settings.supabase_publishable_key
        self._secret_key = settings.supabase_secret_key
        self._address_key = addresses.key_of(settings.secret_key)
        self._pool = pool
        self._provider = Provider("database")
        self._recalled: dict[str, Any] = {}

    def call(self, function: str, /, **arguments: Any) -> Any:
        """Return the decoded answer. Raises Refusal when a rule says no, Unavailable when nobody answers."""
        token = caller.current().access_token
        return self._ask(function, arguments, self._headers(self._publishable_key, token))

    def recall(self, function: str) -> Any:
        """Like `call`, but asked once per process: for what only a migration changes."""
        if function not in self._recalled:
            self._recalled[function] = self.call(function)
        return self._recalled[function]

    def call_as_service(self, function: str, /, **arguments: Any) -> Any:
        """Like `call`, past every policy: only for webhooks, jobs and recording what a provider answered."""
        return self._ask(function, arguments, self._headers(self._secret_key, None))

    def _headers(self, key: str, token: str | None) -> dict[str, str]:
        who = caller.current()
        headers = {
            "apikey": key,
            "Authorization": f"Bearer {token or key}",
            "Content-Type": "application/json",
            "Accept-Language": who.locale,
        }
        if who.correlation_id:
            headers["X-Request-Id"] = who.correlation_id
        if who.address:
            headers |= addresses.headers(who.address, self._address_key)
        if who.order_secret:
            headers["X-Order-Secret"] = who.order_secret
        if who.api_key:
            headers["X-Api-Key"] = who.api_key
        if who.idempotency_key:
            headers["Idempotency-Key"] = who.idempotency_key
        return headers

    def _ask(self, function: str, arguments: dict[str, Any], headers: dict[str, str]) -> Any:
        body = json.dumps(arguments, default=str).encode()
        with self._provider.calling(function):
            response = self._send(function, body, headers)
            if response.status_code >= 400 and _error_of(response).get("code") in ROLLED_BACK:
                response = self._send(function, body, headers)
            return _answer_of(response)

    def _send(self, function: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            return self._pool.post(self._base + function, body, headers)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            if not function.startswith(READS):
                raise Unavailable("database", type(error).__name__) from error
        except httpx.HTTPError as error:
            raise Unavailable("database", type(error).__name__) from error
        try:
            return self._pool.post(self._base + function, body, headers)
        except httpx.HTTPError as error:
            raise Unavailable("database", type(error).__name__) from error


def _answer_of(response: httpx.Response) -> Any:
    if response.status_code >= 300:
        raise _failure_of(response)
    if response.status_code == 204 or not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise Unavailable("database", "answered something that is not JSON") from error


def _error_of(response: httpx.Response) -> dict[str, Any]:
    try:
        error = response.json()
    except ValueError:
        return {}
    return error if isinstance(error, dict) else {}


def _failure_of(response: httpx.Response) -> Exception:
    """Turn an error answer into what the app says: a refusal, a provider that is away, or a fault of ours."""
    error = _error_of(response)
    code = str(error.get("code") or "")
    status = response.status_code
    if code.startswith("PT") and code[2:].isdigit() and 400 <= int(code[2:]) < 600:
        return Refusal(str(error.get("message")), int(code[2:]), _detail_of(error), error.get("hint"))
    if status == 401 or code.startswith("PGRST3"):
        return Refusal("sign_in_required", 401)
    if code == "42501" or status == 403:
        signed_in = caller.current().signed_in
        return Refusal("forbidden", 403) if signed_in else Refusal("sign_in_required", 401)
    if code.startswith("22"):
        return Refusal("invalid_input", 422)
    if code in ROLLED_BACK or code.startswith(NOT_NOW):
        return Unavailable("database", f"Postgres answered {code}", reached=True)
    if status in {429, 502, 503, 504} or not code:
        return Unavailable("database", f"answered {status}", reached=status == 429)
    return RuntimeError(f"the database refused the call itself: {code} {error.get('message')}")


def _detail_of(error: dict[str, Any]) -> dict[str, Any]:
    """Refusals carry their facts as JSON in `details`."""
    try:
        detail = json.loads(error.get("details") or "{}")
    except (TypeError, ValueError):
        return {}
    return detail if isinstance(detail, dict) else {}
