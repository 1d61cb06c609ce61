"""What the words around an amount make of it: the price, the list price, or no price at all."""

import re
from typing import Literal

from crawler.bases import read
from crawler.bases.visible.text import NO_MARKS, UNMARKED, UNSTRUCK

Role = Literal["price", "weak", "list", "range", "other"]

DISCOUNT = re.compile(
    r"(?:\b(?:save|you save|flat|économisez|(?:sie|du) spar(?:en|st)|ahorras?|risparmia?|economize|bespaar|spara?)\b"
    r"\s?:?\s?)?[-–−(]{0,3}\s?(?<!\d)(\d{1,2})(?:[.,]\d{1,2})?\s?%"
    r"\s?(?:off\b|discount\b|rabatt\b)?\)?",
    re.I,
)
_LIST = re.compile(
    r"\b(?:m\.?\s?r\.?\s?p|rrp|msrp|list(?:\s?-?price)?|was|before|old price|original(?:ly)?|reg\.|compared? (?:at|to)|"
    r"typical price|previous(?:ly)?|price reduced from|retail price|market price|suggested|estimated value|"
    r"uvp|statt|bisher|vorher|au lieu de|prix conseillé|antes|adviesprijs|listino|prezzo consigliato|precio anterior|"
    r"cena (?:regularna|katalogowa)|(?:běžná|původní|doporučená|bežná|pôvodná) cena|(?:régi|eredeti) ár|preț vechi|"
    r"(?:piyasa|liste|eski) fiyatı?|(?:ordinarie|ord\.|tidligere|vejledende|veiledende) pris|førpris|"
    r"norm(?:aali)?hinta|старая цена|(?:παλιά|αρχική) τιμή|giá (?:gốc|cũ|niêm yết)|ราคาปกติ)(?!\w)|"
    r"(?:定価|希望小売価格|通常価格|정가|소비자가|原[价價]|市场价|定價)\W*$",
    re.I,
)
_DASHES = ("-", "−")
_MINUS = re.compile(r"(?:^|[\n(])[^\S\n]*[-−]\Z")
_TAX = r"(?:vat|tax(?:es)?|gst|mwst|u\.?st|btw|moms|mva|iva|tva|pdv|dph|áfa|kdv|ндс|пдв)"
_WITHOUT = r"(?:excl?\.?|excluding|ex|exkl\.?|ekskl\.?|ohne|zzgl\.?|plus|without|sin|senza|sem|hors|bez|без|\+)"
_NET = rf"(?:{_WITHOUT}\s?{_TAX}|nett[oó]|h\.?t\.?)\.?"
# what it costs without tax, or paid at once in one way, is the price only where there is no other
_ONCE = r"(?:pix|boleto|transferencia|efectivo|havale|peşin)"
_WEAK = re.compile(rf"\b(?:regular(?:\s+price)?|{_NET}|{_ONCE}(?: ile)?)\s*:?\s*$", re.I)
WEAK_AFTER = re.compile(
    rf"[^\S\n]*{UNMARKED}?[^\S\n]*[*(]?[^\S\n]*(?:{_NET}|(?:à vista )?(?:com|con|en|no|via) {_ONCE})(?!\w|\s*:)\)?",
    re.I,
)
_FROM = re.compile(
    r"\b(?:from|starting(?: at| from)?|starts (?:at|from)|as low as|ab|à partir de|desde|vanaf|från|mulai(?: dari)?)"
    r"(?: only| just)?\s*:?\s*$",
    re.I,
)
_NO_PRICE_BEFORE = re.compile(
    r"(?:\b(?:size|qty|quantity|pack of|set of|model|sku|item|no\.?|x|payments? of|pay in \d|"
    r"\d+\s?x (?:de|à|von|of))|[#×])\s*:?\s*$",
    re.I,
)
NO_PRICE_AFTER = re.compile(
    r"\+(?=\s*(?:\n|$)|[$€£₹])|\s*[(/]{0,3}\s*(?:per\b|p/|/)\s*\(?\s*[\w²³]|"
    r"[^\S\n]*(?:a\s+(?:month|piece|unit)|each\b|ea\b\.?|x\s?\d|p\.?m\.?\b|off\b|%|cash\s?back|saved\b|gespart|rabatt|down\b|"
    r"points?\b|stars?\b|reviews?\b|ratings?\b|inch(?:es)?\b|cm\b|mm\b|\"|″|x\b)|"
    r"[^\S\n]*(?:coupon|discount|emi\b|reward|delivery\b|shipping\b|deposit\b|gift\s?card|"
    r"with\s+(?:coupon|exchange|code|card|prime|membership|emi))(?=[^\n\d]*(?:\n|$))|"  # may also begin the next offer
    r"[^\S\n]*(?:d['’]\s?éco|de\s(?:contribution|participation)|pfand\b|statiegeld\b|recycling)|"
    r"[^\S\n]*with\s+(?:coupon|(?:promo )?code)\b(?![^\n]*(?:[₹$€£]|\bRs\b|\bINR\b))",
    re.I,
)
_BEST, _COUPON = re.compile(r"\bbest price\W*$", re.I), re.compile(r"\W*(?:with |use )?(?:coupon|code)\b", re.I)
_WORD = re.compile(r"[^\W\d_]")
TALK = 60  # characters before an amount that can speak of it


def percent(block: str) -> int | None:
    """The first discount the block shows."""
    found = next((m for m in DISCOUNT.finditer(block) if not m[0].strip()[0].isdigit() or "off" in m[0].lower()), None)
    return int(found[1]) if found else None


def by_words(before: str) -> Role:
    """What the words before an amount make it: those on its line, or the line above where there are none."""
    talk = DISCOUNT.sub(" ", before[-TALK * 2 :].rpartition(UNSTRUCK)[2].translate(NO_MARKS))
    above, _, own = talk.rpartition("\n")
    talk = (own if _WORD.search(own) else above.rpartition("\n")[2] if "\n" in above else "")[-TALK:].rstrip()
    if _WEAK.search(talk):
        return "weak"
    if _LIST.search(talk):
        return "list"
    if _FROM.search(talk) or _NO_PRICE_BEFORE.search(talk) or read.is_not_a_price(talk):
        return "other"
    return "price"


def is_none(block: str, start: int, stop: int, signed: bool) -> bool:
    """A minus that opens the line: what is saved, or nonsense; "4,999 -5,999" is a range. A bare number in brackets
    counts something. A "best price" above a coupon is what it costs with that."""
    talk = block[max(0, start - TALK) : start].translate(NO_MARKS)
    if (not signed and talk.endswith("(")) or (_BEST.search(talk) and _COUPON.match(block, stop)):
        return True
    return talk.endswith(_DASHES) and bool(_MINUS.search(talk))
