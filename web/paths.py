"""Where a visitor may be sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request, url_for

# One slash, then anything that browsers cannot read as another host: "//" and "/\" lead away from here.
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return `wanted` if it is a path of this site, else `otherwise`."""
    return wanted if wanted and LOCAL.fullmatch(wanted) else otherwise


def page_of_form() -> str:
    """Return the path of the page that the form just sent stands on, as its browser or its address tell."""
    page = _page_before()
    # A form that came back with something to look at stands at the address that it was sent to.
    if page == request.path and (blank := _page_of_new()):
        return blank
    return _nearest_page(page)


def _page_before() -> str:
    sender = urlsplit(request.referrer or "")
    if sender.netloc != request.host:
        return request.path
    return local_path(f"{sender.path}?{sender.query}".rstrip("?"))


def _page_of_new() -> str | None:
    """Where a thing is begun that the request was to make."""
    resource, _, deed = (request.endpoint or "").rpartition(".")
    if deed != "create" or f"{resource}.new" not in current_app.view_functions:
        return None
    return url_for(f"{resource}.new", **(request.view_args or {}))


def _nearest_page(path: str) -> str:
    """The path if there is a page, else the first one above it that is."""
    adapter = current_app.create_url_adapter(request)
    while adapter and not adapter.test(path.partition("?")[0], "GET"):
        path = path.partition("?")[0].rpartition("/")[0] or "/"
    return path
