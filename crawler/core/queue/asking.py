"""Whoever wants something crawled: the API, the command line, the scheduler."""

import secrets
import time
from collections.abc import Sequence

import msgspec

from crawler.core.errors import QueueFull
from crawler.core.models.jobs import Job, JobKind, Priority
from crawler.core.queue import lua
from crawler.core.queue.connection import Connection, text
from crawler.core.queue.records import CLASSES, read_job, search_key

_STAND = """
local function stand(id, class, client)
  local least = tonumber(redis.call('HGET', NOW, class) or class * CLASS)
  local turn = math.max(least, tonumber(redis.call('ZSCORE', TURNS, class .. ':' .. client) or 0)) + 1
  redis.call('HSET', record(id), 'class', class, 'client', client)
  redis.call('ZADD', TURNS, turn, class .. ':' .. client)
  redis.call('ZADD', LINE, turn, id)
  redis.call('HINCRBY', HELD, client, 1)
end
"""

# ARGV: fresh id, flight, job, class, client, most, known ids…   Returns 0 when the line is full, else joined or not (2
# or 1) and the record. One client may hold nine tenths of the line, so that nobody is shut out by it.
_SUBMIT = f"""{lua.COMMON}{_STAND}
local fresh, flight, job, class, client, most = unpack(ARGV, 1, 6)
flight, class, most = 'homefeed:flight:' .. flight, tonumber(class), tonumber(most)
local id = redis.call('GET', flight)
local now = id and state(id)
local joined = now == 'waiting' or now == 'running'
if not joined then
  local held = tonumber(redis.call('HGET', HELD, client) or 0)
  if redis.call('ZCARD', LINE) >= most or held * 10 >= math.max(most * 9, 10) then return {{0}} end
  id = fresh
  redis.call('SET', flight, id, 'EX', {lua.WAIT_S})
  redis.call('HSET', record(id), 'job', job, 'flight', flight, 'created_at', stamp, 'state', 'waiting')
  stand(id, class, client)
  if spare() < {lua.SPARE} then add_token() end
elseif now == 'waiting' and class < tonumber(redis.call('HGET', record(id), 'class')) then
  leave(id)
  stand(id, class, client)
end
redis.call('SADD', 'homefeed:clients:' .. id, client)
for i = 7, #ARGV do
  local found = 'homefeed:found:' .. id
  redis.call('ZADD', found, 'NX', redis.call('ZCARD', found), ARGV[i])
end
keep(id, {lua.WAIT_S})
return {{joined and 2 or 1, redis.call('HGETALL', record(id))}}
"""

# ARGV: id, client   Returns 0 when the job is over or unknown
_CANCEL = f"""{lua.COMMON}
local id, clients = ARGV[1], 'homefeed:clients:' .. ARGV[1]
local now = state(id)
if now ~= 'waiting' and now ~= 'running' then return 0 end
redis.call('SREM', clients, ARGV[2])
if redis.call('SCARD', clients) == 0 then over(id, 'cancelled', 'nobody waits for it any longer') end
return 1
"""


class Asking(Connection):
    async def submit(
        self, kind: JobKind, query: str = "", *, sources: Sequence[str] = (), args: dict[str, str] | None = None,
        priority: Priority = "person", client: str = "local", known: Sequence[str] = (), source_s: float = 0.0,
        about: str = "",
    ) -> tuple[Job, bool]:  # fmt: skip
        """(job, joined): the job that does this now. `joined` when it was already waiting or running; a person who
        joins a recheck lifts it. `known` are ids already stored: the start of what is found, in that order.
        Raises QueueFull when `most` wait, or nine tenths of that of this client alone."""
        job = Job(_fresh(), kind, query, sorted(set(sources)), args or {}, priority, client, source_s, about)
        own = {"source_s": str(source_s), "about": about} if source_s or about else {}
        flight, order = search_key(kind, query, {**(args or {}), **own}, sources), CLASSES.index(priority)
        entry = msgspec.json.encode(job)
        how, *record = await self._run(_SUBMIT, job.id, flight, entry, order, client, self._most, *known)
        if not how:
            raise QueueFull("too many searches wait; ask again in a few seconds")
        return read_job(record[0]), how == 2

    async def job(self, job_id: str) -> Job | None:
        """How it goes; None when unknown or over for more than an hour."""
        fields = await self._ask("hgetall", f"homefeed:jobs:{job_id}")
        return read_job(fields) if fields else None

    async def position(self, job_id: str) -> int | None:
        """Place in the line, 0 is next; None when not waiting."""
        place: int | None = await self._ask("zrank", "homefeed:line", job_id)
        return place

    async def cancel(self, job_id: str, client: str = "local") -> bool:
        """This client wants it no longer; when nobody else does, it ends as `cancelled`. False when it was over or
        unknown."""
        return bool(await self._run(_CANCEL, job_id, client))

    async def found(self, job_id: str, start: int = 0, limit: int = 100) -> list[str]:
        """Ids in the order they came."""
        if limit < 1:
            return []
        return text(await self._ask("zrange", f"homefeed:found:{job_id}", start, start + limit - 1))

    async def waiting(self) -> int:
        """How many stand in line."""
        return int(await self._ask("zcard", "homefeed:line"))


def _fresh() -> str:
    """Ids sort by the time they were made."""
    return f"{time.time_ns() // 1000:014x}{secrets.token_hex(6)}"
