// Contracts and chains: which contracts are meant, what keeps and ranks them, and which figures of them are told.
import { present } from '../../domain/present.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { FROM_SPOT, asksContracts, isFigureOfContract, settleContract } from './contracts.ts';
import { conditionOf, resolved } from './draft.ts';
import {
  MOST_RANKED,
  type Condition,
  type Query,
  type Refusal,
  type Slots,
  names,
  notUnderstood,
  queryOf,
  unclear,
  bare,
  wordsIn,
} from './query.ts';
import type { Order } from '../words/tokens.ts';

/** Contracts and chains, with the figures of contracts that were named; those leave what is left for figures. */
export function settleOptions(rest: Slots, forms: ReadonlySet<string>, hasForm: boolean): Query[] | Refusal {
  const { side, strike, strikes } = rest;
  const named = rest.fields.filter(isFigureOfContract);
  const needsChain = named.some(
    (name) =>
      name !== 'ivRank' &&
      wordsIn(bare(name)).some((each) => each !== 'abs' && findField(resolved(each)) === undefined),
  );
  const isChain = forms.has('chain') || names(rest, 'strikes', 'delta', 'money') || needsChain;
  if (strike.length === 0 && !isChain && (side === undefined || hasForm)) return [];
  const figures = named.flatMap((name) =>
    name === 'last' && asksContracts(rest) ? ['bid', 'ask', 'mid', 'last'] : [name],
  );
  const own: Slots = { ...rest, fields: [...new Set(figures)] };
  rest.strike = [];
  delete rest.side;
  delete rest.strikes;
  delete rest.delta;
  delete rest.money;
  rest.fields = rest.fields.filter((name) => !named.includes(name));
  // "the atm iv": the figure says it, of the question as well.
  if (strike.join() === 'atm' && named.join() === 'iv' && side === undefined && strikes === undefined) {
    rest.fields.push('atmIv');
    strike.splice(0);
    return [];
  }
  const foreign = rest.fields.find((name) => findField(name)?.of !== 'expiration');
  if (foreign !== undefined && !['last', 'ohlc'].includes(foreign))
    return notUnderstood(`${labelOf(foreign)} together with options`);
  return asksContracts(own) ? settleContract(rest, own) : settleChain(rest, own);
}

/** A chain for each date, of which conditions keep contracts and a ranking decides the order. */
function settleChain(rest: Slots, own: Slots): Query[] | Refusal {
  if (typeof own.delta === 'number' && own.asksSize === 'distance') {
    own.fields.unshift('strike', FROM_SPOT);
    delete own.money;
  }
  const refused = refuseChain(rest, own);
  if (refused !== undefined) return refused;
  const ranked = rankOfContracts(rest, own);
  if (ranked !== undefined && 'refused' in ranked) return ranked;
  const conditions = rest.conditions.map((each) => ofContracts(each, own.side));
  if (conditions.includes(undefined)) return notUnderstood('a condition that is none of contracts');
  const { rank: _rank, aggregate: _aggregate, limit, expiration, ...plain } = own;
  rest.conditions = [];
  delete rest.rank;
  delete rest.aggregate;
  delete rest.limit;
  // What is chosen as the nearest to a figure shows the figure.
  const [, nearest] = /^abs\((\w+) - /.exec(ranked?.by ?? '') ?? [];
  const shown =
    ranked === undefined || own.fields.includes(ranked.by)
      ? own.fields
      : [...new Set([...(nearest === undefined ? [ranked.by] : ['bid', 'ask', 'mid', nearest]), ...own.fields])];
  const most = limit ?? (ranked === undefined ? undefined : nearest === undefined ? MOST_RANKED : NEAREST_RANKED);
  // "top 5 calls and top 5 puts": a table of either.
  const sides = own.isOfEach === true && own.side === 'both' ? (['call', 'put'] as const) : [own.side];
  const tables = (expiration?.split(', ') ?? [undefined]).flatMap((date) => sides.map((side) => ({ date, side })));
  return tables.map(({ date, side }) =>
    queryOf(
      'chain',
      {
        ...plain,
        fields: shown.filter((name) => isFigureOfContract(name) || findField(name, 'contract') !== undefined),
        conditions: conditions.flatMap((each) => each ?? []),
        ...present({ side, expiration: date, rank: ranked, limit: most }),
      },
      ranked === undefined ? [] : [ranked.by],
    ),
  );
}
/** What no chain tells, and a bound that could be of a price or of a strike. */
function refuseChain(rest: Slots, { away, strikes, money, quantity }: Slots): Refusal | undefined {
  if (names(rest, 'base', 'isCount', 'move')) return notUnderstood('a distance, count or change of contracts');
  if (away !== undefined) return notUnderstood(`${String(away)} percent from the spot together with a choice`);
  // "the call 2 strikes otm" is one contract.
  if (typeof strikes === 'number' && money !== undefined) return notUnderstood(`${String(strikes)} strikes ${money}`);
  if (quantity !== undefined) return notUnderstood('a number of contracts without a strike');
  const bound = rest.conditions.find(
    ({ left, right, operator, isMoney }) =>
      left === 'last' && isMoney === true && operator?.startsWith('<') === true && Number(right) > MOST_PREMIUM,
  )?.right;
  if (bound === undefined) return undefined;
  return unclear(
    `$${bound} could bound the price of the option or its strike`,
    `write "strikes under ${bound}" or "mid under ${bound}"`,
  );
}

/** Of the nearest to a figure: one on either side, and it. */
const NEAREST_RANKED = 3;
/** What of a contract is its price, where nothing more is said. */
const PRICE_OF_CONTRACT = 'mid';
const TO_THE_MONEY = 'abs(strike - spot)';

/** `highest openInterest`: by what was ranked, or by the figure that was named. */
function rankOfContracts(
  rest: Slots & { rank?: { order: Order; by?: string } },
  { fields, delta }: Slots,
): { order: Order; by: string } | Refusal | undefined {
  const { aggregate } = rest;
  const rank =
    rest.rank ?? (rest.limit === undefined || fields.length === 0 ? undefined : { order: 'highest' as const });
  if (aggregate === 'average' || aggregate === 'total' || aggregate === 'median')
    return notUnderstood('an average or sum over contracts');
  if (rank === undefined && aggregate === undefined) return undefined;
  // "the strike closest to 30 delta" is chosen by the delta already.
  if (rank?.by === 'distance' && typeof delta === 'number') return undefined;
  const [order, named] = [rank?.order ?? aggregate ?? 'highest', rank?.by];
  const [first] = fields.filter((name) => name !== 'strike');
  const by = named === 'distance' ? undefined : named === 'money' ? TO_THE_MONEY : (named ?? first);
  if (by === undefined) return notUnderstood('a ranking of contracts by nothing that was named');
  return { order, by: by === 'last' ? PRICE_OF_CONTRACT : by };
}

/** Up to here a bare bound is one of the premium: `calls under 1`, `puts above 600`. */
const MOST_PREMIUM = 20;

/** A condition of each contract; undefined where it names a figure that contracts do not differ in. */
function ofContracts(
  { left = '', operator = '', right = '', isOpen, isMoney }: Condition,
  side: Slots['side'],
): Condition | undefined {
  // "just above the price": of the stock, which the strike is compared with.
  if (left === 'last' && right === 'last') return conditionOf('strike', operator, 'spot');
  const isStrike = left === 'last' && isOpen === true && Number(right) > MOST_PREMIUM;
  if (isStrike && (isMoney !== true || operator.startsWith('>'))) return conditionOf('strike', operator, right);
  // "trading over 2x oi": contracts, not a price.
  const traded = /openInterest/.test(right) ? 'volume' : PRICE_OF_CONTRACT;
  // Puts have deltas below 0.
  const delta = side === 'call' ? 'delta' : 'abs(delta)';
  const [a, b] = [left, right].map((each) => each.replace(/\blast\b/g, traded).replace(/^delta$/, delta));
  const names = wordsIn(`${a ?? ''} ${b ?? ''}`);
  const isOwn = names.length > 0 && names.every((name) => findField(name, 'contract')?.of !== 'symbol');
  return isOwn
    ? { expression: `${a ?? ''} ${operator} ${b ?? ''}`, left: a ?? '', operator, right: b ?? '' }
    : undefined;
}
