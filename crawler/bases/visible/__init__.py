"""The page as a shopper sees it: the last word where readers disagree."""

from crawler.bases.visible.price import list_price, price
from crawler.bases.visible.product import product_facts
from crawler.bases.visible.text import text

__all__ = ["list_price", "price", "product_facts", "text"]
