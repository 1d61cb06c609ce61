"""One schema.org product, from JSON-LD or microdata alike, as Facts."""

import html
import re
from typing import TYPE_CHECKING, Any

from crawler.bases import read
from crawler.bases.facts import Facts
from crawler.bases.schema.offers import Prices, ordered, prices
from crawler.bases.schema.values import Thing, code, many, one, word
from crawler.core.models import Offer, Rating

if TYPE_CHECKING:
    from crawler.bases.document import Document

GTINS = ("gtin", "gtin13", "gtin12", "gtin14", "gtin8", "isbn")
SPECS = ("color", "material", "pattern", "size", "width", "height", "depth", "weight")
_TAG = re.compile(r"<[^<>]{1,200}>")
_PUFF = re.compile(
    r"\s+(?:price in india|online at (?:best|low|lowest)\b|\(?opens (?:in )?a? ?new (?:window|tab)\b).*$", re.I
)


def product(doc: "Document", thing: Thing, reader: str, wanted: set[str], category: list[str]) -> Facts:
    """`wanted`: url and ids of the page, to tell the default variant; `category`: the page's breadcrumbs."""
    variants = [v for v in many(thing.get("hasVariant")) if isinstance(v, dict) and len(v) > 1]
    chosen = next((v for v in variants if any(i in wanted or code(i) in wanted for i in ids(v))), None)
    facts = Facts(reader)
    describe(doc, facts, thing | {k: v for k, v in (chosen or {}).items() if v}, category)
    found = prices(thing.get("offers"), wanted)
    if variants and (chosen or not any(o.price for o in found.offers)):
        found = _of_variants(variants, chosen, wanted)
    _put_prices(facts, found)
    return facts


def describe(doc: "Document", facts: Facts, thing: Thing, category: list[str]) -> None:
    facts.sku = text(thing.get("sku")) or _plain_id(text(thing.get("productID")))
    url = word(thing.get("url")) or word(thing.get("@id"))
    facts.url = read.absolute(doc.url, url.partition("#")[0]) if url and "/" in url else None
    facts.title = name(thing.get("name"))
    facts.brand = text(thing.get("brand")) or text(thing.get("manufacturer"))
    facts.gtin = next((g for k in GTINS if (g := gtin(text(thing.get(k))))), None)
    facts.mpn = text(thing.get("mpn"))
    facts.category = category or _categories(thing.get("category"))
    facts.images = read.images(doc.url, [u for i in many(thing.get("image")) if (u := _image(i))])
    facts.description = text(thing.get("description"))
    facts.specs = _specs(thing)
    facts.rating = _rating(one(thing.get("aggregateRating")))


def ids(thing: Thing) -> set[str]:
    """Everything that names this product: urls, sku, ids."""
    keys = ("url", "@id", "sku", "productID", "mpn", *GTINS)
    offer = one(thing.get("offers"))
    named = {word(thing.get(k)) for k in keys} | {word(offer.get("url")) if isinstance(offer, dict) else None}
    return {n for n in named if n}


def text(value: Any) -> str | None:
    """Readable text of a value: entities and tags resolved, white space clean; None for empty."""
    found = word(value)
    if not found:
        return None
    if "&" in found:
        found = html.unescape(html.unescape(found))
    return read.clean(_TAG.sub(" ", found) if "<" in found else found)


def name(value: Any) -> str | None:
    found = text(value)
    return _PUFF.sub("", found) or found if found else None


def gtin(code: str | None) -> str | None:
    """8, 12, 13 or 14 digits with the right check digit."""
    digits = re.sub(r"[\s-]", "", code or "")
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return None
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits[:-1])))
    return digits if (10 - total % 10) % 10 == int(digits[-1]) else None


def _plain_id(product_id: str | None) -> str | None:
    return re.sub(r"^(?:sku|mpn|upc|gtin|isbn):", "", product_id) if product_id else None


def _image(value: Any) -> str | None:
    if isinstance(value, dict):
        value = one(value.get("contentUrl") or value.get("contentURL") or value.get("url") or value.get("@id"))
    return value if isinstance(value, str) and value.strip() else None


def _categories(value: Any) -> list[str]:
    value = one(value)
    found = text(value)
    if not found or re.match(r"https?://", found):
        return []
    return [part.strip() for part in re.split(r"\s*(?:>|›|»|/(?=\s))\s*", found) if part.strip()]


def _specs(thing: Thing) -> dict[str, str]:
    extra = {text(p.get("name")): _quantity(p) for p in many(thing.get("additionalProperty")) if isinstance(p, dict)}
    own = {k.capitalize(): _quantity(one(thing.get(k))) for k in SPECS if thing.get(k)}
    return {k: v for k, v in (own | extra).items() if k and v}


def _quantity(value: Any) -> str | None:
    if not isinstance(value, dict):
        return text(value)
    if isinstance(value.get("value"), dict):
        return _quantity(value["value"])
    unit = text(value.get("unitText")) or text(value.get("unitCode"))
    amount = text(value.get("value")) or (text(value.get("name")) if "@id" not in value else None)
    return f"{amount} {unit}" if amount and unit else amount


def _rating(value: Any) -> Rating | None:
    if not isinstance(value, dict):
        return None
    count = word(value.get("ratingCount")) or word(value.get("reviewCount"))
    return read.rating(word(value.get("ratingValue")), count, word(value.get("bestRating")) or 5)


def _of_variants(variants: list[Thing], chosen: Thing | None, wanted: set[str]) -> Prices:
    """One offer per variant, the page's own first."""
    result, pairs = Prices(offers=[], problems=[]), []
    for variant in variants:
        found = prices(variant.get("offers"), wanted)
        result.problems += found.problems
        for offer in found.offers[:1]:
            offer.variant = label(variant) or offer.variant
            pairs.append((offer, variant is chosen))
    result.offers = ordered(pairs)
    return result


def label(variant: Thing) -> str | None:
    """What tells a variant from its siblings."""
    parts = [text(variant.get(k)) for k in ("size", "color", "material", "pattern")]
    return " / ".join(p for p in parts if p) or text(variant.get("sku"))


def _put_prices(facts: Facts, found: Prices) -> None:
    facts.problems = found.problems
    if not found.offers:
        return
    first: Offer = found.offers[0]
    facts.price, facts.list_price = first.price, first.list_price
    facts.currency, facts.availability = first.currency, first.availability
    facts.seller = first.seller
    if len(found.offers) > 1 or first.condition != "new":
        facts.offers, facts.variant = found.offers, first.variant
