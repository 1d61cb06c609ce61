"""The names by which cached answers are invalidated, and who invalidates them."""

from crawler.core.searches import folded

NEW = "new"  # lists of products: whoever follows the change stream, when one is published for the first time
DESIGNS = "designs"  # whatever shows designs: a crawl that wrote some


def query(words: str) -> str:
    """Lists of what matches the words: the worker whose search for them ended."""
    return f"query:{folded(words)}"


def site(name: str) -> str:
    """Whatever shows products of the site (`crawler.core.drift.memory.site`): who finds it held, or no longer."""
    return f"site:{name}"


def product(product_id: str) -> str:
    """Whatever shows the product: whoever follows the change stream."""
    return f"product:{product_id}"
