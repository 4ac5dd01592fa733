"""What the OpenAPI document says beyond the views: servers, keys, and what a failure looks like."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from blueprints.api.bodies import PICTURES
from config import Settings

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "A failure, as in RFC 9457. `code` is stable; facts such as `left` may stand beside it.",
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:guichet:problem:sold_out"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in the language asked for."},
        "code": {"type": "string", "examples": ["sold_out"]},
        "correlation_id": {"type": "string"},
        "hint": {"type": "string", "description": "A word to whoever writes the client."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
PROBLEM_TYPE = "application/problem+json"
FORM_TYPE = "application/x-www-form-urlencoded"
WITH_PICTURES = (
    "/api/v1/me/avatar",
    "/api/v1/organizers/{organizer}/picture",
    "/api/v1/events/{event_id}/cover",
)


def init_app(app: APIFlask, settings: Settings) -> None:
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.config["SERVERS"] = [{"url": settings.site_url}]
    app.config["DESCRIPTION"] = "Events, tickets and payments."
    app.config["HTTP_ERROR_SCHEMA"] = PROBLEM
    app.config["VALIDATION_ERROR_SCHEMA"] = PROBLEM
    app.security_schemes = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "api_key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        "order_secret": {"type": "apiKey", "in": "header", "name": "X-Order-Secret"},
    }
    app.spec_processor(_finish)


def _finish(spec: Any) -> Any:
    """Failures are problem documents and bodies JSON, everywhere; resources that share a tag name it once."""
    used = {tag for path in spec["paths"].values() for operation in path.values() for tag in _tags(operation)}
    spec["tags"] = [{"name": tag} for tag in sorted(used)]
    spec["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for name in ("HTTPError", "ValidationError"):
        spec["components"]["schemas"].pop(name, None)
    problem = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in spec["paths"].values():
        for operation in path.values():
            responses = operation.get("responses", {}) if isinstance(operation, dict) else {}
            for status, response in responses.items():
                if status >= "400":
                    response["content"] = problem
            responses["default"] = {"description": "Any failure", "content": problem}
            if isinstance(operation, dict):
                operation.get("requestBody", {}).get("content", {}).pop(FORM_TYPE, None)
    for path in WITH_PICTURES:
        _accept_pictures(spec["paths"][path]["put"])
    return spec


def _accept_pictures(operation: dict[str, Any]) -> None:
    """A body that is not JSON, which views cannot describe by a shape."""
    picture = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
    operation["requestBody"] = {"required": True, "content": dict.fromkeys(sorted(PICTURES), picture)}


def _tags(operation: Any) -> list[str]:
    return operation.get("tags", []) if isinstance(operation, dict) else []
