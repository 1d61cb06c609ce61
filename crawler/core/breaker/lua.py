"""`circuit` in Redis: a hash per site that many may change at once. Times are microseconds of the server's clock."""

from crawler.core.breaker.circuit import PROBE_S

KEPT_S = 3_600  # what is known of a site after the last failure or the end of the open time

_COMMON = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function read(key)
  local names = {'failures', 'opened', 'till', 'probe', 'probe_till', 'reason'}
  local found, c = redis.call('HMGET', key, unpack(names)), {}
  for i, name in ipairs(names) do c[name] = found[i] or '' end
  for _, name in ipairs({'failures', 'opened', 'till', 'probe_till'}) do c[name] = tonumber(c[name]) or 0 end
  return c
end

local function told(state, seconds, c)
  return {state, string.format('%.0f', seconds), c.failures, c.reason}
end

local function admit(key, token)
  local c = read(key)
  if c.opened == 0 then return told('closed', 0, c) end
  if now < c.till then return told('open', c.till - now, c) end
  if token ~= '' and c.probe ~= '' and c.probe ~= token and now < c.probe_till then
    return told('half_open', c.probe_till - now, c)
  end
  if token ~= '' then
    redis.call('HSET', key, 'probe', token, 'probe_till', string.format('%.0f', now + PROBE))
  end
  return told('half_open', 0, c)
end
""".replace("PROBE)", f"{PROBE_S * 1e6:.0f})")

# KEYS: circuits   ARGV: token, or '' to ask only. Returns for each: state, microseconds, failures, reason
ADMIT = f"""{_COMMON}
local found = {{}}
for i, key in ipairs(KEYS) do found[i] = admit(key, ARGV[1]) end
return found
"""

# KEYS: circuit   ARGV: token, reason, failures until it opens, time open, longest time open
# Returns whether that opened it, and for how long it is open
FAILED = f"""{_COMMON}
local key, c = KEYS[1], read(KEYS[1])
if c.opened > 0 and ARGV[1] ~= c.probe then return {{0, string.format('%.0f', math.max(0, c.till - now))}} end
c.failures = c.failures + 1
redis.call('HSET', key, 'failures', c.failures, 'reason', ARGV[2])
redis.call('EXPIRE', key, {KEPT_S})
if c.opened == 0 and c.failures < tonumber(ARGV[3]) then return {{0, 0}} end
local open = string.format('%.0f', math.min(ARGV[4] * 2 ^ c.opened, tonumber(ARGV[5])))
redis.call('HSET', key, 'opened', c.opened + 1, 'probe', '', 'till', string.format('%.0f', now + open))
redis.call('EXPIRE', key, {KEPT_S} + math.ceil(open / 1000000))
return {{1, open}}
"""

# KEYS: circuit   ARGV: token. Returns whether that closed it
SUCCEEDED = f"""{_COMMON}
local c = read(KEYS[1])
if c.opened > 0 and ARGV[1] ~= c.probe then return 0 end
redis.call('DEL', KEYS[1])
return c.opened > 0 and 1 or 0
"""

# KEYS: circuit   ARGV: token
WITHDREW = """
if redis.call('HGET', KEYS[1], 'probe') == ARGV[1] then redis.call('HSET', KEYS[1], 'probe', '') end
"""


def key(site: str) -> str:
    return f"homefeed:circuit:{site}"
