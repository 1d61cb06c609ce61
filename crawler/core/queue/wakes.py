"""Followers of jobs, woken when there is something new: one connection listens for all of a process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis

from crawler.core.errors import BusAway
from crawler.core.queue.lua import CHANNEL
from crawler.core.redis_client import away

LOOK_S = 2.0  # how long one read of the connection lasts


class Wakes:
    """`follower` for as long as one follows a job; its event is set whenever that job may have news."""

    def __init__(self, redis: Redis):
        self._redis = redis
        self._followers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()
        self._deaf: BusAway | None = None

    async def close(self) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.wait([self._listening])

    @contextmanager
    def follower(self, job_id: str) -> Iterator[asyncio.Event]:
        news = asyncio.Event()
        self._followers[job_id].add(news)
        try:
            yield news
        finally:
            self._followers[job_id].discard(news)
            if not self._followers[job_id]:
                del self._followers[job_id]

    async def listen(self) -> None:
        """Returns once messages come; begins again after a lost connection. Raises BusAway."""
        if self._listening is None or self._listening.done():
            self._hears.clear()
            self._listening = asyncio.create_task(self._listen())
        if not self._hears.is_set():
            await self._hears.wait()
        if self._deaf:
            raise self._deaf

    async def _listen(self) -> None:
        self._deaf = None
        try:
            with away():
                async with self._redis.pubsub(ignore_subscribe_messages=True) as messages:
                    await messages.subscribe(CHANNEL)
                    self._hears.set()
                    while True:
                        message = await messages.get_message(timeout=LOOK_S)
                        if message:
                            self._wake(message["data"].decode())
        except BusAway as error:  # each follower raises it
            self._deaf = error
            self._hears.set()
            for job_id in list(self._followers):
                self._wake(job_id)

    def _wake(self, job_id: str) -> None:
        for news in self._followers.get(job_id, ()):
            news.set()
