// fin market: its status now, of a week, or of a day.
// A mistake in the words costs no request.
import { resolveDay } from '../../domain/date-phrases.ts';
import { UsageError } from '../../domain/errors.ts';
import { answerMarketStatus } from '../../tools/market-status.ts';
import type { Prepare } from './prepare.ts';

export const prepareMarket: Prepare = ({ options }, { clock }) => {
  const { week, date } = options;
  if (week === true && date !== undefined)
    throw new UsageError('--week with --date: use one or the other', { hint: 'omit one of them' });
  if (options['csv'] === true && week !== true && date === undefined)
    throw new UsageError('--csv: market status has no rows', {
      hint: 'add --week or --date for the sessions, or use --json',
    });
  if (typeof date === 'string') {
    const asked = { date: resolveDay(date, clock.now()) };
    return (context) => answerMarketStatus(context, asked);
  }
  return (context) => answerMarketStatus(context, week === true ? { week } : undefined);
};
