import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAttached } from '../../../src/agent/grounding/attached.ts';
import { collectFacts } from '../../../src/agent/grounding/facts.ts';
import { createConversation } from '../../../src/agent/conversation.ts';
import { runTurn } from '../../../src/agent/loop.ts';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import type { ToolContext } from '../../../src/tools/answer.ts';
import type { Answer, AnswerDataByKind, AnswerKind } from '../../../src/domain/answers.ts';
import { lastAtr, lastBollinger } from '../../../src/domain/indicators.ts';
import { realisedVolatility } from '../../../src/domain/volatility.ts';
import { formatPercent, formatPrice, formatShare, formatSigned } from '../../../src/render/format.ts';
import { openSampleContext } from '../sample-context.ts';
import { questionsInShorthand } from './questions-in-shorthand.ts';
import { questions } from './questions.ts';
import { createRandom, createRandomTools, createTalk, type Talk } from './random-tools.ts';

const NOW = Date.parse('2026-11-19T15:00:00-05:00');
const planner = createPlanner({ clock: { now: () => NOW } });

function talkWith(options: { seed?: number; missing?: number; failing?: string[] } = {}): Talk {
  return createTalk(planner, createRandomTools(createRandom(options.seed ?? 7), NOW, options));
}

function askSample(question: string, context: ToolContext): ReturnType<typeof runTurn> {
  return runTurn({
    model: planner,
    system: 'You are fin.',
    conversation: createConversation(),
    question,
    context,
    maxTurns: 8,
    signal: new AbortController().signal,
    modelTimeoutMs: 5_000,
    onEvent: () => undefined,
  });
}

function dataOf<Kind extends AnswerKind>(answers: readonly Answer[], kind: Kind): AnswerDataByKind[Kind][] {
  return answers.flatMap((answer) =>
    answer.kind === kind && answer.data !== undefined ? [answer.data as AnswerDataByKind[Kind]] : [],
  );
}

/** Every number of a text as written, without the digits of dates, times and indicator names. */
function numbersIn(text: string): string[] {
  const bare = text
    .replace(
      /\b\d{4}-\d\d-\d\d\b|\b[A-Z][a-z]{2} \d{1,2}, \d{4}\b|\b[A-Z][a-z]{2} \d{4}\b|\b\d{1,2}:\d\d [AP]M ET\b/g,
      ' ',
    )
    .replace(/\b(?:RSI|SMA|EMA|ATR|HV|R|S) ?\d+\b|\b52-week\b/g, ' ');
  return bare.match(/\d(?:[\d,]*\d)?(?:\.\d+)?/g) ?? [];
}

/** What sentences say of themselves: thresholds, windows, spans, the touches of a level. */
const OWN_WORDS =
  /(?:at or (?:above|below) [37]0|20 sessions|the 20 before|20-session|\(20, 2\)|\d+ touches|52 weeks|3 months|\(\d+ sessions\)|spot [-+] \d|\d+ of (?:the )?\d+|none of the \d+|25Δ|of \d+ symbols|(?:over|under) [37]0|, in \d+ (?:d|h|min)(?: \d+ min)?)/g;
const allQuestions = [...questions, ...questionsInShorthand];
const answerable = allQuestions.filter(
  (question) => question.expect !== 'refuse' && planner.canPlan(question.text, []) !== undefined,
);

describe('tool calls', () => {
  it.each([
    ['AAPL MSFT NVDA', [['get_multiple_stock_quotes', { symbols: ['AAPL', 'MSFT', 'NVDA'] }]]],
    ['price of NVDA', [['get_stock_quote', { symbol: 'NVDA' }]]],
    ['both chains this Friday for SPY', [['get_options_chain', { symbol: 'SPY', expiration: 'friday', strikes: 10 }]]],
    [
      'AMD option chain 2026-12-18 all strikes',
      [['get_options_chain', { symbol: 'AMD', expiration: '2026-12-18', strikes: 'all' }]],
    ],
    ['NVDA puts', [['get_put_options_chain', { symbol: 'NVDA', expiration: null, strikes: 10 }]]],
    ['is the market open', [['get_market_status_and_date_time', {}]]],
  ] as const)('makes of "%s" just what it asks', async (question, expected) => {
    const { calls } = await talkWith().ask(question);
    expect(calls.map((call) => [call.name, call.arguments])).toEqual(expected);
  });

  it('asks for the histories of three symbols side by side, in one reply', async () => {
    const reply = await planner.reply({
      messages: [{ role: 'user', content: "last week's performance of WDC, AMD, SOUN" }],
      tools: [{ name: 'get_stock_price_history', description: '', parameters: {} }],
      signal: new AbortController().signal,
    });
    expect(reply.toolCalls.map((call) => JSON.parse(call.arguments) as unknown)).toEqual(
      ['WDC', 'AMD', 'SOUN'].map((symbol) => ({ symbol, range: 'last week', interval: 'day' })),
    );
    expect(new Set(reply.toolCalls.map((call) => call.id)).size).toBe(3);
  });

  it('gives the same reply to the same messages', async () => {
    const request = {
      messages: [{ role: 'user' as const, content: 'rsi of amd' }],
      tools: [{ name: 'get_fields', description: '', parameters: {} }],
      signal: new AbortController().signal,
    };
    expect(await planner.reply(request)).toEqual(await planner.reply(request));
  });
});

describe('questions that the conversation answers', () => {
  it("takes the previous week's Friday out of last week's bars", async () => {
    const talk = talkWith();
    const { answers } = await talk.ask("Last week's performance of SPY");
    const friday = dataOf(answers, 'history')[0]?.bars.find((bar) => bar.date === '2026-11-13');
    const { text, calls } = await talk.ask("SPY price on the previous week's Friday");
    expect(calls).toEqual([]);
    expect(text).toContain('Fri Nov 13, 2026');
    expect(text).toContain(formatPrice(friday?.close));
    const { text: ohlc } = await talk.ask("OHLC on the previous week's Friday");
    for (const figure of [friday?.open, friday?.high, friday?.low, friday?.close])
      expect(ohlc).toContain(formatPrice(figure));
  });

  it("takes yesterday's closes of the three out of their bars", async () => {
    const talk = talkWith();
    const { answers } = await talk.ask("Yesterday's OHLC of WDC, AMD, SOUN");
    const { text, calls } = await talk.ask("yesterday's close of the three");
    expect(calls).toEqual([]);
    for (const { symbol, bars } of dataOf(answers, 'history'))
      expect(text).toContain(`${symbol} closed at ${formatPrice(bars[0]?.close)} on Wed Nov 18, 2026`);
  });

  it.each([
    ['performance of SPY last week and last month', ['SPY from Mon Nov 9, 2026', 'SPY from Thu Oct 1, 2026']],
    ['spy close on nov 17 and nov 10', ['on Tue Nov 17, 2026', 'on Tue Nov 10, 2026']],
  ])('says of each part what its own call brought: "%s"', async (question, told) => {
    const { text } = await talkWith().ask(question);
    for (const [index, line] of text.split('\n').entries()) expect(line).toContain(told[index]);
  });

  it('fetches a day that the bars held do not contain', async () => {
    const talk = talkWith();
    await talk.ask("Last week's performance of SPY");
    const { calls } = await talk.ask('what did SPY close at yesterday');
    expect(calls.map((call) => call.arguments['range'])).toEqual(['yesterday']);
  });

  it.each([
    ['average volume of AMD past 30 days', 'finished'],
    ['lowest volume of AMD past month', 'finished'],
    ['median range of AMD past 3 months', 'finished'],
    ['highest volume of AMD past month', undefined],
    ['total volume of AMD this week', undefined],
    ['average volume of AMD today', undefined],
  ])('keeps the session that is on out of what it would falsify: "%s"', async (question, sessions) => {
    const { calls } = await talkWith().ask(question);
    expect(calls.map((call) => call.arguments['sessions'])).toEqual([sessions]);
  });

  it('does not take the bar of a session that was still on for its close', async () => {
    const now = { ms: NOW };
    const late = createPlanner({ clock: { now: () => now.ms } });
    const talk = createTalk(late, createRandomTools(createRandom(1), Date.parse('2026-11-18T17:00:00-05:00')));
    await talk.ask('SPY 2026-11-18 history');
    const { calls } = await talk.ask('what did SPY close at yesterday');
    expect(calls).toHaveLength(1);
  });

  it('reads walls off the chain that is here', async () => {
    const talk = talkWith();
    const { answers } = await talk.ask('both chains this Friday for SPY');
    const walls = dataOf(answers, 'chain')[0]?.analytics;
    const { text, calls } = await talk.ask('walls from the chains already here, no tool calls');
    expect(calls).toEqual([]);
    expect(text).toContain(
      `call wall ${walls?.callWalls[0]?.strike ?? ''} (open interest ${walls?.callWalls[0]?.openInterest.toLocaleString('en-US') ?? ''})`,
    );
    expect(text).toContain(
      `put wall ${walls?.putWalls[0]?.strike ?? ''} (open interest ${walls?.putWalls[0]?.openInterest.toLocaleString('en-US') ?? ''})`,
    );
  });

  it('gives a technical analysis of three symbols without a call, each from its own figures', async () => {
    const talk = talkWith();
    const { answers } = await talk.ask('Technical indicators, data only: WDC, AMD, SOUN');
    const { text, calls } = await talk.ask('technical analysis of the three, no tool calls');
    expect(calls).toEqual([]);
    for (const { symbol, close } of dataOf(answers, 'ta').flat())
      expect(text).toContain(`Trend of ${symbol}: Close ${formatPrice(close)}`);
  });

  it('tells ATR, realized volatility and Bollinger bands, as the domain computes them of the bars that it has', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { text, answers } = await talkWith({ seed }).ask('technical analysis of SPY');
      const bars = dataOf(answers, 'history')[0]?.bars ?? [];
      const closes = bars.map(({ close }) => close);
      const bands = lastBollinger(closes);
      expect(text).toContain(`ATR14 ${formatPrice(lastAtr(bars))} is `);
      expect(text).toContain(
        `Realized volatility of 20 sessions is ${formatShare(realisedVolatility(closes, 20))} a year`,
      );
      expect(text).toMatch(/Bollinger bands? /);
      const shown = [bands?.lower, bands?.upper].filter((each) => text.includes(formatPrice(each)));
      expect(shown).toHaveLength(text.includes('inside the Bollinger bands') ? 2 : 1);
    }
  });

  it('looks for patterns only among consecutive sessions', async () => {
    const talk = talkWith();
    await talk.ask('what did SPY do on 2026-11-10');
    await talk.ask("Yesterday's OHLC: SPY");
    const { text } = await talk
      .ask('indicators of SPY')
      .then(() => talk.ask('technical analysis of SPY, no tool calls'));
    expect(text).not.toMatch(/session before|Gap|Inside|Outside/);
  });

  it('says what is missing where calls are forbidden and nothing is here', async () => {
    await expect(talkWith().ask('walls of SPY, no tool calls')).rejects.toMatchObject({
      code: 'no_data',
      hint: expect.stringContaining('option chain') as string,
    });
  });

  it('says SAMPLE where held figures are of the sample market', async () => {
    const talk = talkWith();
    await talk.ask('SPY past 3 months');
    for (const message of talk.messages)
      if (message.role === 'tool' && message.answer !== undefined) message.answer.meta.sample = true;
    expect((await talk.ask('technical analysis of SPY, no tool calls')).text).toContain('SAMPLE');
  });
});

describe('answers', () => {
  it('give the fact first', async () => {
    const talk = talkWith();
    const { text, answers } = await talk.ask('price of NVDA');
    const quote = dataOf(answers, 'quote')[0]?.[0];
    expect(text).toBe(
      `NVDA last traded at ${formatPrice(quote?.last)}, ${formatSigned(quote?.change)} (${formatPercent(quote?.changePercent)}) on the day.`,
    );
  });

  it.each([1, 2, 3, 4, 5, 6])('say yes or no to "above its 200 day" with both figures (seed %i)', async (seed) => {
    const { text, answers } = await talkWith({ seed }).ask('Is NVDA above its 200 day?');
    const [row] = dataOf(answers, 'table')[0]?.rows ?? [];
    expect(text.startsWith((row?.['last'] ?? 0) > (row?.['sma200'] ?? 0) ? 'Yes' : 'No')).toBe(true);
    expect(text).toContain(formatPrice(Number(row?.['last'])));
    expect(text).toContain(formatPrice(Number(row?.['sma200'])));
  });

  it('name who is first, and leave the others to the table', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { text, answers } = await talkWith({ seed }).ask('biggest gainer among AAPL, MSFT and NVDA');
      const rows = dataOf(answers, 'table')[0]?.rows ?? [];
      const [best] = rows.toSorted((left, right) => Number(right['changePercent']) - Number(left['changePercent']));
      expect(text).toBe(`Highest change: ${best?.symbol ?? ''}, ${formatPercent(Number(best?.['changePercent']))}.`);
    }
  });

  it('say of several symbols in one line who is at the ends and how many rose', async () => {
    const { text, answers } = await talkWith().ask('AAPL MSFT NVDA');
    const quotes = (dataOf(answers, 'quote')[0] ?? []).toSorted(
      (a, b) => (b.changePercent ?? 0) - (a.changePercent ?? 0),
    );
    const up = quotes.filter(({ changePercent = 0 }) => changePercent > 0).length;
    expect(text).toBe(
      `On the day: best ${quotes[0]?.symbol ?? ''} ${formatPercent(quotes[0]?.changePercent)}, worst ${quotes[2]?.symbol ?? ''} ${formatPercent(quotes[2]?.changePercent)}; ${up === 0 ? 'none up' : up === 3 ? 'all up' : `${up} of 3 up`}.`,
    );
  });

  it('tell the high and low of a day of two symbols, and not who moved more', async () => {
    const { text, answers } = await talkWith().ask('pdh pdl pdc spy qqq');
    for (const { symbol, bars } of dataOf(answers, 'history'))
      expect(text).toContain(`${symbol} on Wed Nov 18, 2026: high ${formatPrice(bars[0]?.high)}`);
    expect(text).not.toMatch(/best|worst/);
  });

  it('name the symbol that failed beside those that did not', async () => {
    const { text } = await talkWith({ failing: ['SOUN'] }).ask('rsi of WDC, AMD and SOUN');
    expect(text).toMatch(/^RSI 14: highest /);
    expect(text).toContain('Not available: SOUN: no such symbol');
  });

  it('say a missing figure is missing, and never write a stand-in for it', async () => {
    const { text } = await talkWith({ missing: 1 }).ask('bid, ask and 52 week high of AMZN');
    expect(text).toContain('AMZN: bid is not available, ask is not available, 52-week high is not available.');
  });
});

describe('any accepted question on random data', () => {
  it('carries every figure of its text, each one in the data or computed of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...allQuestions.filter((question) => question.expect !== 'refuse')),
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom(0, 0.3),
        async (question, seed, missing) => {
          const talk = talkWith({ seed, missing });
          const outcome = await playThrough(talk, question);
          if (outcome === undefined) return;
          const { text, figures } = outcome;
          const report = checkAttached(text, figures, collectFacts(talk.messages));
          expect(report, text).toEqual({ figures: figures.length, supported: figures.length, unsupported: [] });
          for (const figure of figures) expect(text.slice(figure.start, figure.end)).toBe(figure.text);
          const rest = figures.reduceRight(
            (left, { start, end }) => `${left.slice(0, start)}#${left.slice(end)}`,
            text,
          );
          const isArithmetic = question.text.startsWith('what is (');
          expect(isArithmetic ? [] : numbersIn(rest.replace(OWN_WORDS, '')), text).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('names no other symbol than those asked for', async () => {
    for (const seed of [11, 12]) {
      for (const question of answerable) {
        const talk = talkWith({ seed });
        const plan = planner.canPlan(question.text, []);
        const outcome = await playThrough(talk, question);
        const asked = new Set(plan?.parts.flatMap(({ symbols }) => symbols));
        const named = (outcome?.calls ?? [])
          .flatMap((call) => [
            call.arguments['symbol'],
            ...((call.arguments['symbols'] as unknown[] | undefined) ?? []),
          ])
          .filter((each) => typeof each === 'string');
        expect(
          named.every((symbol) => asked.has(symbol.split(' ')[0] ?? '')),
          question.text,
        ).toBe(true);
      }
    }
  });
});

/** Undefined where the data cannot answer, as an expiration that is not listed, or the question is refused today. */
async function playThrough(
  talk: Talk,
  { text, after = [] }: { text: string; after?: string[] },
): Promise<Awaited<ReturnType<Talk['ask']>> | undefined> {
  try {
    for (const earlier of after) await talk.ask(earlier);
    return await talk.ask(text);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'no_data' || code === 'config' || code === 'usage') return undefined;
    throw error;
  }
}

describe('refusals', () => {
  it('name the word that is not known, what can be answered and how to set a language model', async () => {
    await expect(talkWith().ask('why is TSLA down')).rejects.toMatchObject({
      code: 'config',
      message: 'question not understood by the built-in planner: "why is": it knows prices, not their reasons',
      hint: expect.stringMatching(/^it can answer ".*OPENAI_API_KEY.*OPENAI_BASE_URL and FIN_MODEL/) as string,
    });
  });

  it.each([
    'should I buy TSLA',
    'compare the average over the past month of NVDA, AMD and TSLA by wisdom',
    'xyzzy',
    'which has the higher wisdom, SPY call this Friday',
  ])('fit with at least one question that is answered into two lines of a hundred columns: %s', async (question) => {
    const refusal = await talkWith()
      .ask(question)
      .catch((error: unknown) => error as { hint: string });
    const { hint } = refusal as { hint: string };
    expect(`hint: ${hint}`.length).toBeLessThanOrEqual(200);
    const suggested = [...hint.matchAll(/"([^"]+)"/g)].map(([, each = '']) => each);
    expect(suggested.length).toBeGreaterThan(0);
    for (const each of suggested) await expect(talkWith().ask(each), each).resolves.toBeDefined();
  });

  it('ask back for a near miss as a usage error with the way out', async () => {
    await expect(talkWith().ask('NVDIA price')).rejects.toMatchObject({
      code: 'usage',
      message: 'question not clear: did you mean NVDA (NVIDIA)?',
      hint: expect.stringContaining('$NVDIA') as string,
    });
  });

  it('offer the questions that share words with the one refused', async () => {
    await expect(talkWith().ask('cheapest option of SPY with high delta')).rejects.toMatchObject({
      hint: expect.stringContaining('SPY') as string,
    });
  });
});

describe('who answers when a language model is configured', () => {
  it.each([
    ['price of NVDA', 'data'],
    ['SPY last 5 trading days', 'data'],
    ['NVDA calls this friday', 'data'],
    ['technical indicators of SPY', 'data'],
    ['technical analysis of SPY', 'analysis'],
    ['support and resistance of SPY', 'analysis'],
    ['option walls of SPY', 'analysis'],
    ['compare NVDA and AMD over the past month', 'analysis'],
  ])('"%s" asks for %s', (question, kind) => {
    expect(planner.canPlan(question, [])?.kind).toBe(kind);
  });

  it('plans nothing that it would refuse', () => {
    expect(planner.canPlan('why is NVDA down', [])).toBeUndefined();
    expect(planner.canPlan('and puts?', [])).toBeUndefined();
  });

  it('reads a follow-up on a turn that a language model answered from its tool calls', () => {
    const messages = [
      { role: 'user' as const, content: 'hey so what would those SPY things cost me on friday, upside only' },
      {
        role: 'tool' as const,
        toolCallId: '1',
        name: 'get_call_options_chain',
        content: '',
        arguments: { symbol: 'SPY', expiration: 'friday', strikes: 5 },
        answer: {
          kind: 'chain' as const,
          errors: [],
          notes: [],
          meta: { sample: false, providerCalls: 1, elapsedMs: 1 },
        },
      },
      { role: 'assistant' as const, content: 'They cost this much.' },
    ];
    expect(planner.canPlan('and puts?', messages)?.parts).toMatchObject([
      { form: 'chain', symbols: ['SPY'], side: 'put', expiration: 'friday', strikes: 5 },
    ]);
  });
});

describe('an answer of several parts', () => {
  it.each([
    ['is the market open on nov 26 and on nov 30', [/closed on Thu Nov 26, 2026/, /open on Mon Nov 30, 2026/]],
    ['how many sessions did both SPY and QQQ close lower in the third quarter', [/^SPY and QQQ .* of 64 sessions/]],
  ])('says each thing once: "%s"', async (question, lines) => {
    await using sample = openSampleContext();
    const { answer } = await askSample(question, sample.context);
    expect(answer.split('\n')).toEqual(lines.map((line) => expect.stringMatching(line) as string));
  });
});

describe('a contract that a chain is ranked for', () => {
  it.each([
    ['cheapest tsla put friday with at least 500 open interest', 'lowest', 'mid'],
    ['highest theta spy put friday', 'highest', 'theta'],
  ])('of "%s" is the first of them, and its figures are known to the check', async (question, order, field) => {
    await using sample = openSampleContext();
    const { answer, findings, grounding } = await askSample(question, sample.context);
    const [chain] = dataOf(
      findings.map((finding) => finding.answer),
      'chain',
    );
    const values = (chain?.contracts ?? []).map((contract) => ({
      strike: contract.strike,
      value: (contract as unknown as Record<string, number>)[field] ?? Number.NaN,
    }));
    const [{ strike } = {}] = values.toSorted((a, b) => (order === 'lowest' ? a.value - b.value : b.value - a.value));
    expect(answer).toContain(` ${String(strike)} put expiring Fri Nov 20, 2026: `);
    expect(grounding.unsupported).toEqual([]);
  });
});

describe('a sentence about sessions', () => {
  it.each([
    ['any day this quarter AVGO moved > 5%?', /sessions moved more than 5 percent/],
    ['last 10 sessions of GLD, which were down', /of 10 sessions down/],
    ['what did nike do the day after its last earnings', /^NKE, the last session that traded on earnings: change [-+]/],
    ['how many green days in a row for aapl', /^AAPL: (?:up|down) \d+ sessions? .*through \w{3} \w{3} \d+, 2026\.$/],
    ['did googl have a death cross in the past 5 years', /GOOGL has (?:a|no) death cross/],
    ['weekly streak qqq', /^QQQ, by week: (?:up|down) \d+ weeks? .*through Fri Nov 13, 2026/],
    ['15 min bars tsla today', /high [\d.]+ \(\d+:\d\d [AP]M ET\)/],
  ])('names what they are, and until when: "%s"', async (question, line) => {
    await using sample = openSampleContext();
    const { answer, grounding } = await askSample(question, sample.context);
    expect(answer).toMatch(line);
    expect(grounding.unsupported).toEqual([]);
  });
});
