"""Searches: what may be asked, and how one goes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.fields import Country, Name, Text
from api.schemas.common import Listing
from api.schemas.designs import DesignShape
from api.schemas.products import ProductShape, Time
from crawler.core.searches import folded

MOST_SOURCES = 50
LONGEST_WAIT_MS = 20_000


def says_something(query: str) -> str:
    if not folded(query):
        raise ValueError("must hold at least one word")
    return query


class SearchAsk(BaseModel):
    """A search to start. The same search that already waits or runs is joined."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["products", "designs"]
    query: Annotated[Text, AfterValidator(says_something)] = Field(examples=["sofa"])
    sources: list[Name] = Field([], max_length=MOST_SOURCES, description="Names of sources; empty for all")
    pages: int | None = Field(None, ge=1, le=50, description="Result pages to read of each source")
    category: Name | None = None
    location: Name | None = Field(None, description="Where to deliver", examples=["560001"])
    country: Country | None = Field(None, description="Of shops that sell in several (amazon, ikea)")
    wait_ms: int = Field(0, ge=0, le=LONGEST_WAIT_MS, description="How long the answer may wait for the search to end")

    @property
    def args(self) -> dict[str, str]:
        """Spider arguments."""
        given = self.model_dump(include={"pages", "category", "location", "country"})
        return {name: str(value) for name, value in given.items() if value is not None}


class SearchShape(Listing[ProductShape | DesignShape]):
    """Results stand in the order they came, those stored before first: a page once full never changes."""

    id: str
    kind: Literal["products", "designs", "compare", "recheck", "crawl"]
    query: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    reason: str
    position: int | None = Field(description="Place in the line, 0 is next; null when it does not wait")
    count: int = Field(ge=0, description="Things this search found")
    created_at: Time
    started_at: Time
    finished_at: Time
