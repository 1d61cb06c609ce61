"""How long to wait before a request is made again. Pure; times are seconds."""

import random
from collections.abc import Callable

JITTER = 0.25  # of the wait, either way: what failed together is not asked again together


def back_off(attempt: int, first: float, between: Callable[[float, float], float] = random.uniform) -> float:
    """Before the `attempt`-th retry (1 is the first): `first`, twice that, four times that."""
    return float(first * 2 ** (attempt - 1) * between(1 - JITTER, 1 + JITTER))
