"""StockX: what the state of its pages says (`__NEXT_DATA__`, whole units of the currency the page was asked in), and
what the answers of its public API (v2) say (amounts as text, whole units)."""

from collections.abc import Iterable
from typing import Any

from crawler.bases import read
from crawler.bases.embedded import dig, walk
from crawler.bases.facts import Facts
from crawler.bases.schema.product import gtin
from crawler.bases.sneakers.quotes import amount, put, quote, whole
from crawler.bases.sneakers.sizes import style
from crawler.core.models import Offer

Item = dict[str, Any]

HOME = "https://stockx.com/"
FEES = {
    "read_at": "2026-11-21", "currency": "USD", "check": "set by account, region and level; may have changed",
    "source": "https://stockx.com/help/articles/what-are-stockxs-fees-for-sellers (a stored copy)",
    "seller": {"transaction_percent_by_level": {"1": 9.0, "2": 8.5, "3": 8.0, "4": 7.5, "5": 7.0},
               "payment_processing_percent": 3.0, "minimum_fee_assumed": "differs by region, about 5 USD"},
    "buyer": {"assumed": "a processing fee, shipping and taxes are added at checkout and vary; none is in a price"},
}  # fmt: skip
SHOWN = {"Retail Price": "retailPrice", "Colorway": "colorway", "Gender": "gender", "Release Date": "releaseDate"}


class State:
    """The answers the page's own scripts were given, each with the currency it was asked in."""

    def __init__(self, next_data: Any, currency: str):
        local = dig(next_data, "props", "pageProps", "req", "localization", "currency")
        local = local or dig(next_data, "props", "pageProps", "localization", "currency")
        usual = read.currency(local) if isinstance(local, str) else None
        self.answers = [
            (dig(query, "state", "data"), _asked(query["queryKey"]) or usual or currency)
            for query in walk(next_data)
            if "queryKey" in query and dig(query, "state", "data")
        ]

    def tiles(self) -> list[Facts]:
        """The goods of a result or category page; those put there for money count: they are goods of the list."""
        found = []
        for data, currency in self.answers:
            for edge in dig(data, "browse", "results", "edges", default=[]):
                node = dig(edge, "node", default={})
                good = dig(node, "product", default=node)
                if dig(good, "urlKey"):
                    told = _facts(good)
                    found.append(put(told, _quote(dig(node, "market"), currency, told.problems), []))
        return found

    def pages(self) -> int:
        """How many pages the list has; 0 where it is not said."""
        return max(
            (dig(data, "browse", "results", "pageInfo", "pageCount", default=0) for data, _ in self.answers), default=0
        )

    def product(self, slug: str) -> Facts | None:
        """The good whose page has this address: its description and its market come in answers of their own."""
        things = [(good, currency) for data, currency in self.answers for good in walk(data)]
        told = [(good, currency) for good, currency in things if good.get("urlKey") == slug]
        keys = {str(good["id"]) for good, _ in told if good.get("id")}
        told += [(g, currency) for g, currency in things if str(g.get("id")) in keys and g.get("urlKey") is None]
        named = next((good for good, _ in told if good.get("title") and _sized(good)), None)
        return self._priced(_facts(named), named, told) if named else None

    def _priced(self, facts: Facts, good: Item, told: list[tuple[Item, str]]) -> Facts:
        market, currency = next(((g["market"], c) for g, c in told if _book(g.get("market"))), (None, ""))
        markets = {v.get("id"): (v["market"], c) for g, c in told for v in _variants(g) if _book(v.get("market"))}
        sizes = []
        for variant in _variants(good):
            own, unit = markets.get(variant.get("id"), (None, currency))
            if not variant.get("hidden") and own:
                sizes.append(_quote(own, unit, facts.problems, _size(variant, good)))
        return put(facts, _quote(market, currency, facts.problems) if market else whole(sizes), sizes)


def answered(item: Item, variants: Any, market: Any, currency: str) -> Facts:
    """One good out of three answers of the API: the good, its variants and the market of each."""
    facts, known = _facts(item), {v.get("variantId"): v for v in walk(variants) if v.get("variantId")}
    facts.gtin = _gtin(known.values()) or facts.gtin
    sizes = []
    for row in walk(market):
        variant = known.get(row.get("variantId"))
        if variant and "lowestAskAmount" in row:
            unit = read.currency(row.get("currencyCode")) or currency
            ask, bid = (amount(row.get(k), unit, facts.problems) for k in ("lowestAskAmount", "highestBidAmount"))
            chart = dig(variant, "sizeChart", "defaultConversion", default={})
            label = " ".join(filter(None, (str(chart.get("type") or "").upper(), str(chart.get("size") or ""))))
            sizes.append(quote(ask, bid, None, unit, variant=label or read.clean(variant.get("variantValue"))))
    return put(facts, whole(sizes), sizes)


def described(item: Item) -> Facts:
    """One good of a search of the API: it tells no market."""
    return _facts(item)


def _facts(good: Item) -> Facts:
    slug = read.clean(good.get("urlKey"))
    facts = Facts("state", sku=slug, url=f"{HOME}{slug}" if slug else None, title=read.clean(good.get("title")))
    facts.brand, facts.mpn = read.clean(good.get("brand")), style(good.get("styleId"))
    facts.description = read.clean(good.get("description"))
    media = dig(good, "media", default={})
    gallery = [media.get("imageUrl"), *(dig(media, "gallery", default=[])), media.get("smallImageUrl")]
    facts.images = read.images(HOME, [url for url in gallery if url])[:12]
    trail = [read.clean(step.get("name")) for step in dig(good, "breadcrumbs", default=[]) if isinstance(step, dict)]
    kind = read.clean(good.get("productCategory") or good.get("productType"))
    facts.category = [name for name in trail[1:-1] if name] or ([kind] if kind else [])
    facts.specs, facts.gtin = _specs(good), _gtin(_variants(good))
    return facts


def _specs(good: Item) -> dict[str, str]:
    traits = [t for t in dig(good, "traits", default=[]) if isinstance(t, dict) and t.get("visible")]
    told = [(t.get("name"), t.get("value")) for t in traits]
    told += [(name, dig(good, "productAttributes", key)) for name, key in SHOWN.items()]
    return {str(name): str(value) for name, value in told if name and value}


def _quote(market: Any, currency: str, problems: list[str], variant: str | None = None) -> Offer:
    book = _book(market)
    ask, bid = (amount(_number(dig(book, k)), currency, problems) for k in ("lowestAsk", "highestBid"))
    sale = dig(market, "statistics", "lastSale") or dig(market, "salesInformation", "lastSale")
    return quote(ask, bid, amount(_number(sale), currency, problems), currency, dig(book, "numberOfAsks"), variant)


def _book(market: Any) -> Any:
    """Asks and bids; under another name until 2023."""
    return dig(market, "state") or dig(market, "bidAskData", default={})


def _number(said: Any) -> Any:
    return said.get("amount") if isinstance(said, dict) else said


def _variants(good: Item) -> list[Item]:
    return [v for v in dig(good, "variants", default=[]) if isinstance(v, dict)]


def _sized(good: Item) -> bool:
    return any("traits" in v or "sizeChart" in v for v in _variants(good))


def _size(variant: Item, good: Item) -> str | None:
    """As the page offers it: in the good's own system of sizes."""
    chart = dig(variant, "sizeChart", default={})
    wanted = dig(good, "defaultSizeConversion", "type") or chart.get("baseType")
    shown = [o for o in dig(chart, "displayOptions", default=[]) if isinstance(o, dict)]
    fit = next((o.get("size") for o in shown if o.get("type") == wanted), None)
    base = " ".join(filter(None, (str(chart.get("baseType") or "").upper(), str(chart.get("baseSize") or ""))))
    return read.clean(fit or base or dig(variant, "traits", "size"))


def _gtin(variants: Iterable[Item]) -> str | None:
    """Of a good in one size: else each size has its own."""
    found = {code for v in variants for row in dig(v, "gtins", default=[]) if (code := gtin(dig(row, "identifier")))}
    return found.pop() if len(found) == 1 else None


def _asked(query_key: Any) -> str | None:
    told = (v for part in walk(query_key) for k, v in part.items() if k in ("currency", "currencyCode"))
    return next((code for value in told if isinstance(value, str) and (code := read.currency(value))), None)
