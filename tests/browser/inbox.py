"""The inbox, where every mail arrives."""

from __future__ import annotations

from typing import Any

import httpx

from tests.waiting import eventually

Mail = dict[str, Any]


class Inbox:
    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, trust_env=False)

    def mail(self, address: str, subject: str) -> Mail:
        """The newest mail to this address whose subject begins so, once it has arrived."""
        return eventually(lambda: next(iter(self._mails(address, subject)), None) or {}, seconds=20)

    def link(self, address: str, subject: str, part: str) -> str:
        """The link in that mail that holds this part."""
        links: list[str] = self.mail(address, subject)["links"]
        return next(link for link in links if part in link)

    def _mails(self, address: str, subject: str) -> list[Mail]:
        answer = self._http.get("/_inbox/messages", params={"to": address}).raise_for_status()
        return [mail for mail in answer.json()["messages"] if mail["subject"].startswith(subject)]
