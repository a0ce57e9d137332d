// The steps on the store of several machines that must be one: the ledger of requests, breakers, leases, in Lua. What they
// mean is said in shared-state.ts, whose steps on the cache file these equal. Times are the server's.

/**
 * Two sorted sets hold the requests of a limit by when their slots are free again: those under way, and those that ended.
 * Neither has a time to live, and so none of it gives way where memory is short. What is not of the type that belongs
 * there was put there by somebody else and is removed.
 */
const COMMON = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local JUMP = 2000

local function own(key, kind)
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= kind then redis.call('DEL', key) end
end
local function field(key, name) return tonumber(redis.call('HGET', key, name) or '') end
local function number(key, name) return field(key, name) or 0 end

local function readBreaker(key, openMs)
  own(key, 'hash')
  local failures, opened = number(key, 'failures'), field(key, 'opened')
  if not opened then return 'closed', failures, 0 end
  if opened > now + JUMP then
    opened = now
    redis.call('HSET', key, 'opened', now, 'probe', 0)
  end
  return now < opened + openMs and 'open' or 'half_open', failures, opened + openMs
end
`;

/** KEYS: under way, ended, what the provider said, breaker, refusal, this store. */
const LEDGER = `${COMMON}
local underWay, ended, said, breaker, refusal, store = unpack(KEYS)
local window, margin, maxBlock = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local soonest = now + window + margin
-- No request is under way for longer than this.
local LONGEST = 60000

local function clean()
  own(said, 'hash')
  for _, set in ipairs({underWay, ended}) do
    own(set, 'zset')
    redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
    local latest = soonest + JUMP + (set == underWay and LONGEST or 0)
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', set, latest, '+inf')) do
      redis.call('ZADD', set, soonest, member)
    end
  end
  local at = number(said, 'at')
  if number(said, 'blocked') > now and at > now + JUMP then
    redis.call('HSET', said, 'at', now, 'blocked', now + math.max(0, math.min(number(said, 'blocked') - at, maxBlock)))
  end
  if number(said, 'reset') > now + JUMP + window then redis.call('HSET', said, 'reset', now + window) end
end

local function count() return redis.call('ZCARD', underWay) + redis.call('ZCARD', ended) end

-- When the slots are free again, ascending; of one machine where it is named.
local function takenUntil(machine)
  local list = {}
  for _, set in ipairs({underWay, ended}) do
    local rows = redis.call('ZRANGE', set, 0, -1, 'WITHSCORES')
    for i = 1, #rows, 2 do
      if machine == '' or rows[i]:sub(1, #machine) == machine then
        list[#list + 1] = set == ended and tonumber(rows[i + 1]) or math.min(tonumber(rows[i + 1]), soonest)
      end
    end
  end
  table.sort(list)
  return list
end

local function ownFreeAt(limit, ahead, machine)
  if machine == '' and count() + ahead < limit then return now end
  local taken = takenUntil(machine)
  if #taken + ahead < limit then return now end
  local place = ahead % limit - math.max(0, limit - #taken)
  local at = place < 0 and now or taken[math.max(0, #taken - limit) + place + 1] or now
  return at + math.floor(ahead / limit) * (window + margin)
end

local function providerFreeAt(needed)
  local remaining, reset, till = field(said, 'remaining'), number(said, 'reset'), number(said, 'blocked')
  if remaining and remaining <= needed and reset > now then till = math.max(till, reset) end
  return till > now and till <= now + maxBlock and till or 0
end

local function freeAt(limit, ahead, keepFree)
  if limit < 1 then return now + window end
  return math.max(ownFreeAt(limit, ahead, ''), providerFreeAt(ahead + keepFree))
end
`;

export const SCRIPTS = {
  /**
   * ARGV: …, limit, slots to keep free, a fifth of the limit, how long until the slot ends by itself, member, its machine,
   * the run of the store that this machine knows ('' for none), a name for a new run, has a gate, names an endpoint,
   * breaker's times. A store that has lost its memory gets that of each machine before it grants anything to it, and for
   * one window grants no machine more than a fifth: others may not have come yet.
   */
  finReserve: {
    numberOfKeys: 6,
    lua: `${LEDGER}
local limit, keepFree, fifth, endsIn = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local member, machine, known, fresh = ARGV[9], ARGV[10], ARGV[11], ARGV[12]
local openMs, probeMs = tonumber(ARGV[15]), tonumber(ARGV[16])
own(store, 'hash')
local run = redis.call('HGET', store, 'run')
if not run then
  run = fresh
  redis.call('HSET', store, 'run', run, 'born', now)
end
local isYoung = now < number(store, 'born') + window + margin and number(store, 'born') <= now + JUMP
if known ~= '' and known ~= run then
  if isYoung then redis.call('HSET', store, 'lost', 1) end
  return {'unknown', run}
end
if ARGV[14] == '1' then
  own(refusal, 'string')
  local till, message = (redis.call('GET', refusal) or ''):match('^(%d+) (.*)$')
  if till and tonumber(till) > now then return {'refusal', message} end
end
clean()
local state, failures, probeAt
if ARGV[13] == '1' then
  state, failures, probeAt = readBreaker(breaker, openMs)
  if state == 'open' then return {'breaker', state, failures, math.ceil(probeAt - now)} end
end
local at = freeAt(limit, 0, keepFree)
if isYoung and number(store, 'lost') == 1 then at = math.max(at, ownFreeAt(fifth, 0, machine)) end
if at > now then return {'full', math.ceil(at - now)} end
if state == 'half_open' then
  local probe = number(breaker, 'probe')
  if probe > now and probe <= now + probeMs then return {'breaker', state, failures, math.ceil(probeAt - now)} end
  redis.call('HSET', breaker, 'probe', now + probeMs)
end
if field(said, 'remaining') and number(said, 'reset') > now then
  redis.call('HSET', said, 'remaining', field(said, 'remaining') - 1)
end
redis.call('ZADD', underWay, math.max(now, now + endsIn) + window + margin, member)
return {'granted', run}
`,
  },
  /** ARGV: …, limit, slots to keep free, ahead. */
  finReadLimit: {
    numberOfKeys: 6,
    lua: `${LEDGER}
clean()
return {math.ceil(math.max(0, freeAt(tonumber(ARGV[5]), tonumber(ARGV[7]), tonumber(ARGV[6])) - now)), count()}
`,
  },
  /** ARGV: …, member. The request was made, whatever this store remembers of it. */
  finSettle: {
    numberOfKeys: 6,
    lua: `${LEDGER}
own(underWay, 'zset')
own(ended, 'zset')
redis.call('ZREM', underWay, ARGV[5])
redis.call('ZADD', ended, soonest, ARGV[5])
return redis.call('EXISTS', breaker)
`,
  },
  /** ARGV: …, then member, how long until it is free, whether it has ended, for each. */
  finRemember: {
    numberOfKeys: 6,
    lua: `${LEDGER}
clean()
for i = 5, #ARGV, 3 do
  local set, other = underWay, ended
  if ARGV[i + 2] == '1' then set, other = ended, underWay end
  if not redis.call('ZSCORE', other, ARGV[i]) then redis.call('ZADD', set, 'NX', now + ARGV[i + 1], ARGV[i]) end
end
return 1
`,
  },
  /** ARGV: …, how long it is blocked ('' for not at all), what remains ('' for unsaid), until the reset ('' for unsaid). */
  finNoteLimit: {
    numberOfKeys: 6,
    lua: `${LEDGER}
clean()
local blockedIn, remaining = tonumber(ARGV[5]), tonumber(ARGV[6])
if blockedIn then
  redis.call('HSET', said, 'blocked', math.min(math.max(number(said, 'blocked'), now + blockedIn), now + maxBlock))
  if blockedIn > 0 then redis.call('HSET', said, 'at', now) end
end
if remaining then
  -- Requests of ours under way may or may not be in the provider's count: they are taken as not.
  redis.call('HSET', said, 'remaining', remaining - redis.call('ZCARD', underWay),
    'reset', now + math.min(tonumber(ARGV[7]) or window, window))
end
return 1
`,
  },
  /** KEYS: breaker. ARGV: now, how long it is open. */
  finReadBreaker: {
    numberOfKeys: 1,
    lua: `${COMMON}
local state, failures, probeAt = readBreaker(KEYS[1], tonumber(ARGV[2]))
return {state, failures, math.ceil(probeAt - now)}
`,
  },
  /** KEYS: breaker. ARGV: now, how long it is open, failures that open it. */
  finRecordFailure: {
    numberOfKeys: 1,
    lua: `${COMMON}
local state, before = readBreaker(KEYS[1], tonumber(ARGV[2]))
local failures = before + 1
redis.call('HSET', KEYS[1], 'failures', failures, 'probe', 0)
if state == 'half_open' or state == 'closed' and failures >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'opened', now)
end
return failures
`,
  },
  /** KEYS: refusal. ARGV: now, how long it is kept, message. Its time to live collects what nobody reads again. */
  finSaveRefusal: {
    numberOfKeys: 1,
    lua: `${COMMON}
redis.call('SET', KEYS[1], string.format('%.0f ', now + ARGV[2]) .. ARGV[3], 'PX', ARGV[2])
return 1
`,
  },
  /** KEYS: refusal. ARGV: now, how long one is kept. One of a clock that was ahead is forgotten. */
  finReadRefusal: {
    numberOfKeys: 1,
    lua: `${COMMON}
own(KEYS[1], 'string')
local till, message = (redis.call('GET', KEYS[1]) or ''):match('^(%d+) (.*)$')
till = tonumber(till)
if till and till > now + ARGV[2] + JUMP then redis.call('DEL', KEYS[1]) end
return till and till > now and till <= now + ARGV[2] + JUMP and message or false
`,
  },
  /**
   * KEYS: leases. ARGV: now, owner, how long, longest that one may be, then for each lease an owner that is known to be
   * dead, or ''. Gives for each '' where it is this owner's now, else who holds it.
   */
  finClaim: {
    lua: `${COMMON}
local owner, lasts, longest = ARGV[2], math.max(1, ARGV[3]), tonumber(ARGV[4])
local result = {}
for i, key in ipairs(KEYS) do
  own(key, 'string')
  local till, holder = (redis.call('GET', key) or ''):match('^(%d+) (.*)$')
  till = tonumber(till)
  local isHeld = till and till > now and till <= now + longest and holder ~= owner and holder ~= ARGV[4 + i]
  if not isHeld then redis.call('SET', key, string.format('%.0f ', now + lasts) .. owner, 'PX', math.ceil(lasts)) end
  result[i] = isHeld and holder or ''
end
return result
`,
  },
  /** KEYS: leases. ARGV: now, owner. */
  finRelease: {
    lua: `${COMMON}
for _, key in ipairs(KEYS) do
  own(key, 'string')
  if (redis.call('GET', key) or ''):match('^%d+ (.*)$') == ARGV[2] then redis.call('DEL', key) end
end
return 1
`,
  },
} as const;
