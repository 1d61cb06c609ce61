"""The change stream: every published change once, in order, with a position from which a reader goes on.

`homefeed:changes` is a bounded Redis Stream; a change's position is its entry id. `homefeed:epoch` names this very
stream: a wiped Redis gets a new one, so an old position is never taken for a place in the new stream.
"""

import secrets
from collections.abc import AsyncIterator

import msgspec

from crawler.core.models import Change, encode
from crawler.core.positions import Reach, check
from crawler.core.redis_client import away, connect

STREAM = "homefeed:changes"
EPOCH = "homefeed:epoch"
LENGTH = 200_000
SEEN_S = 7 * 86_400  # how long a change that a crash left in the outbox is known to be published
AT_ONCE = 500  # changes a script call; Redis serves nobody else meanwhile
WAKE_MS = 2_000

_ENSURE = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XGROUP', 'CREATE', KEYS[1], 'new', '$', 'MKSTREAM')
  redis.call('XGROUP', 'DESTROY', KEYS[1], 'new')
  redis.call('DEL', KEYS[2])
end
redis.call('SET', KEYS[2], ARGV[1], 'NX')
"""

# KEYS: stream, epoch   ARGV: fresh epoch, length, seconds, then lines of "<change id> <retailer> <change>": packing one
# long argument costs a fraction of packing many short ones
_PUBLISH = (
    _ENSURE
    + """
local positions = {}
for id, retailer, change in ARGV[4]:gmatch('(%S+) (%S+) ([^\\n]+)') do
  local seen = 'homefeed:seen:' .. id
  local position = redis.call('GET', seen)
  if not position then
    position = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'data', change)
    redis.call('SET', seen, position, 'EX', ARGV[3])
    redis.call('PUBLISH', 'prices.' .. retailer, change:sub(1, -2) .. ',"position":"' .. position .. '"}')
  end
  positions[#positions + 1] = position
end
return positions
"""
)

# KEYS: stream, epoch   ARGV: fresh epoch, after or '', limit
_READ = (
    _ENSURE
    + """
local info, entries = {}, {}
local flat = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #flat, 2 do info[flat[i]] = flat[i + 1] end
if tonumber(ARGV[3]) > 0 then
  if ARGV[2] == '' then
    entries = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[3])
  else
    entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3])
  end
end
local first = info['first-entry'] and info['first-entry'][1] or ''
return {redis.call('GET', KEYS[2]), first, info['last-generated-id'], info['entries-added'] - info['length'], entries}
"""
)

_change = msgspec.json.Decoder(Change)


class Batch(msgspec.Struct):
    """`changes` oldest first; read on from `next` in `epoch`. Not `recovered`: the history does not reach back to
    where the reader was, so `changes` is empty and the reader needs a fresh snapshot before it goes on."""

    changes: list[Change]
    next: str
    epoch: str
    recovered: bool = True


class Bus:
    """One connection pool. Every method raises BusAway within seconds when Redis does not answer."""

    def __init__(self, url: str):
        self._redis = connect(url)
        self._publish = self._redis.register_script(_PUBLISH)
        self._read = self._redis.register_script(_READ)

    async def open(self) -> None:
        with away():
            await self._redis.ping()

    async def close(self) -> None:
        await self._redis.aclose()

    async def publish(self, changes: list[Change]) -> list[str]:
        """The position of each change, in order. One that was published before keeps its position and is not sent
        again, so repeating a call after a crash or a time-out is safe."""
        positions = list[bytes]()
        for i in range(0, len(changes), AT_ONCE):
            some = changes[i : i + AT_ONCE]
            lines = b"\n".join(f"{c.id} {c.retailer} ".encode() + _payload(c) for c in some)
            with away():
                positions += await self._publish(keys=[STREAM, EPOCH], args=[_fresh(), LENGTH, SEEN_S, lines])
        return [position.decode() for position in positions]

    async def read(self, after: str | None = None, limit: int = 50, epoch: str | None = None) -> Batch:
        """Changes after a position; without one the newest. `epoch` is where the position comes from, if known."""
        if after is not None:
            check(after)
        reach, entries = await self._ask(after or "", limit)
        if (after is not None and not reach.covers(after)) or (epoch or reach.epoch) != reach.epoch:
            return Batch([], reach.last, reach.epoch, recovered=False)
        changes = [_entry(*entry) for entry in (entries if after else entries[::-1])]
        end = changes[-1].position if changes else None
        return Batch(changes, end or after or reach.last, reach.epoch)

    async def reach(self) -> Reach:
        """What the stream holds now."""
        return (await self._ask("", 0))[0]

    async def _ask(self, after: str, limit: int) -> tuple[Reach, list[tuple[bytes, list[bytes]]]]:
        with away():
            reply = await self._read(keys=[STREAM, EPOCH], args=[_fresh(), after, limit])
        epoch, first, last = (part.decode() for part in reply[:3])
        return Reach(epoch, first, last, reply[3] > 0), reply[4]

    async def tail(self, after: str | None = None, epoch: str | None = None, limit: int = 500) -> AsyncIterator[Batch]:
        """Everything after a position, then everything new, without end; without a position only what is new. The
        first batch comes at once, even if empty; later ones hold changes, or tell that the stream was lost."""
        batch = await self.read(after, limit if after else 0, epoch)
        while True:
            yield batch
            position, epoch = batch.next, batch.epoch
            while not (batch := await self.read(position, limit, epoch)).changes and batch.recovered:
                with away():
                    await self._redis.xread({STREAM: position}, count=1, block=WAKE_MS)


def _payload(change: Change) -> bytes:
    return encode(change if change.position is None else msgspec.structs.replace(change, position=None))


def _entry(position: bytes, fields: list[bytes]) -> Change:
    return msgspec.structs.replace(_change.decode(fields[1]), position=position.decode())


def _fresh() -> str:
    return secrets.token_hex(8)
