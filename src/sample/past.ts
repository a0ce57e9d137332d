// Readings of volatility that the sample market brings along: a machine that has just been set up has kept none.
import type { IsoDate, TickerSymbol } from '../domain/types.ts';
import { SESSIONS_OF_A_YEAR } from '../domain/windows.ts';
import { createInstruments } from './companies.ts';
import { pastVolatilities } from './options.ts';
import { createSmallCompanies, isSmallCompany } from './small-companies.ts';

/** 30-day volatilities of the sessions of a year before one, ascending. */
export function samplePastIv30(symbol: TickerSymbol, before: IsoDate): number[] {
  const listed = isSmallCompany(symbol) ? createSmallCompanies() : createInstruments();
  const instrument = listed.find((each) => each.symbol === symbol);
  return instrument === undefined ? [] : pastVolatilities(instrument, SESSIONS_OF_A_YEAR, before);
}
