"""JSON, by resource, version 1."""

from __future__ import annotations

from apiflask import APIBlueprint

RESOURCES: list[APIBlueprint] = []


def make_blueprint() -> APIBlueprint:
    """All resources under /api/v1; endpoints are named api.<resource>.<view>."""
    bp = APIBlueprint("api", __name__, url_prefix="/api/v1")
    for resource in RESOURCES:
        bp.register_blueprint(resource)
    return bp
