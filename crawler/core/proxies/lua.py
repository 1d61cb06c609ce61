"""What workers do to the health they share, each in one step by the server's own clock (microseconds).

One hash per site and one for every site hold, by proxy: f: failures in a row, t: rests till, u: last used, a: asked
and not yet answered since.
"""

# KEYS: of the site, of every site   ARGV: how long to keep it (ms), least and most of a silence, names
# Returns a name, or "" when all rest
PICK = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local best, least = '', math.huge
for n = 4, #ARGV do
  local name = ARGV[n]
  local here, everywhere = redis.call('HGET', KEYS[1], 't:' .. name), redis.call('HGET', KEYS[2], 't:' .. name)
  if math.max(tonumber(here or 0), tonumber(everywhere or 0)) <= now then
    local rank = tonumber(redis.call('HGET', KEYS[1], 'u:' .. name) or 0)
    local silence = now - tonumber(redis.call('HGET', KEYS[1], 'a:' .. name) or now)
    if silence > tonumber(ARGV[2]) and silence < tonumber(ARGV[3]) then rank = rank + now end
    if rank < least then best, least = name, rank end
  end
end
if best ~= '' then
  local stamp = string.format('%.0f', now)
  redis.call('HSET', KEYS[1], 'u:' .. best, stamp)
  redis.call('HSETNX', KEYS[1], 'a:' .. best, stamp)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return best
"""

# KEYS: of the site, of every site, sites that rest this proxy
# ARGV: name, "1" for every site, site, how many sites are every site, first rest, longest rest, share of it, keep (ms)
# Returns for how long it rests
FAILED = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function rest(key)
  local till = tonumber(redis.call('HGET', key, 't:' .. ARGV[1]) or 0)
  if till > now then return till - now end
  local failures = redis.call('HINCRBY', key, 'f:' .. ARGV[1], 1)
  local length = math.min(ARGV[6], ARGV[5] * 2 ^ (failures - 1)) * ARGV[7]
  redis.call('HSET', key, 't:' .. ARGV[1], string.format('%.0f', now + length))
  redis.call('PEXPIRE', key, ARGV[8])
  return length
end
redis.call('HDEL', KEYS[1], 'a:' .. ARGV[1])
local length = rest(ARGV[2] == '1' and KEYS[2] or KEYS[1])
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[8])
if ARGV[2] ~= '1' and redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[4]) then
  length = math.max(length, rest(KEYS[2]))
end
return string.format('%.0f', length)
"""

# KEYS: of every site, sites that rest each proxy   ARGV: their names
# Returns for each: how long it still rests at every site, and at how many sites it was put to rest since it last worked
RESTS = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found = {}
for n, name in ipairs(ARGV) do
  local till = tonumber(redis.call('HGET', KEYS[1], 't:' .. name) or 0)
  found[n] = {string.format('%.0f', math.max(0, till - now)), redis.call('SCARD', KEYS[n + 1])}
end
return found
"""

# KEYS: of the site, of every site, sites that rest this proxy   ARGV: name
WORKED = """
for n = 1, 2 do redis.call('HDEL', KEYS[n], 'f:' .. ARGV[1], 't:' .. ARGV[1], 'a:' .. ARGV[1]) end
return redis.call('DEL', KEYS[3])
"""
