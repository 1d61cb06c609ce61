"""What all scripts on jobs share. Redis runs a script whole or not at all.

`homefeed:line` holds waiting jobs by turn: 2^40 times the class of the job's priority, plus its client's turn by
start-time fair queuing (`line:now` is the turn last taken per class, `line:turns` each client's last one, `line:held`
how many places a client has). Each job in line has a *token*, a streaq task that carries no job; `homefeed:tokens`
says which job a token took. `homefeed:running` holds running jobs by their last sign of life. Times are seconds of the
server's own clock.
"""

from crawler.core.queue.tokens import STREAM, TASK_DATA, TASK_KEY

KEEP_S = 3_600  # what is known of a job that is over, or of a running one nobody speaks of
KEPT = 1_000  # jobs that are over; beyond that the oldest are known for LAST_S more, so that memory has a bound
LAST_S = 20
WAIT_S = 86_400  # longest time in line
SILENT_S = 60  # a running job without a sign of life goes back into line
ATTEMPTS = 3
EVENTS = 10_000  # per job
CHANNEL = "homefeed:told"  # says of which job something was told
SPARE = 100  # tokens without a job; they are left by jobs that were cancelled in line

COMMON = f"""
local CLASS, LINE, TURNS, NOW = 1099511627776, 'homefeed:line', 'homefeed:line:turns', 'homefeed:line:now'
local HELD, RUNNING, TOKENS = 'homefeed:line:held', 'homefeed:running', 'homefeed:tokens'
local OVER = 'homefeed:over'
local time = redis.call('TIME')
local stamp = string.format('%.6f', time[1] + time[2] / 1000000)

local function record(id) return 'homefeed:jobs:' .. id end

local function keep(id, seconds)
  for _, part in ipairs({{'jobs', 'job', 'found', 'told', 'clients'}}) do
    redis.call('EXPIRE', 'homefeed:' .. part .. ':' .. id, seconds)
  end
end

local function state(id) return redis.call('HGET', record(id), 'state') end

local function tell(id, event)
  redis.call('XADD', 'homefeed:job:' .. id, 'MAXLEN', '~', {EVENTS}, '*', 'data', event)
  redis.call('PUBLISH', '{CHANNEL}', id)
end

local function release(client)
  if redis.call('ZCARD', LINE) == 0 then
    redis.call('DEL', HELD)
  elseif client and redis.call('HINCRBY', HELD, client, -1) < 1 then
    redis.call('HDEL', HELD, client)
  end
end

local function leave(id)
  local turn = redis.call('ZSCORE', LINE, id)
  if not turn then return end
  local class, client = unpack(redis.call('HMGET', record(id), 'class', 'client'))
  redis.call('ZREM', LINE, id)
  release(client)
  if redis.call('ZSCORE', TURNS, class .. ':' .. client) == turn then
    redis.call('ZINCRBY', TURNS, -1, class .. ':' .. client)
  end
end

local function forget_oldest()
  redis.call('ZREMRANGEBYSCORE', OVER, '-inf', stamp - {KEEP_S})
  local many = redis.call('ZCARD', OVER) - {KEPT}
  if many < 1 then return end
  for _, id in ipairs(redis.call('ZRANGE', OVER, 0, many - 1)) do
    redis.call('ZREM', OVER, id)
    keep(id, {LAST_S})
  end
end

local function over(id, how, reason)
  local flight, token = unpack(redis.call('HMGET', record(id), 'flight', 'token'))
  redis.call('HSET', record(id), 'state', how, 'reason', reason, 'finished_at', stamp)
  tell(id, cjson.encode({{type = 'done', state = how, reason = reason}}))
  if redis.call('GET', flight) == id then redis.call('DEL', flight) end
  if token then redis.call('HDEL', TOKENS, token) end
  redis.call('ZREM', RUNNING, id)
  leave(id)
  keep(id, {KEEP_S})
  redis.call('ZADD', OVER, stamp, id)
  redis.call('EXPIRE', OVER, {KEEP_S})
  forget_oldest()
end

local function spare()
  return redis.call('XLEN', '{STREAM}') - redis.call('HLEN', TOKENS) - redis.call('ZCARD', LINE)
end

local function add_token()
  local token = 'token' .. redis.call('INCR', 'homefeed:line:tokens')
  local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
  redis.call('SET', '{TASK_KEY}' .. token, '{TASK_DATA}' .. now .. '}}')
  redis.call('XADD', '{STREAM}', '*', 'task_id', token, 'enqueue_time', now)
end
"""
