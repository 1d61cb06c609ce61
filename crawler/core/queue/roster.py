"""Who works, and what the workers can crawl: told again and again, forgotten when nobody does."""

import time
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from crawler.core.models.jobs import SourceInfo, WorkerInfo
from crawler.core.queue.connection import Connection

SOURCES, WORKERS = "homefeed:sources", "homefeed:workers"
SOURCE_S = 3_600.0  # workers restart; the sources are the same
WORKER_S = 30.0

T = TypeVar("T", SourceInfo, WorkerInfo)

# ARGV: key, longest age, then (name, JSON)…
_TELL = """
local told, now = ARGV[1] .. ':told', tonumber(redis.call('TIME')[1])
for i = 3, #ARGV, 2 do
  redis.call('HSET', ARGV[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', told, now, ARGV[i])
end
for _, name in ipairs(redis.call('ZRANGE', told, '-inf', now - ARGV[2] - 1, 'BYSCORE')) do
  redis.call('HDEL', ARGV[1], name)
  redis.call('ZREM', told, name)
end
"""

# ARGV: key, longest age
_READ = """
local now, found = tonumber(redis.call('TIME')[1]), {}
for _, name in ipairs(redis.call('ZRANGE', ARGV[1] .. ':told', now - ARGV[2], '+inf', 'BYSCORE')) do
  found[#found + 1] = redis.call('HGET', ARGV[1], name)
end
return found
"""


class Roster(Connection):
    async def tell_sources(self, sources: Sequence[SourceInfo]) -> None:
        """A worker says what it can crawl (kept while workers renew it)."""
        await self._tell(SOURCES, SOURCE_S, {source.name: source for source in sources})

    async def sources(self) -> list[SourceInfo]:
        """Every source some worker has told of, by name."""
        return sorted(await self._read(SOURCES, SOURCE_S, SourceInfo), key=lambda source: source.name)

    async def tell_worker(self, worker: WorkerInfo) -> None:
        """A worker says that it lives; forgotten half a minute after its last word."""
        await self._tell(WORKERS, WORKER_S, {worker.id: msgspec.structs.replace(worker, seen_at=time.time())})

    async def workers(self) -> list[WorkerInfo]:
        """The living workers, oldest first."""
        return sorted(await self._read(WORKERS, WORKER_S, WorkerInfo), key=lambda worker: worker.started_at)

    async def forget_worker(self, worker_id: str) -> None:
        """It has ended."""
        await self._ask("zrem", f"{WORKERS}:told", worker_id)

    async def _tell(self, key: str, age: float, entries: Mapping[str, msgspec.Struct]) -> None:
        args = [arg for name, entry in entries.items() for arg in (name, msgspec.json.encode(entry))]
        await self._run(_TELL, key, int(age), *args)

    async def _read(self, key: str, age: float, kind: type[T]) -> list[T]:
        return [msgspec.json.decode(entry, type=kind) for entry in await self._run(_READ, key, int(age))]
