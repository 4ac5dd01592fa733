"""What our Supabase server reads: supabase/config.toml, with this copy's addresses and keys."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from local.settings import HOST, ROOT, Settings

CONFIG = ROOT / "supabase" / "config.toml"
FROM_ENVIRONMENT = re.compile(r"env\((\w+)\)")


def write(settings: Settings) -> Path:
    """Write the server's settings into the state folder and answer the file."""
    file = settings.state / "supabase.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(server_settings(settings), indent=2))
    return file


def server_settings(settings: Settings) -> dict[str, Any]:
    return {
        "host": HOST,
        "port": settings.supabase_port,
        "issuer": f"{settings.supabase_url}/auth/v1",
        "files": str(settings.state / "storage"),
        "mail": {
            "endpoint": f"{settings.inbox_url}/emails",
            "key": settings.secrets.resend_key,
            "from": "Guichet <accounts@guichet.example>",
        },
        "databases": {
            "authenticator": settings.database_url("authenticator"),
            "auth": settings.database_url("supabase_auth_admin"),
            "storage": settings.database_url("supabase_storage_admin"),
            "catalogue": settings.database_url("postgres"),
            "realtime": settings.database_url("supabase_realtime_admin"),
        },
        "lite": lite_settings(settings),
    }


def lite_settings(settings: Settings) -> dict[str, Any]:
    """The sections that Supabase Lite understands; what a local copy must decide itself is replaced."""
    config = resolve(tomllib.loads(CONFIG.read_text()))
    auth = config.get("auth", {})
    for template in auth.get("email", {}).get("template", {}).values():
        template["content_path"] = str((ROOT / template["content_path"]).resolve())
    auth.get("email", {}).pop("smtp", None)  # mails go to the inbox over HTTP
    auth.pop("rate_limit", None)  # Lite has none
    auth |= {
        "enabled": True,
        "site_url": settings.site_url,
        "additional_redirect_urls": [f"{settings.site_url}/**"],
        "jwt_secret": settings.secrets.jwt,
        "publishable_key": settings.secrets.publishable_key,
        "secret_key": settings.secrets.secret_key,
    }
    return {
        "api": config.get("api", {}),
        "auth": auth,
        "storage": {**config.get("storage", {}), "enabled": True},
        "studio": {"enabled": False},
        "db": {"migrations": {"enabled": False}},
    }


def resolve(value: Any) -> Any:
    """Replace `env(NAME)` by that variable's value, or nothing, as Supabase's own command does."""
    if isinstance(value, dict):
        return {key: resolve(item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item) for item in value]
    if isinstance(value, str) and (named := FROM_ENVIRONMENT.fullmatch(value)):
        return os.environ.get(named[1], "")
    return value
