// The morning of a trader: 60 commands over 8 symbols from three terminals, in session. Five rounds a quarter of an hour
// or more apart, each some seconds long, because people look at the same names in several ways and then think.
export const WATCHED = ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', 'META', 'SPY', 'QQQ'] as const;

export interface MorningCommand {
  /** Exchange time at which it is typed. */
  now: string;
  terminal: 1 | 2 | 3;
  args: readonly string[];
}

const ROUNDS = ['09:36', '09:52', '10:15', '10:45', '11:30'];

/** Seconds into the round, terminal, command. Commands of one second run side by side. */
const ROUND: readonly [number, MorningCommand['terminal'], readonly string[]][] = [
  [0, 1, ['quote', ...WATCHED]],
  [1, 2, ['history', 'NVDA', '--range', 'past 3 months']],
  [1, 3, ['chain', 'SPY', '--expiration', 'friday']],
  [2, 1, ['ta', ...WATCHED]],
  [3, 2, ['history', 'AAPL', '--range', 'last 5 trading days']],
  [3, 3, ['chain', 'SPY', '--expiration', 'friday', '--side', 'put', '--strikes', '5']],
  [4, 1, ['bundle', 'NVDA']],
  [5, 2, ['history', 'SPY', '--range', 'past year', '--interval', 'week']],
  [5, 3, ['chain', 'NVDA']],
  [6, 1, ['quote', 'NVDA', 'AMD']],
  [7, 2, ['ta', 'NVDA']],
  [8, 3, ['quote', 'SPY']],
];

export const MORNING: readonly MorningCommand[] = ROUNDS.flatMap((start) =>
  ROUND.map(([second, terminal, args]) => ({ now: `2026-11-19T${start}:0${second}-05:00`, terminal, args })),
);

/** Commands that are typed at the same moment, in order. */
export function groupByMoment(commands: readonly MorningCommand[] = MORNING): MorningCommand[][] {
  const groups = new Map<string, MorningCommand[]>();
  for (const command of commands) groups.set(command.now, [...(groups.get(command.now) ?? []), command]);
  return [...groups.values()];
}
