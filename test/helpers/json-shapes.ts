// The shapes of the public JSON documents, written down once more from the contract, independently of the source:
// required and optional keys, types, times with offset, no null, no key that the contract does not name.

type Check = (value: unknown, path: string) => string[];

interface Fields {
  [name: string]: Check;
}

const number: Check = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? [] : [`${path}: not a number`];
const text: Check = (value, path) =>
  typeof value === 'string' && value !== '' && value !== 'N/A' ? [] : [`${path}: not a text`];
const boolean: Check = (value, path) => (typeof value === 'boolean' ? [] : [`${path}: not a boolean`]);
const anything: Check = (value, path) => (value === null || value === undefined ? [`${path}: empty`] : []);
const matching =
  (pattern: RegExp): Check =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value)
      ? []
      : [`${path}: ${JSON.stringify(value)} does not match ${String(pattern)}`];
const positive: Check = (value, path) => (typeof value === 'number' && value > 0 ? [] : [`${path}: not above 0`]);
const count: Check = (value, path) =>
  Number.isInteger(value) && (value as number) >= 0 ? [] : [`${path}: not a count`];
const date = matching(/^\d{4}-\d\d-\d\d$/);
/** Exchange time: the offset of New York, whatever the zone of the machine. */
const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00$/);
const state = matching(/^(pre|regular|post|closed)$/);

function listOf(check: Check): Check {
  return (value, path) =>
    Array.isArray(value) ? value.flatMap((item, index) => check(item, `${path}[${index}]`)) : [`${path}: not a list`];
}

/** Exactly these keys; a name that ends in `?` may be absent. */
function object(fields: Fields): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: not an object`];
    const known = new Map(
      Object.entries(fields).map(([name, check]) => [name.replace(/\?$/, ''), { check, optional: name.endsWith('?') }]),
    );
    const given = value as Record<string, unknown>;
    const missing = [...known]
      .filter(([name, { optional }]) => !optional && !(name in given))
      .map(([name]) => `${path}.${name}: missing`);
    const wrong = Object.entries(given).flatMap(
      ([name, item]) => known.get(name)?.check(item, `${path}.${name}`) ?? [`${path}.${name}: not in the contract`],
    );
    return [...missing, ...wrong];
  };
}

const quote = object({
  symbol: text,
  'description?': text,
  last: positive,
  change: number,
  changePercent: number,
  'open?': positive,
  'high?': positive,
  'low?': positive,
  previousClose: positive,
  'bid?': positive,
  'ask?': positive,
  'volume?': count,
  'averageVolume?': count,
  'week52High?': positive,
  'week52Low?': positive,
  asOf: time,
  session: state,
});

const averages = object({ '5?': positive, '10?': positive, '20?': positive, '50?': positive, '200?': positive });
const indicators = object({
  symbol: text,
  date,
  close: positive,
  'rsi14?': number,
  'atr14?': positive,
  'macd?': object({ macd: number, signal: number, histogram: number }),
  sma: averages,
  ema: averages,
});

const wall = object({ strike: positive, openInterest: positive });
const chain = object({
  underlying: text,
  spot: positive,
  expiration: date,
  dte: count,
  contracts: listOf(
    object({
      symbol: matching(/^[A-Z]{1,6}\d{6}[CP]\d{8}$/),
      side: matching(/^(call|put)$/),
      strike: positive,
      'bid?': number,
      'ask?': number,
      'last?': number,
      'volume?': count,
      'openInterest?': count,
      'iv?': positive,
      'delta?': number,
      'gamma?': number,
      'theta?': number,
      'vega?': number,
    }),
  ),
  analytics: object({
    callWalls: listOf(wall),
    putWalls: listOf(wall),
    'maxPain?': positive,
    'expectedMove?': object({ amount: positive, percent: positive, method: text }),
    'putCallOpenInterest?': number,
    'putCallVolume?': number,
  }),
  'greeksAsOf?': time,
});

const bar = object({
  date,
  open: positive,
  high: positive,
  low: positive,
  close: positive,
  volume: count,
  'vwap?': positive,
});
const summary = object({
  first: positive,
  last: positive,
  'change?': number,
  'changePercent?': number,
  high: positive,
  low: positive,
  bars: count,
  'basis?': matching(/^(previous_close|first_open)$/),
});
const counters = {
  entries: count,
  bytes: count,
  hits: count,
  staleHits: count,
  misses: count,
  providerCalls: count,
  coalesced: count,
};
const byKind: Check = (value, path) =>
  Object.entries(value as object).flatMap(([kind, row]) => object(counters)(row, `${path}.${kind}`));
const byProvider: Check = (value, path) =>
  Object.entries(value as object).flatMap(([name, row]) =>
    object({ limitPerMinute: count, usedInWindow: count, breaker: matching(/^(closed|open|half_open)$/) })(
      row,
      `${path}.${name}`,
    ),
  );

const latency = object({ count, meanMs: number, p50Ms: number, p95Ms: number });
const byLatency: Check = (value, path) =>
  Object.entries(value as object).flatMap(([name, row]) =>
    object({ 'cached?': latency, 'uncached?': latency })(row, `${path}.${name}`),
  );
const warning = object({
  about: matching(/^(errors|hit_rate|slow_answers)$/),
  level: matching(/^(warning|alarm)$/),
  text,
  hint: text,
});

const levels = listOf(object({ price: positive, distancePercent: number, origin: text }));
const history = object({
  symbol: text,
  interval: matching(/^(day|week|month)$/),
  from: date,
  to: date,
  bars: listOf(bar),
  summary,
});

const expectedMove = object({ amount: positive, percent: positive, method: text });
const volatility = object({
  symbol: text,
  spot: positive,
  'iv30?': positive,
  'ivRank?': number,
  'ivPercentile?': number,
  ivDays: count,
  hv: object({ '10?': positive, '20?': positive, '30?': positive, '60?': positive, '252?': positive }),
  'yangZhang30?': positive,
  'ivMinusHv30?': number,
  'skew25?': number,
  term: listOf(
    object({
      expiration: date,
      dte: count,
      'atmIv?': positive,
      'expectedMove?': expectedMove,
      'forwardIv?': positive,
      'skew25?': number,
    }),
  ),
});

const DATA: Readonly<Record<string, Check>> = {
  vol: (value, path) => (Array.isArray(value) ? listOf(volatility) : volatility)(value, path),
  quote: listOf(quote),
  // One symbol's as it is, several as a list.
  history: (value, path) => (Array.isArray(value) ? listOf(history) : history)(value, path),
  levels: listOf(object({ symbol: text, spot: positive, spotAsOf: time, supports: levels, resistances: levels })),
  ta: listOf(indicators),
  expirations: object({
    symbol: text,
    expirations: listOf(
      object({
        date,
        dte: count,
        kind: matching(/^(weekly|monthly|quarterly|daily)$/),
        'atmIv?': positive,
        'expectedMove?': expectedMove,
        'skew25?': number,
        'putCallOpenInterest?': number,
        'putCallVolume?': number,
        'openInterest?': count,
        'volume?': count,
        'forwardIv?': positive,
      }),
    ),
  }),
  chain,
  market: object({
    state,
    exchangeTime: time,
    'description?': text,
    nextChange: object({ state, at: time }),
    'holiday?': text,
    'sessions?': listOf(
      object({
        date,
        state: matching(/^(open|closed|early_close)$/),
        'opens?': time,
        'closes?': time,
        'holiday?': text,
      }),
    ),
  }),
  bundle: object({ symbol: text, 'quote?': quote, 'chain?': chain, 'ta?': indicators }),
  'cache stats': object({
    path: text,
    sizeBytes: count,
    entries: count,
    byKind,
    totals: object({ ...counters, 'hitRate?': number, callsSaved: count, 'savedMs?': count }),
    providers: byProvider,
    'latencies?': byLatency,
    'warnings?': listOf(warning),
    sinceIso: time,
  }),
  'cache path': anything,
  'cache clear': anything,
  doctor: listOf(object({ name: text, state: matching(/^(ok|problem|note)$/), detail: text, 'hint?': text })),
};

const error = object({
  'symbol?': text,
  code: matching(
    /^(usage|config|no_data|unauthorized|plan|rate_limited|unavailable|timeout|bad_payload|offline_miss|model|budget|cancelled|internal)$/,
  ),
  message: text,
  'hint?': text,
});

const meta = object({
  'provider?': matching(/^(tradier|polygon|sample)(,(tradier|polygon|sample))*$/),
  sample: boolean,
  'asOf?': time,
  'fetchedAt?': time,
  'freshness?': matching(/^(live|cached|stale)$/),
  'ageMs?': count,
  providerCalls: count,
  elapsedMs: count,
});

const frame = { schema: matching(/^fin\/1$/), ok: boolean, errors: listOf(error), meta };

/** What is wrong with a document of this command; empty when it is as the contract says. */
export function problemsOf(document: unknown, command: string): string[] {
  const data = DATA[command];
  const fields: Fields = { ...frame, command: matching(new RegExp(`^${command}$`)), 'data?': data ?? anything };
  const problems = object(fields)(document, command);
  const { ok, errors, data: found } = document as { ok: boolean; errors: unknown[]; data?: unknown };
  if (ok && (errors.length > 0 || found === undefined))
    problems.push(`${command}: ok, but with errors or without data`);
  return problems;
}

const toolCall = object({
  name: text,
  arguments: anything,
  ok: boolean,
  'freshness?': matching(/^(live|cached|stale)$/),
  providerCalls: count,
  ms: count,
  'error?': text,
});

/** The same for `fin ask --json`; the items of `data` carry their tool's name. */
export function problemsOfAsk(document: unknown): string[] {
  return object({
    ...frame,
    command: matching(/^ask$/),
    question: text,
    'answer?': text,
    'incomplete?': boolean,
    toolCalls: listOf(toolCall),
    'data?': listOf((value, path) => text((value as { tool?: unknown }).tool, `${path}.tool`)),
    grounding: object({ figures: count, supported: count, unsupported: listOf(object({ text, value: number })) }),
    model: object({
      name: text,
      turns: count,
      'inputTokens?': count,
      'cachedInputTokens?': count,
      'outputTokens?': count,
    }),
    session: text,
  })(document, 'ask');
}
