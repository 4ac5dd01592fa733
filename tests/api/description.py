"""The API's OpenAPI document, and whether answers are what it promises."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIFlask
from flask import Response, request
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ADDRESS = "urn:guichet:openapi"


class Description:
    def __init__(self, app: APIFlask) -> None:
        with app.app_context():
            self.document: dict[str, Any] = app.spec  # type: ignore[assignment]
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(ADDRESS, resource)
        self._faults: list[str] = []

    def judge(self, _sender: object, response: Response) -> None:
        """Compare one answer of the API with what is written about its operation and status."""
        rule = request.url_rule
        if rule is None or not rule.rule.startswith("/api/v1/") or request.method in {"OPTIONS", "HEAD"}:
            return
        where = f"{request.method} {rule.rule} → {response.status_code}"
        operation = self.document["paths"].get(path_of(rule.rule), {}).get(request.method.lower())
        if operation is None:
            self._faults.append(f"{where}: not described")
            return
        responses = operation["responses"]
        described = responses.get(str(response.status_code))
        if described is None and response.status_code >= 400:
            described = responses["default"]
        if described is None:
            self._faults.append(f"{where}: this status is not described")
            return
        self._judge_body(where, described.get("content", {}), response)

    def faults(self) -> list[str]:
        """What was found since the last time."""
        found, self._faults = self._faults, []
        return found

    def _judge_body(self, where: str, content: dict[str, Any], response: Response) -> None:
        if response.status_code == 204 or not content:
            return
        if response.mimetype not in content:
            self._faults.append(f"{where}: {response.mimetype} is not described")
            return
        schema = content[response.mimetype]["schema"]
        if "$ref" not in schema:
            return  # anything goes
        promise = {"$ref": ADDRESS + schema["$ref"]}
        validator = Draft202012Validator(promise, registry=self._registry, format_checker=FormatChecker())
        for error in validator.iter_errors(response.get_json()):
            self._faults.append(f"{where}: {error.json_path} {error.message[:200]}")
        if unknown := self._unknown(schema["$ref"].rpartition("/")[2], response.get_json()):
            self._faults.append(f"{where}: {', '.join(sorted(unknown))} not described")

    def _unknown(self, name: str, body: dict[str, Any]) -> set[str]:
        """Fields at the top of an answer that its schema does not name; problems may carry facts."""
        known = self.document["components"]["schemas"][name].get("properties", {})
        return set() if name == "Problem" else body.keys() - known.keys()


def path_of(rule: str) -> str:
    """A Flask rule as OpenAPI writes paths."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
