"""What may be asked of the product list, and the store's query it becomes."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from api.errors import wrong
from api.fields import Amount, Currency, Flag, Name, Paged, Text
from api.searches.ensure import Refresh
from crawler.core.currency import digits, limit
from crawler.core.errors import MoneyError
from crawler.core.money import minor
from crawler.core.store import ProductQuery
from crawler.core.store.words import terms

Sort = Literal["relevance", "price", "-price", "-discount", "-quality", "-updated"]


class ProductParams(Paged):
    q: Text = Field("", description="Words that must all be in title, brand, category or sku", examples=["sofa"])
    retailer: Name | None = Field(None, description="One shop, by name", examples=["ikea"])
    category: Name | None = Field(None, description="One step of the category path", examples=["Sofas"])
    min_price: Amount | None = Field(None, description="In `currency`")
    max_price: Amount | None = Field(None, description="In `currency`")
    currency: Currency | None = Field(
        None, description="Only prices in it; HOMEFEED_CURRENCY where prices are compared"
    )
    in_stock: Flag | None = None
    verified: Flag | None = Field(None, description="Checked, and all that was checked held")
    sort: Sort = "relevance"
    location: Name | None = Field(None, description="Where to deliver: what a search that this starts asks the shops")
    refresh: Refresh = Field("auto", description="Start a search when results are missing or old; never; or always")

    def query(self, default_currency: str) -> ProductQuery:
        """Prices are only compared within one currency. Raises Problem."""
        if self.min_price and self.max_price and Decimal(self.min_price) > Decimal(self.max_price):
            raise wrong("min_price", "must not be above max_price")
        compares = self.min_price or self.max_price or self.sort in ("price", "-price")
        currency = self.currency or (default_currency if compares else None)
        return ProductQuery(
            terms=terms(self.q), retailer=self.retailer, category=self.category, currency=currency,
            min_price=_amount(self.min_price, currency), max_price=_amount(self.max_price, currency),
            in_stock=self.in_stock, verified=self.verified, sort=self.sort,
            offset=(self.page - 1) * self.per_page, limit=self.per_page,
        )  # fmt: skip


def _amount(text: str | None, currency: str | None) -> int | None:
    """Minor units; a bound that no price can have is the nearest one it can."""
    if text is None:
        return None
    try:
        return minor(Decimal(text), currency)
    except MoneyError as error:
        most = limit(currency) * int(10 ** digits(currency))
        return most if error.reason == "absurd" else 0
