"""A worker as far as a site can tell: `python -m tests.crawler.core.pacing <redis> <site> <delay> <lease>` asks the
site again and again, four at a time, as the pace of all workers allows. Runs until it is killed."""

import asyncio
import sys

import aiohttp

from crawler.core.limits import Limits, Pace
from crawler.core.optional_redis import OptionalRedis

RETRY_S = 0.5


async def ask(pace: Pace, session: aiohttp.ClientSession, url: str, limits: Limits) -> None:
    while True:
        place = await pace.enter("oak.test", limits)
        async with session.get(url) as answer:
            await answer.read()
        pace.leave(place)


async def main(redis: str, url: str, delay: str, lease: str) -> None:
    async def where() -> str:
        return redis

    pace, limits = Pace(OptionalRedis(where, retry_s=RETRY_S)), Limits(float(delay), 3, float(lease))
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(ask(pace, session, url, limits))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
