/**
 * Delta debugging over lists: the smallest part that is still enough, in the sense that leaving
 * out any one element more is too much. Generators, so that whoever asks may pause between tries.
 */

/** Tells whether what is left is still enough. */
export type Try<T> = (left: readonly T[]) => Generator<void, boolean>;

/**
 * Leaves out halves, quarters, … and at last single elements, from the end on, until nothing more
 * can go (Zeller's ddmin without its test of subsets, which a run that costs as much rarely wins).
 */
export function* minimise<T>(all: readonly T[], isEnough: Try<T>): Generator<void, readonly T[]> {
  let left = all;
  let size = Math.max(1, Math.ceil(left.length / 2));
  while (left.length > 0) {
    let gone = false;
    for (let end = left.length; end > 0; end -= size) {
      const from = Math.max(0, end - size);
      const without = [...left.slice(0, from), ...left.slice(end)];
      if (without.length === left.length) continue;
      if (yield* isEnough(without)) {
        left = without;
        gone = true;
      }
    }
    if (size === 1 && !gone) return left;
    size = gone ? Math.min(size, Math.max(1, left.length)) : Math.max(1, Math.floor(size / 2));
  }
  return left;
}

/**
 * The smallest of a few values between `least` and `value` that is enough: first the least, then
 * by halving the way. @returns `value` when no smaller one is.
 */
export function* smallest(
  value: number,
  least: number,
  isEnough: (value: number) => Generator<void, boolean>,
): Generator<void, number> {
  if (value <= least) return value;
  if (yield* isEnough(least)) return least;
  let [low, high] = [least, value];
  while (high - low > Math.max(1, Math.floor(high / 16))) {
    const middle = Math.floor((low + high) / 2);
    if (yield* isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The first of these values, which rise, that is enough, if all behind one that is enough are, too:
 * the first is tried first, then the way is halved. @returns null when none is.
 */
export function* firstEnough<T>(
  values: readonly T[],
  isEnough: (value: T) => Generator<void, boolean>,
): Generator<void, T | null> {
  let [low, high] = [-1, values.length];
  for (let place = 0; high - low > 1; place = Math.floor((low + high) / 2)) {
    if (yield* isEnough(values[place] as T)) high = place;
    else low = place;
  }
  return values[high] ?? null;
}
