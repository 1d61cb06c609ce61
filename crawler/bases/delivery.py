"""The place in the United States that a page says it answers for, beside the one asked for."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from crawler.bases import visible
from crawler.bases.document import Document
from crawler.bases.facts import Facts
from crawler.core.models import Offer

_ZIP = re.compile(
    r"\b(?:deliver(?:y|ing|s)?|ship(?:ping|s)?|arrives?)\b[^.!?\d$]{0,60}?(?<![\w.,$])(\d{5})(?:-\d{4})?(?![\d,.]\d|\w)",
    re.I,
)


def zip_code(doc: Document) -> str | None:
    """The first ZIP code after words of delivery; None where the page names none."""
    found = _ZIP.search(visible.text(doc.tree.body)) if doc.tree.body else None
    return found[1] if found else None


def placed(readers: Sequence[Facts], place: str | None, asked: str) -> list[Facts]:
    """The readers with both places on their offers; on the first reader's where none has any."""
    if readers and (place or asked) and not any(facts.offers for facts in readers):
        first = next((facts for facts in readers if facts.seller), readers[0])
        first.offers = [Offer(seller=first.seller, variant=first.variant)]
    for facts in readers:
        facts.offers = [
            replace(offer, location=offer.location or place, location_asked=asked or None) for offer in facts.offers
        ]
    return list(readers)
