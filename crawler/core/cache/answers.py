"""What goes into the cache and what comes out of it."""

import math
from collections.abc import Awaitable, Callable
from typing import Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")

Outcome = Literal["hit", "stale", "miss"]


class Computed(NamedTuple):
    """`tags` None: not to be kept, nor given to anybody else who asked. Gone after `lasts_s`, fresh or stale."""

    data: bytes
    tags: tuple[str, ...] | None
    lasts_s: float = math.inf


Compute = Callable[[], Awaitable[Computed]]


class Found(NamedTuple, Generic[T]):
    """`shared`: it may be given to everybody who asks. `outdated`: a tag was invalidated while it was computed."""

    value: T
    outcome: Outcome
    shared: bool = True
    outdated: bool = False
