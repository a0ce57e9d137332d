// A chain of 400 contracts: from the provider's bytes to domain values, and from an answer to lines of a screen.
import { createExchange } from '../../src/sample/exchange.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { createTradierWire } from '../../src/providers/tradier-wire.ts';
import { renderAnswer } from '../../src/render/answer.ts';
import { createTheme } from '../../src/render/theme.ts';
import type { Answer } from '../../src/domain/answers.ts';
import { median } from './interleave.ts';

export interface ChainReport {
  contracts: number;
  bytes: number;
  /** JSON text to domain values, milliseconds; JSON.parse alone beside it. */
  parseMs: number;
  jsonParseMs: number;
  /** Lines of the table from the answer. */
  renderMs: number;
  lines: number;
  /** The very first of each in the process. */
  firstParseMs: number;
  firstRenderMs: number;
}

const NOW = Date.parse('2026-11-21T12:00:00-05:00');
const CONTRACTS = 400;

export function measureChain(rounds: number): ChainReport {
  const { text, expiration } = fetchChainText();
  const wire = createTradierWire();
  const source = { provider: 'tradier', label: 'Tradier', endpoint: 'options/chains', secret: '' } as const;
  const parse = () => {
    const { rows } = wire.parseContracts(JSON.parse(text), 'SPY', Date.now(), source);
    return wire.toChain(rows, { underlying: 'SPY', expiration }, source);
  };
  const [firstParseMs, { chain }] = time(parse);
  const contracts = chain.contracts.map((contract) => ({ ...contract }));
  const answer = {
    kind: 'chain',
    data: {
      underlying: 'SPY',
      spot: contracts[contracts.length >> 1]?.strike ?? 0,
      expiration,
      dte: 7,
      contracts,
      analytics: { callWalls: [], putWalls: [] },
    },
    errors: [],
    meta: { provider: 'tradier', sample: true, providerCalls: 0, elapsedMs: 0 },
    notes: [],
  } as unknown as Answer;
  const render = () => renderAnswer(answer, { width: 100, theme: createTheme({ colour: false }) });
  const [firstRenderMs, lines] = time(render);
  return {
    contracts: contracts.length,
    bytes: text.length,
    parseMs: median(repeat(rounds, parse)),
    jsonParseMs: median(repeat(rounds, () => JSON.parse(text) as unknown)),
    renderMs: median(repeat(rounds, render)),
    lines: lines.length,
    firstParseMs,
    firstRenderMs,
  };
}

/** The wire's text with as many contracts as are wanted: those of one expiration, repeated at further strikes. */
function fetchChainText(): { text: string; expiration: string } {
  const clock = { now: () => NOW, machineNow: () => NOW };
  const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
  const ask = (path: string): unknown =>
    JSON.parse(exchange.handle({ method: 'GET', path, headers: {}, body: '' }).body);
  const dates = ask('/v1/markets/options/expirations?symbol=SPY') as { expirations: { date: string[] } };
  const expiration = dates.expirations.date.at(-1) ?? '';
  const chain = ask(`/v1/markets/options/chains?symbol=SPY&expiration=${expiration}&greeks=true`) as {
    options: { option: { symbol: string; strike: number }[] };
  };
  const { option } = chain.options;
  const most = Math.max(...option.map(({ strike }) => strike));
  const all = Array.from({ length: CONTRACTS }, (_, index) =>
    shift(option[index % option.length], most * Math.floor(index / option.length)),
  );
  return { text: JSON.stringify({ options: { option: all } }), expiration };
}

function shift<T extends { symbol: string; strike: number }>(contract: T | undefined, by: number): T {
  if (contract === undefined) throw new Error('the sample market has no chain');
  const strike = contract.strike + by;
  return {
    ...contract,
    strike,
    symbol: `${contract.symbol.slice(0, -8)}${String(Math.round(strike * 1000)).padStart(8, '0')}`,
  };
}

function time<T>(work: () => T): [ms: number, result: T] {
  const started = performance.now();
  const result = work();
  return [performance.now() - started, result];
}

function repeat(rounds: number, work: () => unknown): number[] {
  return Array.from({ length: rounds }, () => time(work)[0]);
}
