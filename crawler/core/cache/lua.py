"""The cache's side in Redis. Every computation and every invalidation gets a tick, a number that only rises: an entry
whose computation began at or before the last invalidation of one of its tags is dead, whoever stored it and when.

Keys: `homefeed:cache:entry:<digest>` (HASH), `homefeed:cache:lock:<digest>` (who computes it: a tick, or `open` when
answers of this kind are not kept),
`homefeed:cache:mark:<tag>` (tick of the tag's last invalidation), `homefeed:cache:tick` (the latest). Each invalidation
is published on `homefeed:cache:drop` with its tick, for what processes hold in memory.
"""

ENTRY = "homefeed:cache:entry:"
LOCK = "homefeed:cache:lock:"
DROP = "homefeed:cache:drop"
EVERYTHING = "*"  # a tag that every entry has

_COMMON = """
local function tick()
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  now = string.format('%.0f', math.max(now, (tonumber(redis.call('GET', 'homefeed:cache:tick')) or 0) + 1))
  redis.call('SET', 'homefeed:cache:tick', now)
  return now
end
local function alive(began, tags)
  local marks = {'homefeed:cache:mark:*'}
  for _, tag in ipairs(cjson.decode(tags)) do marks[#marks + 1] = 'homefeed:cache:mark:' .. tag end
  for _, mark in ipairs(redis.call('MGET', unpack(marks))) do
    if mark and tonumber(mark) >= tonumber(began) then return false end
  end
  return true
end
"""

# KEYS: entry, lock   ARGV: now (s), 1 when only a fresh entry will do, ms a dead holder blocks
# Returns {'found', tick, tags, fresh till, gone at, data}, {'compute', tick} or {'wait'}
BEGIN = (
    _COMMON
    + """
local now = tonumber(ARGV[1])
local held = redis.call('HMGET', KEYS[1], 'tick', 'tags', 'fresh', 'gone', 'data')
if held[1] and now < tonumber(held[ARGV[2] == '1' and 3 or 4]) and alive(held[1], held[2]) then
  return {'found', unpack(held)}
end
local lock = redis.call('GET', KEYS[2])
if lock and lock ~= 'open' then return {'wait'} end
local mine = tick()
if not lock then redis.call('SET', KEYS[2], mine, 'PX', ARGV[3]) end
return {'compute', mine}
"""
)

# KEYS: entry, lock   ARGV: tick, tags, fresh till, gone at, data, seconds it lives.   Returns 1 when it may be used
STORE = (
    _COMMON
    + """
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
local held = tonumber(redis.call('HGET', KEYS[1], 'tick') or 0)
if held > tonumber(ARGV[1]) or not alive(ARGV[1], ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'tick', ARGV[1], 'tags', ARGV[2], 'fresh', ARGV[3], 'gone', ARGV[4], 'data', ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1
"""
)

# KEYS: entry, lock   ARGV: tick, 1 when the answer turned out to be none that is kept, ms others go ahead unlocked
GIVE_UP = """
if redis.call('GET', KEYS[2]) == ARGV[1] then
  if ARGV[2] == '1' then redis.call('SET', KEYS[2], 'open', 'PX', ARGV[3]) else redis.call('DEL', KEYS[2]) end
end
if ARGV[2] == '1' and tonumber(redis.call('HGET', KEYS[1], 'tick') or 0) < tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1])
end
"""

# KEYS: channel   ARGV: seconds a mark lives, tags.   Returns the tick
MARK = (
    _COMMON
    + """
local now, tags = tick(), {}
for i = 2, #ARGV do
  redis.call('SET', 'homefeed:cache:mark:' .. ARGV[i], now, 'EX', ARGV[1])
  tags[#tags + 1] = ARGV[i]
end
redis.call('PUBLISH', KEYS[1], cjson.encode({tick = now, tags = tags}))
return now
"""
)
