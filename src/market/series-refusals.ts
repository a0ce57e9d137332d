// Why a daily series is not what was asked for, in the words of an error.
// Pure; who reacts to them is the reader of series.
import { BadPayloadError, type FinError, NoDataError, ProviderUnavailableError } from '../domain/errors.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { IsoDate, ProviderName, TickerSymbol } from '../domain/types.ts';
import type { Lost } from '../providers/provider.ts';
import { titleOf } from './access.ts';

export function lacksSession(symbol: TickerSymbol, provider: ProviderName, wanted: IsoDate, last: IsoDate): FinError {
  return new ProviderUnavailableError(`${symbol}: ${titleOf(provider)} has no bar for ${wanted}; its last is ${last}`, {
    symbol,
  });
}

export function unknownSymbol(symbol: TickerSymbol, provider: ProviderName): FinError {
  return new NoDataError(`${symbol}: no bars at ${titleOf(provider)}`, {
    symbol,
    hint: isOptionSymbol(symbol)
      ? 'a contract that is not listed or was never traded has none; fin chain shows which are listed'
      : 'check the symbol: one that is not listed has no bars',
  });
}

/** Bars came, and none of them could be used: no word about the symbol. */
export function noBarLeft({ message }: Lost): BadPayloadError {
  return new BadPayloadError(`no usable bars: ${message}`, {
    hint: 'ask again later, or another provider with --provider',
  });
}
