"""Supabase Storage: pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from storage3 import SyncStorageClient
from storage3.exceptions import StorageApiError

from services import caller
from services.outside.pool import Pool
from services.outside.provider import Provider
from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings


class Storage:
    """Writes as the current caller, so that the buckets' policies decide, or as the app itself to a path that
    Postgres named; removes as the app itself."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._url = f"{settings.supabase_url}/storage/v1/"
        self._publishable_key = settings.supabase_publishable_key
        self._secret_key = settings.supabase_secret_key
        self._pool = pool
        self._provider = Provider("storage")

    def upload(self, bucket: str, path: str, content: bytes, content_type: str) -> None:
        """Put a new object. Paths are never reused, so its address may be cached for a year."""
        token = caller.current().access_token or self._publishable_key
        self._upload(self._client(self._publishable_key, token), bucket, path, content, content_type)

    def upload_as_service(self, bucket: str, path: str, content: bytes, content_type: str) -> None:
        """Like `upload`, past every policy: only to a path that Postgres has just named for the caller.

        Storage does not know the keys of teams' programs.
        """
        client = self._client(self._secret_key, self._secret_key)
        self._upload(client, bucket, path, content, content_type)

    def remove(self, bucket: str, path: str) -> None:
        """Delete what Postgres has forgotten (its owner may be erased); an object that is gone is fine."""
        with self._provider.calling("remove"):
            try:
                self._client(self._secret_key, self._secret_key).from_(bucket).remove([path])
            except StorageApiError as error:
                raise _failure_of(error) from error
            except (httpx.HTTPError, ValueError) as error:
                raise Unavailable("storage", type(error).__name__) from error

    def address(self, bucket: str, path: str) -> str:
        """Where anyone may fetch an object of a public bucket."""
        return f"{self._url}object/public/{bucket}/{path}"

    def _upload(
        self, client: SyncStorageClient, bucket: str, path: str, content: bytes, content_type: str
    ) -> None:
        with self._provider.calling("upload"):
            try:
                client.from_(bucket).upload(
                    path, content, {"content-type": content_type, "cache-control": "31536000"}
                )
            except StorageApiError as error:
                raise _failure_of(error) from error
            except (httpx.HTTPError, ValueError, KeyError) as error:
                raise Unavailable("storage", type(error).__name__) from error

    def _client(self, key: str, token: str) -> SyncStorageClient:
        headers = {"apikey": key, "Authorization": f"Bearer {token}"}
        return SyncStorageClient(self._url, headers, http_client=self._pool.client)


def _failure_of(error: StorageApiError) -> Exception:
    status = int(error.status) if str(error.status).isdigit() else 500
    if status in {400, 401, 403} and error.code != "LibraryError":
        return Refusal("forbidden", 403)
    if status == 413:
        return Refusal("too_large", 413)
    return Unavailable("storage", error.message)
