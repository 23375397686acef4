/** Names of nodes inside faults and operations, for shrinkers that take nodes away. */

/** The same data with every text that `rename` knows replaced. */
export function renamed<T>(data: T, rename: (text: string) => string): T {
  return walk(data, rename) as T;
}

function walk(value: unknown, rename: (text: string) => string): unknown {
  if (typeof value === 'string') return rename(value);
  if (Array.isArray(value)) return [...new Set(value.map((one) => walk(one, rename)))];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, rename)]));
}

/** Brokers above `last` become brokers that are left. */
export function brokersUpTo(last: number): (text: string) => string {
  return (text) =>
    text.replace(/^broker-(\d+)$/, (name, id) =>
      Number(id) > last ? `broker-${((Number(id) - 1) % last) + 1}` : name,
    );
}

/** Controllers above the `last`-th become the last. Their ids begin at 101. */
export function controllersUpTo(last: number): (text: string) => string {
  return (text) =>
    text.replace(/^controller-(\d+)$/, (name, id) =>
      Number(id) > FIRST_CONTROLLER + last - 1 ? `controller-${FIRST_CONTROLLER + last - 1}` : name,
    );
}

const FIRST_CONTROLLER = 101;
