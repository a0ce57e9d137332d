// The sample market as Tradier streams it: a session that is good for five minutes to connect with, then lines of what has
// changed, numbers as text in trades and as numbers in quotes. Any number of sessions; knows nothing of sockets.
import type { EpochMs } from '../domain/types.ts';
import { sessionAt } from '../domain/calendar.ts';
import { fromWireSymbol, toWireSymbol } from './tradier-replies.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';
import { jsonReply, textReply } from './wire.ts';

const SESSION_MS = 300_000;

/** Answers `/v1/markets/events/session` and `/v1/markets/events`. */
export function createTradierStream(): (request: WireRequest, method: string) => ExchangeReply {
  const openedMs = new Map<string, EpochMs>();
  return (request, method) => {
    const { clock, params, origin, segments } = request;
    if (segments[3] === 'session') {
      if (method !== 'POST') return textReply(405, 'Method not allowed');
      const id = `sample-session-${openedMs.size + 1}`;
      openedMs.set(id, clock.machineNow());
      return jsonReply(200, { stream: { url: `${origin}/v1/markets/events`, sessionid: id } });
    }
    const opened = openedMs.get(params.get('sessionid') ?? '');
    if (opened === undefined || clock.machineNow() - opened > SESSION_MS) return textReply(401, 'Session not found');
    const symbols = (params.get('symbols') ?? '').split(',').filter((symbol) => symbol !== '');
    const filter = new Set((params.get('filter') ?? 'quote,trade,tradex').split(','));
    const unknown = symbols.find((symbol) => request.market.quote(fromWireSymbol(symbol)) === undefined);
    const known = symbols.filter((symbol) => request.market.quote(fromWireSymbol(symbol)) !== undefined);
    if (known.length === 0) return jsonReply(200, { error: `${unknown ?? ''} is not a valid symbol` });
    const told = new Map<string, string>();
    return {
      ...jsonReply(200, {}),
      body: '',
      nextLines: () =>
        known
          .flatMap((symbol) => linesOf(symbol, request))
          .filter(({ type }) => filter.has(type))
          .map((row) => ({ name: `${row.type} ${row.symbol}`, text: JSON.stringify(row) }))
          .filter(({ name, text }) => {
            const isNew = told.get(name) !== text;
            told.set(name, text);
            return isNew;
          })
          .map(({ text }) => text),
    };
  };
}

interface StreamRow extends Record<string, unknown> {
  type: string;
  symbol: string;
}

function linesOf(wireSymbol: string, { market, clock }: WireRequest): StreamRow[] {
  const quote = market.quote(fromWireSymbol(wireSymbol));
  if (quote === undefined) return [];
  const { bid, ask, last, bidSize, askSize, lastVolume, bar, tradedAt, instrument } = quote;
  const symbol = toWireSymbol(instrument.symbol);
  const price = last.toFixed(4);
  const at = String(tradedAt);
  return [
    ...(bid === undefined
      ? []
      : [
          {
            type: 'quote',
            symbol,
            bid,
            bidsz: bidSize,
            bidexch: 'Q',
            biddate: at,
            ask,
            asksz: askSize,
            askexch: 'P',
            askdate: at,
          },
        ]),
    {
      type: sessionAt(clock.now()) === 'regular' ? 'trade' : 'tradex',
      symbol,
      exch: 'Q',
      price,
      size: String(lastVolume),
      cvol: String(bar?.volume ?? 0),
      date: at,
      last: price,
    },
  ];
}
