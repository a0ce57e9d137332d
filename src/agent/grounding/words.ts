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

const WINDOWS = AVERAGE_WINDOWS.map(String);
const AVERAGES: readonly Field[] = WINDOWS.flatMap((window): Field[] => [`sma${window}`, `ema${window}`]);
/** What a level may come from. */
const ORIGINS: readonly Field[] = [
  ...fieldsOf('high low close open last spot previousClose week52High week52Low callWall putWall maxPain strike'),
  ...AVERAGES,
];

function fieldsOf(words: string): readonly Field[] {
  return words === 'origins' ? ORIGINS : words.split(' ');
}

interface Entry {
  name: string;
  pattern: string;
  meaning: Pick<Cue, 'fields' | 'otherwise' | 'direction' | 'trailing' | 'loose'>;
}

/**
 * Name, fields (none: as the name), what else (direction; `else` other fields where none is known, `or` fields that may
 * be meant too), pattern. Longest phrases first: at one place the first that fits is taken. `none` names no field.
 */
const TABLE = String.raw`
none | | | (?:top|bottom|upper|lower|high|low|middle)(?: (?:end|half|part))? of (?:its|the|today's|that|this)(?: \w+)? range|open to close|record high volume
none | | | (?:low|high)(?:est)? (?:to|first|->|→) (?:low|high)(?:est)?(?= ?[:;,.]|\)|$)
payoff | calculation | | max(?:imum|\.)? (?:loss|profit|gain|risk)
none | | | vol(?:atility)? (?:points?|pts?)
range | low high range rangePercent | | high(?:[-/–]|-to-)low
volume | | | (?:high|low|heavy|light|higher|lower|heavier|lighter) vol(?:ume)?
averageVolume | | | (?:average|avg\.?|mean|typical|normal|usual|ordinary)(?: daily| trading)* vol(?:ume)?|ADV
atr | atr14 | | (?:typical|average|usual|normal|mean)(?: daily| day(?:'s|’s)?| true)? (?:range|swing)|day(?:'s|’s) (?:typical|average|usual|normal) (?:range|swing|move)
averageOnly | averageVolume calculation | | (?:avg\.?|average|averag(?:es|ed|ing))(?= \**\$?\d)
putCallVolume | | | (?:put[/-](?:to-)?call|P/C)(?: ratio)?(?: \(|,? (?:by|on|in|for) | )vol(?:ume)?(?: ratio)?|vol(?:ume)? (?:put[/-](?:to-)?call|P/C)(?: ratio)?
putCallOpenInterest | | | (?:put[/-](?:to-)?call|P/C)(?: ratio)?(?: \(|,? (?:by|on|in|for) | )(?:open[ -]interest|OI)(?: ratio)?|(?:open[ -]interest|OI) (?:put[/-](?:to-)?call|P/C)(?: ratio)?
putCall | putCallOpenInterest putCallVolume | | (?:put[/-](?:to-)?call|P/C)(?: ratio)?
openInterest | | | open[ -]interest|OI|open contracts?|contracts open
maxPain | | | max(?:imum|\.)?[ -]pain
expectedMove | expectedMove expectedMovePercent | either | (?:expected|implied) (?:move|range)|(?<=[\d%] )move|(?:swing|move)(?= of (?:about |around |roughly |some )?\$?±)|(?:ATM |at-the-money )?straddle
expectedMove | expectedMove expectedMovePercent | either | (?:market|options|traders|straddle|expir(?:y|ation)|monthly|weekly|chain|opex)(?:['’]s)? (?:(?:is|are) )?(?:pric(?:e|es|ed|ing)|imply|implies|implying|expects?|expecting)(?: in)?(?= (?:a |an |another )?(?:move of )?(?:about |around |roughly |some |only |just )?(?:± ?)?\$?\d)
expectedMove | expectedMove expectedMovePercent | either, or last close spot | (?<=[^\s,;:] )prices(?: in)?(?= (?:a |an |another )?(?:move of )?(?:about |around |roughly |some |only |just )?(?:± ?)?\$?\d)
callWall | | | call(?:-side|s)?[ -]walls?
putWall | | | put(?:-side|s)?[ -]walls?
wall | callWall putWall | | walls?
iv | | | IVs?|(?<=\d )vols?(?= *[,;.(]| vs\b|$)|implied[ -]vol(?:atility|atilities|s)?|mid[_ ]iv|smv_vol
delta | | | deltas?|Δ
gamma | | | gammas?|Γ
theta | | | thetas?|Θ|decay
vega | | | vegas?|ν
breakEven | breakEven calculation | | break[ -]?evens?|breaks? even|b\/es?|BEs?(?=:?s? (?:is |at |short|long|drops? to |falls? to |≈ ?|~)?[\d$:]|:)
dte | | | DTE|(?<=\d[ -])days? (?:to|until|till|before|left|away|remaining|out)(?: (?:to |until )?(?:expir\w*|expiry))?
strike | | | strikes?(?: prices?)?
week52High | | | (?:52[ -]?w(?:ee)?k?(?:s|'s)?|yearly|annual|one-year|1-year|12-month)[ -]highs?
week52Low | | | (?:52[ -]?w(?:ee)?k?(?:s|'s)?|yearly|annual|one-year|1-year|12-month)[ -]lows?
week52Range | week52Low week52High | | (?:52[ -]?w(?:ee)?k?(?:s|'s)?|yearly|annual|one-year|1-year|12-month)(?: trading)? ranges?
previousClose | | else close | (?:previous|prior|prev\.?|preceding|the day before'?s?)(?: (?:trading )?(?:day|session)(?:'s|’s)?)?[ -]?clos(?:e|ing)(?: prices?)?|prevclose|close (?:of )?the (?:day|session) before
average | | | average of (?:the |its )?(?:last |past )?(?:200|100|50|20|10|5) (?:closes|days|sessions)|(?:SMA|EMA|DMA|MA)s?[ -]?\(?(?:200|100|50|20|10|5)\b\)?|(?:200|100|50|20|10|5)[ -]?(?:(?:day|period|session|d)[ -])?(?:simple |exponential )?(?:SMA|EMA|DMA|MA|moving[ -]average|average)s?|(?:200|100|50|20|10|5)-(?:(?:day|period) ?)?(?=(?:,? ?and|,|/|,? ?or) ?\d{1,3}-(?:day|period|session|,| ?and))|(?<=\b(?:over|above|below|under|its|the) )(?:200|100|50|20|10|5)d(?=[:,])|(?:200|50|20|10|5)d(?= \$?\d{2,}\.\d\d\b(?! ?%))|(?:200|100|50|20|10|5)[ -]day(?= ?(?:and |\(|at |of |is |sits |[,;:.]|\$?\d))
averages | | | SMAs?|EMAs?|(?:simple |exponential )?moving averages?|MAs
support | | else origins | supports?(?: levels?| zones?| areas?)?|floor
resistance | | else origins | resistances?(?: levels?| zones?| areas?)?|ceiling
rsi | rsi14 | | RSI(?:[ -]?\(?14\b\)?)?|relative strength(?: index)?
macdSignal | | | (?:MACD )?signal(?: line)?
macdHistogram | | | (?:MACD )?hist(?:ogram)?
macd | | | MACD(?: ?\(?12[/, -]+26[/, -]+9\)?)?(?: lines?)?
vwap | | | VWAP
bid | | | bids?|buyers (?:offer|pay|bid)
ask | | | asks?|asked|offer(?:ed)?
mid | mid calculation | | mids?(?:point|-?price)?|middle of bid and ask
spread | spread spreadPercent calculation | | spread
open | | | (?<!\b(?:would|could|can|may|might|will|to) )(?:re)?open(?:s|ed|ing)?(?: (?:prices?|print|trade))?|(?:morning|first)(?:'s|’s)? (?:print|trade|price)
close | last close spot | | clos(?:e|es|ed|ing)(?: prices?)?|settle[sd]?|settling|settlement|finish(?:es|ed|ing)?|ended
high | | | (?:(?:session|day|intraday|daily|period|week|month|range)(?:'s|’s)? )?high(?:s|est(?: (?:price|point|level|print|trade))?)?|peak(?:ed|s|ing)?|topped out|best (?:print|price|level)|as high as|hod
low | | | (?:(?:session|day|intraday|daily|period|week|month|range)(?:'s|’s)? )?low(?:s|est(?: (?:price|point|level|print|trade))?)?|trough(?:ed)?|bottom(?:ed)?(?: out)?|worst (?:print|price|level)|as low as|lod
range | low high range rangePercent | | (?:(?:trading|day'?s?|daily|session|intraday) )?rang(?:es?|ed|ing)|between|swung
volume | | | vol(?:ume)?|turnover
shares | volume averageVolume | trailing | shares
contracts | openInterest volume count | trailing | contracts
counted | count | trailing | expirations?(?: dates?)?|expiries|expiration dates|bars?|sessions?|rows?|candles?|weekl(?:y|ies|ys)|monthl(?:y|ies)|quarterl(?:y|ies)|dates|data points
counts | count | | number of (?:bars|sessions|expirations|contracts|rows|dates)|count
dividend | | or calculation | dividends?(?! yield)|payouts?|distributions?|divi?s?
price | last close spot | | (?<!first (?:and|to) )last(?! (?:week|month|year|quarter|trading|session|few|night|mon|tue|wed|thu|fri|\d{1,2} [a-z]|five|ten|two|three|four))(?: (?:price|trade|sale))?|pric(?:e[ds]?|ing)|trades|trad(?:es?|ed|ing) (?:at|around|near|for)|current(?:ly)?|spot|underlying|chang(?:es|ing|ed) hands|print(?:s|ed)?
traded | volume | trailing | traded
rise | change changePercent | up | up|rose|recover(?:s|ed|ing)?|rebound(?:s|ed|ing)?|ris(?:es|en|ing)|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|added|adding|adds|advanc(?:e|es|ed|ing)|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|rall(?:y|ied|ies|ying)|increas(?:e|ed|es)|higher by
fall | change changePercent | down | down|fell|fall(?:s|en|ing)?|los(?:t|s|es|ses|ing|e)|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|slid(?:es|ing)?|slip(?:s|ped|ping)?|shed(?:s|ding)?|sank|sink(?:s|ing)?|tumbl(?:e|es|ed|ing)|decreas(?:e|ed|es)|lower by|g(?:ave|iven?|ives|iving) (?:back|up)
change | change changePercent | | chang(?:e|es|ed)|chg|net move|returned|returns?|performance|net
move | change changePercent expectedMove expectedMovePercent | either | mov(?:e|es|ed|ing)
distance | change changePercent | trailing, either | above|below|higher|lower|beneath|away|more|less
`;
const DIRECTIONS = { up: 1, down: -1, either: 0 } as const;

const LEXICON: readonly Entry[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [, name = '', fields = '', notes = '', pattern = ''] =
      /^(\w+) \| ?(.*?) ?\| ?(.*?) ?\| (.*)$/.exec(line) ?? [];
    const meaning: Entry['meaning'] = { fields: fieldsOf(fields === '' ? name : fields) };
    for (const note of notes.split(', ')) {
      if (note.startsWith('else ')) meaning.otherwise = fieldsOf(note.slice(5));
      else if (note.startsWith('or ')) meaning.loose = fieldsOf(note.slice(3));
      else if (note === 'trailing') meaning.trailing = true;
      else if (note in DIRECTIONS) meaning.direction = DIRECTIONS[note as keyof typeof DIRECTIONS];
    }
    return { name, pattern, meaning };
  });
/** Words for what the registry has its own words for as well. */
const ALSO: readonly Entry[] = [
  ['implied', 'iv iv30 atmIv', 'implied(?! moves?| range| ?±)', 'expectedMove expectedMovePercent'],
  ['ivPercentile', 'ivPercentile', '(?:IV )?percentile'],
  [
    'hv',
    'hv10 hv20 hv30 hv60 hv252',
    '(?:10|20|30|60|252)[ -]?d(?:ay)? (?:figure|window|reading|number|reali[sz]ed|historical)',
  ],
  [
    'realized',
    'hv10 hv20 hv30 hv60 hv252 yangZhang30',
    '(?:\\d{1,3}[ -]day )?(?:reali[sz]ed|historical)(?: vol(?:atility|s)?)?',
  ],
].map(([name = '', fields = '', pattern = '', otherwise = '']) => ({
  name,
  pattern,
  meaning: { fields: fieldsOf(fields), ...(otherwise === '' ? {} : { otherwise: fieldsOf(otherwise) }) },
}));
const namedAbove: ReadonlySet<Field> = new Set(LEXICON.flatMap(({ meaning }) => meaning.fields));

/**
 * Fields of the registry that the list above does not name, by the words that people use for them; only those that the
 * conversation has figures of, so that "gap" and "spread" stay plain words elsewhere.
 */
function entriesOfRegistry(held: ReadonlySet<Field>): Entry[] {
  const found = Map.groupBy(
    [...held].filter((name) => !namedAbove.has(name)),
    (field) => findField(field)?.entry,
  );
  return ENTRIES.flatMap((entry): Entry[] => {
    const fields = found.get(entry);
    if (fields === undefined || /^[se]ma$/.test(entry.name)) return [];
    // "Gapped 2 %" is a gap in percent.
    const gaps = /^gap(?:Percent)?$/.test(entry.name) ? ['gap', 'gapped', 'gaps'] : [];
    const phrases = [...(entry.name === 'first' ? [] : [entry.name]), ...entry.words, ...gaps]
      .toSorted((a, b) => b.length - a.length)
      .map((words) => words.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/[ -]/g, '[ -]'));
    const phrase = `(?:${phrases.join('|')})(?:e?s)?`;
    const pattern =
      entry.windows === undefined
        ? phrase
        : `(?:\\d{1,3}[ -]?(?:day|session|period)?[ -])?${phrase}(?:[ -]?\\(?\\d{1,3}\\b(?![.,]\\d|\\s?%)\\)?)?`;
    return [{ name: entry.name, pattern, meaning: { fields } }];
  });
}

export interface Lexicon {
  find(text: string): Cue[];
}

/** As one pattern, and kept while no field comes: making it takes longer than a check. */
const made = new WeakMap<ReadonlySet<Field>, { count: number; lexicon: Lexicon }>();

/** The words for figures of a conversation that has these fields. */
export function createLexicon(held: ReadonlySet<Field>): Lexicon {
  const known = made.get(held);
  if (known?.count === held.size) return known.lexicon;
  const lexicon = compileLexicon([...entriesOfRegistry(held), ...LEXICON, ...ALSO]);
  made.set(held, { count: held.size, lexicon });
  return lexicon;
}

function compileLexicon(entries: readonly Entry[]): Lexicon {
  const pattern = new RegExp(
    `(?<![A-Za-z\\d$.])(?:${entries.map((entry) => `(${entry.pattern})`).join('|')})(?![A-Za-z])`,
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
        const entry = entries[match.findIndex((group: string | undefined, at) => at > 0 && group !== undefined) - 1];
        if (entry && entry.name !== 'none') cues.push(readCue(entry, match[0], match.index));
      }
      return cues;
    },
  };
}

function readCue({ name, meaning }: Entry, matched: string, start: number): Cue {
  const place = { start, end: start + matched.length, name };
  if (name === 'average') return { ...place, ...averageOf(matched) };
  if (name === 'averages') {
    const average = /ema|expo/i.test(matched) ? 'ema' : /sma|simple/i.test(matched) ? 'sma' : 'either';
    return { ...place, fields: AVERAGES.filter((field) => average === 'either' || field.startsWith(average)), average };
  }
  const window = /\d{1,3}/.exec(matched)?.[0];
  const field = window === undefined ? undefined : findField(`${name}${window}`);
  return { ...place, ...meaning, ...(field === undefined ? {} : { fields: [field.name] }) };
}

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
export const SHORT_LABELS: ReadonlyMap<string, readonly Field[]> = new Map(
  'o open,h high,l low,c last close spot,v volume,chg change changePercent,chg% change changePercent,δ% change changePercent,+/- change changePercent,days dte,δ delta,Δ delta,s1 support,s2 support,s3 support,r1 resistance,r2 resistance,r3 resistance'
    .split(',')
    .map((line) => line.split(' '))
    .map(([label = '', ...fields]) => [label, fields]),
);
