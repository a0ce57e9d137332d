// Which alerts fire: what all of them need is asked for once, each condition is judged on what came, and the book says
// which become true only now. Who has figures at hand, as a screen or a server, judges on those.
import { type Alert, type Moment, hasExpired, isTold, listAlerts, settleAlerts } from '../book/alerts.ts';
import { readBook } from '../book/book-file.ts';
import type { AlertFiring, Answer, AnswerError } from '../domain/answers.ts';
import { type ContractTerms, readOneContract } from '../domain/contracts.ts';
import { isFinError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { isOptionSymbol, parseOptionSymbol } from '../domain/symbols.ts';
import type { EpochMs, OptionSymbol, TickerSymbol } from '../domain/types.ts';
import { type Bound, bindCondition } from '../fields/bind.ts';
import { mistake } from '../fields/expression.ts';
import { Missing, type Need, roundFigure } from '../fields/field.ts';
import { type Row, createRow } from '../fields/parts.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { type Wanted, gatherInputs } from './table.ts';

export interface BoundAlert {
  alert: Alert;
  bound: Bound;
}

/** @throws UsageError that marks the mistake; a field without a symbol is one, unless the condition names a single symbol */
export function bindAlert(when: string): Bound {
  const bound = bindCondition(when);
  if (bound.symbols.length === 0)
    throw mistake(
      when,
      { start: 0, end: when.length },
      'this names no symbol',
      'write the symbol before the field, like NVDA.last > 450',
    );
  if (bound.needsBySymbol.has('') && bound.symbols.length > 1) {
    const bare = [...bound.names.keys()].find((name) => !name.includes('.'));
    const start = bare === undefined ? 0 : when.search(new RegExp(`(?<![\\w.])${bare}`));
    throw mistake(
      when,
      { start, end: bare === undefined ? when.length : start + bare.length },
      `which symbol is this about: ${bound.symbols.join(', ')}?`,
      `write the symbol before it, like ${bound.symbols[0] ?? ''}.${bare ?? 'last'}`,
    );
  }
  return bound;
}

/** `"NVDA 450c dec 18".mid`, and without quotes: words up to a point that has a field behind it. */
const CONTRACT_WORDS = /"([^"]+)"\s*\.(?=[A-Za-z])|((?:[^\s"<>=!+*(),]+\s+){1,6}[^\s"<>=!+*(),]+)\.(?=[A-Za-z])/g;

/** The condition with its contracts as OCC symbols, which a date phrase of today would not stay. */
export async function nameContracts(
  when: string,
  findSymbol: (terms: ContractTerms) => Promise<OptionSymbol>,
): Promise<string> {
  let named = '';
  let end = 0;
  for (const match of when.matchAll(CONTRACT_WORDS)) {
    const [whole, quoted, bare = ''] = match;
    const words = (quoted ?? bare).split(/\s+/);
    const starts = quoted === undefined ? words.map((_, index) => index) : [0];
    const start = starts.find((index) => readOneContract(words.slice(index)) !== undefined);
    const contract = start === undefined ? undefined : readOneContract(words.slice(start));
    if (start === undefined || contract === undefined) continue;
    const symbol = await findSymbol(contract);
    named += [when.slice(end, match.index), ...words.slice(0, start).map((word) => `${word} `), symbol, '.'].join('');
    end = match.index + whole.length;
  }
  return named + when.slice(end);
}

/** Those that can still fire: a contract that has expired never will. One that a hand has spoilt stops none of the others. */
export function bindAlerts(alerts: readonly Alert[], now: EpochMs): { bound: BoundAlert[]; errors: AnswerError[] } {
  const errors: AnswerError[] = [];
  const bound = alerts
    .filter((alert) => !(alert.once && isTold(alert, false)) && !hasExpired(alert, now))
    .flatMap((alert): BoundAlert[] => {
      try {
        return [{ alert, bound: bindAlert(alert.when) }];
      } catch (error) {
        if (!isFinError(error)) throw error;
        errors.push({ ...toAnswerError(error), message: `alert ${alert.id}: ${error.message}` });
        return [];
      }
    });
  return { bound, errors };
}

/** What must be known of which symbol for all of them together. */
export function needsOfAlerts(alerts: readonly BoundAlert[]): Wanted[] {
  const needs = new Map<TickerSymbol, Set<Need>>();
  for (const { bound } of alerts)
    for (const [named, own] of bound.needsBySymbol) {
      const symbol = named === '' ? (bound.symbols[0] ?? '') : named;
      needs.set(symbol, new Set([...(needs.get(symbol) ?? []), ...own]));
    }
  return [...needs].map(([symbol, own]) => ({
    row: isOptionSymbol(symbol) ? parseOptionSymbol(symbol) : symbol,
    needs: own,
  }));
}

export interface Judged {
  alert: Alert;
  /** Undefined where a figure is missing: neither true nor false. */
  isTrue: boolean | undefined;
  values: AlertFiring['values'];
  why?: string;
}

/** @param rowOf what is known of a symbol, however it was come by */
export function judgeAlerts(alerts: readonly BoundAlert[], rowOf: (symbol: TickerSymbol) => Row | undefined): Judged[] {
  return alerts.map(({ alert, bound }) => {
    const rows = bound.symbols.flatMap((symbol) => rowOf(symbol) ?? []);
    // A number has as many sessions as its row has bars.
    const longest = rows.reduce<Row | undefined>(
      (best, row) => ((row.inputs.bars?.length ?? 0) > (best?.inputs.bars?.length ?? -1) ? row : best),
      undefined,
    );
    const row: Row = { ...(longest ?? createRow({ symbol: '', now: 0 })), rowOf };
    const result = bound.evaluate(row);
    const values: AlertFiring['values'] = {};
    for (const [name, part] of bound.names) {
      const value = part.evaluate(row);
      if (!(value instanceof Missing))
        values[name.includes('.') ? name : `${row.inputs.symbol}.${name}`] =
          typeof value === 'number' ? roundFigure(value, part.unit) : value;
    }
    return {
      alert,
      values,
      isTrue: result instanceof Missing ? undefined : result === true,
      ...(result instanceof Missing ? { why: result.why } : {}),
    };
  });
}

/** Judges all alerts of the book now and writes down what became of them; the data are those that fire. */
export function checkAlerts(context: ToolContext): Promise<Answer<'alerts'>> {
  return answerWith(context, async (counted) => {
    const { book, clock, request } = counted;
    const { bound, errors } = bindAlerts(book === undefined ? [] : listAlerts(readBook(book)), clock.now());
    const collected = await gatherInputs(needsOfAlerts(bound), {}, counted);
    const rows = new Map(collected.inputs.map((inputs) => [inputs.symbol, createRow(inputs)]));
    const judged = judgeAlerts(bound, (symbol) => rows.get(symbol));
    for (const { alert, why } of judged)
      if (why !== undefined) request.call.report({ type: 'detail', text: `alert ${alert.id}: ${why}` });
    const failed = [...errors, ...collected.errors];
    const hasAnything = failed.length === 0 || judged.some(({ isTrue }) => isTrue !== undefined);
    return {
      kind: 'alerts',
      data:
        hasAnything && book !== undefined
          ? settle(book, judged, { at: formatExchangeIso(clock.now()), isSample: isOfSample(collected.sources) })
          : undefined,
      errors: failed,
      sources: collected.sources,
    };
  });
}

export function isOfSample(sources: readonly { sample: boolean }[]): boolean {
  return sources.some(({ sample }) => sample);
}

/** Writes down what was judged. Of several who check at once one alone tells an alert. */
export function settle(
  book: NonNullable<ToolContext['book']>,
  judged: readonly Judged[],
  moment: Moment,
): AlertFiring[] {
  if (judged.length === 0) return [];
  const fired = settleAlerts(
    book,
    judged.map(({ alert, isTrue }) => ({ id: alert.id, when: alert.when, isTrue })),
    moment,
  );
  return fired.map(({ id, when, note }) => ({
    id,
    when,
    ...(note === undefined ? {} : { note }),
    firedAt: moment.at,
    values: judged.find(({ alert }) => alert.id === id)?.values ?? {},
  }));
}
