"""Redis for what works without it: one short time-out, then it is left alone for a while."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from crawler.core import metrics
from crawler.core.errors import BusAway, ConfigError
from crawler.core.redis_client import away, connect

log = logging.getLogger(__name__)

CALL_S = 1.0
RETRY_S = 5.0
CALLS = 32  # at once; more wait here instead of opening more connections

Argument = str | bytes | int | float


class OptionalRedis:
    """Runs scripts. `url` says where Redis is, when it is first asked for."""

    def __init__(
        self, url: Callable[[], Awaitable[str]], clock: Callable[[], float] = time.monotonic,
        retry_s: float = RETRY_S, call_s: float = CALL_S,
    ):  # fmt: skip
        self.url, self._clock, self.retry_s, self.call_s = url, clock, retry_s, call_s
        self._redis: Redis | None = None
        self._scripts: dict[str, AsyncScript] = {}
        self._turn = asyncio.Semaphore(CALLS)
        self._alone_till = -math.inf

    async def run(self, script: str, keys: Sequence[str] = (), args: Sequence[Argument] = ()) -> Any:
        """The script's reply. Raises BusAway within `call_s`, and at once for `retry_s` after that."""
        async with self._turn:
            if self._clock() < self._alone_till:
                raise BusAway("Redis did not answer a moment ago")
            try:
                with away():
                    async with asyncio.timeout(self.call_s):
                        return await (await self._ready(script))(keys=keys, args=args)
            except (BusAway, ConfigError) as error:
                self._alone_till = self._clock() + self.retry_s
                metrics.away("redis")
                log.warning("doing without Redis for %.0f s: %s", self.retry_s, error)
                raise BusAway(str(error)) from error

    async def close(self) -> None:
        if self._redis:
            await self._redis.aclose()

    async def _ready(self, text: str) -> AsyncScript:
        if self._redis is None:
            url = await self.url()
            self._redis = self._redis or connect(url, self.call_s, self.call_s)
        if text not in self._scripts:
            self._scripts[text] = self._redis.register_script(text)
        return self._scripts[text]


def micro(seconds: float) -> int:
    """As scripts count time; never less."""
    return math.ceil(seconds * 1e6)


def word(reply: Any) -> Any:
    """A reply that is text as str."""
    return reply.decode() if isinstance(reply, bytes) else reply
