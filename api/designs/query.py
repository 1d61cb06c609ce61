"""What may be asked of the design list, and which designs it means, in the store and among those that just came."""

from typing import Annotated, Literal

from pydantic import Field

from api.fields import Name, Paged, PageNumber, Shaped, Text, Token
from api.searches.ensure import Refresh
from crawler.core.models import Design
from crawler.core.store import DesignQuery
from crawler.core.store.colors import NAMES, named
from crawler.core.store.facets import design_facets
from crawler.core.store.words import terms

Sort = Literal["relevance", "-quality", "-updated"]
Color = Annotated[
    str, Shaped(rf"^({'|'.join(NAMES)}|#?[0-9a-fA-F]{{6}})$", f"must be one of {', '.join(NAMES)} or #rrggbb")
]
Cursor = Annotated[str, Shaped(r"^[0-9]{1,9}$", "must be one that `next` of this search gave")]


class DesignParams(Paged):
    q: Text = Field("", description="Words that must all be in title, tags or author", examples=["sofa"])
    source: Name | None = Field(None, description="One picture source, by name", examples=["openverse"])
    orientation: Literal["landscape", "portrait", "square"] | None = None
    color: Color | None = Field(None, description="By name, or #rrggbb for whatever has its name")
    license: Name | None = Field(None, description="One licence code", examples=["cc0-1.0"])
    min_quality: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    sort: Sort = "relevance"
    refresh: Refresh = Field("auto", description="Start a search when results are missing or old; never; or always")
    page: PageNumber | None = Field(None, description="Of what is stored; repeats while results arrive")  # type: ignore[assignment]
    search_id: Token | None = Field(None, description="Page through what this search finds, in the order it comes")
    cursor: Cursor | None = Field(None, description="From `next`; needs `search_id`")

    def query(self) -> DesignQuery:
        return DesignQuery(
            terms=terms(self.q), source=self.source, license=self.license, orientation=self.orientation,
            color=(self.color and named(self.color)) or self.color, min_quality=self.min_quality, sort=self.sort,
            offset=((self.page or 1) - 1) * self.per_page, limit=self.per_page,
        )  # fmt: skip


def shows(query: DesignQuery, design: Design) -> bool:
    """Whether a design that a search found passes the filters of `query`; its words are the search's own."""
    facets = design_facets(design)
    return (
        bool(facets.canonical)
        and query.source in (None, facets.source)
        and (query.license is None or query.license.lower() == facets.license)
        and query.orientation in (None, facets.orientation)
        and (query.min_quality is None or (facets.quality is not None and facets.quality >= query.min_quality))
        and (query.color is None or query.color in {named(color) for color in design.colors})
    )
