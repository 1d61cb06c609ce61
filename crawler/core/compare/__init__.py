"""One product or one query across shops: asked of all at once, the best match of each, and the sizes of markets."""

from crawler.core.compare.asking import ask, at_hand, stored
from crawler.core.compare.shown import compared, state, step

__all__ = ["ask", "at_hand", "compared", "state", "step", "stored"]
