"""The line before a site, its places and its pace, kept in Redis. Times are microseconds of the server's own clock.

`next` is when the site may be asked again, `hold` until when nobody may. `places` holds the requests under way by when
their lease ends; a worker that was killed gives back nothing, its leases just end. `line` holds who waits by when they
came, `due` by when they promised to ask again; who does not is taken out, so that the dead keep nobody waiting.
A token ends in `:<delay>`, from which those behind know how long the line is.
"""

PARTS = ("next", "hold", "places", "line", "due")
GRACE_S = 1.0  # how late one in line may be before others go first
AHEAD = 50  # of the line are counted to say when to ask again
LEAST_S, MOST_S = 0.02, 1.0  # between two questions whether a place is free

# KEYS: places, line, due are the last three   ARGV: how many tokens are given up, these, then those of the script
LEAVE = """
for n = 1, tonumber(ARGV[1]) do
  for k = #KEYS - 2, #KEYS do redis.call('ZREM', KEYS[k], ARGV[n + 1]) end
end
"""

# ARGV: token, delay, most, lease, least wait, interval, grace, then token and rest of the lease of places this process
# holds already: those taken while Redis was away, or lost with its memory, count too.
# Returns how long to wait before asking again (0: go, the place is taken), and 1 when that is for want of a place.
ENTER = f"""{LEAVE}
local ARGV = {{unpack(ARGV, ARGV[1] + 2)}}
local NEXT, HOLD, PLACES, LINE, DUE = unpack(KEYS)
local token, delay, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local interval, grace = tonumber(ARGV[6]), tonumber(ARGV[7])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function last(key, till)
  local ms = math.ceil((till - now) / 1000) + 1
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
end

local function take(who, till)
  redis.call('ZADD', PLACES, string.format('%.0f', till), who)
  last(PLACES, till)
end

redis.call('ZREMRANGEBYSCORE', PLACES, '-inf', now)
for i = 8, #ARGV, 2 do take(ARGV[i], now + ARGV[i + 1]) end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', DUE, '-inf', now)) do
  redis.call('ZREM', LINE, gone)
  redis.call('ZREM', DUE, gone)
end

local rank = redis.call('ZRANK', LINE, token) or redis.call('ZCARD', LINE)
local full = redis.call('ZCARD', PLACES) >= most
local turn = math.max(now + ARGV[5], tonumber(redis.call('GET', NEXT) or 0), tonumber(redis.call('GET', HOLD) or 0))
if rank == 0 and not full and turn <= now then
  take(token, now + lease)
  redis.call('ZREM', LINE, token)
  redis.call('ZREM', DUE, token)
  redis.call('SET', NEXT, string.format('%.0f', now + delay), 'PX', math.ceil(delay / 1000) + 1)
  return {{0, 0}}
end

local wait = turn - now
if rank > 0 then
  for _, ahead in ipairs(redis.call('ZRANGE', LINE, 0, math.min(rank, {AHEAD}) - 1)) do
    wait = wait + tonumber(string.match(ahead, ':(%d+)$') or 0)
  end
end
if full then
  wait = math.max(wait, interval * math.min(rank + 1, 4))
elseif rank > 0 then
  wait = math.max(wait, interval)
end
redis.call('ZADD', LINE, 'NX', string.format('%.0f', now), token)
redis.call('ZADD', DUE, string.format('%.0f', now + wait + grace), token)
last(LINE, now + wait + grace)
last(DUE, now + wait + grace)
return {{string.format('%.0f', wait), full and 1 or 0}}
"""

# KEYS: hold   ARGV: for how long. Never shortens a hold that stands
HOLD = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local till = now + ARGV[1]
if till > tonumber(redis.call('GET', KEYS[1]) or 0) and till > now then
  redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', math.ceil(ARGV[1] / 1000) + 1)
end
"""


def keys(site: str, *parts: str) -> list[str]:
    return [f"homefeed:pace:{part}:{site}" for part in parts]
