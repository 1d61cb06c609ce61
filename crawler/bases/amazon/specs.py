"""The tables of an Amazon product page, and the codes of the product they hold."""

import re

from crawler.bases.amazon.parts import words
from crawler.bases.document import Document

_TABLES = (
    "#productOverview_feature_div tr", '[id^="productDetails_techSpec"] tr', '[id^="productDetails_detailBullets"] tr',
    "#prodDetails .prodDetTable tr", "#technicalSpecifications_section_1 tr",
    "#productFactsDesktop_feature_div .product-facts-detail",
)  # fmt: skip
_BULLETS = "#detailBullets_feature_div li, #detail-bullets .content > ul > li"
_NOT_A_SPEC = re.compile(r"^(?:customer reviews?|best ?sellers? rank|amazon bestseller|asin)$", re.I)
_GTIN = re.compile(r"^(?:ean|upc|gtin|isbn-13|barcode|global trade identification number)$", re.I)
_MPN = re.compile(r"^(?:manufacturer part number|(?:item )?part number|mpn|(?:item )?model number)$", re.I)


def specs(doc: Document) -> dict[str, str]:
    """Label → value of the overview, the detail tables and the detail bullets, the first of each label."""
    found: dict[str, str] = {}
    for label, value in [*_rows(doc), *_bullets(doc)]:
        label = label.strip(" :：")
        if label and value and len(label) <= 80 and not _NOT_A_SPEC.match(label):
            found.setdefault(label, value)
    return found


def _rows(doc: Document) -> list[tuple[str, str]]:
    cells = [[c for c in row.iter() if c.tag in ("th", "td", "div")] for s in _TABLES for row in doc.tree.css(s)]
    return [(words(c[0]), words(c[-1])) for c in cells if len(c) == 2]


def _bullets(doc: Document) -> list[tuple[str, str]]:
    lines = (words(li).partition(":") for li in doc.tree.css(_BULLETS))
    return [(label, value.strip()) for label, colon, value in lines if colon]


def gtin(specs: dict[str, str]) -> str | None:
    for label, value in specs.items():
        digits = value.split(" ")[0].replace("-", "")
        if _GTIN.match(label) and digits.isdigit() and len(digits) in (8, 12, 13, 14) and _checks(digits):
            return digits
    return None


def _checks(digits: str) -> bool:
    """GS1's check digit."""
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits))) % 10 == 0


def mpn(specs: dict[str, str]) -> str | None:
    """A part number; else a model number that is one token ("8906… - For Pantry" is not)."""
    found = {k.lower(): v for k, v in specs.items() if _MPN.match(k)}
    parts = [v for k, v in found.items() if "model" not in k]
    return next(iter(parts + [v for v in found.values() if " " not in v]), None)
