"""How a site is approached by all workers together: how often, and how many requests may be under way at once."""

from crawler.core.limits.alone import STRICTER
from crawler.core.limits.pace import Pace
from crawler.core.limits.terms import Limits, Place

__all__ = ["STRICTER", "Limits", "Pace", "Place"]
