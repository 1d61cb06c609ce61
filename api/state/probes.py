"""Asking outside services with a time limit, for those who want to know how things are rather than to wait."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from api.house import House
from crawler.core.errors import BusAway, ConfigError, StoreError

T = TypeVar("T")
PROBE_S = 2.0


async def within(work: Awaitable[T], limit: float = PROBE_S) -> T | None:
    """None when the store or Redis does not answer in time."""
    try:
        async with asyncio.timeout(limit):
            return await work
    except (BusAway, ConfigError, StoreError, TimeoutError):
        return None


async def store_answers(house: House) -> bool:
    await (await house.store()).get("probe", "probe")
    return True


async def redis_answers(house: House) -> bool:
    await (await house.queue()).waiting()
    return True
