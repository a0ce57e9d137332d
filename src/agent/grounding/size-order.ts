// Figures by absolute value, found again within a range. Answers come one after the other and are searched rarely
// between them: what came since is merged in when it is searched.
interface Sized {
  value: number;
}

export function createSizeOrder<S extends Sized>() {
  let sorted: S[] = [];
  let unsorted: S[] = [];
  return {
    add: (facts: readonly S[]) => unsorted.push(...facts),
    within(low: number, high: number) {
      if (unsorted.length > 0) {
        unsorted.sort((a, b) => Math.abs(a.value) - Math.abs(b.value));
        sorted = mergeBySize(sorted, unsorted);
        unsorted = [];
      }
      const first = lowerBound(sorted, low);
      let end = first;
      while (end < sorted.length && Math.abs(sorted[end]?.value ?? 0) <= high) end += 1;
      return sorted.slice(first, end);
    },
  };
}

/** Two sorted lists as one; of equal sizes those that came first stay first. */
function mergeBySize<S extends Sized>(first: readonly S[], second: readonly S[]): S[] {
  const merged: S[] = [];
  let at = 0;
  for (const fact of second) {
    for (let next = first[at]; next !== undefined && Math.abs(next.value) <= Math.abs(fact.value); next = first[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(fact);
  }
  return merged.concat(first.slice(at));
}

function lowerBound(sorted: readonly Sized[], low: number): number {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (Math.abs(sorted[middle]?.value ?? 0) < low) start = middle + 1;
    else end = middle;
  }
  return start;
}
