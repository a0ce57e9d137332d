// The words of traders by which a text says what a figure is: field, side, date, direction of a move.
// A list of words and what they mean; how they are tied to figures is the business of scope.ts.
import { AVERAGE_WINDOWS } from '../../domain/windows.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { Field } from './facts.ts';

export interface Cue {
  start: number;
  end: number;
  /** Fields that a figure so named may be. */
  fields: readonly Field[];
  /** Taken where the symbol has none of `fields`; absent: then nothing fits. */
  otherwise?: readonly Field[];
  /** Direction of a move: `down 7.23` is −7.23. */
  direction?: 1 | -1 | 0;
  /** It stands right beside its figure. */
  firm?: boolean;
  /** Only names the figure right before it: `22 bars`, `1.5 % above`. */
  trailing?: boolean;
  /** `SMA` or `EMA` without its window, which a label near the figure gives. */
  average?: 'sma' | 'ema' | 'either';
  /** `50-day`: an average whose kind a word further on may give. */
  implicit?: boolean;
  /** Fields that are meant as well where the cue is not tied for sure. */
  loose?: readonly Field[];
  name: string;
}

const PRICES: readonly Field[] = ['last', 'close', 'spot'];
const LEVEL_PRICES: readonly Field[] = [
  'high',
  'low',
  'close',
  'open',
  'last',
  'spot',
  'previousClose',
  'week52High',
  'week52Low',
  'sma5',
  'sma10',
  'sma20',
  'sma50',
  'sma200',
  'ema5',
  'ema10',
  'ema20',
  'ema50',
  'ema200',
  'callWall',
  'putWall',
  'maxPain',
  'strike',
];
const CHANGES: readonly Field[] = ['change', 'changePercent'];

/** `hints`: the lower-case pieces of text without one of which `source` cannot fit. */
type Entry = readonly [
  name: string,
  hints: readonly string[],
  source: string,
  meaning: Omit<Cue, 'start' | 'end' | 'name'>,
];

/** Longest phrases first: at one place the first that fits is taken. */
export const LEXICON: readonly Entry[] = [
  // Phrases with a field's word that name none.
  [
    'none',
    ['range', 'open to close', 'record high'],
    "(?:top|bottom|upper|lower|high|low|middle)(?: (?:end|half|part))? of (?:its|the|today's|that|this)(?: \\w+)? range|open to close|record high volume",
    { fields: [] },
  ],
  [
    'none',
    ['low', 'high'],
    '(?:low|high)(?:est)? (?:to|first|->|→) (?:low|high)(?:est)?(?= ?[:;,.]|\\)|$)',
    { fields: [] },
  ],
  ['payoff', ['max'], 'max(?:imum|\\.)? (?:loss|profit|gain|risk)', { fields: ['calculation'] }],
  ['none', ['vol'], 'vol(?:atility)? (?:points?|pts?)', { fields: [] }],
  ['range', ['low'], 'high(?:[-/–]|-to-)low', { fields: ['low', 'high', 'range', 'rangePercent'] }],
  ['volume', ['vol'], '(?:high|low|heavy|light|higher|lower|heavier|lighter) vol(?:ume)?', { fields: ['volume'] }],
  [
    'averageVolume',
    ['vol', 'adv'],
    '(?:average|avg\\.?|mean|typical|normal|usual|ordinary)(?: daily| trading)* vol(?:ume)?|ADV',
    { fields: ['averageVolume'] },
  ],
  [
    'atr',
    ['range', 'swing', 'move'],
    "(?:typical|average|usual|normal|mean)(?: daily| day(?:'s|’s)?| true)? (?:range|swing)|day(?:'s|’s) (?:typical|average|usual|normal) (?:range|swing|move)",
    { fields: ['atr14'] },
  ],
  [
    'averageOnly',
    ['avg', 'averag'],
    '(?:avg\\.?|average|averag(?:es|ed|ing))(?= \\**\\$?\\d)',
    { fields: ['averageVolume', 'calculation'] },
  ],
  [
    'putCallVolume',
    ['call', 'p/c'],
    '(?:put[/-](?:to-)?call|P/C)(?: ratio)?(?: \\(|,? (?:by|on|in|for) | )vol(?:ume)?(?: ratio)?|vol(?:ume)? (?:put[/-](?:to-)?call|P/C)(?: ratio)?',
    { fields: ['putCallVolume'] },
  ],
  [
    'putCallOpenInterest',
    ['call', 'p/c'],
    '(?:put[/-](?:to-)?call|P/C)(?: ratio)?(?: \\(|,? (?:by|on|in|for) | )(?:open[ -]interest|OI)(?: ratio)?|(?:open[ -]interest|OI) (?:put[/-](?:to-)?call|P/C)(?: ratio)?',
    { fields: ['putCallOpenInterest'] },
  ],
  [
    'putCall',
    ['call', 'p/c'],
    '(?:put[/-](?:to-)?call|P/C)(?: ratio)?',
    { fields: ['putCallOpenInterest', 'putCallVolume'] },
  ],
  ['openInterest', ['open', 'oi'], 'open[ -]interest|OI|open contracts?|contracts open', { fields: ['openInterest'] }],
  ['maxPain', ['pain'], 'max(?:imum|\\.)?[ -]pain', { fields: ['maxPain'] }],
  [
    'expectedMove',
    ['expected', 'implied', 'move', 'swing', 'straddle'],
    '(?:expected|implied) (?:move|range)|(?<=[\\d%] )move|(?:swing|move)(?= of (?:about |around |roughly |some )?\\$?±)|(?:ATM |at-the-money )?straddle',
    { fields: ['expectedMove', 'expectedMovePercent'], direction: 0 },
  ],
  [
    'expectedMove',
    ['pric', 'impl', 'expect'],
    "(?:market|options|traders|straddle|expir(?:y|ation)|monthly|weekly|chain|opex)(?:['’]s)? (?:(?:is|are) )?(?:pric(?:e|es|ed|ing)|imply|implies|implying|expects?|expecting)(?: in)?(?= (?:a |an |another )?(?:move of )?(?:about |around |roughly |some |only |just )?(?:± ?)?\\$?\\d)",
    { fields: ['expectedMove', 'expectedMovePercent'], direction: 0 },
  ],
  [
    'expectedMove',
    ['prices'],
    '(?<=[^\\s,;:] )prices(?: in)?(?= (?:a |an |another )?(?:move of )?(?:about |around |roughly |some |only |just )?(?:± ?)?\\$?\\d)',
    { fields: ['expectedMove', 'expectedMovePercent'], direction: 0, loose: ['last', 'close', 'spot'] },
  ],
  ['callWall', ['wall'], 'call(?:-side|s)?[ -]walls?', { fields: ['callWall'] }],
  ['putWall', ['wall'], 'put(?:-side|s)?[ -]walls?', { fields: ['putWall'] }],
  ['wall', ['wall'], 'walls?', { fields: ['callWall', 'putWall'] }],
  [
    'iv',
    ['iv', 'vol'],
    'IVs?|(?<=\\d )vols?(?= *[,;.(]| vs\\b|$)|implied[ -]vol(?:atility|atilities|s)?|mid[_ ]iv|smv_vol',
    { fields: ['iv'] },
  ],
  ['delta', ['delta', 'δ'], 'deltas?|Δ', { fields: ['delta'] }],
  ['gamma', ['gamma', 'γ'], 'gammas?|Γ', { fields: ['gamma'] }],
  ['theta', ['theta', 'θ', 'decay'], 'thetas?|Θ|decay', { fields: ['theta'] }],
  ['vega', ['vega', 'ν'], 'vegas?|ν', { fields: ['vega'] }],
  [
    'breakEven',
    ['even', 'be', 'b/e'],
    'break[ -]?evens?|breaks? even|b\\/es?|BEs?(?=:?s? (?:is |at |short|long|drops? to |falls? to |≈ ?|~)?[\\d$:]|:)',
    { fields: ['breakEven', 'calculation'] },
  ],
  [
    'dte',
    ['dte', 'day'],
    'DTE|(?<=\\d[ -])days? (?:to|until|till|before|left|away|remaining|out)(?: (?:to |until )?(?:expir\\w*|expiry))?',
    { fields: ['dte'] },
  ],
  ['strike', ['strike'], 'strikes?(?: prices?)?', { fields: ['strike'] }],
  [
    'week52High',
    ['high'],
    "(?:52[ -]?w(?:ee)?k?(?:s|'s)?|yearly|annual|one-year|1-year|12-month)[ -]highs?",
    { fields: ['week52High'] },
  ],
  [
    'week52Low',
    ['low'],
    "(?:52[ -]?w(?:ee)?k?(?:s|'s)?|yearly|annual|one-year|1-year|12-month)[ -]lows?",
    { fields: ['week52Low'] },
  ],
  [
    'week52Range',
    ['range'],
    "(?:52[ -]?w(?:ee)?k?(?:s|'s)?|yearly|annual|one-year|1-year|12-month)(?: trading)? ranges?",
    { fields: ['week52Low', 'week52High'] },
  ],
  [
    'previousClose',
    ['clos'],
    "(?:previous|prior|prev\\.?|preceding|the day before'?s?)(?: (?:trading )?(?:day|session)(?:'s|’s)?)?[ -]?clos(?:e|ing)(?: prices?)?|prevclose|close (?:of )?the (?:day|session) before",
    { fields: ['previousClose'], otherwise: ['close'] },
  ],
  [
    'average',
    ['ma', 'average', 'd', '-period', '-session'],
    'average of (?:the |its )?(?:last |past )?(?:200|100|50|20|10|5) (?:closes|days|sessions)|(?:SMA|EMA|DMA|MA)s?[ -]?\\(?(?:200|100|50|20|10|5)\\b\\)?|(?:200|100|50|20|10|5)[ -]?(?:(?:day|period|session|d)[ -])?(?:simple |exponential )?(?:SMA|EMA|DMA|MA|moving[ -]average|average)s?|(?:200|100|50|20|10|5)-(?:(?:day|period) ?)?(?=(?:,? ?and|,|/|,? ?or) ?\\d{1,3}-(?:day|period|session))|(?:200|50|20|10|5)d(?= \\$?\\d{2,}\\.\\d\\d\\b(?! ?%))|(?:200|100|50|20|10|5)[ -]day(?= ?(?:and |\\(|at |of |is |sits |[,;:.]|\\$?\\d))',
    { fields: [] },
  ],
  ['averages', ['ma', 'average'], 'SMAs?|EMAs?|(?:simple |exponential )?moving averages?|MAs', { fields: [] }],
  [
    'support',
    ['support', 'floor'],
    'supports?(?: levels?| zones?| areas?)?|floor',
    { fields: ['support'], otherwise: LEVEL_PRICES },
  ],
  [
    'resistance',
    ['resistance', 'ceiling'],
    'resistances?(?: levels?| zones?| areas?)?|ceiling',
    { fields: ['resistance'], otherwise: LEVEL_PRICES },
  ],
  [
    'rsi',
    ['rsi', 'relative strength'],
    'RSI(?:[ -]?\\(?14\\b\\)?)?|relative strength(?: index)?',
    { fields: ['rsi14'] },
  ],
  ['macdSignal', ['signal'], '(?:MACD )?signal(?: line)?', { fields: ['macdSignal'] }],
  ['macdHistogram', ['hist'], '(?:MACD )?hist(?:ogram)?', { fields: ['macdHistogram'] }],
  ['macd', ['macd'], 'MACD(?: ?\\(?12[/, -]+26[/, -]+9\\)?)?(?: lines?)?', { fields: ['macd'] }],
  ['vwap', ['vwap'], 'VWAP', { fields: ['vwap'] }],
  ['bid', ['bid', 'buyers'], 'bids?|buyers (?:offer|pay|bid)', { fields: ['bid'] }],
  ['ask', ['ask', 'offer'], 'asks?|asked|offer(?:ed)?', { fields: ['ask'] }],
  ['mid', ['mid'], 'mids?(?:point|-?price)?|middle of bid and ask', { fields: ['mid', 'calculation'] }],
  ['spread', ['spread'], 'spread', { fields: ['spread', 'spreadPercent', 'calculation'] }],
  [
    'open',
    ['open', 'morning', 'first'],
    "(?<!\\b(?:would|could|can|may|might|will|to) )(?:re)?open(?:s|ed|ing)?(?: (?:prices?|print|trade))?|(?:morning|first)(?:'s|’s)? (?:print|trade|price)",
    { fields: ['open'] },
  ],
  [
    'close',
    ['clos', 'settl', 'finish', 'ended'],
    'clos(?:e|es|ed|ing)(?: prices?)?|settle[sd]?|settling|settlement|finish(?:es|ed|ing)?|ended',
    { fields: [...PRICES] },
  ],
  [
    'high',
    ['high', 'peak', 'topped out', 'best', 'hod'],
    "(?:(?:session|day|intraday|daily|period|week|month|range)(?:'s|’s)? )?high(?:s|est(?: (?:price|point|level|print|trade))?)?|peak(?:ed|s|ing)?|topped out|best (?:print|price|level)|as high as|hod",
    { fields: ['high'] },
  ],
  [
    'low',
    ['low', 'trough', 'bottom', 'worst', 'lod'],
    "(?:(?:session|day|intraday|daily|period|week|month|range)(?:'s|’s)? )?low(?:s|est(?: (?:price|point|level|print|trade))?)?|trough(?:ed)?|bottom(?:ed)?(?: out)?|worst (?:print|price|level)|as low as|lod",
    { fields: ['low'] },
  ],
  [
    'range',
    ['rang', 'between', 'swung'],
    "(?:(?:trading|day'?s?|daily|session|intraday) )?rang(?:es?|ed|ing)|between|swung",
    { fields: ['low', 'high', 'range', 'rangePercent'] },
  ],
  ['volume', ['vol', 'turnover'], 'vol(?:ume)?|turnover', { fields: ['volume'] }],
  ['shares', ['shares'], 'shares', { fields: ['volume', 'averageVolume'], trailing: true }],
  ['contracts', ['contracts'], 'contracts', { fields: ['openInterest', 'volume', 'count'], trailing: true }],
  [
    'counted',
    ['expir', 'bar', 'session', 'row', 'candle', 'weekl', 'monthl', 'quarterl', 'dates', 'data points'],
    'expirations?(?: dates?)?|expiries|expiration dates|bars?|sessions?|rows?|candles?|weekl(?:y|ies|ys)|monthl(?:y|ies)|quarterl(?:y|ies)|dates|data points',
    { fields: ['count'], trailing: true },
  ],
  [
    'counts',
    ['number of', 'count'],
    'number of (?:bars|sessions|expirations|contracts|rows|dates)|count',
    { fields: ['count'] },
  ],
  [
    'dividend',
    ['divid', 'payout', 'distribution', 'div'],
    'dividends?(?! yield)|payouts?|distributions?|divi?s?',
    { fields: ['dividend'], loose: ['calculation'] },
  ],
  [
    'price',
    ['last', 'pric', 'trad', 'current', 'spot', 'underlying', 'hands', 'print'],
    '(?<!first (?:and|to) )last(?! (?:week|month|year|quarter|trading|session|few|night|mon|tue|wed|thu|fri|\\d{1,2} [a-z]|five|ten|two|three|four))(?: (?:price|trade|sale))?|pric(?:e[ds]?|ing)|trades|trad(?:es?|ed|ing) (?:at|around|near|for)|current(?:ly)?|spot|underlying|chang(?:es|ing|ed) hands|print(?:s|ed)?',
    { fields: [...PRICES] },
  ],
  ['traded', ['traded'], 'traded', { fields: ['volume'], trailing: true }],
  [
    'rise',
    [
      'up',
      'rose',
      'recover',
      'rebound',
      'ris',
      'gain',
      'climb',
      'add',
      'advanc',
      'jump',
      'surg',
      'rall',
      'increas',
      'higher by',
    ],
    'up|rose|recover(?:s|ed|ing)?|rebound(?:s|ed|ing)?|ris(?:es|en|ing)|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|added|adding|adds|advanc(?:e|es|ed|ing)|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|rall(?:y|ied|ies|ying)|increas(?:e|ed|es)|higher by',
    { fields: CHANGES, direction: 1 },
  ],
  [
    'fall',
    [
      'down',
      'fell',
      'fall',
      'los',
      'drop',
      'declin',
      'slid',
      'slip',
      'shed',
      'sank',
      'sink',
      'tumbl',
      'decreas',
      'lower by',
      'gave',
      'giv',
    ],
    'down|fell|fall(?:s|en|ing)?|los(?:t|s|es|ses|ing|e)|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|slid(?:es|ing)?|slip(?:s|ped|ping)?|shed(?:s|ding)?|sank|sink(?:s|ing)?|tumbl(?:e|es|ed|ing)|decreas(?:e|ed|es)|lower by|g(?:ave|iven?|ives|iving) (?:back|up)',
    { fields: CHANGES, direction: -1 },
  ],
  [
    'change',
    ['chang', 'chg', 'net', 'return', 'performance'],
    'chang(?:e|es|ed)|chg|net move|returned|returns?|performance|net',
    { fields: CHANGES },
  ],
  [
    'move',
    ['mov'],
    'mov(?:e|es|ed|ing)',
    { fields: [...CHANGES, 'expectedMove', 'expectedMovePercent'], direction: 0 },
  ],
  [
    'distance',
    ['above', 'below', 'higher', 'lower', 'beneath', 'away', 'more', 'less'],
    'above|below|higher|lower|beneath|away|more|less',
    { fields: CHANGES, trailing: true, direction: 0 },
  ],
];

const namedAbove: ReadonlySet<Field> = new Set(LEXICON.flatMap(([, , , { fields }]) => fields));

/**
 * Fields of the registry that the list above does not name, by the words that people use for them; only those that the
 * conversation has figures of, so that "gap" and "spread" stay plain words elsewhere.
 */
function entriesOfRegistry(held: ReadonlySet<Field>): Entry[] {
  const found = Map.groupBy(
    [...held].filter((name) => !namedAbove.has(name)),
    entryOf,
  );
  return ENTRIES.flatMap((entry): Entry[] => {
    const names = found.get(entry) ?? [];
    if (names.length === 0 || isAverage(entry.name)) return [];
    const phrases = [...(entry.name === 'first' ? [] : [entry.name]), ...entry.words, ...plainWords(entry)]
      .toSorted((a, b) => b.length - a.length)
      .map(toSource);
    const phrase = `(?:${phrases.join('|')})(?:e?s)?`;
    const source =
      entry.windows === undefined
        ? phrase
        : `(?:\\d{1,3}[ -]?(?:day|session|period)?[ -])?${phrase}(?:[ -]?\\(?\\d{1,3}\\b(?![.,]\\d|\\s?%)\\)?)?`;
    return [
      [
        entry.name,
        [entry.name, ...entry.words, ...plainWords(entry)].map((word) => word.slice(0, 3).toLowerCase()),
        source,
        { fields: names },
      ],
    ];
  });
}

type RegistryEntry = (typeof ENTRIES)[number];
const entryOfField = new Map<Field, RegistryEntry | undefined>();

function entryOf(field: Field): RegistryEntry | undefined {
  if (!entryOfField.has(field)) entryOfField.set(field, findField(field)?.entry);
  return entryOfField.get(field);
}

/** "Gapped 2 %" is a gap in percent. */
function plainWords({ name }: { name: string }): string[] {
  return name === 'gapPercent' || name === 'gap' ? ['gap', 'gapped', 'gaps'] : [];
}

function isAverage(name: string): boolean {
  return name === 'sma' || name === 'ema';
}

function toSource(words: string): string {
  return words.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/[ -]/g, '[ -]');
}

/** Longer texts hold most of the words anyway, and one pattern for all of them is compiled once. */
const SHORT_TEXT = 400;

export interface Lexicon {
  find(text: string): Cue[];
}

/**
 * The lexicon for some texts (absent: for any) and parts of them, as one pattern; V8 keeps what it compiled for the same
 * source. Of a short text only the entries that may fit are in it: compiling all of them takes longer than the check.
 */
export function createLexicon(texts: readonly string[] = [], held: ReadonlySet<Field> = new Set()): Lexicon {
  const whole = [...entriesOfRegistry(held), ...LEXICON];
  const all = texts.join('\n').toLowerCase();
  const entries =
    texts.length === 0 || all.length > SHORT_TEXT
      ? whole
      : whole.filter(([, hints]) => hints.some((hint) => all.includes(hint)));
  if (entries.length === 0) return { find: () => [] };
  const pattern = new RegExp(
    `(?<![A-Za-z\\d$.])(?:${entries.map(([, , source]) => `(${source})`).join('|')})(?![A-Za-z])`,
    'gi',
  );
  // A replacement makes V8 compile to machine code at once. By `exec` it would first compile to bytecode, which for a
  // pattern of this length takes four times as long, and then to machine code all the same.
  ''.replace(pattern, () => '');
  return {
    find(text) {
      const cues: Cue[] = [];
      // One pattern object for all sentences: matchAll would copy it, and copying costs more than a sentence.
      pattern.lastIndex = 0;
      for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
        const entry = entries[indexOfGroup(match)];
        if (entry && entry[0] !== 'none') cues.push(readCue(entry, match[0], match.index));
      }
      return cues;
    },
  };
}

function indexOfGroup(match: RegExpExecArray): number {
  for (let at = 1; at < match.length; at += 1) if (match[at] !== undefined) return at - 1;
  return -1;
}

function readCue([name, , , meaning]: Entry, matched: string, start: number): Cue {
  const place = { start, end: start + matched.length, name };
  if (name === 'average') return { ...place, ...averageOf(matched) };
  if (name === 'averages')
    return {
      ...place,
      fields: AVERAGES,
      average: /ema|expo/i.test(matched) ? 'ema' : /sma|simple/i.test(matched) ? 'sma' : 'either',
    };
  const window = /\d{1,3}/.exec(matched)?.[0];
  const field = window === undefined ? undefined : findField(`${name}${window}`);
  return { ...place, ...meaning, ...(field === undefined ? {} : { fields: [field.name] }) };
}

const WINDOWS = AVERAGE_WINDOWS.map(String);
const AVERAGES: readonly Field[] = WINDOWS.flatMap((window): Field[] => [`sma${window}`, `ema${window}`]);

function averageOf(matched: string): Pick<Cue, 'fields' | 'implicit'> {
  // Without a word for its kind a "50-day" is a simple average.
  const kind = /ema|expo/i.test(matched) ? 'ema' : /sma|simple|average|dma|day|\dd$/i.test(matched) ? 'sma' : 'either';
  return {
    fields: averageFields(kind, /\d+/.exec(matched)?.[0] ?? ''),
    ...(/sma|ema|dma|expo|simple|average/i.test(matched) ? {} : { implicit: true }),
  };
}

/** The fields of one window of moving averages; none for a window that nobody computes. */
export function averageFields(kind: 'sma' | 'ema' | 'either', digits: string): Field[] {
  const window = WINDOWS.find((each) => each === digits);
  if (window === undefined) return ['calculation'];
  return kind === 'either' ? [`sma${window}`, `ema${window}`] : [`${kind}${window}`];
}

/** Labels that only a table's cell or a bullet's own label may use. */
export const SHORT_LABELS: Readonly<Record<string, readonly Field[]>> = {
  o: ['open'],
  h: ['high'],
  l: ['low'],
  c: [...PRICES],
  v: ['volume'],
  chg: CHANGES,
  'chg%': CHANGES,
  'δ%': CHANGES,
  '+/-': CHANGES,
  days: ['dte'],
  δ: ['delta'],
  Δ: ['delta'],
  s1: ['support'],
  s2: ['support'],
  s3: ['support'],
  r1: ['resistance'],
  r2: ['resistance'],
  r3: ['resistance'],
};
