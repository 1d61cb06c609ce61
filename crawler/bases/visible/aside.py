"""Which blocks of a product page belong to something else than its product, by what they are called."""

import re
from functools import lru_cache

from crawler.bases.visible.text import CLASSES, Attributes, words

_ELSEWHERE = re.compile(
    r"(?:^|[-\s])(?:related|recommend\w*|similar|carousel|slider|swiper|slick|sponsored|upsell\w*|cross-?sell\w*|"
    r"also|viewed|recently|bundle\w*|accessor(?:y|ies)|footer|(?:site|page|global|main|top)-header|nav|navigation|menu|"
    r"breadcrumbs?|sidebar|mini-?cart|sellers?|marketplace|other-offers|"
    r"cart-drawer|modal|popup|(?<!price-)(?<!price--)compare(?!-(?:at|price))|comparison|reviews?|suggest(?:ions?|ed-products?)|complementary|frequently|tiles?|"
    r"product-(?:card|grid|list|tile)s?|shop-the-look|financ\w*|affirm|klarna|afterpay|emi|installments?|warranty|"
    r"protection|gift|coupons?|swatch(?:es)?|unit-price|price-per|per-unit|filters?|you-save|members?(?:hip)?|exchange|"
    r"trade-in|rewards?|credit-card|prices?-tiers?|tier(?:ed)?-pric\w+|(?:bulk|volume|quantity)-pric\w+)(?:[-\s]|$)"
)
_GOODS = re.compile(r"(?<!\S)product-(?:cat|tag|brand)-\S+")  # what a good is, not what an element is for
TAGS = {"footer", "nav", "aside"}


def elsewhere(tag: str, attributes: Attributes) -> bool:
    """Does an element hold other products, other offers or the page's frame?"""
    if tag in TAGS:
        return True
    return ("class" in attributes or "id" in attributes) and _elsewhere_name(words(attributes))


@lru_cache(CLASSES)
def _elsewhere_name(named: str) -> bool:
    return bool(_ELSEWHERE.search(_GOODS.sub("", named)))
