"""Bodies that may be left out, and bodies that are pictures."""

from __future__ import annotations

from typing import Any

# APIFlask reads a missing body as {} only where a form would do as well; forms are refused before (415).
OPTIONAL_BODY: dict[str, Any] = {"location": "json_or_form", "arg_name": "json_data"}

# The kinds of picture that a body may be.
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}
