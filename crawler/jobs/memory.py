"""How much memory this process has."""

import resource
from pathlib import Path

PAGES = Path("/proc/self/statm")
PAGE = resource.getpagesize()


def resident_mb() -> float:
    """What is in memory now; where the system does not say, the most there ever was."""
    if PAGES.exists():
        return int(PAGES.read_text().split()[1]) * PAGE / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
