"""Links of API resources: where they are, and what can be done with them now."""

from __future__ import annotations

from typing import Annotated

from flask import request, url_for
from pydantic import Field

from services.models import Output


class Link(Output):
    href: str = Field(examples=["/api/v1/me"])
    method: str = "GET"


Links = Annotated[dict[str, Link], Field(alias="_links")]


def link(endpoint: str, method: str = "GET", **values: str | None) -> Link:
    """A link to one of our API's views, such as link("api.me.update", "PATCH")."""
    return Link(href=url_for(endpoint, **values), method=method)  # type: ignore[arg-type]


def next_link(endpoint: str, cursor: str | None, **values: str) -> dict[str, Link]:
    """The links of one page of a list: itself and, if there is more, the next, with the same filters.

    `values` fill the places in its path.
    """
    asked = {**request.args.to_dict(), **values}
    links = {"self": link(endpoint, **asked)}
    if cursor:
        links["next"] = link(endpoint, **{**asked, "cursor": cursor})
    return links
