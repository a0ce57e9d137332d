// The interactive session.
import { UsageError } from '../domain/errors.ts';
import type { CommandRunner } from './commands.ts';

export const runRepl: CommandRunner = () => Promise.reject(new UsageError('repl: not built yet'));
