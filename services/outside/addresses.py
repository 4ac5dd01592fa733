"""Where a visitor is: Postgres counts orders by address, and believes an address only from this app.

The Data API is open to everyone, so the app signs what it says. The key follows from SECRET_KEY, and
`flask db push` hands it to the database.
"""

from __future__ import annotations

import hashlib
import hmac

from services.outside import schema


def key_of(secret_key: str) -> bytes:
    """The key that signs addresses, one of its own, so that the database never learns SECRET_KEY."""
    return hmac.digest(secret_key.encode(), b"client address", hashlib.sha256)


def headers(address: str, key: bytes) -> dict[str, str]:
    """What a call to the Data API says of its visitor's address."""
    signature = hmac.new(key, address.encode(), hashlib.sha256).hexdigest()
    return {"X-Client-Address": address, "X-Client-Signature": signature}


def share_key(database_url: str, key: bytes) -> None:
    """Let the database know the app's signature. Raises SchemaError."""
    with schema.connect(database_url) as connection:
        connection.execute("update private.secrets set value = %s where name = 'client_address'", [key])


def is_shared(database_url: str, key: bytes) -> bool:
    """Whether the database would believe this app. Raises SchemaError."""
    known = "select from private.secrets where name = 'client_address' and value = %s"
    with schema.connect(database_url) as connection:
        return connection.execute(known, [key]).rowcount == 1
