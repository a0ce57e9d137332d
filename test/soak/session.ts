// A thousand questions in one session: memory after the first hundred, and an end without anything left open.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT, type Section, check, createMachine, residentMegabytes, startMarket } from './world.ts';

const QUESTIONS = 1_000;
const SAMPLE_EVERY = 10;
const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', 'META', 'SPY', 'QQQ'];
const PHRASES = [
  'what is $ trading at',
  'how did $ do last week',
  'show $ indicators',
  'support and resistance of $',
  '$ calls for friday',
  'quote $ and SPY',
  'is the market open',
  '$ history past month',
];

export async function soakSession(): Promise<Section> {
  await using market = await startMarket();
  using machine = createMachine(market, { FIN_TRADIER_RPM: '100000' });
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin/fin.js'), 'repl', '--no-color'], {
    cwd: machine.cacheDir.replace(/\/cache$/, ''),
    env: { ...machine.env, FIN_NOW: market.now() },
    stdio: 'pipe',
  });
  let [answered, failed, line] = [0, 0, ''];
  let onAnswer = (): void => undefined;
  child.stdout.resume();
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = (line + chunk.toString()).split('\n');
    line = lines.pop() ?? '';
    // Every question ends with one line about what it took, or with an error of two lines.
    const done = lines.filter((text) => /\d provider calls?\b/.test(text)).length;
    const errors = lines.filter((text) => text.startsWith('fin: ')).length;
    answered += done;
    failed += errors;
    if (done + errors > 0) onAnswer();
  });
  const closed = new Promise<number | null>((done) => child.on('close', done));
  const memory: number[] = [];
  for (let question = 0; question < QUESTIONS; question += 1) {
    const phrase = PHRASES[question % PHRASES.length] ?? '';
    const symbol = SYMBOLS[(question * 5) % SYMBOLS.length] ?? '';
    const answer = new Promise<void>((done) => (onAnswer = done));
    child.stdin.write(`${phrase.replace('$', symbol)}\n`);
    await Promise.race([answer, closed.then(() => undefined)]);
    if (question % SAMPLE_EVERY === SAMPLE_EVERY - 1) memory.push(residentMegabytes(child.pid ?? 0));
  }
  const endedMs = performance.now();
  child.stdin.end();
  const code = await closed;
  const exitMs = performance.now() - endedMs;
  // Garbage makes any single sample higher or lower: the most of fifty questions is held against the most of two hundred.
  const most = (from: number, to: number): number => Math.max(...memory.slice(from / SAMPLE_EVERY, to / SAMPLE_EVERY));
  const after100 = most(50, 100);
  const after400 = most(350, 400);
  const atEnd = most(800, QUESTIONS);
  const growth = atEnd / after100 - 1;
  return {
    title: 'A thousand questions in one session',
    how: `\`fin repl\` on a pipe, ${PHRASES.length} kinds of questions over ${SYMBOLS.length} symbols, market open; the process's resident memory comes from /proc every ${SAMPLE_EVERY} questions.`,
    findings: [
      check(
        'questions answered, and failed',
        `${QUESTIONS} and none`,
        `${answered} and ${failed}`,
        answered === QUESTIONS && failed === 0,
      ),
      check(
        'peak resident memory over questions 51 to 100, and over the last 200',
        'less than 10% more',
        `${after100.toFixed(0)} MB and ${atEnd.toFixed(0)} MB, ${(growth * 100).toFixed(1)}%`,
        growth < 0.1,
      ),
      check(
        'the same over questions 351 to 400, and over the last 200',
        'less than 10% more',
        `${after400.toFixed(0)} MB and ${atEnd.toFixed(0)} MB, ${((atEnd / after400 - 1) * 100).toFixed(1)}%`,
        atEnd / after400 < 1.1,
      ),
      check(
        'end of input',
        'exit 0 within 1 s: nothing is left open',
        `exit ${String(code)} after ${Math.round(exitMs)} ms`,
        code === 0 && exitMs < 1_000,
      ),
    ],
  };
}
