// fin sessions: conversations kept in the cache file, listed, shown and removed.
import { NoDataError, UsageError } from '../domain/errors.ts';
import type { CommandRunner } from './commands.ts';

export const runSessions: CommandRunner = () => Promise.reject(new UsageError('sessions: not built yet'));
void NoDataError;
