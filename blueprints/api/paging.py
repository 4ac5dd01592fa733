"""How every list of the API is paged."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from services.models import Input


class Paging(Input):
    limit: Annotated[int, Field(ge=1, le=100, description="Rows on one page, 25 unless asked")] | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        None, description="From a list's next link, unchanged"
    )
