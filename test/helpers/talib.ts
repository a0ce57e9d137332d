// TA-Lib itself, as WebAssembly, as the reference of every indicator; and how a series is held against it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import type * as TaLib from 'talib-web';

const require = createRequire(import.meta.url);

/**
 * A TA-Lib of its own memory. talib-web would fetch() its own path; a data URL is what it can load in Node. It has TA-Lib
 * write both of an answer's counts to one address: functions that read a count back (BBANDS, STDDEV, STOCH, the first
 * NATR) answer wrongly. Those without a look-back (OBV) write one value too many and spoil the memory for later calls.
 */
export async function loadTaLib(): Promise<typeof TaLib> {
  Reflect.deleteProperty(require.cache, require.resolve('talib-web'));
  const talib = require('talib-web') as typeof TaLib;
  const wasm = readFileSync(require.resolve('talib-web').replace('index.cjs.js', 'talib.wasm'));
  await talib.init(`data:application/wasm;base64,${wasm.toString('base64')}`);
  return talib;
}

/** talib-web reads one value too many and pads with zeros to the input's length: only the first n − lookback count. */
export function validOutput(output: readonly number[], values: number, lookback: number): number[] {
  return output.slice(0, Math.max(0, values - lookback));
}

/** Equal length, and no value further away than `tolerance` of `scale`. */
export function expectSameSeries(
  actual: readonly (number | undefined)[],
  expected: readonly number[],
  scale: number,
  what: string,
  tolerance = 1e-10,
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  const worst = actual.reduce<number>(
    (max, value, index) => Math.max(max, Math.abs((value ?? NaN) - (expected[index] ?? NaN))),
    0,
  );
  expect(worst / scale, `${what}: largest deviation`).toBeLessThan(tolerance);
}
