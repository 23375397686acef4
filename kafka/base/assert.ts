/**
 * Assertions for our own mistakes. A broken one stops the node that hit it: the world
 * (sim or server) catches `InvariantBroken` at the step boundary and records the evidence.
 * Bad input from outside is never asserted; it gets a typed error of its own room.
 */
export class InvariantBroken extends Error {
  override readonly name: string = 'InvariantBroken';
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}

/** Asserts that `value` is there; for look-ups whose miss would be our own mistake. */
export function defined<T>(value: T | undefined | null, message: string): T {
  if (value === undefined || value === null) throw new InvariantBroken(message);
  return value;
}

/** Ends a `switch` over a union: the type checker proves that it is never reached. */
export function unreachable(value: never): never {
  throw new InvariantBroken(`unreachable: ${String(value)}`);
}
