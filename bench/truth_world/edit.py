"""A page that says something else, everywhere it says it: amounts in every grouping, stock words, article numbers."""

import re
from collections.abc import Mapping

from crawler.core.currency import digits

KEY = r'"\w*(?:[pP]rice|[aA]mount|[vV]alue|[rR]etail|[sS]elling|[fF]inal|[oO]riginal|[mM]rp)\w*"\s*:\s*"?'
SOLD = (
    (r"\bInStock\b", "OutOfStock"), (r"\bIN_STOCK\b", "OUT_OF_STOCK"), (r"\binStock\b", "outOfStock"),
    (r"\binstock\b", "outofstock"), (r"\bin_stock\b", "out_of_stock"), (r"\bin-stock\b", "out-of-stock"),
    (r"\bIn stock\b", "Out of stock"), (r"\bIn Stock\b", "Out of Stock"), (r"\bIN STOCK\b", "OUT OF STOCK"),
    (r"(?i)\b(?:add to (?:cart|bag|basket)|buy now|buy at [^<]{0,12}|go to bag)(?=\s*<)", "Sold out"),
    (r'("(?:in_?stock|isInStock|available|isAvailable|buyable|isBuyable|sellable|saleable)"\s*:\s*)true', r"\1false"),
    (r'("(?:out_?of_?stock|sold_?out|isSoldOut|isOutOfStock)"\s*:\s*)false', r"\1true"),
)  # fmt: skip


def amounts(text: str, moves: Mapping[int, int], currency: str | None) -> str:
    """`text` with every amount of `moves` (minor units, old: new) replaced wherever it stands, all at once. Old and
    new share their cents, so that a page which shows them apart stays whole."""
    if not moves:
        return text
    unit = 10 ** digits(currency)
    told = dict[str, str]()
    for old, new in moves.items():
        for before, after in zip(forms(old // unit), forms(new // unit), strict=True):
            told.setdefault(before, after)
    cents = {f"{old % unit:0{digits(currency)}d}" for old in moves}
    tail = "|".join(sorted({rf"[.,]{c.rstrip('0')}0*(?!\d)" for c in cents}))
    number = "|".join(re.escape(form) for form in sorted(told, key=len, reverse=True))
    alone = rf"(?<![\d\w#/-])(?<!\d[.,])(?:{number})(?=(?:{tail})|(?![\d%])(?![.,]\d))"
    beside = rf"(?<=INR|USD|EUR|GBP)(?:{number})(?=(?:{tail})|(?![\d%])(?![.,]\d))"
    if min(len(form) for form in told) < 3:  # two digits stand everywhere: only where they must be an amount
        alone = _small(number, cents, tail)
    text = re.sub(f"{alone}|{beside}", lambda m: told[m[0]], text)
    text = re.sub(rf"({KEY})({number})(?=[\s\",}}\]])", lambda m: m[1] + told[m[2]], text)
    return _minor(text, moves)


def _small(number: str, cents: set[str], tail: str) -> str:
    """Beside a sign, with cents, or alone in an element."""
    shown = "|".join(rf"[.,](?:{c}|{c.rstrip('0') or '0'})(?!\d)" for c in cents)
    beside = "|".join(rf"(?<={sign})" for sign in ("[₹$€£¥]", "[₹$€£¥] ", "Rs\\.", "Rs\\. "))
    alone = rf"(?<=>)(?:{number})(?=(?:{tail})?<)"
    return (
        rf"(?:{beside})(?:{number})(?![\d%])(?:(?={tail})|(?![.,]\d))|(?<![\d\w#/.,-])(?:{number})(?={shown})|{alone}"
    )


def _minor(text: str, moves: Mapping[int, int]) -> str:
    """States in scripts often count in minor units."""
    long = {str(old): str(new) for old, new in moves.items() if old >= 10_000}
    return re.sub(rf"(?<![\d\w.])(?:{'|'.join(long)})(?![\d.])", lambda m: long[m[0]], text) if long else text


def forms(whole: int) -> list[str]:
    """12999 as 12999, 12,999, 12.999, 12 999 …; Indian grouping too."""
    western, plain = f"{whole:,}", str(whole)
    head, last = plain[:-3], plain[-3:]
    pairs = [head[max(0, i - 2) : i] for i in range(len(head), 0, -2)][::-1]
    indian = ",".join([*pairs, last]) if head else plain
    return [plain, western, indian, *(western.replace(",", c) for c in (".", " ", "\u00a0", "\u202f", "'", "&#160;"))]


def sold_out(text: str) -> str:
    for pattern, words in SOLD:
        text = re.sub(pattern, words, text)
    return text


def renamed(text: str, old: str, new: str) -> str:
    """Another good's page: its article number, plain and as IKEA writes it in groups."""
    text = text.replace(old, new)
    if old.isdigit() and new.isdigit() and len(old) == 8:
        text = text.replace(f"{old[:3]}.{old[3:6]}.{old[6:]}", f"{new[:3]}.{new[3:6]}.{new[6:]}")
    return text


def sibling(sku: str, n: int) -> str:
    """Another article number of the same make."""
    places = [i for i, c in enumerate(sku) if c.isdigit()][-3:]
    if not places:
        return f"{sku}-{n}"
    letters = list(sku)
    for i in places:
        letters[i] = str((int(letters[i]) + n + i) % 10)
    return "".join(letters)
