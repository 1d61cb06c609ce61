"""What all processes hold together in Redis: entries, and who computes which."""

import hashlib
from collections.abc import Awaitable, Callable

import msgspec

from crawler.core.cache import lua
from crawler.core.cache.marks import Marks
from crawler.core.optional_redis import Argument, OptionalRedis

LOCK_MS = 3_000  # a holder that died blocks nobody for longer
OPEN_MS = 1_000
POLL_S = 0.02

_tags = msgspec.json.Decoder(tuple[str, ...])


class Stored(msgspec.Struct):
    """`tick` is that of its computation; 0 where Redis was away."""

    tick: float
    tags: tuple[str, ...]
    fresh_till: float
    gone_at: float
    data: bytes


class Remote:
    def __init__(self, redis: OptionalRedis, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]):
        self._redis, self._clock, self._sleep = redis, clock, sleep
        self.marks = Marks(redis)

    async def begin(self, key: bytes, *, fresh: bool) -> Stored | str:
        """What is stored (`fresh`: only if it still is), or the tick of the computation that is now ours; waits while
        another process computes it. Raises BusAway."""
        await self.marks.pay()
        while True:
            args: list[Argument] = [repr(self._clock()), int(fresh), LOCK_MS]
            said, *rest = await self._redis.run(lua.BEGIN, _keys(key), args)
            if said == b"found":
                tick, tags, fresh_till, gone_at, data = rest
                return Stored(float(tick), _tags.decode(tags), float(fresh_till), float(gone_at), data)
            if said == b"compute":
                return str(rest[0], "ascii")
            await self._sleep(POLL_S)

    async def store(self, key: bytes, tick: str, stored: Stored) -> bool:
        """False when it may not be used: a tag was invalidated since `tick`, or a later computation is stored."""
        lives = max(1, round(stored.gone_at - self._clock()))
        tags = msgspec.json.encode(stored.tags)
        args: list[Argument] = [tick, tags, repr(stored.fresh_till), repr(stored.gone_at), stored.data, lives]
        await self.marks.pay()
        return bool(await self._redis.run(lua.STORE, _keys(key), args))

    async def give_up(self, key: bytes, tick: str, *, unkept: bool) -> None:
        """Nothing to store: the computation failed, or (`unkept`) gave what is not kept."""
        await self._redis.run(lua.GIVE_UP, _keys(key), [tick, int(unkept), OPEN_MS])


def _keys(key: bytes) -> list[str]:
    digest = hashlib.blake2b(key, digest_size=20).hexdigest()
    return [lua.ENTRY + digest, lua.LOCK + digest]
