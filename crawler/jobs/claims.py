"""Who does what is due, over any number of schedulers: the first to claim it."""

import hashlib

from redis.asyncio import Redis

from crawler.core.redis_client import away

CRON_S = 7_200  # longer than a minute can still be due
TURN_S = 7 * 86_400

# KEYS: turn of a source   ARGV: when the turn at hand began, seconds to keep it. A source seen first waits for its next
# turn: its pages were just read
_TURN = """
local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return last and 1 or 0
"""


class Claims:
    """Every method raises BusAway."""

    def __init__(self, redis: Redis):
        self._redis = redis
        self._turn = redis.register_script(_TURN)

    async def minute(self, line: str, minute: int) -> bool:
        """Whether this cron line is ours to start for that minute."""
        with away():
            return bool(await self._redis.set(_minute(line, minute), 1, nx=True, ex=CRON_S))

    async def give_back(self, line: str, minute: int) -> None:
        """It could not be started: whoever comes next may."""
        with away():
            await self._redis.delete(_minute(line, minute))

    async def turn(self, source: str, began: float) -> bool:
        """Whether this turn of a source is ours to do."""
        with away():
            return bool(await self._turn(keys=[_source(source)], args=[f"{began:.3f}", TURN_S]))

    async def give_turn_back(self, source: str, began: float) -> None:
        """Not all of it could be asked for: it is due again, as it was before."""
        with away():
            await self._redis.set(_source(source), f"{began - 1:.3f}", ex=TURN_S)


def _minute(line: str, minute: int) -> str:
    return f"homefeed:cron:{hashlib.blake2b(line.encode(), digest_size=8).hexdigest()}:{minute}"


def _source(source: str) -> str:
    return f"homefeed:recheck:{source}"
