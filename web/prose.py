"""Organizers' Markdown as HTML that is safe to show."""

from __future__ import annotations

from functools import lru_cache

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markupsafe import Markup

_parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "typographer": True}).enable(
    ["linkify", "replacements", "smartquotes", "table"]
)
# A full stop without a space behind it would make a link of two words: "demain.Il".
_parser.linkify = LinkifyIt(options={"fuzzy_link": False})
_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "blockquote",
    "code",
    "pre",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
# A page already has its h1 and h2: a description's headings come below them.
_DEEPER = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


@lru_cache(maxsize=512)
def markdown(text: str) -> Markup:
    """HTML of a Markdown text: no raw HTML, no pictures, no scripts, links that lend no reputation."""
    tokens = _parser.parse(text)
    for token in tokens:
        token.tag = _DEEPER.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return Markup(  # noqa: S704 (sanitised on this very line)
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow ugc noopener",
        )
    )
