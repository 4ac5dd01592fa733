"""Where a visitor is: Postgres counts orders by address, and believes an address only from this app.

The Data API is open to everyone, so the app signs what it says. The key follows from SECRET_KEY, and
`flask db push` hands it to the database.
"""

from __future__ import annotations

import hashlib
import hmac


def key_of(secret_key: str) -> bytes:
    """The key that signs addresses, one of its own, so that the database never learns SECRET_KEY."""
    return hmac.digest(secret_key.encode(), b"client address", hashlib.sha256)


def headers(address: str, key: bytes) -> dict[str, str]:
    """What a call to the Data API says of its visitor's address."""
    signature = hmac.new(key, address.encode(), hashlib.sha256).hexdigest()
    return {"X-Client-Address": address, "X-Client-Signature": signature}
