"""A comparison: what may be asked, and what the shops have."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.fields import PLAIN, Country, Currency, Name, Text
from api.schemas.common import Shape, Source
from api.schemas.products import OfferShape, Price, ProductShape, Time
from api.schemas.searches import LONGEST_WAIT_MS, MOST_SOURCES, says_something

USUAL_S, LONGEST_S = 5.0, 30.0
Size = Annotated[Name, AfterValidator(says_something)]


class CompareAsk(BaseModel):
    """One product or one query, across shops. The same comparison that already waits or runs is joined."""

    model_config = ConfigDict(extra="forbid", strict=True)

    product_id: Annotated[str, Field(min_length=1, max_length=500), PLAIN] | None = Field(
        None, description="A stored product, to be found in other shops", examples=["stockx:DD1391-100"]
    )
    query: Annotated[Text, AfterValidator(says_something)] | None = Field(None, examples=["oak desk"])
    sources: list[Name] = Field([], max_length=MOST_SOURCES, description="Names of shops; empty for all")
    limit_s: float = Field(USUAL_S, ge=0.5, le=LONGEST_S, description="Seconds each shop has", strict=False)
    size: Size | None = Field(None, description="Only this size, as shops name it", examples=["US M 9"])
    currency: Currency | None = Field(None, description="Prices in it come first; HOMEFEED_CURRENCY unless said")
    location: Name | None = Field(None, description="Where to deliver", examples=["560001"])
    country: Country | None = Field(None, description="Of shops that sell in several (amazon, ikea)")
    wait_ms: int = Field(0, ge=0, le=LONGEST_WAIT_MS, description="How long the answer may wait for the end")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.product_id is None) == (self.query is None):
            raise ValueError("give product_id or query, one of them")
        return self


class ShopShape(Shape):
    """The best match of one shop. `answered`: by this comparison, not from what was stored before."""

    retailer: str
    product: ProductShape
    offers: list[OfferShape] = Field(description="Those of the size that was asked for, or all")
    matched_by: Literal["id", "gtin", "brand+mpn", "similarity", "query"]
    confidence: float = Field(ge=0, le=1, description="That it is the same product; of a query, how well it fits")
    answered: bool


class QuoteShape(Shape):
    """`ask` is the lowest, `bid` the highest; `spread` is ask less bid."""

    retailer: str
    currency: str | None
    ask: Price
    bid: Price
    last_sale: Price
    spread: Price


class SizeShape(Shape):
    """`spread`: the lowest ask of all shops less the highest bid of all, where they are in one currency."""

    size: str
    condition: str
    quotes: list[QuoteShape]
    currency: str | None
    spread: Price


class CompareShape(Shape):
    """`results` cheapest first; `suggestions` are only alike. `sizes` where shops quote by size; `fees` as data."""

    id: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    reason: str
    query: str
    product_id: str | None
    started_at: Time
    finished_at: Time
    ms: int | None = Field(description="From the start to the end, or to now")
    sources: list[Source]
    results: list[ShopShape]
    suggestions: list[ShopShape]
    sizes: list[SizeShape]
    fees: dict[str, dict[str, Any]]
