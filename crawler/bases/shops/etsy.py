"""Etsy: the list price of the box that sells, and the options of a choice with prices ("Small ($45.00)")."""

import re
from collections.abc import Iterator

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from crawler.bases import read, visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.bases.schema.offers import ordered
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.models import Offer

OPTION = re.compile(r"(?P<name>.+?)\s*[(\[](?P<price>[^()\[\]]*\d[^()\[\]]*)[)\]](?P<after>.*)")


def sold(readers: list[Facts], doc: Document, currency: str) -> list[Facts]:
    """The readers with what only the box that sells tells: its list price, and its options as offers of the first."""
    currency = next((facts.currency for facts in readers if facts.currency), currency)
    box = doc.tree.css_first('[data-buy-box-region="price"]')
    for facts in readers:
        if facts.reader == "visible" and facts.price and box is not None:
            listed = visible.list_price(box, currency)
            facts.list_price = listed.amount if listed and listed.amount > facts.price else None
    if readers and (choices := options(doc, currency)):
        seller = next((facts.seller for facts in readers if facts.seller), None)
        readers[0].offers = [replace(offer, seller=seller) for offer in ordered([(c, False) for c in choices])]
    return readers


def options(doc: Document, currency: str) -> list[Offer]:
    """The options of the one choice that changes the price; [] where none or several do."""
    choices = [
        list(_priced(choice.css("option"), currency)) for choice in doc.tree.css("select[id^=variation-selector]")
    ]
    priced = [offers for offers in choices if offers]
    return priced[0] if len(priced) == 1 else []


def _priced(nodes: list[LexborNode], currency: str) -> Iterator[Offer]:
    for node in nodes:
        told = OPTION.fullmatch(read.clean(node.text()) or "")
        try:
            price = money.parse(told["price"], currency) if told else None
        except MoneyError:
            continue
        if told and price:
            stock = read.stock(told["after"])
            yield Offer(price=price.amount, currency=price.currency, availability=stock, variant=told["name"])
