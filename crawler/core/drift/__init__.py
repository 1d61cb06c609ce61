"""Does a source still look as it did? Pure: what a page measures, what is usual, which pages are withheld, and when a
whole site is suspect or held. Nothing here repairs anything.

One `Memory` per site of a source (`memory.py`), kept as a small document; a `Watch` (`watch.py`) is asked page by page.
"""

from crawler.core.drift.memory import KIND, Alarm, Memory, State, accepted, site
from crawler.core.drift.watch import Finding, Watch

__all__ = ["KIND", "Alarm", "Finding", "Memory", "State", "Watch", "accepted", "site"]
