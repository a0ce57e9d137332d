// Hides which company a word means: symbols and names of the table, what is ambiguous, what is one slip away from something
// known, and whom the name of a group stands for. It never guesses: what is not certain is a question back.
import type { TickerSymbol } from '../../domain/types.ts';
import type { Word } from './lexer.ts';
import { entriesOf, hasLonger, valueIn } from './lines.ts';
import { COMPANIES, COMPANY_NAMES, FAMOUS_SYMBOLS, KNOWN_SYMBOLS } from './names-index.ts';
import { COMMON_WORDS } from './names-table.ts';
import type { Company, Token } from './tokens.ts';

/** Words that are never a symbol in lower case, and in capitals only where the table lists them; looked for in the text. */
const ENGLISH_WORDS =
  ' a act add ai air all am an and any app apps are ares arm as ask at aur aware away back bad bag ball ban bar be bed been best bet bid big bill bit ' +
  'bold bond book bro build but buy by call can cap car care carr case cash cat cent coin come coo cool core cost cup cut dash data date day days de deal did dig do ' +
  'doc done door dot dow down each eat edge else end ever eye fair fall fan far fast fat feel few fi fig file fill fin find fine fit five fix flat flow fly ' +
  'fold for fox free from fun fund gain gap gen get give go gold good grab green grow gun had has have he help her here hi high him his hit hold home hon hood hope ' +
  'hot how hum hut i ice idea if in into iron is it its jets jobs join just keep key keys kim kind know lac land last late law lead leap lee left let li life like lin line ' +
  'list lit live load loan long look loss lot love low luck luv made main make man many map mar mas mass max may me mean meet met min mine mind miss mo mod moon more mos most move much must my ' +
  'name near need net never new news next nice no node not note now nu of off oil ok old on once one only open or our out over own page paid pair part past path pay peak ' +
  'peg per pick plan play plug plus poll pool post pro pros pull pump push put puts rate real red rent rest rich ride right ring riot rise risk road roll room root ' +
  'rule run safe sale same save say sea see seed self sell send serv set ship shop short show side sign silver site size sky slow snap snow so solo some son soon sort spot star stay ' +
  'stem step stop such sum sun sure swap tags take talk tan tap tape task tax team tech tel tell test than that the them then there they thin this time tip to today too ' +
  'took top tool tour town trade tree trend trip true try turn two type up upon us use used vale very via vs wait walk wall want war was wash wat wave way we week well were what when who why ' +
  'wide will win wire wise wish with wolf wood word work world would year yes yet you young your yum zero zone eps ipo ceo etf pe ' +
  'cls hod lod atr beta otm itm ppl dip rip teh ath atl eod ben cop ed toast el se shy hack es boil ew reg ph deck ira roth hsa ' +
  'owl halo jazz rs aa flex sail frog pd box four rely cars zip slab onto form poet comm unit pl hear hive ford ' +
  'dave ml ally docs dna edit beam nova te hes ar pr vet imo et rig val ne arch fro nat ag mag b au ego sa ng sand ' +
  'dc dust rio lar vss mint yang epi fez dem ive calf sly moat moo nail rem mort shld hero bug chat arty ufo buzz ' +
  'toke mags grid aces dog drip dug cure corn cane till jo mud weed tail sark cm db ing san pony eh dada ax ago ' +
  'morn bam coop stag fr cold cube mac joe bros wing cake din jack wen loco chef gps fl boot cal shoo golf hog mat ' +
  'woof bark posh lad dorm dan race seat stub six seas h lion rum eric calm dole elf odd coke sam bud bah ha yell ' +
  'al tex hy rog ce hun ash ale ava ora por che bio pen alt dawn fate rare sage vera drug blue sap tv ad band cart ' +
  'bull par bmo rr td res sd hr om dk sm ui pk fn ic ';

export type NameMatch =
  { kind: 'company'; company: Company; length: number } | { kind: 'ambiguous'; candidates: Company[]; length: number };

export interface Names {
  /** The company of a listed symbol in canonical form. */
  listed(symbol: string): Company | undefined;
  /** The longest company name that starts at a word, or undefined. */
  matchName(words: readonly Word[], start: number): NameMatch | undefined;
  /**
   * Listed companies whose symbol or one-word name is one slip away from the text, the best known first. `isSymbol`: it is
   * written as a symbol, and few symbols are far from every other, so only the likeliest slips count.
   */
  nearMisses(text: string, isSymbol: boolean): Company[];
  /**
   * The one company whose name a word is a slip of, with the words of its name and which of them is meant: a long word by
   * itself, a short one beside the rest of the name. Undefined where it could be another company.
   */
  slipOf(texts: readonly string[], at: number): { company: Company; words: string[]; place: number } | undefined;
  isEnglishWord(text: string): boolean;
  /** A word of everyday or trading English that is one slip away from a symbol or name, and never meant as one. */
  isCommonWord(text: string): boolean;
}

const MOST_WORDS_IN_A_NAME = 9;
/** Shorter words are one letter away from too much. */
const SHORTEST_SLIP = 2;
const SHORTEST_NAME = 4;
/** A shorter word is asked back. */
const SHORTEST_SLIP_OF_NAME = 6;
/** Two of its letters swapped are seen in a shorter one too. */
const SHORTEST_SWAP_OF_NAME = 5;

/** Nothing is built: of all names a question has a few. */
export function createNames(): Names {
  const companyOf = (symbol: TickerSymbol): Company => ({ symbol, name: valueIn(COMPANIES, symbol) ?? symbol });

  return {
    listed(symbol) {
      const name = valueIn(COMPANIES, symbol);
      return name === undefined ? undefined : { symbol, name };
    },
    isEnglishWord: (text) => ENGLISH_WORDS.includes(` ${text} `),
    isCommonWord: (text) => COMMON_WORDS.includes(` ${text} `),

    matchName(words, start) {
      const most = hasLonger(COMPANY_NAMES, words[start]?.text ?? '') ? MOST_WORDS_IN_A_NAME : 1;
      for (let length = Math.min(most, words.length - start); length > 0; length--) {
        const part = words.slice(start, start + length);
        if (part.some((word) => word.isMark || word.isExplicitSymbol)) continue;
        const key = part.map((word) => word.text).join(' ');
        const entry = valueIn(COMPANY_NAMES, key);
        if (entry === undefined) continue;
        if (entry.startsWith('^') && part[0]?.startsUpperCase !== true) continue;
        const candidates = symbolsIn(entry).map(companyOf);
        const [company] = candidates;
        if (company !== undefined && candidates.length === 1 && !entry.startsWith('?'))
          return { kind: 'company', company, length };
        return { kind: 'ambiguous', candidates, length };
      }
      return undefined;
    },

    nearMisses(text, isSymbol) {
      const wanted = text.toLowerCase();
      const found = new Set<TickerSymbol>();
      if (wanted.length < SHORTEST_SLIP) return [];
      const famous = new Set(FAMOUS_SYMBOLS.split(' '));
      for (const symbol of [...famous, ...KNOWN_SYMBOLS.split(' ')]) {
        const known = symbol.toLowerCase();
        if (isSymbol ? isLikelySymbolSlip(wanted, known, famous.has(symbol)) : isSymbolSlip(wanted, known))
          found.add(symbol);
      }
      for (const [name, entry] of entriesOf(COMPANY_NAMES)) {
        if (name.length >= SHORTEST_NAME && !name.includes(' ') && isNameSlip(wanted, name))
          symbolsIn(entry).forEach((symbol) => found.add(symbol));
      }
      return [...found].sort((left, right) => Number(famous.has(right)) - Number(famous.has(left))).map(companyOf);
    },

    slipOf(texts, at) {
      const typed = texts[at] ?? '';
      const [before, next] = [texts[at - 1] ?? '', texts[at + 1] ?? ''];
      const found = new Map<string, { words: string[]; place: number }>();
      for (const [name, entry] of entriesOf(COMPANY_NAMES)) {
        const isSeveral = name.includes(' ');
        if (entry.startsWith('^')) continue;
        if (isSeveral ? !name.includes(before || next) && !name.includes(next || before) : !isLongSlip(typed, name))
          continue;
        const words = name.split(' ');
        const place = words.findIndex(
          (word, index) =>
            (!isSeveral || isSlipBeside(typed, word)) &&
            words.every((each, other) => other === index || each === texts[at - index + other]),
        );
        if (place < 0) continue;
        for (const symbol of symbolsIn(entry)) if (!found.has(symbol) || isSeveral) found.set(symbol, { words, place });
      }
      const longest = Math.max(...[...found.values()].map(({ words }) => words.length));
      const [[symbol, match] = [], ...others] = [...found].filter(([, { words }]) => words.length === longest);
      return symbol === undefined || match === undefined || others.length > 0
        ? undefined
        : { company: companyOf(symbol), ...match };
    },
  };
}

/** A letter too many or missing, two swapped, or other vowels; in a very long name any slip. */
function isLongSlip(typed: string, name: string): boolean {
  if (typed === name || typed[0] !== name[0] || !isNameSlip(typed, name)) return false;
  if (typed.length < SHORTEST_SLIP_OF_NAME) return typed.length >= SHORTEST_SWAP_OF_NAME && isSwap(typed, name);
  const isOfVowels = consonantsOf(typed) === consonantsOf(name);
  return isOfVowels || isSwap(typed, name) || name.length > 9 || isOneMore(typed, name) || isOneMore(name, typed);
}

const consonantsOf = (text: string): string => text.replaceAll(/[aeiouy]/g, '').replaceAll(/(.)\1/g, '$1');

function isOneMore(longer: string, shorter: string): boolean {
  return longer.length === shorter.length + 1 && editDistance(longer, shorter) === 1;
}

/** Beside the rest of a name two slips are one word. */
function isSlipBeside(typed: string, word: string): boolean {
  return (
    typed !== word &&
    typed.length >= SHORTEST_NAME &&
    typed[0] === word[0] &&
    word.length >= SHORTEST_NAME &&
    editDistance(typed, word) <= 2
  );
}

function symbolsIn(entry: string): TickerSymbol[] {
  return entry.replace(/^[?^]/, '').split(' ');
}

/** One letter changed, missing, too many, or swapped with its neighbor. */
function isSymbolSlip(typed: string, symbol: string): boolean {
  if (symbol.length < 3 || symbol.includes('.')) return false;
  return isSwap(typed, symbol) || editDistance(typed, symbol) === 1;
}

/** Of what is written as a symbol: another letter is a slip only beside a very well-known one. */
function isLikelySymbolSlip(typed: string, symbol: string, isFamous: boolean): boolean {
  if (symbol.length < 3 || symbol.includes('.')) return false;
  if (isSwap(typed, symbol) || isDoubling(typed, symbol)) return true;
  return isFamous && symbol.length >= 4 && editDistance(typed, symbol) === 1;
}

/** One slip anywhere, or two in a long name; hardly anyone mistypes the first letter and another one. */
function isNameSlip(typed: string, name: string): boolean {
  const distance = editDistance(typed, name);
  return distance === 1 || isSwap(typed, name) || (distance === 2 && name.length >= 7 && typed[0] === name[0]);
}

function isSwap(typed: string, known: string): boolean {
  if (typed.length !== known.length) return false;
  let at = 0;
  while (at < typed.length && typed[at] === known[at]) at += 1;
  return (
    at < typed.length - 1 &&
    typed[at] === known[at + 1] &&
    typed[at + 1] === known[at] &&
    typed.slice(at + 2) === known.slice(at + 2)
  );
}

function isDoubling(typed: string, known: string): boolean {
  if (typed.length !== known.length + 1) return false;
  for (let at = 0; at < known.length; at++) {
    if (known.slice(0, at + 1) + known.slice(at) === typed) return true;
  }
  return false;
}

/** Levenshtein distance, 3 for everything above 2. */
export function editDistance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return 3;
  let previous = Array.from({ length: right.length + 1 }, (_value, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      current.push(
        Math.min(
          (previous[column] ?? 3) + 1,
          (current[column - 1] ?? 3) + 1,
          (previous[column - 1] ?? 3) + (isSame ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return Math.min(previous[right.length] ?? 3, 3);
}

/** `the Russell 2000 fund`: what follows an index, which has another price. */
const FUNDS: Readonly<Record<string, TickerSymbol>> = { SPX: 'SPY', NDX: 'QQQ', RUT: 'IWM', DJI: 'DIA' };

const IS_FUND = /^(?:fund|etf)s?$/i;
const IS_MEMBERS = /^(?:stocks|names|components|members|constituents|companies)$/i;
/** What several are called that are named themselves. */
const INDUSTRY =
  /^(?:uranium|nuclear|cyber|cybersecurity|quantum|solar|lithium|copper|steel|coal|space|drones?|defen[cs]e|aerospace|crypto|airlines?|cruises?|memory|storage|software|saas|cloud|fintech|shipping|tankers?|ev|evs|autos?|automakers?|homebuilders?|builders|retailers?|restaurants?|telecoms?|telcos?|insurers?|pharmas?|biotechs?|railroads?|rails|casinos?|gaming|cannabis|weed|pot|rare|earths?|hyperscalers?|megacaps?|ai|nukes?|brokers?|lenders|media|streaming|streamers|apparel|hydrogen|batter(?:y|ies)|robotics|photonics|optical|networking|payments)$/i;
const INDEXES: ReadonlySet<TickerSymbol> = new Set(['SPX', 'NDX', 'RUT', 'DJI', 'DIA', 'SPY', 'QQQ', 'IWM']);

/** A group by one name as its symbols; the name of a sector beside symbols of its own only describes them. */
export function membersOf(token: Token, index: number, tokens: readonly Token[]): Token[] {
  const { text } = token;
  const named = tokens[index + 1]?.text ?? '';
  // "which Dow stocks are up": its members are not known.
  if (token.is === 'symbol' && INDEXES.has(token.symbol) && !/^\$?[A-Z]+$/.test(text) && IS_MEMBERS.test(named))
    return [{ is: 'refuse', why: 'scan', text: `${text} ${named}` }];
  const fund = fundMeant(token, named, tokens);
  if (fund !== undefined) return [{ is: 'symbol', symbol: fund, isPossessive: false, text }];
  const others = tokens.filter((each) => each.is === 'symbol').length;
  const isIndustry = /^(?:unknown|doubt|refuse)$/.test(token.is) && INDUSTRY.test(text);
  const isNoun = token.is === 'group' && token.isSector && others === 1 && SEVERAL.test(named);
  const describes = others > 1 && (isIndustry || (token.is === 'group' && token.isSector));
  if (describes || isNoun) return [{ is: 'filler', text }];
  if (token.is !== 'group') return [token];
  return token.symbols.map((symbol) => ({ is: 'symbol', symbol, isPossessive: false, text }));
}

const SEVERAL = /^(?:stocks?|names?|companies|etfs?|funds?|:)$/i;

/** `is the Nasdaq fund up`, where "is the Nasdaq" asks for its hours; `did nvda beat the market`. */
function fundMeant(token: Token, named: string, tokens: readonly Token[]): TickerSymbol | undefined {
  const isFund = IS_FUND.test(named) || (/^one$/i.test(named) && tokens.some(({ text }) => IS_FUND.test(text)));
  const index = token.is === 'form' && /\bnasdaq$/i.test(token.text) ? 'NDX' : '';
  const fund = isFund ? FUNDS[token.is === 'symbol' ? token.symbol : index] : undefined;
  return fund ?? (isMarketAsFund(token, tokens) ? 'SPY' : undefined);
}

/** `did nvda beat the market`: beside a symbol that is compared with it, the fund of the whole. */
function isMarketAsFund(token: Token, tokens: readonly Token[]): boolean {
  const has = (...kinds: readonly Token['is'][]): boolean => tokens.some(({ is }) => kinds.includes(is));
  return (
    token.is === 'form' &&
    /^(?:(?:the|us|broad|broader|overall) )*(?:stock )?markets?$/i.test(token.text) &&
    ((has('symbol', 'group') && has('compare', 'relation', 'rank', 'than')) ||
      tokens.some(({ text }) => /\b(?:good|bad|great|rough|ugly|nice|strong|weak) (?:day|week|month)$/i.test(text))) &&
    !has('open', 'when') &&
    !tokens.some((each) => each.is === 'form' && each.form !== 'market' && each.form !== 'bars') &&
    !tokens.some(({ is, text }) => is === 'field' && /open|clos/i.test(text))
  );
}
