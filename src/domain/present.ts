// Objects and sums without what is missing: an optional property is absent, never undefined, and nothing known is no sum.
// Hides how the types of both forms go together.

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the fields whose value is missing: missing is absent. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Present<T>;
}

/** True for a JSON object, the only shape that has fields to read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined where none is known. */
export function sumOfKnown<T>(items: readonly T[], figureOf: (item: T) => number | undefined): number | undefined {
  let sum: number | undefined;
  for (const item of items) {
    const figure = figureOf(item);
    if (figure !== undefined) sum = (sum ?? 0) + figure;
  }
  return sum;
}
