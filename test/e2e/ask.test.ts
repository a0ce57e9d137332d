// fin ask without a language model: what the built-in planner understands completely, and what it refuses.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf, problemsOfAsk } from '../helpers/json-shapes.ts';
import { type MarketServer, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, createHome, documentOf } from '../helpers/run-fin.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';
let market: MarketServer;
let home: FinHome;

beforeAll(async () => {
  market = await startMarket(NOW);
  home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

describe('fin ask', () => {
  const QUESTIONS: readonly [question: string, tools: string[]][] = [
    ["What is Tesla's stock price?", ['get_stock_quote']],
    ['price of AAPL, MSFT and NVDA', ['get_multiple_stock_quotes']],
    ['NVDA history for the last 5 trading days', ['get_stock_price_history']],
    ['technical indicators for AMD', ['get_ta_indicators']],
    ['expiration dates of SPY', ['get_options_expiration_dates']],
    ['call options chain for AAPL expiring this Friday', ['get_call_options_chain']],
    ['put options for AAPL next monthly', ['get_put_options_chain']],
    ['Is the market open?', ['get_market_status_and_date_time']],
    ['support and resistance of NVDA', ['get_support_resistance']],
  ];

  it('says of which day figures of today are where there is no session today', async () => {
    await using home = await createHome({ FIN_NOW: '2026-11-26T12:00:00-05:00' });
    const holiday = await home.run(['ask', 'nvda high today']);
    expect(holiday.stdout).toContain(
      'The market is closed today (Thanksgiving Day): these figures are of Wed Nov 25, 2026.',
    );
    const inSession = await home.run(['ask', 'nvda high today'], { env: { FIN_NOW: '2026-12-01T11:15:00-05:00' } });
    expect(inSession.stdout).not.toContain('closed');
  });

  it('answers direct questions with the right tool, its table and a sentence', async () => {
    const runs = await Promise.all(QUESTIONS.map(([question]) => home.run(['ask', question, '--json', '--quiet'])));
    for (const [index, [question, tools]] of QUESTIONS.entries()) {
      const run = runs[index];
      if (run === undefined) throw new Error('no run');
      expect(run, question).toMatchObject({ exitCode: 0, stderr: '' });
      const document = documentOf(run);
      expect(problemsOfAsk(document), question).toEqual([]);
      expect(
        document.toolCalls?.map(({ name }) => name),
        question,
      ).toEqual(tools);
      expect(document).toMatchObject({
        ok: true,
        question,
        model: { name: 'builtin' },
        grounding: { unsupported: [] },
        meta: { sample: true },
      });
    }
  });

  it('takes the words, standard input, a dash, or both', async () => {
    const [words, input, dash, both] = await Promise.all([
      home.run(['ask', 'price', 'of', 'AAPL', '--json']),
      home.run(['ask', '--json'], { stdin: 'price of AAPL\n' }),
      home.run(['ask', '-', '--json'], { stdin: 'price of AAPL' }),
      home.run(['ask', 'price of', '-', '--json'], { stdin: 'AAPL\n' }),
    ]);
    for (const run of [words, input, dash, both]) {
      expect(run.exitCode, run.stderr).toBe(0);
      expect(documentOf(run).data).toMatchObject([{ tool: 'get_stock_quote', symbol: 'AAPL' }]);
    }
  });

  it('leaves standard input to the shell where the question is in the words', async () => {
    const run = await home.shell(
      'printf "AAPL\\nMSFT\\nNVDA\\n" | while read -r symbol; do fin ask "price of $symbol" --quiet; done',
    );
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/AAPL last[\s\S]*MSFT last[\s\S]*NVDA last/);
  });

  it('ends in time while standard input stays open, and says once what ended a call', async () => {
    await using silent = await startScriptedServer(() => ({ fault: 'hang' }));
    const stdin = { open: true } as const;
    const [late, called] = await Promise.all([
      home.run(['ask', '--timeout', '0.5'], { stdin }),
      home.run(['ask', 'price of AAPL', '--timeout', '0.5', '--refresh'], { env: asTradier(silent) }),
    ]);
    expect([late.exitCode, called.exitCode]).toEqual([7, 7]);
    expect(late.stderr).toMatch(/^fin: [^\n]+\nhint: [^\n]+\n$/);
    // Whether the call or the question ends first, who asked hears of it once; a call that ended is told as done.
    expect(called.stderr).toMatch(/^fin: [^\n]+\nhint: [^\n]+\n(get_stock_quote failed [^\n]+\n)?$/);
    const stopped = home.start(['ask', '--quiet'], { stdin });
    // By then it reads, if it starts no slower than the one before; while it still starts, the signal itself ends it.
    await delay(late.ms);
    stopped.child.kill('SIGTERM');
    const { exitCode, signal } = await stopped.ended;
    expect([143, 'SIGTERM']).toContain(exitCode ?? signal);
  });

  it('is exit 2 for an empty question and exit 3, without a request, for one that it does not understand in full', async () => {
    const empty = await home.run(['ask', '--json'], { stdin: ' \n' });
    expect(empty.exitCode).toBe(2);
    expect(problemsOf(documentOf(empty), 'ask')).toEqual([]);
    const before = market.count();
    const open = await home.run(['ask', 'Should I sell my AAPL because the moon is full?']);
    expect(open.exitCode).toBe(3);
    expect(open.stdout).toBe('');
    expect(open.stderr).toMatch(/^fin: [^\n]+\nhint: [^\n]*OPENAI_API_KEY[^\n]*\n$/);
    const document = await home.run(['ask', 'Why did NVDA fall?', '--json']);
    expect(document.exitCode).toBe(3);
    expect(problemsOfAsk(documentOf(document))).toEqual([]);
    expect(documentOf(document)).toMatchObject({ ok: false, errors: [{ code: 'config' }] });
    expect(market.count()).toBe(before);
  });

  it('carries a failing or empty tool into the exit code: 4 for nothing, 9 for a part, 2 for a wrong date', async () => {
    const nothing = await home.run(['ask', 'price of ZZZZ', '--json']);
    expect(nothing.exitCode).toBe(4);
    expect(problemsOfAsk(documentOf(nothing))).toEqual([]);
    const part = await home.run(['ask', 'price of AAPL and ZZZZ', '--json']);
    expect(part.exitCode).toBe(9);
    expect(documentOf(part).errors).toMatchObject([{ symbol: 'ZZZZ', code: 'no_data' }]);
    market.faults.set('quotes', { status: 401, body: 'Invalid Access Token' });
    const refused = await home.run(['ask', 'price of INTC', '--json']);
    market.faults.clear();
    expect(refused.exitCode).toBe(5);
    expect(documentOf(refused).errors).toMatchObject([{ code: 'unauthorized' }]);
  });

  it('prints the very table of the command, and what was done on standard error', async () => {
    const [asked, direct] = [await home.run(['ask', 'expirations of AAPL']), await home.run(['expirations', 'AAPL'])];
    const table = direct.stdout.split('\n').filter((line) => /\d{4}\s/.test(line) && !line.includes('as of'));
    for (const line of table) expect(asked.stdout).toContain(line);
    expect(asked.stderr).toMatch(/^get_options_expiration_dates .*built-in planner · [\d.]+ s\n$/);
  });

  it('shows of a contract its own figures, and its row as data', async () => {
    const run = await home.run(['ask', 'bid of NVDA 320 put friday']);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^table · 1 symbol[\s\S]*\nNVDA\d{6}P00320000 /);
    expect(run.stdout).toMatch(/^NVDA 320 put expiring [^\n]*: bid [\d.]+\.$/m);
    const document = documentOf(await home.run(['ask', 'bid of NVDA 320 put friday', '--json']));
    const [table] = document.data as { rows: { symbol: string; bid: number }[] }[];
    expect(table?.rows).toMatchObject([{ symbol: expect.stringMatching(/P00320000$/) as string }]);
    expect(problemsOfAsk(document)).toEqual([]);
  });

  it('says nothing on standard error with --quiet where all went well, whatever --verbose and --trace ask for', async () => {
    const quiet = await home.run(['ask', 'last price of INTC', '--quiet', '--verbose', '--trace', '--refresh']);
    expect(quiet).toMatchObject({ exitCode: 0, stderr: '' });
    const loud = await home.run(['ask', 'last price of INTC', '--verbose', '--trace', '--refresh']);
    expect(loud.stderr).toMatch(/tradier quotes: 200[\s\S]*get_stock_quote \{/);
  });

  it('needs an endpoint for a named model: exit 3 before anything is fetched', async () => {
    const before = market.count();
    const run = await home.run(['ask', 'price of AAPL', '--model', 'gpt-5']);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/^fin: model gpt-5: [^\n]+\nhint: [^\n]+\n$/);
    expect(market.count()).toBe(before);
    expect((await home.run(['ask', 'price of AAPL', '--model', 'builtin', '--quiet'])).exitCode).toBe(0);
  });
});
