"""Etsy: the options of a choice that say what they cost ("Small ($45.00)")."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.document import Document
from crawler.core import money
from crawler.core.errors import MoneyError
from crawler.core.models import Offer

OPTION = re.compile(r"(?P<name>.+?)\s*[(\[](?P<price>[^()\[\]]*\d[^()\[\]]*)[)\]](?P<after>.*)")


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
