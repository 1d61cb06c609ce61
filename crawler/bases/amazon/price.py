"""What the chosen buy-box offer costs: as the shopper sees it, and as the page's forms and scripts carry it.

The centre column's price block of that offer comes first, then the box itself, by the ids Amazon has used since 2018.
"""

import json
import re
from typing import Any, NamedTuple

from crawler.bases.amazon.buybox import Box
from crawler.bases.amazon.parts import amount, classes, hidden, money, ranged, shown, up, words
from crawler.bases.ending import open_end
from crawler.core.errors import MoneyError
from crawler.core.money import Money, minor

_CENTRE = (
    "#corePriceDisplay_desktop_feature_div", "#corePriceDisplay_mobile_feature_div", "#corePrice_desktop",
    "#corePrice_mobile_feature_div", "#apex_desktop", "#apex_mobile", "#centerCol #corePrice_feature_div", "#price",
)  # fmt: skip
_INSIDE = (
    "#corePrice_feature_div", "#price_inside_buybox", "#newBuyBoxPrice", "#buyNewSection .offer-price",
    "#buyNewSection .a-color-price", "#usedBuySection .offer-price", "#usedBuySection .a-color-price", "#kindle-price",
    ".header-price",
)  # fmt: skip
_LEGACY = (
    "#priceblock_dealprice", "#priceblock_ourprice", "#priceblock_saleprice", "#priceblock_pospromoprice",
    "#priceblock_usedprice",
)  # fmt: skip
_PLAIN_IDS = {"price_inside_buybox", "newBuyBoxPrice", "kindle-price"}
_PLAIN_CLASSES = {"offer-price", "a-color-price", "header-price"}
_TO_PAY = ".priceToPay, .apexPriceToPay, .apex-pricetopay-value, .reinventPricePriceToPayMargin"
_SPOKEN = ".apex-pricetopay-accessibility-label, #apex-pricetopay-accessibility-label"
_ASIDE = {"basisPrice", "pricePerUnit", "a-text-strike", "apex-basisprice-value", "apex-priceperunit-value"}
_UNSAID = re.compile(r"(?:see|view) (?:our )?price in (?:your )?(?:cart|basket)|to see (?:our|the) price, add", re.I)
_PERCENT = re.compile(r"[-–]?\s?\d+\s?%")
_LOWERED = re.compile(
    r"\bM\.?R\.?P\b|\b(?:list|was|typical|retail|recommended) price\b|\bRRP\b|you save|with [\d.,]+ ?\S+ savings"
    r"|\bUVP\b|\bstatt\b|prix (?:conseillé|de référence)|precio recomendado|prezzo consigliato|adviesprijs", re.I,
)  # fmt: skip
_STRUCK = '.basisPrice .a-price, [data-a-strike="true"], .priceBlockStrikePriceString, .a-text-strike'


class Prices(NamedTuple):
    """`ranged`: the page shows a range, because no variant is chosen yet. `part`: there may be a list price that was
    not read, because its markup is not known or the page ends there."""

    price: Money | None = None
    list_price: Money | None = None
    ranged: bool = False
    part: bool = False


def visible(tree: Any, box: Box, hint: str, problems: list[str]) -> Prices:
    """What the first price block that shows a price says."""
    end = open_end(tree)
    for block in _blocks(tree, box):
        text = _paid(block)
        if shown(block, ".a-price-range") or ranged(text or _without_percents(block)):
            return Prices(ranged=True)
        price = money(text, hint, problems) if text else None
        if price:
            return Prices(price, _struck(block, price, hint, problems), part=not _understood(block, end))
    return Prices()


def _understood(block: Any, end: set[int]) -> bool:
    """Is a former price, where there is one, known by its markup? The page must not end inside the block."""
    return block.mem_id not in end and bool(shown(block, _STRUCK) or not _LOWERED.search(words(block)))


def _without_percents(block: Any) -> str:
    return _PERCENT.sub("", words(block))


def _blocks(tree: Any, box: Box) -> list[Any]:
    if box.shut:
        return []
    if box.row:
        return tree.css(f'[id="apex_desktop_{box.row}"]') + [n for s in _INSIDE for n in box.node.css(s)]
    centre = [n for s in _CENTRE for n in tree.css(s)[:1] if not hidden(n, tree.body)]
    return centre + ([n for s in _INSIDE for n in box.node.css(s)[:1]] if box.node is not None else [])


def _paid(block: Any) -> str:
    """The text of what is paid, in this price block; empty when it shows no such thing."""
    for node in shown(block, _TO_PAY):
        return amount(node)
    for node in shown(block, ".a-price:not(.a-text-price)"):
        if not _aside(node, block):
            return amount(node)
    for selector in _LEGACY:
        for node in shown(block, selector):
            return words(node)
    for node in shown(block, _SPOKEN):
        return words(node).partition(" with ")[0]
    plain = block.attributes.get("id") in _PLAIN_IDS or classes(block) & _PLAIN_CLASSES
    return words(block) if plain else ""


def _aside(node: Any, block: Any) -> bool:
    """A struck-through price, or one per 100 g."""
    return node.attributes.get("data-a-strike") == "true" or any(classes(n) & _ASIDE for n in up(node, block))


def _struck(block: Any, price: Money, hint: str, problems: list[str]) -> Money | None:
    """M.R.P., list or former price: struck through, and not below what is paid."""
    for node in shown(block, _STRUCK):
        found = money(amount(node), hint, problems)
        if found and found.currency == price.currency and found.amount >= price.amount:
            return found
    return None


def embedded(tree: Any, box: Box, asin: str, hint: str, problems: list[str]) -> Money | None:
    """The chosen offer's price as the page's forms and scripts carry it; not one that is kept for the cart."""
    if box.node is None or any(_UNSAID.search(words(block)) for block in _blocks(tree, box)):
        return None
    sources = (_form, _twister) if box.row else (_form, _twister, _metrics, _inputs)
    try:
        return next((found for found in (source(tree, box, asin, hint) for source in sources) if found), None)
    except MoneyError as error:
        problems.append(error.reason)
        return None


def _form(tree: Any, box: Box, asin: str, hint: str) -> Money | None:
    """The hidden inputs that go with the cart button."""
    value = {n.attributes.get("name"): n.attributes.get("value") for n in box.node.css('input[name^="items[0.base]"]')}
    code = value.get("items[0.base][customerVisiblePrice][currencyCode]") or hint
    price = value.get("items[0.base][customerVisiblePrice][amount]")
    sold = value.get("items[0.base][asin]")
    return Money(minor(price, code), code) if price and sold in (None, asin) else None


def _twister(tree: Any, box: Box, asin: str, hint: str) -> Money | None:
    """`{"desktop_buybox_group_1": [{"priceAmount", "buyingOptionType"}]}`, one per accordion row."""
    node = tree.css_first(".twister-plus-buying-options-price-data")
    try:
        groups = json.loads(node.text()) if node is not None else {}
    except ValueError:
        return None
    options = [option for group in groups.values() if isinstance(group, list) for option in group]
    if box.row:
        options = [o for o in options if box.row.upper().startswith(str(o.get("buyingOptionType") or "?").upper())]
    if len(options) != 1 or not options[0].get("priceAmount"):
        return None
    return Money(minor(options[0]["priceAmount"], hint), hint)


def _metrics(tree: Any, box: Box, asin: str, hint: str) -> Money | None:
    node = tree.css_first("#cerberus-data-metrics")
    said = node.attributes if node is not None else {}
    if said.get("data-asin") != asin or not said.get("data-asin-price"):
        return None
    code = said.get("data-asin-currency-code") or hint
    return Money(minor(said["data-asin-price"], code), code)


def _inputs(tree: Any, box: Box, asin: str, hint: str) -> Money | None:
    for selector in ("#twister-plus-price-data-price", "#attach-base-product-price"):
        node = tree.css_first(selector)
        if node is not None and node.attributes.get("value"):
            return Money(minor(node.attributes["value"], hint), hint)
    return None
