/** An admin client: one method for each operation of the laboratory's table. */
import type { CommandResult } from '../kafka/client/commands.ts';
import type { AdminAnswer } from '../sim/workload/admin-load.ts';
import { type Operation, type OperationFunctions, operation, operationNames } from './verbs.ts';

/** What came of a request. It changes while the cluster runs, and only then. */
export class Answer {
  settled = false;
  /** NONE, or the first error; null while there is no answer. */
  error: string | null = null;
  /** One per thing that was asked for: a topic, a partition, a resource. */
  results: readonly { readonly name: string; readonly error: string; readonly said: string }[] = [];
  /** The answer in full. */
  result: CommandResult | null = null;

  /** For the library. */
  settle(answer: AdminAnswer, result: CommandResult): void {
    this.settled = true;
    this.results = answer.results.map(({ topic, error, said }) => ({ name: topic, error, said }));
    this.error = this.results.find((one) => one.error !== 'NONE')?.error ?? 'NONE';
    this.result = result;
  }
}

export type Admin = {
  readonly [N in keyof OperationFunctions]: (...given: Parameters<OperationFunctions[N]>) => Answer;
} & { readonly name: string };

export function adminOf(name: string, ask: (operation: Operation) => Answer): Admin {
  const makers = operation as unknown as Record<string, (...given: unknown[]) => Operation>;
  const methods = operationNames.map((verb) => [
    verb,
    (...given: unknown[]): Answer =>
      ask((makers[verb] as (...all: unknown[]) => Operation)(...given)),
  ]);
  return { name, ...Object.fromEntries(methods) } as Admin;
}
