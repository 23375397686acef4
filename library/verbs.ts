/**
 * Functions that write faults and operations, made from the tables of the laboratory: `fault.kill`,
 * `operation.createTopic`. The table is the only place where a verb is declared.
 */
import { faultVerbs } from '../sim/faults/verbs.ts';
import type { z } from '../sim/scenario/zod.ts';
import { operationVerbs } from '../sim/workload/operation-verbs.ts';
import { TrialError } from './errors.ts';
import { shownValue } from './known-options.ts';

/** Given by `at`, `when` and `now` of the cluster. */
type Moment = 'at' | 'when' | 'afterEvent' | 'after';

interface AnyVerb {
  readonly name: string;
  readonly schema: z.ZodType;
}
type Entry<V extends AnyVerb> = z.input<V['schema']>;
type Value<V extends AnyVerb> = Entry<V>[V['name'] & keyof Entry<V>];
type Modifiers<V extends AnyVerb> = Omit<Entry<V>, V['name'] | Moment | 'by'>;
type Optional<T> = Record<never, never> extends T ? true : false;
type Arguments<V extends AnyVerb> =
  Optional<Modifiers<V>> extends true
    ? [value: Value<V>, modifiers?: Modifiers<V>]
    : [value: Value<V>, modifiers: Modifiers<V>];

/** A fault without its moment. */
export interface Fault {
  readonly kind: 'fault';
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What an operator asks, without its moment. */
export interface Operation {
  readonly kind: 'operation';
  readonly spec: Readonly<Record<string, unknown>>;
}

type FaultVerb = (typeof faultVerbs)[number];
type OperationVerb = (typeof operationVerbs)[number];
type NoValue = 'heal' | 'release';

export type FaultFunctions = {
  readonly [V in FaultVerb as Exclude<V['name'], NoValue>]: (...given: Arguments<V>) => Fault;
} & {
  /** Without an argument: all cuts, delays, slow links and holds end. */
  readonly [V in FaultVerb as Extract<V['name'], NoValue>]: (value?: Value<V>) => Fault;
};

export type OperationFunctions = {
  readonly [V in OperationVerb as Exclude<V['name'], 'describeQuorum'>]: (
    ...given: Arguments<V>
  ) => Operation;
} & { readonly describeQuorum: () => Operation };

export const fault = made(faultVerbs, 'fault', { heal: 'all', release: 'all' }) as FaultFunctions;
export const operation = made(operationVerbs, 'operation', {
  describeQuorum: true,
}) as OperationFunctions;

export type OperationName = OperationVerb['name'];
export const operationNames: readonly OperationName[] = operationVerbs.map((one) => one.name);

/** @param absent what a verb means that is given nothing; of others it must be said. */
function made(
  verbs: readonly { readonly name: string }[],
  kind: 'fault' | 'operation',
  absent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const makers = verbs.map(({ name }) => [
    name,
    (value: unknown = absent[name], modifiers: object = {}) => {
      if (value === undefined) throw new TrialError(`${kind}.${name}: of what? Say it first`);
      return { kind, spec: { ...modifiers, [name]: value } };
    },
  ]);
  return Object.fromEntries(makers);
}

/** @throws TrialError for what `fault` and `operation` did not make. */
export function checkVerb(who: string, what: unknown): void {
  if (typeof what === 'object' && what !== null && 'spec' in what && 'kind' in what) return;
  const form = "a fault or an operation, such as fault.kill('broker-1')";
  throw new TrialError(`${who}: expected ${form}, not ${shownValue(what)}`);
}
