// The figures of a symbol's options that take more than one chain or more than today: the 30-day level and where it stands
// among those of earlier sessions, skew at 30 days, and what has become of a contract's open interest.
import { ivStanding } from '../domain/volatility-term.ts';
import { realisedVolatility } from '../domain/volatility.ts';
import type { Entry, Inputs } from './field.ts';

const HORIZON = 30;

const standingOf = ({ term, past }: Inputs): ReturnType<typeof ivStanding> | undefined =>
  term?.iv30 === undefined || past?.iv30 === undefined ? undefined : ivStanding(term.iv30, past.iv30);

export const VOLATILITY_FIELDS: readonly Entry[] = [
  {
    name: 'iv30',
    label: 'IV30',
    unit: 'fraction',
    of: 'symbol',
    needs: ['term'],
    words: ['iv30', '30 day iv', '30-day iv', '30 day implied volatility', '30-day implied volatility'],
    meaning:
      'implied volatility at 30 days, interpolated in total variance between the expirations around it, per year',
    read: ({ term }) => term?.iv30,
  },
  {
    name: 'ivRank',
    label: 'IV rank',
    unit: 'points',
    of: 'symbol',
    needs: ['term', 'volHistory'],
    words: ['iv rank', 'ivr', 'implied volatility rank', 'volatility rank'],
    meaning: 'where iv30 stands between the lowest (0) and the highest (100) of the saved sessions, at most 252',
    read: (inputs) => standingOf(inputs)?.rank,
  },
  {
    name: 'ivPercentile',
    label: 'IV percentile',
    head: 'IV %ile',
    unit: 'points',
    of: 'symbol',
    needs: ['term', 'volHistory'],
    words: ['iv percentile', 'ivp', 'implied volatility percentile', 'volatility percentile'],
    meaning: 'percent of the saved sessions, at most 252, with a lower iv30',
    read: (inputs) => standingOf(inputs)?.percentile,
  },
  {
    name: 'ivDays',
    label: 'IV days',
    unit: 'count',
    of: 'symbol',
    needs: ['term', 'volHistory'],
    words: ['iv days'],
    meaning: 'saved sessions that iv rank and percentile are based on',
    read: (inputs) => standingOf(inputs)?.days,
  },
  {
    name: 'ivMinusHv30',
    label: 'IV − HV 30',
    unit: 'fraction',
    signed: true,
    of: 'symbol',
    needs: ['term', 'series'],
    words: ['iv minus hv', 'iv - hv', 'iv hv spread', 'volatility premium', 'variance premium'],
    meaning: 'iv30 minus historical volatility of 30 sessions, per year',
    read: ({ term, bars = [] }) => {
      const closes = bars.slice(-HORIZON - 1).map(({ close }) => close);
      const hv = realisedVolatility(closes, HORIZON);
      return term?.iv30 === undefined || hv === undefined ? undefined : term.iv30 - hv;
    },
  },
  {
    name: 'skew25',
    label: 'Skew 25Δ P−C',
    unit: 'fraction',
    signed: true,
    of: 'symbol',
    needs: ['term'],
    words: ['skew', '25 delta skew', 'skew25'],
    meaning: 'implied volatility of the 25-delta put minus that of the 25-delta call, at 30 days',
    read: ({ term }) => term?.skew25,
  },
  {
    name: 'openInterestChange',
    label: 'OI change',
    unit: 'contracts',
    signed: true,
    of: 'contract',
    needs: ['chain', 'volHistory'],
    words: ['open interest change', 'oi change', 'change in open interest'],
    meaning: 'open contracts minus those of the last saved session before',
    read: ({ contract, past }) => {
      const before = contract && past?.openInterest?.get(contract.symbol);
      return before === undefined || contract?.openInterest === undefined ? undefined : contract.openInterest - before;
    },
  },
];
