"""Languages, with their names."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.links import Links, link
from services.languages import list_languages
from services.models import Output
from services.models.accounts import Language

bp = APIBlueprint("languages", __name__, url_prefix="/languages", tag="Catalogue")


class Languages(Output):
    data: list[Language]
    links: Links


@bp.get("")
@bp.output(Languages)
@bp.doc(summary="List the languages")
def index() -> Any:
    return Languages(data=list_languages(), links={"self": link("api.languages.index")})
