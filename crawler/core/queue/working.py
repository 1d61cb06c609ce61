"""A worker's side: take the next job, say how it goes, stay known as alive."""

from collections.abc import Sequence

from crawler.core.errors import JobLost
from crawler.core.models.jobs import Job, JobEvent
from crawler.core.queue import lua
from crawler.core.queue.connection import Connection, text
from crawler.core.queue.records import event_args, read_job

# ARGV: token   Returns the record of the job this token has, else of the next in line; nothing when nobody waits
_TAKE = f"""{lua.COMMON}
local token = ARGV[1]

local function begin(id)
  redis.call('HSET', record(id), 'state', 'running', 'token', token)
  redis.call('HSETNX', record(id), 'started_at', stamp)
  redis.call('HINCRBY', record(id), 'attempts', 1)
  redis.call('HSET', TOKENS, token, id)
  redis.call('ZADD', RUNNING, stamp, id)
  keep(id, {lua.KEEP_S})
  return redis.call('HGETALL', record(id))
end

local id = redis.call('HGET', TOKENS, token)
redis.call('HDEL', TOKENS, token)
if id and state(id) == 'running' then
  if tonumber(redis.call('HGET', record(id), 'attempts')) < {lua.ATTEMPTS} then return begin(id) end
  over(id, 'failed', 'its worker died {lua.ATTEMPTS} times')
end
while true do
  local id, turn = unpack(redis.call('ZPOPMIN', LINE))
  if not id then return false end
  local class = math.floor(turn / CLASS)
  redis.call('HSET', NOW, class, turn)
  redis.call('ZREMRANGEBYSCORE', TURNS, class * CLASS, turn)
  release(redis.call('HGET', record(id), 'client'))
  if state(id) == 'waiting' then return begin(id) end
end
"""

_MINE = """
local function mine(id, attempt)
  local now, attempts = unpack(redis.call('HMGET', record(id), 'state', 'attempts'))
  return now == 'running' and attempts == attempt
end
"""

# ARGV: id, attempt, then events: "progress", source, its JSON | "item", how many, (id, JSON)… | "done", state, reason
# Returns 0 when another attempt has the job, or nobody wants it: then nothing is told
_REPORT = f"""{lua.COMMON}{_MINE}
local id = ARGV[1]
if not mine(id, ARGV[2]) then return 0 end

local function items(first, count)
  local fresh, found, told = {{}}, 'homefeed:found:' .. id, 'homefeed:told:' .. id
  for i = first, first + 2 * count - 1, 2 do
    if redis.call('SADD', told, ARGV[i]) == 1 then
      redis.call('ZADD', found, 'NX', redis.call('ZCARD', found), ARGV[i])
      fresh[#fresh + 1] = ARGV[i + 1]
    end
  end
  if #fresh == 0 then return end
  redis.call('HINCRBY', record(id), 'count', #fresh)
  tell(id, '{{"type":"item","items":[' .. table.concat(fresh, ',') .. ']}}')
end

local i = 3
redis.call('ZADD', RUNNING, stamp, id)
while ARGV[i] do
  local type, a, b = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if type == 'item' then
    items(i + 2, tonumber(a))
    i = i + 2 + 2 * a
  else
    if type == 'done' then over(id, a, b) end
    if type == 'progress' then
      redis.call('HSET', record(id), 'source:' .. a, b)
      tell(id, '{{"type":"progress","source":' .. b .. '}}')
    end
    i = i + 3
  end
end
if state(id) == 'running' then keep(id, {lua.KEEP_S}) end
return 1
"""

# ARGV: (id, attempt)…   A sign of life. Returns the ids that are no longer this worker's
_RENEW = f"""{lua.COMMON}{_MINE}
local lost = {{}}
for i = 1, #ARGV, 2 do
  if mine(ARGV[i], ARGV[i + 1]) then
    redis.call('ZADD', RUNNING, stamp, ARGV[i])
    keep(ARGV[i], {lua.KEEP_S})
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
"""

# Running jobs that nobody speaks of go to the head of their class; every job in line gets its token. Returns how many
# wait
_TEND = f"""{lua.COMMON}
for _, id in ipairs(redis.call('ZRANGE', RUNNING, '-inf', stamp - {lua.SILENT_S}, 'BYSCORE', 'LIMIT', 0, 100)) do
  local class, token, attempts, client = unpack(redis.call('HMGET', record(id), 'class', 'token', 'attempts', 'client'))
  redis.call('ZREM', RUNNING, id)
  if token then redis.call('HDEL', TOKENS, token) end
  if state(id) == 'running' then
    if tonumber(attempts) >= {lua.ATTEMPTS} then
      over(id, 'failed', 'its worker died {lua.ATTEMPTS} times')
    else
      redis.call('HSET', record(id), 'state', 'waiting')
      redis.call('ZADD', LINE, redis.call('HGET', NOW, class) or class * CLASS, id)
      redis.call('HINCRBY', HELD, client, 1)
    end
  end
end
for _ = spare(), -1 do add_token() end
return redis.call('ZCARD', LINE)
"""


class Working(Connection):
    async def take(self, slot: str) -> Job | None:
        """The job of a token (`slot` is its streaq task id): the one it took before, if its worker died, else who is
        next in line now. None when nobody waits."""
        record = await self._run(_TAKE, slot)
        return read_job(record) if record else None

    async def report(self, job: Job, events: Sequence[JobEvent]) -> None:
        """Tells what happened; items that were told before are left out, in any attempt. Raises JobLost, and tells
        nothing, when another attempt does this job now or nobody wants it."""
        args = [arg for event in events for arg in event_args(event)]
        if not await self._run(_REPORT, job.id, job.attempts, *args):
            raise JobLost(f"job {job.id}: attempt {job.attempts} is over")

    async def renew(self, jobs: Sequence[Job]) -> set[str]:
        """A sign of life for these; returns the ids of those that are no longer this worker's (cancelled, or done
        elsewhere)."""
        if not jobs:
            return set()
        return set(text(await self._run(_RENEW, *(arg for job in jobs for arg in (job.id, job.attempts)))))

    async def tend(self) -> int:
        """Puts right what crashes left: silent jobs go back into line, every waiting one has its token. How many
        wait."""
        return int(await self._run(_TEND))
