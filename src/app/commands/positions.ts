// fin positions without its screen: what is held, priced. Of the book, or of the Tradier account that the key belongs to.
// Apart from the other data commands, which do not load it.
import { dataFolderOf } from '../../book/data-folder.ts';
import { ConfigError, NoDataError } from '../../domain/errors.ts';
import { answerHeldPositions, answerPositions } from '../../tools/positions.ts';
import type { Prepare } from './prepare.ts';

export const preparePositions: Prepare = async ({ options }, caller) => {
  const book = dataFolderOf(caller.config);
  if (options['account'] !== true) return (context) => answerHeldPositions({ ...context, book });
  if (caller.options.offline)
    throw new NoDataError('--account with --offline: account positions are not cached', { hint: 'omit one of them' });
  const { providers } = await caller.openRuntime();
  const broker = providers.find(({ name }) => name === 'tradier' || name === 'sample');
  if (broker === undefined)
    throw new ConfigError('--account: TRADIER_ACCESS_TOKEN is not set', {
      hint: 'set it to read a Tradier account; fin positions without --account shows the positions you entered',
    });
  const { readAccount } = await import('../../tools/account.ts');
  return (context) =>
    answerPositions(
      async ({ request }) => ({
        ...(await readAccount(await broker.load(), caller.config.tradier?.accountId, request.call)),
        source: 'tradier',
      }),
      context,
    );
};
