"""Whether whole numbers in a page's JSON count major or minor units, told by the amounts the page shows."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crawler.bases.embedded import walk
from crawler.bases.facts import Facts
from crawler.bases.state.amounts import minor
from crawler.bases.state.forms import Told, Unit, amount
from crawler.bases.visible.text import NO_MARKS, lines
from crawler.core import money
from crawler.core.currency import digits
from crawler.core.errors import MoneyError

if TYPE_CHECKING:
    from crawler.bases.document import Document

AMOUNTS = 500  # of one page that are looked at
_SIGNED = re.compile(
    r"(?:[^\W\d_]{1,3}[.]?\s?|[$£€¥₹₩₫₺₽])\s?\d[\d.,'’\u00a0\u202f]{0,14}|"
    r"\d[\d.,'’\u00a0\u202f ]{0,14}\s?(?:[$£€¥₹₩₫₺₽]|[^\W\d_]{2,3})"
)


class Scale:
    """`unit`: what is known of this shop. One question settled answers all others of the page."""

    def __init__(self, doc: "Document", currency: str | None, unit: Unit | None):
        self.doc, self.currency, self.unit = doc, currency, unit

    def minor(self, told: Told, facts: Facts) -> int | None:
        """Minor units, or None with the problem noted."""
        unit = told.unit or self.unit or self._seen(told.value)
        if unit is None:
            facts.problems = ["unit_unknown"]
            return None
        self.unit = self.unit or (None if told.unit else unit)
        try:
            return minor(told._replace(unit=unit), self.currency)
        except MoneyError as error:
            facts.problems = [error.reason]
            return None

    def _seen(self, value: Decimal) -> Unit | None:
        """The unit in which the page shows this amount; None where it shows both or neither."""
        places = digits(self.currency)
        if not places:
            return "major"
        major, minor_ = value in self._shown, value.scaleb(-places) in self._shown
        return None if major == minor_ else "major" if major else "minor"

    @cached_property
    def _shown(self) -> set[Decimal]:
        """Every amount of money in the page's text and in its structured data."""
        body = self.doc.tree.body
        page = lines(body).translate(NO_MARKS) if body else ""
        found = (money.find(m[0], self.currency) for m, _ in zip(_SIGNED.finditer(page), range(AMOUNTS), strict=False))
        return {a.value for a in found if a and a.signed} | set(_structured(self.doc))


def _structured(doc: "Document") -> Iterator[Decimal]:
    for thing in walk([*doc.jsonld, *doc.microdata]):
        yield from (t.value for key in ("price", "lowPrice", "highPrice") if (t := _told(thing.get(key))))
    yield from (t.value for key, value in doc.opengraph.items() if "price" in key and (t := _told(value)))


def _told(value: Any) -> Told | None:
    return amount(value) if isinstance(value, str | int | float) else None
