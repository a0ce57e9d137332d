// The provider's data behind an answer as the market holds them: read without a request, so that checking costs nothing
// and sees what the tools saw.
import type { MarketData, MarketRequest } from '../market/market-data.ts';
import type { DataSource } from './evidence.ts';

/** @param request as the prompts are asked with; here nothing is fetched, whatever it says */
export function createHeldSource(market: MarketData, request: MarketRequest): DataSource {
  const held: MarketRequest = { ...request, offline: true, refresh: false };
  return {
    quote: async (symbol) => {
      const outcome = (await market.quotes([symbol], held)).get(symbol);
      return outcome?.ok === true ? outcome.value : undefined;
    },
    series: async (symbol) => {
      const outcome = await market.dailySeries(symbol, held);
      return outcome.ok ? outcome.value.bars : undefined;
    },
    chain: async (symbol, expiration) => {
      const outcome = await market.chain(symbol, expiration, held);
      return outcome.ok ? outcome.value : undefined;
    },
  };
}
