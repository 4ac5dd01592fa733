"""A page as somebody without scripts has it: its forms with their fields, its links, its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.test import TestResponse

from tests.application import Browser

Attributes = dict[str, str | None]
SILENT = {"script", "style", "title"}


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def send(self, browser: Browser, **typed: Any) -> TestResponse:
        """Send it as it is but for what is typed: a field's name, and a word or one word per field of it."""
        filled = {**self.fields, **{name: _listed(value) for name, value in typed.items()}}
        if self.method == "get":
            return browser.get(f"{self.action}?{urlencode(filled, doseq=True)}")
        return browser.client.post(self.action, data=filled)


class Page(HTMLParser):
    """What a page holds. `elements` are all that have an id, by it."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__()
        assert answer.mimetype == "text/html", answer.mimetype
        self.forms: list[Form] = []
        self.elements: dict[str, Attributes] = {}
        self.tags: list[tuple[str, Attributes]] = []
        self._owners: dict[str, Form] = {}
        self._open: Form | None = None
        self._stray: list[tuple[str, Attributes]] = []
        self._words: list[str] = []
        self._silent = 0
        self._select: Attributes | None = None
        self._textarea: Attributes | None = None
        self.feed(answer.text)
        for owner, attributes in self._stray:
            _add(self._owners[owner], attributes)

    @property
    def words(self) -> str:
        """All that is written, in one line."""
        return re.sub(r"\s+", " ", " ".join(self._words)).strip()

    def form(self, action: str) -> Form:
        """The form that leads to this path."""
        found = [form for form in self.forms if urlsplit(form.action).path == action]
        assert len(found) == 1, f"{action} is not among {[form.action for form in self.forms]}"
        return found[0]

    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.tags if tag == "a"]

    def said_of(self, id: str) -> list[str]:
        """Ids of what describes a field, which all must be there."""
        described_by = (self.elements[id].get("aria-describedby") or "").split()
        assert set(described_by) <= self.elements.keys(), f"{described_by} is not on the page"
        return described_by

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = dict(pairs)
        self.tags.append((tag, attributes))
        if id := attributes.get("id"):
            assert id not in self.elements, f"{id} is there twice"
            self.elements[id] = attributes
        if tag in SILENT:
            self._silent += 1
        elif tag == "form":
            self._open = Form(attributes.get("action") or "", (attributes.get("method") or "get").lower())
            self.forms.append(self._open)
            if id:
                self._owners[id] = self._open
        elif tag == "option" and self._select is not None:
            value = attributes.get("value", "")
            if "selected" in attributes or "value" not in self._select:
                self._select["value"] = value
        elif tag in {"input", "textarea", "select"} and "name" in attributes:
            self._select = attributes if tag == "select" else None
            self._textarea = attributes if tag == "textarea" else None
            if owner := attributes.get("form"):
                self._stray.append((owner, attributes))
            elif self._open and tag == "input":
                _add(self._open, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        elif tag in {"select", "textarea"} and self._open:
            _add(self._open, self._select or self._textarea or {})
            self._select = self._textarea = None
        elif tag == "form":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea["value"] = (self._textarea.get("value") or "") + data
        if not self._silent:
            self._words.append(data)


def _add(form: Form, attributes: Attributes) -> None:
    if attributes.get("type") in {"checkbox", "radio"} and "checked" not in attributes:
        return
    form.fields.setdefault(str(attributes["name"]), []).append(attributes.get("value") or "")


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
