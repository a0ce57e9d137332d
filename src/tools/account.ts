// The positions of a broker's account, read only: whose account it is, and what it holds in the book's terms.
import type { HeldPosition } from '../book/positions.ts';
import { ConfigError, NoDataError, UsageError, hasCode } from '../domain/errors.ts';
import { canonicalTicker, isOptionSymbol } from '../domain/symbols.ts';
import type { CallContext } from '../http/http.ts';
import type { BrokerAccount, Provider } from '../providers/provider.ts';

const SHOWN_DIGITS = 4;

/**
 * @param account its number; absent: the only active one
 * @throws ConfigError where there are several and none is chosen, NoDataError where there is none
 */
export async function readAccount(
  provider: Provider,
  account: string | undefined,
  call: CallContext,
): Promise<{ positions: HeldPosition[]; isSample: boolean }> {
  const id = account ?? (await findAccount(provider, call));
  if (provider.fetchPositions === undefined) throw withoutAccounts(provider);
  const { value, sample } = await provider.fetchPositions(id, call).catch(async (error: unknown) => {
    if (account !== undefined && hasCode(error, 'unauthorized')) await refuseForeign(provider, account, call);
    throw error;
  });
  const foreign = value.filter(({ symbol }) => !isOptionSymbol(symbol) && canonicalTicker(symbol) === undefined);
  if (foreign[0] !== undefined)
    throw new NoDataError(
      `account: a position in ${foreign[0].symbol.slice(0, 40)}, which is neither a ticker nor a contract`,
      {
        hint: 'fin reads shares and options; nothing was read',
      },
    );
  return { positions: value.filter(({ quantity }) => quantity !== 0), isSample: sample };
}

async function findAccount(provider: Provider, call: CallContext): Promise<string> {
  if (provider.fetchAccounts === undefined) throw withoutAccounts(provider);
  const active = (await provider.fetchAccounts(call)).value.filter(({ isActive }) => isActive);
  const [only, ...others] = active;
  if (only === undefined)
    throw new NoDataError('account: the key has no active account', {
      hint: 'fin positions shows the positions you entered, without an account',
    });
  if (others.length === 0) return only.id;
  throw new ConfigError(`account: the key has ${active.length} active accounts: ${active.map(nameOf).join(', ')}`, {
    hint: 'set TRADIER_ACCOUNT_ID to the number of one',
  });
}

/** A key that is good is refused as well where the account is not its own: then it knows others. */
async function refuseForeign(provider: Provider, account: string, call: CallContext): Promise<void> {
  const own = (await provider.fetchAccounts?.(call))?.value;
  if (own === undefined || own.some(({ id }) => id === account)) return;
  throw new ConfigError('TRADIER_ACCOUNT_ID: not an account of this key', {
    hint: own.length === 0 ? 'the key has no account' : `the key has ${own.map(nameOf).join(', ')}`,
  });
}

function nameOf({ id, kind = 'account' }: BrokerAccount): string {
  return `…${id.slice(-SHOWN_DIGITS)} (${kind})`;
}

function withoutAccounts({ name }: Provider): UsageError {
  return new UsageError(`--account: ${name} has no accounts`, { hint: 'ask tradier' });
}
