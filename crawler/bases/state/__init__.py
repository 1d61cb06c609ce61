"""The JSON a page carries for its own scripts, read by what its fields are called, whoever wrote it."""

from crawler.bases.state.listing import list_facts
from crawler.bases.state.product import product_facts

__all__ = ["list_facts", "product_facts"]
