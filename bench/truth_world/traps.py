"""Amounts on a good page that are not its price, put before it: another good's, an instalment, a coupon, a used one's;
and pages whose machine-readable words are wrong."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bench.truth_world import edit
from bench.truth_world.reading import Answer
from crawler.core.money import decimal

SIGNS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£"}
INLINE = ("span", "b", "strong", "ins", "bdi", "a", "em", "sup", "small", "p")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.S | re.I)
_SELLS = re.compile(r">\s*(?:in stock|add to (?:cart|bag|basket))\b", re.I)
_BODY = re.compile(r"<body[^>]*>", re.I)
OTHER_JSONLD = """<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product", "name": "Ash Stool", "sku": "ZZ-1", "url": "/p/ash-stool-zz1", "offers": {{"@type": "Offer", "price": "{plain}", "priceCurrency": "{code}", "availability": "https://schema.org/OutOfStock"}}}}</script>"""


def shown(amount: int, currency: str) -> str:
    """An amount as the shop writes it: ₹1,29,990."""
    whole, _, cents = decimal(amount, currency).partition(".")
    head, last = whole[:-3], whole[-3:]
    grouped = f"{int(whole):,}"
    if currency == "INR" and head:
        grouped = ",".join([*[head[max(0, i - 2) : i] for i in range(len(head), 0, -2)][::-1], last])
    return f"{SIGNS.get(currency, currency + ' ')}{grouped}{'.' + cents if int(cents or 0) else ''}"


def related_first(answer: Answer, price: int, currency: str) -> Answer:
    """A carousel of other goods at the top of the page, one of them sold out."""
    cards = "".join(
        f'<li class="product-card"><a href="/p/other-{n}"><h3>Other good {n}</h3></a><span class="price">{shown(price * (n + 1) // 7 // 100 * 100 + 900, currency)}</span>'
        f"{'<span>Out of stock</span>' if n == 1 else ''}</li>"
        for n in range(4)
    )
    return _at_top(answer, f'<section class="similar-products"><h2>Similar products</h2><ul>{cards}</ul></section>')


def related_jsonld_first(answer: Answer, price: int, currency: str) -> Answer:
    """Another good's structured data before the page's own."""
    return _at_top(answer, OTHER_JSONLD.format(plain=decimal(price // 300 * 100 + 100, currency), code=currency))


def related_in_own_clothes(answer: Answer, price: int, currency: str) -> Answer | None:
    """A carousel whose prices have the very element of the page's own price, before it."""
    tree = LexborHTMLParser(answer.text)
    node = _price_node(tree, price, currency)
    if node is None:
        return None
    own = edit.amounts(node.html or "", {price: price // 300 * 100 + price % 100 + 100}, currency)
    card = f'<section><h2>You may also like</h2><ul><li><a href="/p/ash-stool"><h3>Ash stool</h3></a>{own}</li><li><a href="/p/oak-stool"><h3>Oak stool</h3></a>{own}</li></ul></section>'
    return _at_top(answer, card)


def emi_first(answer: Answer, price: int, currency: str) -> Answer | None:
    """An instalment right before the price."""
    monthly = shown(price // 1200 * 100 + 100, currency)
    return _before_price(
        answer,
        price,
        currency,
        f"<div><span>EMI from {monthly}/month</span> <span>No cost EMI {monthly} x 12 months</span></div>",
    )


def coupon_first(answer: Answer, price: int, currency: str) -> Answer | None:
    """What is saved, and what it would be with a coupon and as a member, right before the price."""
    saved, less = shown(price // 500 * 100 + 100, currency), shown(price // 200 * 100, currency)
    return _before_price(
        answer,
        price,
        currency,
        f"<div><span>{saved} off</span> <span>Apply {saved} coupon</span> <span>Members pay {less}</span></div>",
    )


def used_first(answer: Answer, price: int, currency: str) -> Answer | None:
    """Used ones, other sellers and a price per measure right before the price."""
    used, per = shown(price // 200 * 100, currency), shown(price // 900 * 100 + 100, currency)
    return _before_price(
        answer, price, currency, f"<div><a href='/used'>Used from {used}</a> <span>({per} / 100 g)</span></div>"
    )


def currency_swapped(answer: Answer, price: int, currency: str) -> Answer:
    """The shop answers with another country's signs before the same numbers."""
    to = "EUR" if currency == "USD" else "USD"
    text = re.sub(rf"\b{currency}\b", to, answer.text)
    if currency == "INR":
        return answer.says(re.sub(r"₹|&#8377;|\\u20b9|\bRs\.?(?=[\s<]*\d|<)", "$", text))
    return answer.says(re.sub(r"\$(?=[\s<]|\d)" if currency == "USD" else "€", SIGNS[to], text))


def jsonld_wrong(answer: Answer, price: int, currency: str) -> Answer | None:
    """Structured data that says a third of the price from now on: per piece while the page shows the set."""
    if _price_node(LexborHTMLParser(answer.text), price, currency) is None:
        return None  # nothing on the page says otherwise
    wrong = {price: price // 300 * 100 + price % 100 + 100}
    scripts = re.compile(r"<script[^>]*ld\+json[^>]*>.*?</script>", re.S)
    text = scripts.sub(lambda m: edit.amounts(m[0], wrong, currency), answer.text)
    return answer.says(text) if text != answer.text else None


def stock_wrong(answer: Answer, price: int, currency: str) -> Answer | None:
    """Structured data that says sold out while the page itself says that it sells."""
    if not _SELLS.search(_SCRIPT.sub("", answer.text)):
        return None
    text = re.sub(r"\bInStock\b", "OutOfStock", answer.text)
    return answer.says(text) if text != answer.text and "ld+json" in text else None


def _at_top(answer: Answer, markup: str) -> Answer:
    return answer.says(_BODY.sub(lambda m: m[0] + markup, answer.text, count=1))


def _before_price(answer: Answer, price: int, currency: str, markup: str) -> Answer | None:
    tree = LexborHTMLParser(answer.text)
    node = _price_node(tree, price, currency)
    if node is None:
        return None
    while node.parent is not None and node.parent.tag in INLINE:
        node = node.parent
    block = LexborHTMLParser(f"<html><body>{markup}</body></html>").css_first("body > div")
    node.insert_before(block)
    return answer.says(tree.html or "")


def _price_node(tree: LexborHTMLParser, price: int, currency: str) -> LexborNode | None:
    """The smallest element that shows the price, the first on the page."""
    whole = price // 10 ** edit.digits(currency)
    forms = {*edit.forms(whole)}
    for node in tree.css(
        "body span, body div, body p, body b, body strong, body ins, body td, body h2, body h3, body h4"
    ):
        text = re.sub(r"[.,]\d\d$", "", re.sub(r"^(?:₹|\$|€|£|Rs\.?|INR|USD)\s*", "", (node.text() or "").strip()))
        if text in forms:
            return node
    return None
