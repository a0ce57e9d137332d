// Deterministic randomness: hashes, bell-shaped numbers and a random walk that can be read at any point
// without walking there. Same arguments, same result, on every machine.

/** 32-bit hash of a text (FNV-1a), the seed of everything that belongs to a symbol. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** 32-bit hash of a seed and two integers (MurmurHash3's finalizer over both). */
export function hashNumbers(seed: number, a: number, b: number): number {
  let hash = Math.imul(seed ^ Math.imul(a | 0, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(b | 0, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Uniform in (0, 1), never 0 or 1. */
export function uniformAt(seed: number, a: number, b: number): number {
  return (hashNumbers(seed, a, b) + 0.5) / 4_294_967_296;
}

/**
 * Bell-shaped with mean 0 and standard deviation 1, within ±3.46: the sum of four uniform bytes (Irwin-Hall).
 * Bounded on purpose, so that no price runs away.
 */
export function normalAt(seed: number, a: number, b: number): number {
  const hash = hashNumbers(seed, a, b);
  const sum = (hash & 0xff) + ((hash >>> 8) & 0xff) + ((hash >>> 16) & 0xff) + (hash >>> 24);
  return ((sum + 2) / 256 - 2) * 1.7320508075688772;
}

/**
 * A random walk at time `t` >= 0: steps between neighbouring integers have standard deviation 1, and points
 * `2 ** levels` apart do not drift further from each other than a bounded amount. Between integers it is linear.
 * Lévy's construction of Brownian motion: at each level one tent, its height half the root of its width.
 */
export function walkAt(seed: number, t: number, levels: number): number {
  const span = 2 ** levels;
  const knot = Math.floor(t / span);
  const part = t / span - knot;
  const knotScale = Math.sqrt(span) / 2;
  let value = knotScale * (normalAt(seed, 0, knot) * (1 - part) + normalAt(seed, 0, knot + 1) * part);
  let width = span;
  for (let level = levels; level >= 1; level -= 1) {
    const index = Math.floor(t / width);
    const position = t / width - index;
    const tent = position < 0.5 ? 2 * position : 2 - 2 * position;
    if (tent > 0) value += tent * (Math.sqrt(width) / 2) * normalAt(seed, level, index);
    width /= 2;
  }
  return value;
}
