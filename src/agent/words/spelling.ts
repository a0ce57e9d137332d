// Hides how people spell: numbers in words, signs, contractions, lost apostrophes and slips in the names of days become
// what the lexer and the grammars of dates read; mistyped names of days and companies are mended word by word.
import { ORDINALS, countOf } from '../../domain/date-words.ts';
import { isEverydayWord } from './everyday.ts';
import type { Word } from './lexer.ts';
import { type Names, editDistance } from './names.ts';
import type { Thing } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

interface Known {
  names: Names;
  vocabulary: Vocabulary;
}

const UNITS =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SIZES: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1_000_000 };
const NUMBER_WORD = [...UNITS, ...TENS, ...Object.keys(SIZES)].join('|');
/** `two hundred`, `fifty-two`, `one hundred and fifty`, and one word from six on: the small ones name things too (`the three`). */
const NUMBER_WORDS = new RegExp(
  String.raw`\b(?:(?:a )?(?:${NUMBER_WORD})(?:(?:\s|-)(?:and )?(?:${NUMBER_WORD})\b)+|(?:${[...UNITS.slice(5), ...TENS].join('|')})|(?:a )?(?:hundred|thousand))\b`,
  'gi',
);
/** What people call the zones behind the exchange's. */
export const ZONE_WORDS = {
  Central: 'central|ct|cst|cdt|texas|chicago|dallas|houston|austin',
  Mountain: 'mountain|mst|mdt|denver|colorado|utah',
  Pacific: 'pacific|pst|pdt|california|la time|seattle|vegas|west coast',
} as const;
const ZONE = Object.values(ZONE_WORDS).join('|').replace('la time', 'la');
const MONTH_NAMES = 'january|february|march|april|may|june|july|august|september|october|november|december';
const ORDINAL_WORDS = new RegExp(
  String.raw`\b(?:(twenty|thirty)[- ])?(${ORDINALS.join('|')})(?= of (?:${'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').join('|')})|(?<=\b(?:fif|six|seven|eigh|nin|ten|eleven|twelf|[a-z]+teen)th)\b|(?<=\b(?:${MONTH_NAMES}) (?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|twentieth|thirtieth))\b)`,
  'gi',
);
const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec';
/** `18dec`, `dec18`. */
const GLUED_DATE = new RegExp(String.raw`\b(?:(\d{1,2})(${MONTHS})|(${MONTHS})(\d{1,2}))\b`, 'gi');
const OF_LEAPS = String.raw`(?:calls?|puts?|c|p|oi|strikes?|options?|leaps?|iv|chain|expir\w*|\d+[cp])\b`;
/** `jan28`: of options that far away, as no month has so late a Friday in every year. */
const GLUED_YEAR = new RegExp(
  String.raw`\b(${MONTHS})'?(2[7-9])\b(?=.*\b${OF_LEAPS}|\s+(?:leaps?|\d+[cp])\b)|(?<=\b${OF_LEAPS}.*)\b(jan|jun)'?(2[7-9])\b`,
  'gi',
);
const DAY_NOUN =
  'close|closing|open|opening|high|highs|low|lows|volume|vol|price|prices|range|hi|move|bar|candle|session|half|value|calls?|puts?|chain|options?|expiry|expiration|exp';
/** `Friday's close` without its apostrophe. */
const LOST_APOSTROPHE = new RegExp(
  String.raw`\b(mon|tues|wednes|thurs|fri|(?:last|this|next) (?:wee|mont|quarte|yea))(day|k|h|r)s(?= (?:${DAY_NOUN})\b)`,
  'gi',
);

const AWAY = String.raw`\b(\d+(?:\.\d+)?) ?(?:%|percent|pct)`;
const SPOT = String.raw`(?:the |its )?(?:(?:current|stock|share|present|market|todays?|spot) )*(?:price|spot|market|here|current|last|stock|where it is)\b`;

/** `words`, apart by `;`: one of them is somewhere in the question, in small letters, where the pattern can match: most then cost nothing. */
const SPELLINGS: readonly (readonly [pattern: RegExp, by: string, words: string])[] = [
  [/\bP\(([^()|]+)\|([^()|]+?)(?: today)?\)/g, 'how often $1 after $2', '|'],
  [/# of\b/g, 'number of', '#'],
  [/\bput in (?=(?:the |its |a )?(?:low|high|lod|hod)\b)/gi, 'printed ', 'put in'],
  [/[{}]/g, ' ', '{'],
  [/\(?\bhigh ?[-–] ?low\)? ?\/ ?(?:the )?(?:prev(?:ious)?|prior) close\b/gi, 'range percent', 'close'],
  [
    /\b(\d{1,3}) (over|above|under|below|(?:cross(?:es|ed)? )?(?:over|above|below)) (?:the )?(\d{1,3}) (ema|sma)s?\b/gi,
    '$1 $4 $2 $3 $4',
    'ema;sma',
  ],
  [/\b(?:struck|strike price|exercise price) (?:at|of) \$?(?=\d)/gi, 'strike ', 'struck;price'],
  [/(?<=\d) strike price\b/gi, ' strike', 'strike price'],
  // "20d and 60d hv", "20d hv, 60d too": each of the figure.
  [
    /\b(\d{1,3})[- ]?d(?:ays?)?(?:,| and| ?&| ?\/| or| vs\.?| n) ?(\d{1,3})[- ]?d(?:ays?)? (hv|rv|(?:realized|realised|historical|historic) vol(?:atility)?)\b/gi,
    '$1 day $3 and $2 day $3',
    'hv;rv;vol',
  ],
  [
    /\b(\d{1,3})[- ]?d(?:ays?)? (hv|rv|rsi|atr|sma|ema),?(?: and| ?&| n)? ?(\d{1,3})[- ]?d(?:ays?)? (?:too|also|as well)\b/gi,
    '$1 day $2 and $3 day $2',
    'too;also;as well',
  ],
  [/\b(?:zero|z|o)[- ]?dtes?\b|\b0[- ]?dtes?\b/gi, '0dte', 'dte'],
  [
    /\b(?:exp|exps|expiring|expires|expiration|expiry) (?:is )?today\b|\btoday['’]?s? (?:exp|expiration|expiry|expirations|weeklies)\b/gi,
    '0dte',
    'today',
  ],
  [
    /\bhow many (?:contracts|lots) ((?:of|on|in) .*?\d+ ?(?:c|p|calls?|puts?)\b.*?)\btraded(?: today)?\b/gi,
    'volume $1',
    'traded',
  ],
  [/\bhow many (?:contracts|lots|options) (.*?)\btraded\b/gi, 'option volume $1', 'traded'],
  [
    /\bhow many shares (?:of |did |does |do |has |have |are )*((?:\S+ ){0,3}?)(?:trade[sd]?|trading|chang\w+ hands)(?= (?:an?|each|per|every) day)/gi,
    'average volume $1',
    'shares',
  ],
  [
    /\bhow many shares (?:of |did |does |do |has |have |are )*((?:\S+ ){0,3}?)(?:trade[sd]?|trading|chang\w+ hands)\b/gi,
    'volume $1',
    'shares',
  ],
  [
    /\b(i|we|you|id|had|have|id have) put \$?(\d[\d,.]*k?) ?(?:dollars |bucks )?in(?:to)?\b/gi,
    '$1 invested $2 dollars in',
    'put',
  ],
  [/\b(?:an? )?half (?:of )?(?:an? )?(?=(?:percent|pct)\b|%)/gi, '0.5 ', 'half'],
  [/(?<![\d.$])(\d[\d.]*(?:\s?(?:%|percent|pct))?)\+(?!\s*\d)/gi, 'at least $1', '+'],
  [
    /\b(\d[\d.]*[kmb]?\s?(?:%|percent|pct|dollars?|bucks?|cents?)?) or (?:more|higher|better|above|greater)\b/gi,
    'at least $1',
    ' or ',
  ],
  [
    /\b(\d[\d.]*[kmb]?\s?(?:%|percent|pct|dollars?|bucks?|cents?)?) or (?:less|lower|below|fewer|under)\b/gi,
    'at most $1',
    ' or ',
  ],
  [/\s\(?(?:y\/n|yes\/no|yes or no|y or n)\)?(?![\w/])/gi, '', 'y'],
  // "pts not %": in what it is said.
  [
    /\b(points|pts|dollars|percent|pct|cents) not (?:in )?(?:%|\$|points|pts|dollars|percent|pct)(?!\w)/gi,
    'in $1',
    ' not ',
  ],
  [/(?:\bin )?([%$]) not (?:in )?(?:%|\$|points|pts|dollars|percent|pct)(?!\w)/gi, 'in $1', ' not '],
  // Of trading days, which these are none of.
  [
    /(?<=\b(?:trading|business|market) days?\b.*|\bsessions?\b.*),? (?:not (?:counting|including)|excluding|without|minus|skipping|ignoring|leaving out|except(?: for)?) (?:the )?(?:(?:sat(?:urday)?s?|sun(?:day)?s?|weekends?|(?:market )?holidays?)(?:[ ,/&]+(?:and |or )?|$|(?=[?.!])))+/gi,
    ' ',
    'sat;sun;weekend;holiday',
  ],
  // What a contract or a payment brings, and when the market opens: no forecast.
  [
    /\b((?:how (?:much|many)|what)\b.*?) ((?:i|we|you)(?: will|['’]ll)|(?:will|would) (?:i|we|you)) (?=(?:get|receive|collect|be paid)\b)/gi,
    '$1 i ',
    "will;'ll;’ll;would",
  ],
  [
    /\b(when|(?:at )?what time|what hours?) (?:(?:it|(?:the )?(?:stock )?(?:market|exchange|nyse)s?) will|will (?:it|(?:the )?(?:stock )?(?:market|exchange|nyse)s?)) (?=(?:be )?(?:clos|open|shut|reopen|start))/gi,
    '$1 the market ',
    'will',
  ],
  [
    /\bhow (?:much|many|far)( percent| pct|%| dollars| points)? (?:it|the (?:stock|price)|price) (?:should|must|has to|needs? to|would have to|have to) (?:fall|drop|go down|come down|decline|rise|go up|climb|gain) (?:from here |now )?(?:for me )?(?:to (?:go in(?:to)?|be in(?:to)?|start|make|get in(?:to)?|reach) (?:a |the )?(?:loss|losing|red|profit|green)|(?:to|before i) (?:lose|break ?even))\b/gi,
    'how far$1 is it from my cost',
    'how',
  ],
  [/\bre-?(?=opens?(?:ed|ing)?\b)/gi, '', 'reopen;re-open'],
  [
    /(?<=\b(?:report|reports|reporting|earnings|er|date)\b.*)[ ,+]+(?:date )?[([]?\b(?:bmo|amc)(?: ?\/ ?| or )(?:bmo|amc)\b[)\]]?/gi,
    ', before or after the bell',
    'bmo;amc',
  ],
  [/\b(over|above|below|under|beneath) both (?:of )?(?:the |its |their )?(?=\d)/gi, '$1 the ', ' both '],
  [
    /\b(ex[- ]?div(?:idend)?s?(?: dates?)?|dividends?)(,? (?:and|n|&|\+|with) (?:the |its )?)(?:amounts?|payments?|payouts?)\b/gi,
    '$1$2dividend',
    'amount;payment;payout',
  ],
  [
    /(?<=\b(?:ex[- ]?div\w*|dividends?)\b.*\bhow (?:much|big|large) is the )(?:amount|payment|payout)\b/gi,
    'dividend',
    'amount;payment;payout',
  ],
  [/\bberkshire(?: hathaway)?,? (?:the )?(?:class )?([ab])(?:[- ]shares?)?\b/gi, 'BRK.$1', 'berkshire'],
  // "c or p" and "spy atm c 0dte".
  [/\bc(?: or | ?\/ ?)p\b(?! ratio)/g, 'call or put', 'c or p;/'],
  [/(?<=\b(?:atm|otm|itm|delta|0dte) )c\b(?! ?\/)/g, 'call', ' c'],
  [/(?<=\b(?:atm|otm|itm|delta|0dte) )p\b(?! ?\/)/g, 'put', ' p'],

  [/\b(?:between|from) (\d{1,3}) (?:and|to|-) (\d{1,3}) ?(?=dte\b|days? (?:out|to exp))/gi, '$1 to $2 ', 'd'],
  [/\b(\d+)\/(\d+) ?p(?:uts?)?[ ,]+(\d+)\/(\d+) ?c(?:alls?)?\b/gi, '$1/$2/$3/$4', '/'],
  [new RegExp(String.raw`\b((?:${MONTHS})[a-z]*) ?['’](?=\d\d\b)`, 'gi'), '$1 20', "';’"],
  // "5% below the price" of a put: out of the money.
  [
    new RegExp(
      String.raw`(?:(?<=\b(?:puts?|csps?)\b.*)|(?=.*\b(?:puts?|csps?)\b))${AWAY} (?:below|under|beneath) ${SPOT}`,
      'gi',
    ),
    '$1 percent otm',
    'put;csp',
  ],
  [
    new RegExp(String.raw`(?:(?<=\b(?:calls?|ccs?|covered)\b.*)|(?=.*\bcalls?\b))${AWAY} (?:above|over) ${SPOT}`, 'gi'),
    '$1 percent otm',
    'call;cc',
  ],
  [/\b(last|past) few (?=(?:trading )?(?:days|sessions))/gi, '$1 5 ', 'few'],
  [/\b(last|past) few (?=(?:weeks|months|years))/gi, '$1 3 ', 'few'],
  [
    /\b(?:half|short|shortened|abbreviated|early[- ]close)[- ](?:day|session) (?=(?:after|before)\b)/gi,
    'day ',
    'day after;day before;session',
  ],
  [/[\s,.;–-]+(?:back|meeting|flight|class|leaving) in \d+ ?(?:m|mins?|minutes?|hrs?|hours?)?\s*$/gi, '', ' in '],
  // "its range, last 10": of sessions.
  [
    /(?<!\b(?:earnings|dividends?|splits?|weekly|monthly|weeks|months|years|\w+days?)\b.*)\b(last|past) (\d{1,3})(?=\s*(?:[?.,;]|$|vs\b|versus\b|and\b|for\b|on\b))(?!.*\b(?:weeks|months|quarters|years)\b)/gi,
    '$1 $2 sessions',
    'last;past',
  ],
  [
    /\b(gap(?:s|ped|ping)?) (?:up or down|down or up|either way)(?= (?:more|over|at least|by|of|>|\d))/gi,
    '$1 in either direction',
    'gap',
  ],
  // "v and ma": Visa and Mastercard.
  [/\b(v|ma)(,? and |,? ?& ?|, ?| ?\/ ?| vs\.? | or | n | )(?!\1)(v|ma)\b(?! ?\(?\d)/g, '$$$1$2$$$3', 'ma'],
  [/\byear[- ]end (?:of )?(?=20\d\d)/gi, 'end of ', 'year'],
  // "at the end of 2024, 2025 and now": of each year its end.
  [/(?<=\b(end|start|beginning) of (?:20\d\d(?:, and|,| and| &) )+)(?=20\d\d\b)/gi, '$1 of ', ' of 20'],
  // "this month vs last"
  [
    /\b(this|current) (week|month|quarter|year)(['’]s)?((?:,? (?:vs\.?|versus|v|against|or|and|than|compared (?:to|with)))) (?:the )?(last|previous|prior)(?: one)?(?=\s*(?:[?.!,;]|$))/gi,
    '$1 $2$3$4 $5 $2$3',
    'last;previous;prior',
  ],
  [/\b(?:atm )?(?:iv|implied(?: vol(?:atility)?)?) \(?30[- ]?d(?:ays?)?\b\)?/gi, 'iv30', '30'],
  // "more than 3% in a week this year": in any of them.
  [/\bin (?:an?|one|1) (?:single )?(week|month)\b(?=.*\b(?:this|last|past|since|ytd)\b)/gi, 'in any $1', 'week;month'],
  // "realized vol (60 day)"
  [
    /\b(hv|rv|(?:realized|realised|historical|historic) vol(?:atility)?) \(?(\d{1,3})[- ]?d(?:ays?)?(?:\)|(?=[ ,?]|$))/gi,
    '$2 day $1',
    'hv;rv;vol',
  ],
  [
    /(?<=(?:\b(?:more than|over|at least|above|exceed\w*)\b|>).*\d.*),? \(?(?:up or down|down or up)\b\)?/gi,
    ' in either direction',
    'up or down;down or up',
  ],
  [/\bpd[hlc](?:[ ,/]+(?:and )?pd[hlc])+\b/gi, 'previous day high, low and close', 'pdh;pdl;pdc'],
  [/\bpdh\b/gi, 'previous day high', 'pdh'],
  [/\bpdl\b/gi, 'previous day low', 'pdl'],
  [/\bo[ ,/]+h[ ,/]+l[ ,/]+(?:and |n |& )?c\b(?! *\d)/gi, 'open, high, low, close', 'h'],
  [/\bh[ ,/]+l[ ,/]+(?:and |n |& )?c\b(?! *\d)/gi, 'high, low, close', 'h'],
  [
    /^(xmas|christmas|new years?|thanksgiving|juneteenth|(?:the )?(?:4th of july|july 4th|fourth)|labor day|memorial day)(?: day)? (?:is|falls) on an? \w+(?: this (?:yr|year))?,? (?:so )?(.*)\bthat w(?:ee)?k\b/gi,
    '$2$1 week',
    'that w',
  ],
  [/\b(?:do|will) (?:i|we|you) lose (?=(?:mon|tues|wednes|thurs|fri)day\b)/gi, 'is the market closed on ', 'lose'],
  [/,? or (?:do|should) i (?:gotta|have to|need to|got to) wait (?:un)?till? \w+/gi, '', 'wait'],
  [
    /\b(?:have |got |is there )?(?:anything|something|any) (?:that )?(?:expiring|expires|(?=0dte\b))/gi,
    'have expirations ',
    'expir;0dte',
  ],
  [/,\s*(?=(?:in )?\$ (?:and|&|n) ?%)/g, ' in ', '$'],
  [/\blast night(?=.*\b(?:after ?hours|ah)\b)|(?<=\b(?:after ?hours|ah)\b.*)\blast night/gi, 'yesterday', 'night'],
  [
    /\bhow much of (?:its|the|todays|today's|an?) (?:atr|average true range|average (?:daily )?(?:range|move)|avg (?:daily )?(?:range|move)|daily range|adr) (?:has|did|is) (\S+) (?:already )?(?:used(?: up)?|done|covered|moved|made|gone through|spent|burned(?: through)?|eaten)\b/gi,
    '$1 range so far vs atr',
    'how much of',
  ],
  [/(?<=\b(?:days|sessions|closes|holidays)\b.*)\bbetween (?:now|today) and (?=\S)/gi, 'until ', 'between'],
  [/\bpd (?=(?:high|low|close|range)\b)/gi, 'previous day ', 'pd '],
  [
    /\b(?:what (?:does|do|is|are) )?(?:the )?(?:options? )?markets? (?:is |are )?(?:expect(?:s|ing)?|pric(?:es|ing)(?: in)?|impl(?:y|ies|ying)) (?:for )?((?:\S+ ){1,4}?)to (?:move|swing|go)\b/gi,
    'the expected move $1',
    'market',
  ],
  // "roll the 400p from dec 4 to dec 11": two dates, no span of the past.
  [
    /(?<=\broll(?:ing|s|ed)?\b.*)\b(?:from|to|into) (?=(?:the )?(?:\d|next|this|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|opex|weekl|monthl))/gi,
    '',
    'roll',
  ],
  [/\bto the nearest (?:dollar|cent|penny|tenth|hundredth|whole number|percent|point)\b/gi, '', 'nearest'],
  // "reports before the 15th or after": the date that is told says which.
  [
    /(?<=\bbefore\b.*),? or (?:(?:is|are|does|do|will) (?:it|they|that) )?(?:be )?(?:after|afterwards?|later)(?: (?:it|that|them))?(?=\s*(?:[?.!,;]|$))/gi,
    '',
    'after;later',
  ],
  [/\bbefore or after (?=(?!(?:the )?(?:open|close|bell|market|hours)))/gi, 'before ', 'or after'],
  [
    /(?<=\b(?:ex|ex-?div\w*|earnings|reports?|reporting|dividends?)\b.*)\bbetween (?:now|today) and (?=new year|christmas|xmas|thanksgiving|labor|memorial|the)/gi,
    'by ',
    'between',
  ],
  [
    /,? (?:not counting|without counting|excluding|minus|leaving out) (?:the )?(?:sat(?:urday)?s?(?: (?:and |& ?|or )?sun(?:day)?s?)?|weekends?(?: days)?)\b/gi,
    '',
    'sat;weekend',
  ],
  [
    /\b(?:trailing|ttm|past|last) (?:12|twelve)[- ]?(?:mo|mos|months?) (?=(?:dividend |div )?yield)/gi,
    'dividend ',
    'yield',
  ],
  [
    /(?<=\b(?:ever|biggest|largest|most|best|worst|average|how many|how often|which|did)\b.*)\bin (?:the )?(\d+|one|two|three|four|five|ten) (?=(?:years|yrs|months)\b(?! from| ago))/gi,
    'past $1 ',
    'in ',
  ],
  // "with no earnings before": of companies, no correction.
  [
    /(?<=(?:\b(?:and|with|but|have|has|having)|[,:])\s+)no (?=(?:upcoming |scheduled )?(?:earnings|er|reports?|ex\b|ex-|dividend))/gi,
    '',
    'no ',
  ],
  [/(?<=\bre-?opens?\b.*)\b(?:after|following) (?=\S)/gi, 'on ', 'after;following'],
  [/\bwhen['’]s\b/gi, 'when is', 'when'],
  // "tomorrow's hours in central": said by the zone of the answer.
  [
    new RegExp(
      String.raw`(?<=\b(?:market|bell|opens?|clos\w+|trading|hours|timings?|session)\b.*),?(?: in| at| for| by)? (?:(?:the )?(?:${ZONE}) time(?: zone)?|(?<=\bin )(?:${ZONE}))(?=\s*(?:[?.!,;]|$))`,
      'gi',
    ),
    '',
    ZONE.split('|')
      .map((word) => ` ${word}`)
      .join(';'),
  ],
  [/\bw\/(?:e\b)/gi, 'whatever', 'w/'],
  [/\bw\/o\b/gi, 'without', 'w/'],
  [/\bw\/ ?in\b/gi, 'within', 'w/'],
  [/\bw\/(?=\s)/gi, 'with', 'w/'],
  [/\b2day\b/gi, 'today', '2day'],
  [/\b2(?:moro|morrow|mrw)\b/gi, 'tomorrow', '2m'],
  [/\bb4\b/gi, 'before', 'b4'],
  // "x10": so many.
  [/\bx(?=\d+\s*(?:[?.,;]|$))/gi, 'x ', 'x'],
  [/\b(implied|expected) earnings move\b/gi, 'earnings $1 move', 'earnings'],
  // "credit n BE"
  [/\b(n|and|&|plus|credit|cost|debit)([ ,/]+)be\b(?=\s*(?:[?.,;]|$))/gi, '$1$2breakeven', 'be'],
  [/\b(?:1|one) (?=(?:atm|at the money)\b)/gi, 'the ', 'atm;at the money'],
  [/(?<=\s)@\s?(?=\$?\d)/g, 'at ', '@'],
  [/\b(yesterday|today|tomorrow)s\b/gi, '$1', 'days;tomorrows'],
  [/\bper cent\b/gi, 'percent', 'per cent'],
  [
    /\b(?:calendar|(?<=\b(?:which|each|any|how many) of the (?:last|past) \w+ )(?:full|complete|whole)) (?=(?:days?|weeks?|months?|quarters?|years?)\b)/gi,
    '',
    'calendar ;full ;complete ;whole ',
  ],
  [/(?<=\b(?:shorts?|wings?|delta|d|ic|condor|spread)\b.*\b\d{1,2})w\b/gi, ' wide', 'w'],
  [/\bclosing (high|low)s?\b(?! (?:price|of day))/gi, '$1est close', 'closing'],
  [/\bintraday (high|low)\b(?=.*\b(?:this|last|past|since|in|ytd)\b)/gi, '$1est $1', 'intraday'],
  [/\b(highest|lowest) price\b/gi, '$1 the price', 'est price'],
  [/\bfris\b/gi, "friday's", 'fris'],
  [/\$(?!\w)/g, ' dollars ', '$'],
  [/\b(?:on |in )?any (?:single |one )?(?:day|session)\b/gi, 'any day', 'any '],
  [/\bin (?:a|one|1) (?:single )?(?:day|session)\b/gi, 'per day', 'in a ;in one ;in 1 '],
  [/\bremind me (?=what|how|when|which)/gi, '', 'remind me'],
  [/\btell me when (?=\S+ .*\blast\b)/gi, 'when did ', 'tell me when'],
  [/\b(?:max|maximum|limit)(?: of)? (\d+)(?= (?:names|stocks|rows|results))/gi, 'top $1', 'max;limit'],
  [
    /\b((?:doubled|tripled|gained|lost|fell|rose|dropped|returned|moved|climbed)\b.*) in (\d+|a|one|two|three|four|five|ten) (years?|months?|weeks?)\b(?! ago)/gi,
    '$1 over $2 $3',
    ' in ',
  ],
  // A span of expirations, as commands take it: `30..60d`.
  [/\b(\d{1,4}) ?\.\. ?(\d{1,4}) ?(?:d|dte|days?)\b/gi, '$1 to $2 dte', '..'],
  [/\b(?:expir\w+|dated) (?:in |within |between )(\d{1,4}) ?(?:to|and|-) ?(\d{1,4}) days\b/gi, '$1 to $2 dte', 'days'],
  [/\boutside (?:of )?(?:the |its )?upper\b/gi, 'above the upper', 'outside'],
  [/\boutside (?:of )?(?:the |its )?lower\b/gi, 'below the lower', 'outside'],
  [/\bzero\b(?! dte)/gi, '0', 'zero'],
  [
    /\b(?:at least |more than )?(\d+(?:\.\d+)?) ?(?:x|times) (?:the |its )?(?:average |avg |normal |usual )?vol(?:ume)?\b/gi,
    'relative volume at least $1',
    'vol',
  ],
  [/\bvol(?:ume)? (?:of )?(?:at least )?(\d+(?:\.\d+)?)x\b/gi, 'relative volume at least $1', 'vol'],
  [
    /\b((?:has|have|had|did)\b.*) in (\d+|a|one|two|three|four|five|ten) (years?|months?|weeks?)\b(?! ago)(?!.*\b(?:this|last|past|since|ytd|20\d\d)\b)/gi,
    '$1 over $2 $3',
    ' in ',
  ],
  [
    /\bwhen (?:did|was|has|is) ((?:\S+ ){1,5}?)last (?=close|closed|trad|above|below|under|over|at |there|up|down|green|red|drop|fall|fell|rise|rose|gap|hit|touch|cross|make|made)/gi,
    'last time $1',
    'last',
  ],
  [
    /\b(?:when|on (?:what|which) (?:date|day)) (?:did|was|has) ((?:\S+ ){1,5}?)first (?=close|closed|trad|above|below|cross|hit|touch|drop|fall|fell|rise|rose)/gi,
    'first time $1',
    'first',
  ],
  [
    /\b(days|sessions|weeks|months) (?:in|of|out of) the (last|past) (\d+)\b(?! (?:trading|days|weeks|months|years|sessions))/gi,
    '$1 in the $2 $3 $1',
    'last;past',
  ],
  // "how much higher is msft than a year ago": the comparison in one piece.
  [
    /\b(higher|lower|cheaper|larger|bigger|smaller|heavier|lighter|stronger|weaker|wider|tighter|more volatile|less volatile) ((?:is|was|are|were) (?:(?!(?:and|or|than)\b)[\w.&'$]+ ){1,4})(?=than\b)/gi,
    '$2$1 ',
    'than',
  ],
  [
    new RegExp(
      String.raw`\bsince (?:(?:the|its|their|it|they|he|she) )?(?:(?!last\b|start\b|end\b|beginning\b|close\b|high\b|low\b)[a-z']+ ){1,3}(?:on |of |in )?(?=(?:${MONTHS})[a-z]* \d{1,2}\b|\d{1,2}\/\d{1,2}\b)`,
      'gi',
    ),
    'since ',
    'since',
  ],
  // "ex-dividend before the jan 15 calls expire": of that day, whatever expires on it.
  [
    new RegExp(
      String.raw`\b(before (?:the )?(?:${MONTHS})[a-z]* \d{1,2}) (?:calls?|puts?|options?) (?=expires?\b)`,
      'gi',
    ),
    '$1 ',
    'expire',
  ],
  // "its high from last week": that week's.
  [
    /\b(highs?|lows?|close|open|range) from (?=(?:yesterday|(?:last|this|the (?:previous|prior)) (?:day|session|week|month|quarter|year))\b(?!.* (?:to|till?|until|through|thru) ))/gi,
    '$1 of ',
    'from',
  ],
  [
    /\b(?:the )?last (\d+(?:\.\d+)?) ?(?:%|percent) (down|up) (?:day|session)\b/gi,
    'the last time $2 more than $1 percent',
    'last',
  ],
  // Measured from yesterday's close, which the bars of `since yesterday` begin before.
  [
    /\b(chang\w*|mov\w*|happen\w*|gain\w*|los[te]\w*|up|down|done|gone|did|doing)\b(.*?)\bsince yesterday(?:['’]?s close)?\b/gi,
    '$1$2today',
    'since yesterday',
  ],
  [
    /\b(?:biggest|largest|steepest|worst) (?:drop|fall|decline|loss) (?=(?:in|for|of) (?!the\b|an?\b|my\b|this\b|past\b|last\b|one\b|each\b)\$?[a-z.]{1,5}\b)/gi,
    'worst day ',
    'est ;worst',
  ],
  [/^(\s*(?:(?:please|pls|plz|can you|could you|just|go ahead and|hey)[ ,]+)*)buy (?:me|us)\b/i, '$1buy', 'buy'],
  [/^\s*\+\s*(?=[a-z$])/i, 'add ', '+'],
  [new RegExp(String.raw`\b(?:the )?(?:middle of |mid[- ]?)(?:the )?((?:${MONTHS})[a-z]*)\b`, 'gi'), '$1 15', 'mid'],
  [/\brolling (?=\w+ (?:days|weeks|months|quarters|years)\b)/gi, 'past ', 'rolling'],
  [/\bout (?=to \S)/gi, '', 'out to'],
  [/(?<=\b[a-z]{2,4}\d{1,3})\s*[-–]\s*(?=[a-z]{2,4}\d)/gi, ' minus ', '-;–'],
  [/\|([^|]{3,30})\|/g, ' absolute $1 ', '|'],
  [/\bi['’]d\b/gi, 'I would', "'d;’d"],
  [/\b(who|what|where|when|how|which)['’]d\b/gi, '$1 did', "'d;’d"],
  [/(\w)['’]d\b/gi, '$1 would', "'d;’d"],
  [/\bi['’]ll\b/gi, 'I', "'ll;’ll"],
  [/\b(i|we|you|they)['’](?:ve|m|re)\b/gi, '$1', "';’"],
  [/Δ/g, ' delta ', 'δ'],
  [/→|->/g, ' to ', '→;->'],
  [/\(s\)/gi, 's', '(s)'],
  [/\+\s?\/\s?-|±/g, ' plus or minus ', '+;±'],
  [/\b(?:frday|firday)\b/gi, 'friday', 'frday;firday'],
  [/\bzero (?:dte|day(?:s to expiration)?)\b/gi, '0dte', 'zero'],
  [/\b(\d+(?:\.\d+)?)x(?= )/gi, '$1 times', 'x '],
  [/[≥]|>=|=>/g, ' at least ', '≥;>;='],
  [/[≤]|<=|=</g, ' at most ', '≤;<;='],
  [/([^\s\d])(?=[<>])|(?<=[<>])(?=\S)/g, '$1 ', '<;>'],
  [/(\d)\s*[-–]\s*(?=\d+(?:\.\d+)?\s*(?:strikes?|calls?|puts?)\b)/gi, '$1 to ', '-;–'],
  [/(?<=\d)(?:pct|%)/gi, ' percent', 'pct;%'],
  [/\b(\d{1,3}) days? out\b/gi, '$1dte', 'out'],
  [/(?<![\d.])\.(?=\d)/g, '0.', '.'],
];

export const REPLACED = SPELLINGS.map(([pattern, by, words]) => ({ pattern, by, words: words.split(';') }));

/** The question in words and signs that the lexer does not take apart. */
export function spellOut(question: string): string {
  const lower = question.toLowerCase();
  const spelled = REPLACED.reduce(
    (text, { pattern, by, words }) => (words.some((word) => lower.includes(word)) ? text.replace(pattern, by) : text),
    question,
  );
  const dated = HAS_DIGIT.test(spelled) ? spellGlued(spelled) : spelled;
  return /[a-z]/i.test(dated) ? spellNumbers(dated.replace(LOST_APOSTROPHE, "$1$2's")) : dated;
}

function spellGlued(text: string): string {
  return text
    .replace(GLUED_YEAR, '$1$3 20$2$4')
    .replace(
      GLUED_DATE,
      (_all, ...parts: (string | undefined)[]) => `${parts[0] ?? parts[2] ?? ''} ${parts[1] ?? parts[3] ?? ''}`,
    )
    .replace(/\b\d{1,3}(?:,\d{3})+\b/g, (number) => number.replaceAll(',', ''));
}

const HAS_DIGIT = /\d/;
const OF_NUMBERS = [...UNITS, ...TENS, ...Object.keys(SIZES), ...ORDINALS];

function spellNumbers(text: string): string {
  const lower = text.toLowerCase();
  if (!HAS_DIGIT.test(text) && !OF_NUMBERS.some((word) => lower.includes(word))) return text;
  return text
    .replace(/\b(one|two|three|four|five)(?= (?:percent|points?|cents|months?|years?)\b)/gi, (word) =>
      String(UNITS.indexOf(word.toLowerCase()) + 1),
    )
    .replace(ORDINAL_WORDS, (_all, tens: string | undefined, word: string) => {
      const number =
        (tens === undefined ? 0 : 10 * (TENS.indexOf(tens.toLowerCase()) + 2)) +
        ORDINALS.indexOf(word.toLowerCase()) +
        1;
      return `${String(number)}th`;
    })
    .replace(NUMBER_WORDS, (words) => String(numberIn(words)))
    .replace(
      /\b(last|past|latest) (\d+) (?:daily )?(candles|bars|closes|closing prices|closings|daily closes)\b/gi,
      '$1 $2 trading days $3',
    )
    .replace(/\b(?:average|avg) of (?:the |its )?(?:last |past )?(\d{1,3}) (?:trading )?days\b/gi, '$1 day average')
    .replace(/\b(last|past|latest) (\d+) weekly (candles|bars|closes)\b/gi, '$1 $2 weeks weekly $3');
}

function numberIn(words: string): number {
  let [total, own] = [0, 0];
  for (const word of words.toLowerCase().split(/[\s-]+/)) {
    const size = SIZES[word];
    if (word === 'a' || word === 'and') continue;
    if (size === undefined) own += UNITS.includes(word) ? UNITS.indexOf(word) + 1 : 10 * (TENS.indexOf(word) + 2);
    else if (size === 100) own = (own || 1) * 100;
    else {
      total += (own || 1) * size;
      own = 0;
    }
  }
  return total + own;
}

/** Long enough that another word is unlikely to be meant. */
const DAY_WORDS =
  'monday tuesday wednesday thursday friday january february april august september october november december yesterday tomorrow thanksgiving christmas quarter month week year performance'.split(
    ' ',
  );

/** The name of a day or period that a word is a slip of. */
function dayWordNear(word: string): string | undefined {
  if (word.length < 5 || /\d/.test(word) || DAY_WORDS.includes(word)) return undefined;
  const near = DAY_WORDS.filter((known) => {
    const distance = editDistance(word, known);
    return known.length >= 5 && (distance === 1 || (distance === 2 && known.length >= 7 && known[0] === word[0]));
  });
  return near.length === 1 ? near[0] : undefined;
}

/** A slip in the name of a day is mended before dates are looked for. */
export function withoutSlip(word: Word, reader: Known): Word {
  const meant = word.isUpperCase || isKnownWord(word, reader) ? undefined : dayWordNear(word.text);
  return meant === undefined ? word : { ...word, text: meant };
}

/** A slip in the name of a company is mended before names are looked for, where no other word can be meant. */
export function withNames(words: readonly Word[], reader: Known): Word[] {
  const texts = words.map((word) => word.text);
  return words.map((word, at) => {
    if (word.text.length < 4 || /\d/.test(word.text) || isKnownWord(word, reader)) return word;
    const isName = (reader.names.matchName(words, at) ?? pluralAt(words, reader.names, at)) !== undefined;
    const slip = isName ? undefined : reader.names.slipOf(texts, at);
    if (slip === undefined) return word;
    if (slip.words.length === 1 && reader.vocabulary.correct(word.text, editDistance) !== undefined) return word;
    const { company, words: named, place } = slip;
    const meant = `${company.name} (${company.symbol})`;
    return { ...word, text: named[place] ?? word.text, startsUpperCase: true, isUpperCase: false, meant };
  });
}

export const LINK = /^(?:vs|versus|or|and|,|than|n)$/;

/** `walmart vs target`: beside another company a name that is a word too. */
export function isComparedName(words: readonly Word[], at: number, names: Names): boolean {
  const [word] = words.slice(at, at + 1);
  const capital = word === undefined || word.startsUpperCase ? [] : [{ ...word, startsUpperCase: true }];
  if (capital.length === 0 || names.matchName(words, at) !== undefined) return false;
  if (names.matchName(capital, 0)?.kind !== 'company') return false;
  return [-1, 1].some(
    (step) =>
      LINK.test(words[at + step]?.text ?? '') &&
      (names.matchName(words, at + 2 * step)?.kind === 'company' || isListedWord(names, words[at + 2 * step]?.text)),
  );
}

function isKnownWord(word: Word, { names, vocabulary }: Known): boolean {
  return (
    word.isMark ||
    word.isExplicitSymbol ||
    vocabulary.isWord(word.text) ||
    names.isEnglishWord(word.text) ||
    names.isCommonWord(word.text) ||
    isEverydayWord(word.text) ||
    names.listed(word.text.toUpperCase()) !== undefined
  );
}

/** `Home Depots`, `googles`: a possessive without its apostrophe. */
export function pluralAt(words: readonly Word[], names: Names, at: number): ReturnType<Names['matchName']> {
  for (let length = Math.min(3, words.length - at); length > 0; length -= 1) {
    const last = words[at + length - 1];
    if (last === undefined || last.text.length < 4 || !last.text.endsWith('s') || names.isEnglishWord(last.text))
      continue;
    const bare = { ...last, text: last.text.slice(0, -1) };
    if (names.isEnglishWord(bare.text) || names.isCommonWord(bare.text)) continue;
    const match = bare.text.length < 4 ? undefined : names.matchName([...words.slice(at, at + length - 1), bare], 0);
    if (match?.length === length) return match;
    const listed = length === 1 && last.text.length < 7 ? names.listed(bare.text.toUpperCase()) : undefined;
    if (listed !== undefined && names.listed(last.text.toUpperCase()) === undefined)
      return { kind: 'company', company: listed, length };
  }
  return undefined;
}

export function isListedWord(names: Names, text = ''): boolean {
  return text.length > 1 && names.listed(text.toUpperCase()) !== undefined;
}

const AMOUNT = /^(\d+(?:\.\d+)?)(k|m|mm|mil|b|bn)?$/;
const AMOUNT_SIZES: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  mm: 1e6,
  mil: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
  thousand: 1e3,
  grand: 1e3,
};

const MONEY = /^(?:cents?|dollars?|bucks?|usd)$/;
/** These are nothing but the unit of the number before them. */
const ONLY_UNIT = /^(?:cents?|dollar|buck)$/;

/** A number with its size and unit. */
export function numberAt(
  words: readonly Word[],
  at: number,
): (Thing & { is: 'number' | 'times'; length: number }) | undefined {
  const [text = '', next = ''] = words.slice(at, at + 2).map((word) => word.text);
  const [, digits, letters = ''] = AMOUNT.exec(text) ?? [];
  const number = digits !== undefined ? Number(digits) : /^an?$/.test(text) ? 1 : countOf(text);
  if (number === undefined) return undefined;
  // "1.5 times its average" is no bound by itself.
  if (next === 'times' && digits !== undefined) return { is: 'times', value: number, length: 2 };
  const sized = letters === '' && next.length > 2 ? AMOUNT_SIZES[next] : undefined;
  const size = sized ?? AMOUNT_SIZES[letters] ?? 1;
  const isPercent = next === 'percent' || next === 'percentage';
  const isMoney = words[at]?.isExplicitSymbol === true || MONEY.test(next);
  return {
    is: 'number',
    value: number * (next.startsWith('cent') ? size / 100 : size),
    isPercent,
    length: sized !== undefined || isPercent || ONLY_UNIT.test(next) ? 2 : 1,
    ...(isMoney ? { isMoney } : {}),
  };
}

/** A question all in capitals is read as if it were in small letters, unless it holds nothing but symbols. */
export function withoutShouting(words: Word[], { names, vocabulary }: Known, capitals: RegExp): Word[] {
  if (!words.every((word) => word.isMark || word.isUpperCase || !/\p{L}/u.test(word.raw))) return words;
  const texts = words.map((word) => word.text);
  const hasPhrase = words.some((word, at) => {
    const meaning = vocabulary.match(texts, at)?.meaning;
    const isWord = meaning !== undefined && meaning.is !== 'joiner' && !capitals.test(word.raw);
    return isWord && names.listed(word.raw) === undefined;
  });
  return hasPhrase ? words.map((word) => (word.isExplicitSymbol ? word : { ...word, isUpperCase: false })) : words;
}
