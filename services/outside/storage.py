"""Supabase Storage: pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from storage3 import SyncStorageClient
from storage3.exceptions import StorageApiError

from services.outside.pool import Pool
from services.outside.provider import Provider
from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings


class Storage:
    """Writes and removes as the app itself. No policy lets anybody else: what lies there, we have drawn."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._url = f"{settings.supabase_url}/storage/v1/"
        self._secret_key = settings.supabase_secret_key
        self._pool = pool
        self._provider = Provider("storage")

    def upload(self, bucket: str, path: str, content: bytes, content_type: str) -> None:
        """Put a new object where Postgres says that the caller may have one.

        Paths are never reused, so its address may be cached for a year.
        """
        with self._provider.calling("upload"):
            try:
                self._client().from_(bucket).upload(
                    path, content, {"content-type": content_type, "cache-control": "31536000"}
                )
            except StorageApiError as error:
                raise _failure_of(error) from error
            except (httpx.HTTPError, ValueError, KeyError) as error:
                raise Unavailable("storage", type(error).__name__) from error

    def remove(self, bucket: str, path: str) -> None:
        """Delete what Postgres has forgotten (its owner may be erased); an object that is gone is fine."""
        with self._provider.calling("remove"):
            try:
                self._client().from_(bucket).remove([path])
            except StorageApiError as error:
                raise _failure_of(error) from error
            except (httpx.HTTPError, ValueError) as error:
                raise Unavailable("storage", type(error).__name__) from error

    def address(self, bucket: str, path: str) -> str:
        """Where anyone may fetch an object of a public bucket."""
        return f"{self._url}object/public/{bucket}/{path}"

    def _client(self) -> SyncStorageClient:
        headers = {"apikey": self._secret_key, "Authorization": f"Bearer {self._secret_key}"}
        return SyncStorageClient(self._url, headers, http_client=self._pool.client)


def _failure_of(error: StorageApiError) -> Exception:
    status = int(error.status) if str(error.status).isdigit() else 500
    if status in {400, 401, 403} and error.code != "LibraryError":
        return Refusal("forbidden", 403)
    if status == 413:
        return Refusal("too_large", 413)
    return Unavailable("storage", error.message)
