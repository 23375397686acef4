/** Names of nodes inside faults and operations, for shrinkers that take nodes away. */

/**
 * The same data with every text that `rename` knows replaced, and the ids of brokers where replicas
 * are told by theirs.
 */
export function renamed<T>(data: T, rename: (text: string) => string): T {
  return walk(data, rename, false) as T;
}

/** Fields with ids of brokers. */
const OF_IDS = ['replicas', 'assignments'];

function walk(value: unknown, rename: (text: string) => string, isOfIds: boolean): unknown {
  if (typeof value === 'string') return rename(value);
  if (typeof value === 'number' && isOfIds) return Number(rename(`broker-${value}`).slice(7));
  if (Array.isArray(value)) return [...new Set(value.map((one) => walk(one, rename, isOfIds)))];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, walk(one, rename, OF_IDS.includes(key))]),
  );
}

/** One broker is gone: the next stands for it, and those above move up. */
export function brokersWithout(gone: number, count: number): (text: string) => string {
  return numbered('broker', (id) => (id > gone || id === count ? id - 1 : id));
}

/** The same of controllers, whose ids begin at 101. */
export function controllersWithout(gone: number, count: number): (text: string) => string {
  const last = FIRST_CONTROLLER + count - 1;
  return numbered('controller', (id) => {
    const isBehind = id > FIRST_CONTROLLER + gone - 1 || id === last;
    return id <= last && isBehind ? id - 1 : id;
  });
}

function numbered(role: string, next: (id: number) => number): (text: string) => string {
  const pattern = new RegExp(`^${role}-(\\d+)$`);
  return (text) => text.replace(pattern, (_name, id) => `${role}-${next(Number(id))}`);
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
