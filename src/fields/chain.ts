// The figures of an expiration and of a contract: expected move, walls, ratios; prices, greeks, what a contract is worth
// at its end. Those of an expiration are of all its contracts, whichever are shown.
import type { ChainData, ContractData } from '../domain/answers.ts';
import { midOf, spreadPercentOf, nearestStrike } from '../domain/chain-analytics.ts';
import { atmIvOf, forwardOf, ivAtStrike, naiveGammaExposure, skew25Of, yearsLeft } from '../domain/chain-volatility.ts';
import { sumOfKnown } from '../domain/present.ts';
import { type PriceOutlook, probabilityInTheMoney, probabilityOfTouch } from '../domain/probabilities.ts';
import type { EpochMs, IsoDate, Side } from '../domain/types.ts';
import type { Entry, Said, Unit } from './field.ts';
import { BOOK, difference, ratioOf } from './quote.ts';

const NEEDS = ['chain'] as const;

type Figure = number | IsoDate | undefined;

function ofExpiration({ read, ...said }: Said & { read(chain: ChainData, now: EpochMs): Figure }): Entry {
  return { of: 'expiration', needs: NEEDS, ...said, read: ({ chain, now }) => chain && read(chain, now) };
}

function ofContract({
  read,
  ...said
}: Said & { read(contract: ContractData, chain: ChainData, now: EpochMs): Figure }): Entry {
  return {
    of: 'contract',
    needs: NEEDS,
    ...said,
    read: ({ contract, chain, now }) => contract && chain && read(contract, chain, now),
  };
}

/** By the contract's own implied volatility; undefined without it or without time left. */
function outlookOf({ iv }: Pick<ContractData, 'iv'>, chain: ChainData, now: EpochMs): PriceOutlook | undefined {
  const years = yearsLeft(chain, now);
  if (iv === undefined || !(iv > 0) || !(years > 0)) return undefined;
  const { spot } = chain;
  return { spot, forward: forwardOf(chain, now)?.forward ?? spot, years, volatility: iv };
}

/** The same of any price, listed as a strike or not. */
export function outlookAt(chain: ChainData, level: number, now: EpochMs): PriceOutlook | undefined {
  const iv = ivAtStrike(chain, level);
  return iv === undefined ? undefined : outlookOf({ iv }, chain, now);
}

/** One standard deviation to the end, in dollars. */
function sigmaOf(chain: ChainData, now: EpochMs): number | undefined {
  const [iv, years] = [atmIvOf(chain, now), yearsLeft(chain, now)];
  return iv === undefined || !(years > 0) ? undefined : chain.spot * iv * Math.sqrt(years);
}

/** The move at which half of gamma times its square is what a day of theta takes: √(2·|θ|/Γ). */
function dailyBreakEven(contracts: readonly ContractData[]): number | undefined {
  const [theta, gamma] = [sumOfAll(contracts, 'theta'), sumOfAll(contracts, 'gamma')];
  return theta === undefined || gamma === undefined || !(gamma > 0)
    ? undefined
    : Math.sqrt((2 * Math.abs(theta)) / gamma);
}

function sumOfAll(contracts: readonly ContractData[], name: 'theta' | 'gamma'): number | undefined {
  return contracts.every((each) => each[name] !== undefined) ? sumOfKnown(contracts, (each) => each[name]) : undefined;
}

/** Both contracts at the strike nearest the spot. */
function straddleOf({ contracts, spot }: ChainData): ContractData[] {
  const nearest = nearestStrike(contracts, spot);
  return contracts.filter(({ strike }) => strike === nearest);
}

export const EXPIRATION_FIELDS: readonly Entry[] = [
  ofExpiration({
    name: 'expiration',
    label: 'Expiration',
    unit: 'date',
    words: ['expiration', 'expiry'],
    meaning: 'last day of the contracts',
    read: (chain) => chain.expiration,
  }),
  ofExpiration({
    name: 'dte',
    label: 'DTE',
    unit: 'days',
    words: ['dte', 'days to expiration', 'days left'],
    meaning: 'calendar days to the expiration',
    read: (chain) => chain.dte,
  }),
  ofExpiration({
    name: 'spot',
    label: 'Spot',
    unit: 'usd',
    words: ['spot', 'underlying price'],
    meaning: "the underlying's price at the time of the chain",
    read: (chain) => chain.spot,
  }),
  ofExpiration({
    name: 'expectedMove',
    label: 'Exp move ±',
    unit: 'usd',
    words: ['expected move', 'implied move', 'em'],
    meaning: 'price of the straddle at the strike nearest the spot, about 0.8 of one standard deviation',
    read: (chain) => chain.analytics.expectedMove?.amount,
  }),
  ofExpiration({
    name: 'expectedMovePercent',
    label: 'Exp move %',
    unit: 'percent',
    words: ['expected move percent', 'implied move percent'],
    meaning: 'expected move in percent of the spot',
    read: (chain) => chain.analytics.expectedMove?.percent,
  }),
  {
    name: 'expectedMoveUsed',
    label: 'Exp move used',
    unit: 'percent',
    of: 'expiration',
    needs: ['chain', 'quote'],
    words: ['expected move used'],
    meaning: 'change of the session, up or down, in percent of the expected move as it is priced now',
    read: ({ chain, quote }) => {
      const [move, expected] = [quote?.change, chain?.analytics.expectedMove?.amount];
      return move === undefined || expected === undefined ? undefined : shareOf(Math.abs(move), expected);
    },
  },
  ofExpiration({
    name: 'sigma',
    label: '1σ ±',
    unit: 'usd',
    words: ['one sigma', '1 sigma'],
    meaning: 'one standard deviation to the expiration: spot × ATM IV × √(days / 365)',
    read: sigmaOf,
  }),
  ...([-1, 1] as const).map((sign) =>
    ofExpiration({
      name: sign < 0 ? 'sigmaLow' : 'sigmaHigh',
      label: sign < 0 ? '−1σ' : '+1σ',
      unit: 'usd',
      words: [],
      meaning: `spot ${sign < 0 ? '−' : '+'} one standard deviation to the expiration`,
      read: (chain, now) => {
        const sigma = sigmaOf(chain, now);
        return sigma === undefined ? undefined : chain.spot + sign * sigma;
      },
    }),
  ),
  ofExpiration({
    name: 'dailyBreakEven',
    label: 'Daily b/e ±',
    unit: 'usd',
    words: ['daily break even move'],
    meaning:
      'move a day at which the gamma of the straddle at the strike nearest the spot earns its theta: √(2·|θ| / Γ)',
    read: (chain) => dailyBreakEven(straddleOf(chain)),
  }),
  ofExpiration({
    name: 'straddle',
    label: 'Straddle',
    unit: 'usd',
    words: ['straddle', 'straddle price', 'atm straddle'],
    meaning: 'price of a call and a put at the strike nearest the spot',
    read: (chain) => chain.analytics.expectedMove?.amount,
  }),
  ofExpiration({
    name: 'maxPain',
    label: 'Max pain',
    unit: 'usd',
    decimals: 'needed',
    words: ['max pain', 'maximum pain', 'maxpain'],
    meaning: 'strike at which all open contracts together are worth the least',
    read: (chain) => chain.analytics.maxPain,
  }),
  ofExpiration({
    name: 'callWall',
    label: 'Call wall',
    unit: 'usd',
    decimals: 'needed',
    words: ['call wall'],
    meaning: 'strike at or above the spot with the most open calls',
    read: (chain) => chain.analytics.callWalls[0]?.strike,
  }),
  ofExpiration({
    name: 'putWall',
    label: 'Put wall',
    unit: 'usd',
    decimals: 'needed',
    words: ['put wall'],
    meaning: 'strike at or below the spot with the most open puts',
    read: (chain) => chain.analytics.putWalls[0]?.strike,
  }),
  ofExpiration({
    name: 'putCallOpenInterest',
    label: 'P/C OI',
    unit: 'ratio',
    words: ['put call ratio by open interest', 'put/call open interest', 'put call ratio', 'put/call ratio', 'pcr'],
    meaning: 'open puts / open calls',
    read: (chain) => chain.analytics.putCallOpenInterest,
  }),
  ofExpiration({
    name: 'putCallVolume',
    label: 'P/C volume',
    unit: 'ratio',
    words: ['put call volume ratio', 'put/call volume', 'put call ratio by volume'],
    meaning: 'puts traded in the session / calls traded',
    read: (chain) => chain.analytics.putCallVolume,
  }),
  ofExpiration({
    name: 'forward',
    label: 'Forward',
    unit: 'usd',
    words: ['forward', 'forward price', 'implied forward'],
    meaning: 'price at the expiration implied by calls and puts (put-call parity)',
    read: (chain, now) => forwardOf(chain, now)?.forward,
  }),
  ofExpiration({
    name: 'atmIv',
    label: 'ATM IV',
    unit: 'fraction',
    words: ['atm iv', 'at the money iv', 'atm implied volatility', 'at-the-money volatility'],
    meaning: 'implied volatility at the strikes around the forward, calls and puts averaged, per year',
    read: atmIvOf,
  }),
  ofExpiration({
    name: 'skew25',
    label: 'Skew 25Δ P−C',
    unit: 'fraction',
    signed: true,
    words: ['skew', '25 delta skew', 'skew25'],
    meaning: 'implied volatility of the 25-delta put minus that of the 25-delta call',
    read: skew25Of,
  }),
  ofExpiration({
    name: 'optionVolume',
    label: 'Opt volume',
    unit: 'contracts',
    words: ['option volume', 'options volume'],
    meaning: 'contracts of the expiration traded in the session',
    read: ({ contracts }) => sumOfKnown(contracts, ({ volume }) => volume),
  }),
  ofExpiration({
    name: 'optionOpenInterest',
    label: 'Opt OI',
    unit: 'contracts',
    words: ['option open interest', 'total open interest'],
    meaning: 'open contracts of the expiration',
    read: ({ contracts }) => sumOfKnown(contracts, ({ openInterest }) => openInterest),
  }),
  ...(['call', 'put'] as const).flatMap((side) => [
    ofExpiration({
      name: `${side}Volume`,
      label: `${side === 'call' ? 'Call' : 'Put'} volume`,
      unit: 'contracts',
      words: [`total ${side} volume`],
      meaning: `${side}s of the expiration traded in the session`,
      read: ({ contracts }) => sumOfKnown(ofSide(contracts, side), ({ volume }) => volume),
    }),
    ofExpiration({
      name: `${side}OpenInterest`,
      label: `${side === 'call' ? 'Call' : 'Put'} OI`,
      unit: 'contracts',
      words: [`total ${side} open interest`, `total ${side} oi`],
      meaning: `open ${side}s of the expiration`,
      read: ({ contracts }) => sumOfKnown(ofSide(contracts, side), ({ openInterest }) => openInterest),
    }),
  ]),
  ofExpiration({
    name: 'gammaExposure',
    label: 'Naive GEX',
    unit: 'usd',
    words: ['gamma exposure', 'gex', 'naive gamma exposure', 'dealer gamma'],
    meaning:
      'naive gamma exposure, calls + puts −: dollars of delta per 1% move if dealers were long all calls and short all puts, which nobody can verify',
    read: naiveGammaExposure,
  }),
];

const ofSide = (contracts: readonly ContractData[], side: Side): ContractData[] =>
  contracts.filter((each) => each.side === side);

function intrinsicOf({ side, strike }: ContractData, { spot }: ChainData): number {
  return Math.max(0, side === 'call' ? spot - strike : strike - spot);
}

const shareOf = (part: number | undefined, whole: number): number | undefined => {
  const share = ratioOf(part, whole);
  return share === undefined ? undefined : share * 100;
};

const plain = (
  name: 'bid' | 'ask' | 'last' | 'volume' | 'openInterest' | 'iv' | 'delta' | 'gamma' | 'theta' | 'vega',
  label: string,
  unit: Unit,
  words: readonly string[],
  meaning: string,
  decimals?: number,
): Entry =>
  ofContract({
    name,
    label,
    unit,
    words,
    meaning,
    ...(decimals === undefined ? {} : { decimals }),
    read: (contract) => contract[name],
  });

export const CONTRACT_FIELDS: readonly Entry[] = [
  ofContract({
    name: 'strike',
    label: 'Strike',
    unit: 'usd',
    decimals: 'needed',
    words: ['strike', 'strike price'],
    meaning: 'strike price',
    read: (contract) => contract.strike,
  }),
  ofContract({ ...BOOK.bid, read: (contract) => contract.bid }),
  ofContract({ ...BOOK.ask, read: (contract) => contract.ask }),
  ofContract({
    name: 'mid',
    label: 'Mid',
    unit: 'usd',
    words: ['mid', 'midpoint', 'mark'],
    meaning: 'middle of bid and ask',
    read: midOf,
  }),
  plain('last', 'Last', 'usd', ['last', 'price', 'premium'], 'price of the last trade, however old'),
  ofContract({ ...BOOK.spread, read: (contract) => difference(contract.ask, contract.bid) }),
  ofContract({ ...BOOK.spreadPercent, read: spreadPercentOf }),
  plain('iv', 'IV', 'fraction', ['iv', 'implied volatility', 'implied vol'], 'implied volatility, per year'),
  plain('delta', 'Delta', 'ratio', ['delta'], 'price change per $1 move of the underlying', 3),
  plain('gamma', 'Gamma', 'ratio', ['gamma'], 'delta change per $1 move of the underlying', 4),
  plain('theta', 'Theta', 'ratio', ['theta', 'decay'], 'price change per day', 3),
  plain('vega', 'Vega', 'ratio', ['vega'], 'price change per point of volatility', 3),
  plain('openInterest', 'OI', 'contracts', ['open interest', 'oi'], 'open contracts, counted overnight'),
  plain('volume', 'Volume', 'contracts', ['volume', 'contracts traded'], 'contracts traded in the session'),
  ofContract({
    name: 'volumeToOpenInterest',
    label: 'Vol/OI',
    unit: 'ratio',
    words: ['volume to open interest', 'vol/oi', 'volume / open interest'],
    meaning: 'volume / open interest',
    read: (contract) => ratioOf(contract.volume, contract.openInterest),
  }),
  ofContract({
    name: 'intrinsic',
    label: 'Intrinsic',
    unit: 'usd',
    words: ['intrinsic', 'intrinsic value'],
    meaning: 'value if exercised at the spot',
    read: intrinsicOf,
  }),
  ofContract({
    name: 'extrinsic',
    label: 'Extrinsic',
    unit: 'usd',
    words: ['extrinsic', 'time value', 'extrinsic value'],
    meaning: 'mid minus intrinsic value',
    read: (contract, chain) => difference(midOf(contract), intrinsicOf(contract, chain)),
  }),
  ofContract({
    name: 'breakEven',
    label: 'Break-even',
    unit: 'usd',
    words: ['break even', 'breakeven', 'break-even'],
    meaning: 'price of the underlying at which a buyer who paid the mid breaks even at expiration',
    read: (contract) => {
      const mid = midOf(contract);
      if (mid === undefined) return undefined;
      return contract.side === 'call' ? contract.strike + mid : contract.strike - mid;
    },
  }),
  ofContract({
    name: 'premiumOfSpot',
    label: 'Premium % of spot',
    unit: 'percent',
    words: ['premium in percent of the spot'],
    meaning: 'mid in percent of the spot',
    read: (contract, { spot }) => shareOf(midOf(contract), spot),
  }),
  ofContract({
    name: 'premiumOfStrike',
    label: 'Premium % of strike',
    unit: 'percent',
    words: ['premium percent', 'premium yield', 'premium in percent of the strike'],
    meaning: 'mid in percent of the strike, the cash that secures a sold put',
    read: (contract) => shareOf(midOf(contract), contract.strike),
  }),
  ofContract({
    name: 'premiumYearly',
    label: 'Premium a year %',
    unit: 'percent',
    words: ['annualized premium', 'premium a year', 'annualized yield'],
    meaning: 'mid in percent of the strike of a put, of the spot for a call, × 365 / DTE',
    read: (contract, { spot, dte }) => {
      const share = shareOf(midOf(contract), contract.side === 'put' ? contract.strike : spot);
      return share === undefined || dte < 1 ? undefined : (share * 365) / dte;
    },
  }),
  ofContract({
    name: 'probabilityItm',
    label: 'P(ITM)',
    unit: 'fraction',
    words: ['probability itm', 'probability in the money', 'chance in the money', 'prob itm'],
    meaning: 'risk-neutral probability of ending in the money, from its own implied volatility',
    read: (contract, chain, now) => {
      const outlook = outlookOf(contract, chain, now);
      return outlook && probabilityInTheMoney(outlook, contract.side, contract.strike);
    },
  }),
  ofContract({
    name: 'probabilityOfTouch',
    label: 'P(touch)',
    unit: 'fraction',
    words: [
      'probability of touch',
      'probability of touching',
      'chance of touching',
      'prob of touch',
      'touch probability',
    ],
    meaning: 'risk-neutral probability that the underlying trades at the strike before expiration',
    read: (contract, chain, now) => {
      const outlook = outlookOf(contract, chain, now);
      return outlook && probabilityOfTouch(outlook, contract.strike);
    },
  }),
  ofContract({
    name: 'sigmas',
    label: 'σ from spot',
    unit: 'ratio',
    words: ['sigmas', 'standard deviations away'],
    meaning: 'distance of the strike from the spot in standard deviations to the expiration, by ATM IV',
    read: ({ strike }, chain, now) => ratioOf(strike - chain.spot, sigmaOf(chain, now)),
  }),
  ofContract({
    name: 'dailyBreakEven',
    label: 'Daily b/e ±',
    unit: 'usd',
    words: ['daily break even move'],
    meaning: 'move a day at which its gamma earns its theta: √(2·|θ| / Γ)',
    read: (contract) => dailyBreakEven([contract]),
  }),
  ofContract({
    name: 'dte',
    label: 'DTE',
    unit: 'days',
    words: ['dte', 'days to expiration'],
    meaning: 'calendar days to the expiration',
    read: (_contract, chain) => chain.dte,
  }),
  ofContract({
    name: 'expiration',
    label: 'Expiration',
    unit: 'date',
    words: ['expiration', 'expiry'],
    meaning: 'last day of the contract',
    read: (_contract, chain) => chain.expiration,
  }),
];
