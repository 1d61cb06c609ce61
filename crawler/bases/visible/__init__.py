"""The page as a shopper sees it: the last word where readers disagree."""

from crawler.bases.visible.price import list_price, price
from crawler.bases.visible.product import product_facts
from crawler.bases.visible.text import text
from crawler.bases.visible.tile import tile_facts

__all__ = ["list_price", "price", "product_facts", "text", "tile_facts"]
