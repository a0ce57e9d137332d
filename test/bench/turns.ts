// The program's own time in a turn: tools on held data, the check of the answer, tables, and keeping the conversation.
// The model answers at once and nothing is fetched, so that neither it nor a provider is in the figures. Times are the
// processor's: on a busy machine the clock on the wall measures the others.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createConversationStore, openConversationDatabase } from '../../src/book/conversations.ts';
import { openConversation } from '../../src/agent/kept-conversation.ts';
import { runTurn } from '../../src/agent/loop.ts';
import type { Message, Model, ModelReply, ModelRequest } from '../../src/agent/model.ts';
import { loadConfig } from '../../src/config.ts';
import type { Answer } from '../../src/domain/answers.ts';
import { renderComparison } from '../../src/render/answer.ts';
import { createTheme } from '../../src/render/theme.ts';
import { openRuntime } from '../../src/app/runtime.ts';
import { median } from './interleave.ts';

export interface TurnsReport {
  /** Own time of a turn with quote, chain, indicators and an answer of four figures, in a conversation that begins. */
  turnMs: number;
  turnP95Ms: number;
  /** 100 turns in one conversation: own time and heap, early (turns 21 to 40) and late (81 to 100). */
  session: {
    earlyMs: number;
    lateMs: number;
    timeRatio: number;
    earlyHeapMb: number;
    lateHeapMb: number;
    heapRatio: number;
    sentTokensLate: number;
  };
}

const NOW = Date.parse('2026-11-19T11:00:00-05:00');
const SYMBOLS = ['NVDA', 'AAPL', 'MSFT', 'AMD', 'TSLA', 'SPY', 'QQQ', 'META', 'AMZN', 'INTC'];
const TURNS = 100;

export async function measureTurns(rounds: number): Promise<TurnsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-turns-'));
  try {
    const world = openWorld(folder);
    try {
      // What is measured is held: every symbol is asked once before.
      for (const [index] of SYMBOLS.entries()) await world.turn(world.open(`warm-${index}`), index);
      const times: number[] = [];
      for (let round = 0; round < Math.max(10, 2 * rounds); round += 1)
        times.push((await world.turn(world.open(`round-${round}`), round)).ownMs);
      return {
        turnMs: median(times),
        turnP95Ms: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN,
        session: await measureSession(world),
      };
    } finally {
      await world.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSession(world: World): Promise<TurnsReport['session']> {
  const kept = world.open('long');
  const times: number[] = [];
  const heaps: number[] = [];
  let sentTokensLate = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const done = await world.turn(kept, turn);
    times.push(done.ownMs);
    heaps.push(turn === 39 || turn === TURNS - 1 ? measureHeap() : NaN);
    sentTokensLate = done.sentTokens;
  }
  const [earlyMs, lateMs] = [median(times.slice(20, 40)), median(times.slice(80))];
  const [earlyHeapMb, lateHeapMb] = [heaps[39] ?? NaN, heaps[TURNS - 1] ?? NaN];
  return {
    earlyMs,
    lateMs,
    timeRatio: lateMs / earlyMs,
    earlyHeapMb,
    lateHeapMb,
    heapRatio: lateHeapMb / earlyHeapMb,
    sentTokensLate,
  };
}

interface World {
  open(name: string): ReturnType<typeof openConversation>;
  turn(kept: ReturnType<typeof openConversation>, index: number): Promise<{ ownMs: number; sentTokens: number }>;
  close(): Promise<void>;
}

function openWorld(folder: string): World {
  const config = loadConfig({
    env: { FIN_CACHE_DIR: join(folder, 'cache'), FIN_DATA_DIR: join(folder, 'data') },
    workingDirectory: folder,
    packageRoot: folder,
    homeDirectory: folder,
    temporaryDirectory: tmpdir(),
  });
  const clock = { now: () => NOW, machineNow: () => Date.now() };
  const runtime = openRuntime({ config, clock, onNote: () => undefined });
  const conversations = openConversationDatabase(config, () => undefined);
  const store = createConversationStore(conversations);
  const theme = createTheme({ colour: false });
  const signal = new AbortController().signal;
  const request = {
    refresh: false,
    offline: false,
    call: {
      signal,
      deadlineMs: Infinity,
      priority: 'question' as const,
      ignoreRemembered: false,
      report: () => undefined,
    },
  };
  return {
    open: (name) => openConversation({ store, sample: true, name, goOn: false, redact: (text) => text, nowMs: NOW }),
    turn: async (kept, index) => {
      const symbol = SYMBOLS[index % SYMBOLS.length] ?? 'NVDA';
      const model = createInstantModel(symbol);
      const lines: string[] = [];
      const started = process.cpuUsage();
      const result = await runTurn({
        model,
        system: 'You are the assistant of fin.',
        conversation: kept.conversation,
        question: `How does ${symbol} stand, with its options?`,
        context: { market: runtime.market, clock, request },
        maxTurns: 8,
        signal,
        modelTimeoutMs: 60_000,
        onEvent: (event) => {
          if (event.type === 'answers')
            for (const answer of event.answers) lines.push(...renderComparison([answer], { width: 100, theme }));
        },
      });
      kept.save(NOW + index);
      const { user, system } = process.cpuUsage(started);
      const ownMs = (user + system) / 1000 - model.spentMs();
      if (result.failure !== undefined || result.grounding.unsupported.length > 0 || lines.length < 30)
        throw new Error(`turn ${index} did not go as scripted: ${JSON.stringify(result.failure ?? result.grounding)}`);
      return { ownMs, sentTokens: model.sentTokens() };
    },
    close: async () => {
      conversations.close();
      await runtime.close();
    },
  };
}

interface InstantModel extends Model {
  /** Time inside the model. */
  spentMs(): number;
  /** Bytes / 4 of the last request's messages. */
  sentTokens(): number;
}

/** Asks for quote, chain and indicators at once, then says four of their figures. */
function createInstantModel(symbol: string): InstantModel {
  let spentMs = 0;
  let sentTokens = 0;
  const answer = ({ messages }: ModelRequest): ModelReply => {
    if (messages.at(-1)?.role !== 'tool') {
      const calls: [string, object][] = [
        ['get_stock_quote', { symbol }],
        ['get_options_chain', { symbol, expiration: null, strikes: null }],
        ['get_ta_indicators', { symbol }],
      ];
      return {
        text: '',
        toolCalls: calls.map(([name, args], index) => ({
          id: `call_${messages.length}_${index}`,
          name,
          arguments: JSON.stringify(args),
        })),
      };
    }
    const [quote, chain, ta] = messages.slice(-3).map(dataOf) as [
      [{ last: number }],
      { analytics: { maxPain: number } },
      [{ rsi14: number; sma: Record<string, number> }],
    ];
    return {
      text: `${symbol} last ${quote[0].last}, RSI14 ${ta[0].rsi14}, SMA50 ${ta[0].sma['50']}, max pain ${chain.analytics.maxPain}, sample.`,
      toolCalls: [],
    };
  };
  return {
    name: 'instant',
    reply: (request) => {
      const started = performance.now();
      sentTokens = Buffer.byteLength(request.messages.map(({ content }) => content).join('')) / 4;
      const reply = answer(request);
      spentMs += performance.now() - started;
      return Promise.resolve(reply);
    },
    spentMs: () => spentMs,
    sentTokens: () => Math.round(sentTokens),
  };
}

function dataOf(message: Message): unknown {
  const answer: Answer | undefined = message.role === 'tool' ? message.answer : undefined;
  if (answer?.data === undefined) throw new Error('a tool brought nothing');
  return answer.data;
}

/** Megabytes in use after a full collection. */
function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}
