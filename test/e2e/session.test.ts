// Sessions without a terminal and across processes: every piped line is asked whatever fails, conversations are kept,
// gone on with, shown and removed, a follow-up asks no provider again and says how old its figures are, no key is kept.
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/render/text.ts';
import { TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { createHome, documentOf, keptBytes } from '../helpers/run-fin.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';

describe('fin repl on a pipe', () => {
  it('asks every line in order, goes on after what fails, stops at quit, and ends with 0', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const stdin =
      'price of NVDA\nwhat colour is the sky\n/bogus\n\n  \nprice of ZZZZ\n/chain AMD --strikes 2 --expiration never\n/quote AMD\n/HISTORY amd --range last 3 trading days --interval day\nquit\nprice of IBM\n';
    const run = await home.run(['repl'], { stdin });
    expect(run.exitCode).toBe(0);
    expect(run.stdout.split('\n').filter((line) => line.startsWith('> '))).toEqual([
      '> price of NVDA',
      '> what colour is the sky',
      '> /bogus',
      '> price of ZZZZ',
      '> /chain AMD --strikes 2 --expiration never',
      '> /quote AMD',
      '> /HISTORY amd --range last 3 trading days --interval day',
      '> quit',
    ]);
    expect(run.stdout).toContain('NVDA last traded at');
    expect(run.stdout).toContain('AMD · Advanced Micro Devices Inc · quote');
    expect(run.stdout).toContain('AMD · daily bars · last 3 trading days');
    expect(run.stderr.match(/^fin: /gm)).toHaveLength(4);
    expect(run.stderr.match(/^hint: /gm)).toHaveLength(4);
    const lines = `${run.stdout}${run.stderr}`.split('\n');
    expect(lines.filter((line) => displayWidth(line) > 100)).toEqual([]);
    expect(`${run.stdout}${run.stderr}`).not.toContain('\u001b');
  });

  it('ends with 0 at the end of input, also without a last line end', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const run = await home.run(['repl', '--quiet'], { stdin: 'price of AMD' });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^> price of AMD\nAMD · /);
  });

  it('ends with the exit code of what failed where every line did, and with 0 where one was answered', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const exitOf = async (stdin: string): Promise<number | null> => (await home.run(['repl'], { stdin })).exitCode;
    expect(await exitOf('foo bar\nbaz\n')).toBe(2);
    expect(await exitOf('price of ZZZZ\n/quote ZZZZ\n')).toBe(4);
    expect(await exitOf('/bogus\nprice of ZZZZ\n')).toBe(2);
    expect(await exitOf('/quote AMD ZZZZ\n/bogus\n')).toBe(9);
    expect(await exitOf('foo bar\nprice of AMD\n')).toBe(0);
    expect(await exitOf('\n')).toBe(0);
  });

  it('neither runs, nor keeps, nor shows a line with what looks like a key', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const key = 'sk-abcdefghijklmnopqrstuvwxyz123456';
    const run = await home.run(['repl'], { stdin: `/model ${key}\nis ${key} right for nvda\nprice of NVDA\n` });
    expect(run.stderr.match(/^fin: this line seems to contain a key/gm)).toHaveLength(2);
    expect(run.stdout).toContain('> /model ***');
    expect(run.stdout).toContain('NVDA last traded at');
    expect(`${run.stdout}${run.stderr}${keptBytes(home)}`).not.toContain('abcdefghijklm');
  });

  it('is exit 3 for a model without an endpoint, before any line is read', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const run = await home.run(['repl', '--model', 'gpt-x'], { stdin: 'price of AMD\n' });
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(run.stderr).toMatch(/^fin: model gpt-x: [^\n]+\nhint: [^\n]+\n$/);
  });

  it('switches who answers, and says so without a detour over the shell', async () => {
    await using home = await createHome({ FIN_NOW: NOW, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', FIN_MODEL: 'local' });
    const run = await home.run(['repl'], {
      stdin:
        '/model builtin\nwhat colour is the sky\n/model auto\nwhat colour is the sky\n/session bad/name\nhelp\nQuit\n',
    });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('> /model builtin\nThe built-in planner answers.\n');
    expect(run.stdout).toContain(
      '> /model auto\nThe built-in planner answers plain data questions, local the others.\n',
    );
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain('/model auto lets the language model answer');
    expect(run.stderr).not.toContain('OPENAI_API_KEY');
    expect(run.stderr).toMatch(/^fin: .*(?:127\.0\.0\.1:9|local)/m);
    expect(run.stderr).toContain('fin: /session "bad/name": not a name');
    expect(run.stdout).toMatch(
      /\n\/quote <symbols\.\.\.> {2,}quotes for symbols and contracts, like NVDA 450c dec 18\n/,
    );
  });

  it('keeps a line of a hundred thousand characters from doing harm', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const run = await home.run(['repl'], { stdin: `${'NVDA '.repeat(20_000)}\nprice of AMD\n` });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('the question has 99999 characters');
    expect(run.stdout).toContain('AMD last traded at');
    expect(run.stdout.length).toBeLessThan(10_000);
  });
});

describe('conversations', () => {
  it('go on in the next process by name or as the latest; a follow-up asks no provider and says how old its figures are', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market) });
    const at = (time: string) => ({ env: { FIN_NOW: `2026-11-19T${time}-05:00` } });
    await home.run(['ask', 'how did NVDA do last week', '--session', 'nvda'], at('11:00:00'));
    const asked = market.count();
    const followUp = await home.run(['ask', 'and its support levels?', '--session', 'nvda'], at('11:00:20'));
    expect(followUp.exitCode).toBe(0);
    expect(followUp.stdout).toMatch(/^NVDA · support and resistance/);
    expect(followUp.stdout).toMatch(/ · cached \d+ s ago\n/);
    expect(market.count()).toBe(asked);
    const latest = await home.run(['repl', '--continue'], { ...at('11:00:30'), stdin: 'and its RSI?\n/session\n' });
    expect(latest.stdout).toMatch(/^NVDA /m);
    expect(latest.stdout).toContain('Conversation nvda: 3 questions, the last one: and its RSI?');
  });

  it('of single questions without a name are kept as the latest only, until somebody goes on with it', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const questions = async (): Promise<unknown> =>
      (documentOf(await home.run(['sessions', 'list', '--json'])).data as { questions: number }[]).map(
        (each) => each.questions,
      );
    await home.run(['ask', 'price of NVDA', '--session', 'ask-desk']);
    await home.run(['ask', 'price of NVDA']);
    await home.run(['ask', 'price of AMD']);
    expect(await questions()).toEqual([1, 1]);
    expect((await home.run(['ask', '--continue', 'and its RSI?'])).stdout).toMatch(/^AMD /m);
    await home.run(['ask', 'price of MSFT']);
    await home.run(['ask', 'price of IBM']);
    expect(await questions()).toEqual([1, 2, 1]);
    expect((await home.run(['sessions', 'show', 'ask-desk'])).exitCode).toBe(0);
  });

  it('hold a question that was refused: what follows is about its symbol', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const refused = await home.run(['ask', '--session', 'r', 'realized vol of META november']);
    expect(refused.exitCode).toBe(2);
    const next = await home.run(['ask', '--session', 'r', 'its rsi']);
    expect(next.stdout).toContain('META');
    const shown = await home.run(['sessions', 'show', 'r']);
    expect(shown.stdout).toContain('(no answer: question not clear');
    const piped = await home.run(['repl'], { stdin: 'realized vol of META november\nits rsi\n' });
    expect(piped.stdout).toContain('META: RSI 14');
  });

  it('of a single question are not replaced by one that was refused', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    await home.run(['ask', 'price of NVDA']);
    expect((await home.run(['ask', 'xyzzy'])).exitCode).not.toBe(0);
    expect((await home.run(['ask', '--continue', 'its rsi'])).stdout).toContain('NVDA');
  });

  it('keep the questions of two processes that ask at the same time', async () => {
    await using market = await startMarket(NOW);
    const [arrived, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    // The first process reads the conversation before, and answers after, the second has asked in it.
    await using slow = await startScriptedServer(async ({ url, headers }) => {
      if (url.includes('NVDA')) {
        arrived.resolve(undefined);
        await released.promise;
      }
      const reply = await fetch(market.baseUrl + url, { headers: { authorization: headers['authorization'] ?? '' } });
      return { status: reply.status, headers: { 'content-type': 'application/json' }, body: await reply.text() };
    });
    await using home = await createHome({ ...asTradier(slow), FIN_NOW: NOW });
    await home.run(['ask', 'price of IBM', '--session', 'both']);
    const first = home.start(['ask', 'price of NVDA', '--session', 'both']);
    await arrived.promise;
    expect((await home.run(['ask', 'price of AMD', '--session', 'both'])).exitCode).toBe(0);
    released.resolve(undefined);
    expect((await first.ended).exitCode).toBe(0);
    const shown = await home.run(['sessions', 'show', 'both']);
    expect([...shown.stdout.matchAll(/^> (.*)$/gm)].map(([, question]) => question)).toEqual([
      'price of IBM',
      'price of AMD',
      'price of NVDA',
    ]);
    for (const symbol of ['IBM', 'AMD', 'NVDA']) expect(shown.stdout).toContain(`${symbol} last traded at`);
    expect(documentOf(await home.run(['sessions', 'list', '--json'])).data).toMatchObject([
      { name: 'both', questions: 3 },
    ]);
  });

  it('are listed, shown and removed, and hold no key', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    await home.run(['repl', '--session', 'first'], { stdin: `price of NVDA\nis ${TRADIER_KEY} a key\nprice of AMD\n` });
    await home.run(['ask', 'price of IBM']);
    const list = documentOf(await home.run(['sessions', '--json']));
    const listed = list.data as { name: string; questions: number; sample: boolean }[];
    expect(listed).toHaveLength(2);
    expect(listed.find(({ name }) => name === 'first')).toMatchObject({ questions: 3, sample: false });
    const shown = await home.run(['sessions', 'show', 'first']);
    expect(shown.stdout).toMatch(/^> price of NVDA\n\nNVDA · /);
    expect(shown.stdout).toContain('> price of AMD');
    expect((await home.run(['sessions', 'remove', 'first'])).stdout).toBe('removed first\n');
    const gone = await home.run(['sessions', 'show', 'first']);
    expect(gone).toMatchObject({
      exitCode: 4,
      stdout: '',
      stderr: 'fin: sessions: no conversation named "first"\nhint: fin sessions list shows them\n',
    });
    expect(keptBytes(home)).not.toContain(TRADIER_KEY);
  });

  it('of the sample market and of real figures stay apart under one name; there is nothing to continue before the first', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ FIN_NOW: NOW });
    expect(await home.run(['repl', '--continue'])).toMatchObject({ exitCode: 2, stdout: '' });
    await home.run(['ask', 'price of NVDA', '--session', 'same']);
    const real = await home.run(['repl', '--session', 'same'], { env: asTradier(market), stdin: '/session\n' });
    expect(real.stdout).toContain('Conversation same: nothing asked yet.');
    const sample = await home.run(['repl', '--session', 'same'], { stdin: '/session\n' });
    expect(sample.stdout).toContain('Conversation same: 1 question');
  });
});
