"""What else an Amazon page sells the same article as: used and renewed rows of the buy box, other sellers' new ones."""

from typing import Any

from crawler.bases.amazon.buybox import Box, condition, everybody, name_of, rows, seller
from crawler.bases.amazon.parts import amount, money, words
from crawler.bases.amazon.price import visible
from crawler.core.models import Availability, Offer

_LISTED = '[id="aod-offer"]'
_BESIDE = '[id^="mbc-price-"]'
MOST = 50


def others(tree: Any, chosen: Box, hint: str, place: dict[str, Any]) -> list[Offer]:
    """Offers beside the chosen one, each by its condition and seller; without a seller's name only the row's."""
    found = [*_rows(tree, chosen, hint, place), *_beside(tree, hint, place), *_listed(tree, hint, place)]
    own = (chosen.condition, seller(tree, chosen))
    return list({(o.condition, o.seller): o for o in reversed(found) if (o.condition, o.seller) != own}.values())[::-1]


def _rows(tree: Any, chosen: Box, hint: str, place: dict[str, Any]) -> list[Offer]:
    offers = []
    for row in rows(tree) if chosen.row else []:
        box = Box(row, row.attributes.get("id"), condition(row, name_of(row)))
        if box.row == chosen.row or box.condition == chosen.condition or not everybody(row):
            continue
        price = visible(tree, box, hint, []).price
        if price:
            offers.append(Offer(*_money(price), condition=box.condition, seller=seller(tree, box), **place))
    return offers


def _beside(tree: Any, hint: str, place: dict[str, Any]) -> list[Offer]:
    """ "Other sellers on Amazon": new goods in a box below the buy box."""
    offers = []
    for node in tree.css(_BESIDE)[:MOST]:
        number = (node.attributes.get("id") or "").rpartition("-")[2]
        name = words(tree.css_first(f'[id="mbc-sold-by-{number}"] .mbcMerchantName'))
        price = money(words(node), hint, [])
        if price and name:
            offers.append(Offer(*_money(price), seller=name, **place))
    return offers


def _listed(tree: Any, hint: str, place: dict[str, Any]) -> list[Offer]:
    """The panel of all offers, where it was open."""
    offers = []
    for node in tree.css(_LISTED)[:MOST]:
        name = words(node.css_first('[id="aod-offer-soldBy"] a'))
        kind = condition(node, words(node.css_first('[id="aod-offer-heading"]')))
        drawn = node.css_first(".a-price:not(.a-text-price)")
        price = money(amount(drawn), hint, []) if drawn is not None else None
        if price and name:
            offers.append(Offer(*_money(price), condition=kind, seller=name, **place))
    return offers


def _money(price: Any) -> tuple[int, None, str, Availability]:
    return price.amount, None, price.currency, Availability.unknown
