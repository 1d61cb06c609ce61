"""Small readers that every kind of page needs: text, stock, ratings, addresses, and which amounts are no price."""

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.core import currency as currencies
from crawler.core.models import Availability, Rating

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def clean(text: Any) -> str | None:
    """Text with entities resolved, single spaces and no invisible marks; None when nothing is left."""
    if not isinstance(text, str):
        return None
    return " ".join(_INVISIBLE.sub("", html.unescape(text)).split()) or None


def currency(text: str | None, hint: str | None = None) -> str | None:
    """ISO 4217 code of the currency a text names."""
    return currencies.detect(text, hint) if text else None


_SCHEMA = {
    "instock": Availability.in_stock,
    "instoreonly": Availability.in_stock,
    "onlineonly": Availability.in_stock,
    "limitedavailability": Availability.in_stock,
    "available": Availability.in_stock,
    "outofstock": Availability.out_of_stock,
    "soldout": Availability.out_of_stock,
    "unavailable": Availability.out_of_stock,
    "oos": Availability.out_of_stock,
    "preorder": Availability.preorder,
    "presale": Availability.preorder,
    "backorder": Availability.backorder,
    "madetoorder": Availability.backorder,
    "discontinued": Availability.discontinued,
}


def availability(value: Any) -> Availability:
    """schema.org's word, as an address or alone, in any spelling (`in_stock`, `http://schema.org/InStock`)."""
    if not isinstance(value, str):
        return Availability.unknown
    word = re.sub(r"[\s_-]", "", value.strip().rstrip("/").rpartition("/")[2].rpartition("#")[2]).lower()
    return _SCHEMA.get(word, Availability.unknown)


_STOCK = [
    (Availability.discontinued, r"discontinued|no longer (?:available|sold|made)|no longer in production|"
     r"nicht mehr lieferbar|produit arrêté|descatalogado"),
    (Availability.preorder, r"pre-?\s?orders?\b(?! (?:is|are) (?:closed|over))|pre-?\s?book(?:ing)?|available to pre|"
     r"vorbestell\w*|précommand\w*|preventa|reserva ya|اطلب مسبقا"),
    (Availability.backorder, r"back-?\s?order(?:ed)?|made to order|auf bestellung|sur commande|bajo pedido"),
    (Availability.out_of_stock, r"(?:currently|temporarily|presently|is|are|product|item) (?:not available|unavailable)|"
     r"out[\s-]of[\s-]stock|sold[\s-]?out|not in stock|no stock|stock (?:khatam|nahi)|(?:is|are|item) sold\b|"
     r"(?<!\d )(?<!\w )\b0 (?:left|in stock)|we don't know when or if this item|"
     r"ausverkauft|nicht (?:auf lager|vorrätig|verfügbar|lieferbar)|derzeit nicht|"
     r"rupture de stock|en rupture|épuisé|(?:actuellement )?indisponible|victime de son succès|"
     r"agotad[oa]|sin existencias|no disponible|fuera de stock|esgotado|non disponibile|esaurito|"
     r"غير متوفر|نفد|نفذ|\bस्टॉक में नहीं|स्टॉक ख़?त्म"),
    (Availability.in_stock, r"(?<!not )(?<!back )\bin[\s-]stock(?! (?:soon|on|from|alert|notification|by|again))|"
     r"only (?:a )?(?:\d+|few|one|two|three) (?:left|remaining|items? left|pieces? left|units? left)|"
     r"hurry,? only|\b[1-9]\d* (?:left|available|in stock|remaining)\b|few left|ready to ship|ships? (?:today|in \d|within)|"
     r"(?<!nicht )auf lager|(?<!nicht )(?:sofort )?lieferbar|(?<!nicht )vorrätig|(?<!nicht )verfügbar|"
     r"(?<!rupture de )(?<!hors )en stock|(?<!in)disponible(?! en)(?! à partir)|en existencias?|hay existencias|"
     r"em estoque|disponibile|(?<!غير )متوفر|(?<!غير )متاح|स्टॉक में है"),
]  # fmt: skip
_STOCK_WORDS = [(word, re.compile(pattern, re.I)) for word, pattern in _STOCK]


def stock(text: str | None) -> Availability:
    """What the sentences of a product's own stock block say; unknown unless they say it."""
    for word, pattern in _STOCK_WORDS:
        if text and pattern.search(text):
            return word
    return Availability.unknown


_NUMBER = r"(\d+(?:[.,]\d+)?)"
_RATING = re.compile(rf"{_NUMBER}\s*(?:(?:out of|of|von|sur|de|su|/)\s*(5|10|100)(?:[.,]0+)?\b|★|stars?|⭐)?", re.I)
_COUNT = re.compile(r"(\d[\d.,  \u00a0\u202f]*)\s*([kKmM]|lakh)?\b")


def rating(value: Any, count: Any = None, best: Any = 5) -> Rating | None:
    """A rating out of five from a number or words ("4.3 out of 5"); None when there is none or it is out of range."""
    match = _RATING.search(str(value)) if value is not None and not isinstance(value, bool) else None
    top = _float(match[2] or best) if match else None
    if not match or not top:
        return None
    score = round(_float(match[1]) / top * 5, 2)
    return Rating(score, _count(count)) if 0 < score <= 5 else None


def _float(value: Any) -> float:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return 0.0


def _count(value: Any) -> int | None:
    """ "1,234 ratings", "(2.3k)", 7 -> 1234, 2300, 7."""
    match = _COUNT.search(str(value)) if value is not None and not isinstance(value, bool) else None
    if not match:
        return None
    times = {"k": 1_000, "m": 1_000_000, "lakh": 100_000}.get((match[2] or "").lower())
    if times:
        return int(_float(match[1].strip()) * times)
    return int(re.sub(r"\D", "", match[1]))


def absolute(base: str, url: Any) -> str | None:
    """An http(s) address without its fragment, or None."""
    text = clean(url)
    if not text:
        return None
    try:
        parts = urlsplit(urljoin(base, text))
    except ValueError:
        return None
    return parts._replace(fragment="").geturl() if parts.scheme in ("http", "https") and parts.netloc else None


_NO_IMAGE = re.compile(r"sprite|placeholder|blank\.|spacer|transparent[-_.]?pixel|grey-pixel|1x1|loading\.gif", re.I)


def images(base: str, values: Iterable[Any] | Any) -> list[str]:
    """Absolute addresses, in order, each once; values are addresses or schema.org ImageObjects."""
    values = [values] if isinstance(values, str | dict) else values or []
    found = (absolute(base, _image_url(value)) for value in values)
    return list(dict.fromkeys(url for url in found if url and not _NO_IMAGE.search(url)))


def _image_url(value: Any) -> Any:
    if isinstance(value, dict):
        return next((value[k] for k in ("contentUrl", "url", "src", "@id") if isinstance(value.get(k), str)), None)
    return value


_NOT_A_PRICE = re.compile(
    r"\b(?:off|save[sd]?|savings?|you save|discount(?:ed by)?|cash\s?back|coupons?|voucher|promo code|use code|emi|"
    r"instal?ments?|per month|a month|monthly|/\s?mo(?:nth)?\b|per year|p\.?m\.?|no cost|interest|down payment|"
    r"deposit|m\.?\s?r\.?\s?p\.?|rrp|msrp|list price|was|were|before|regular price|original(?:ly)?|strike|exchange|"
    r"trade[- ]?in|members?(?:hip)?|plus price|club price|prime (?:price|member)|with (?:prime|card|bank)|bank offer|"
    r"credit card|debit card|upi|used|refurbished|renewed|pre-owned|open box|second hand|new (?:&|and) used|other sellers?|"
    r"more buying|buying options|from other|delivery|shipping|postage|handling|convenience fee|packaging|assembly|"
    r"protection|warranty|insurance|gift ?card|minimum order|orders? (?:over|above|of)|spend|over|above|up ?to|upto|buy \d|buy any|"
    r"bundle|combo|frequently bought|sponsored|unit price|per (?:unit|piece|pc|kg|g|gram|100|l|litre|liter|ml|count|"
    r"item|m|metre|meter|sq|ft|oz|lb|each)|lowest price in|30[- ]day low|incl\. saving|"
    r"rabatt|gespart|sparen|ersparnis|statt|uvp|ehem\.?|bisher|monatlich|pro monat|rate[n]?|versand|grundpreis|gebraucht|"
    r"gutschein|économi\w*|remise|au lieu de|mensualit\w*|par mois|livraison|occasion|prix conseillé|"
    r"ahorr\w*|descuento|antes|cuotas?|al mes|envío|usados?|precio recomendado|risparmi\w*|sconto|rate|spedizione|"
    r"korting|bespaar|adviesprijs|sleva|rabat|oszczęd\w*|скидка|вместо|вы экономите)(?!\w)|"
    r"-\s?\d+\s?%|\d\s?%|/\s?(?:kg|g|l|ml|100|m\b|m²|sq|pc|piece|unit|count|oz|lb)|خصم|وفر|قسط|شحن",
    re.I,
)


def is_not_a_price(text: str) -> bool:
    """Do the words around an amount say that it is something else: a discount, an EMI, a former or a list price, a
    price per unit, with a coupon, for members, in exchange, used, delivery?"""
    return bool(_NOT_A_PRICE.search(text))
