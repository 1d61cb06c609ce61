"""Watches: what to look at, which rules, and what fired."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.errors import wrong
from api.fields import PLAIN, Amount, Currency
from api.schemas.common import Listing, Shape
from api.schemas.products import Price, Time
from crawler.core.errors import MoneyError
from crawler.core.money import minor
from crawler.core.watches import Rules

Id = Annotated[str, Field(min_length=1, max_length=500, examples=["ikea:80522189"]), PLAIN]
Url = Annotated[str, Field(min_length=1, max_length=2_000), PLAIN]


class RulesAsk(BaseModel):
    """At least one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    any: bool = Field(False, description="Any change of price, list price or availability")
    drop_percent: float | None = Field(None, ge=0.1, le=99, allow_inf_nan=False)
    increase_percent: float | None = Field(None, ge=0.1, le=1_000, allow_inf_nan=False)
    target_price: Amount | None = Field(None, description="In `currency`")
    currency: Currency | None = Field(None, description="Of `target_price`; HOMEFEED_CURRENCY without it")
    back_in_stock: bool = False

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.any or self.drop_percent or self.increase_percent or self.target_price or self.back_in_stock):
            raise ValueError(
                "must hold at least one of any, drop_percent, increase_percent, target_price, back_in_stock"
            )
        if self.currency and not self.target_price:
            raise ValueError("currency belongs to target_price: give both")
        return self

    def rules(self, currency: str) -> Rules:
        """Raises Problem for a target that no price can have."""
        money = (self.currency or currency) if self.target_price else None
        return Rules(self.any, self.drop_percent, self.increase_percent, self._target(money), money, self.back_in_stock)

    def _target(self, currency: str | None) -> int | None:
        if self.target_price is None:
            return None
        try:
            return minor(Decimal(self.target_price), currency)
        except MoneyError as error:
            raise wrong("rules.target_price", f"is no price in {currency}: {error.reason}") from None


def _any() -> RulesAsk:
    return RulesAsk.model_validate({"any": True})


class WatchAsk(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    product_id: Id | None = None
    url: Url | None = Field(None, description="A product's own page in a shop that is read here")
    rules: RulesAsk = Field(default_factory=_any, description="Any change without them")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.product_id is None) == (self.url is None):
            raise ValueError("give product_id or url, and not both")
        return self


class RulesShape(Shape):
    any: bool
    drop_percent: float | None
    increase_percent: float | None
    target_price: Price
    currency: str | None
    back_in_stock: bool


class HitShape(Shape):
    """`old` and `new` are decimal prices in `currency`, or availabilities."""

    rule: Literal["any", "drop_percent", "increase_percent", "target_price", "back_in_stock"]
    field: Literal["price", "list_price", "availability"]
    at: Time
    old: str | None
    new: str | None
    currency: str | None


class WatchShape(Shape):
    id: str
    product_id: str | None = Field(description="Null until the page at `url` was read")
    url: str | None
    retailer: str
    rules: RulesShape
    state: Literal["reading", "watching", "failed"]
    reason: str = Field(description="Why the page gave no product yet; it is tried again")
    created_at: Time
    expected_age_s: float | None = Field(description="How old a reading can get; null while Redis is away")
    hits: list[HitShape] = Field(description="What fired since it was made, newest first, at most 50")


class WatchList(Listing[WatchShape]): ...
