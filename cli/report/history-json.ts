/** The published form of `trial check --json`, and its JSON Schema. */
import type { Case } from '../../sim/check/history/anomalies/anomaly.ts';
import {
  endings,
  kinds,
  NO_MARK,
  type OperationHistory,
} from '../../sim/check/history/recorded/operation-history.ts';
import { z } from '../../sim/scenario/zod.ts';
import type { JudgedHistory } from './history.ts';

const count = z.int().min(0);
const line = z.int().min(1).nullable().meta({ description: 'null: the history does not have it.' });

const operation = z.strictObject({
  process: z.string(),
  f: z.enum(kinds),
  type: z.enum(endings),
  invokedLine: line,
  endedLine: line,
});

const oneCase = z.strictObject({
  key: z.string().nullable(),
  allowedBy: z.string().nullable(),
  explanation: z.string(),
  operations: z.array(operation),
});

const anomaly = z.strictObject({
  name: z.string(),
  verdict: z.enum(['holds', 'allowed', 'violated', 'unknown']),
  allowedBy: z.string().nullable(),
  violations: count,
  allowed: count,
  explanation: z.string(),
  cases: z.array(oneCase).meta({ description: 'The first 32 violations and 32 allowed cases.' }),
});

const facts = z.strictObject({
  unknownCauses: z.record(z.string(), count),
  softened: count.meta({
    description: 'Operations called failed whose error leaves open whether they happened.',
  }),
  foreignValues: count.meta({ description: 'Values that were polled and that nobody sent.' }),
  worstRealtimeLag: z
    .strictObject({ lagMs: z.number(), process: z.string(), key: z.string(), operation })
    .nullable(),
  consumedTwice: z
    .strictObject({
      values: count,
      most: count,
      process: z.string(),
      key: z.string(),
      value: z.string(),
    })
    .nullable(),
});

export const checkResult = z.strictObject({
  schema: z.literal(1),
  history: z.string().meta({ description: 'The file.' }),
  wallMs: z.number(),
  operations: z.strictObject({ ok: count, fail: count, info: count }),
  processes: count,
  keys: count,
  sent: count,
  polled: count,
  verdict: z.enum(['holds', 'allowed', 'violated', 'unknown']).meta({
    description: 'The worst of all anomalies: violated, unknown, allowed, holds.',
  }),
  anomalies: z.array(anomaly),
  facts,
});

/** For editors and other tools: JSON Schema draft 2020-12. */
export function checkJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(checkResult);
  return { $schema, title: 'The result of trial check --json', ...schema };
}

export function historyJson({ path, history, judgement, wallMs }: JudgedHistory): object {
  const { facts: seen, anomalies, ...rest } = judgement;
  const lag = seen.worstRealtimeLag;
  return {
    schema: 1,
    history: path,
    wallMs,
    ...rest,
    anomalies: anomalies.map((one) => ({
      ...one,
      cases: one.cases.map((found) => caseJson(found, history)),
    })),
    facts: {
      ...seen,
      worstRealtimeLag: lag === null ? null : { ...lag, operation: rowOf(history, lag.operation) },
    },
  };
}

function caseJson(found: Case, history: OperationHistory): object {
  return { ...found, operations: found.operations.map((one) => rowOf(history, one)) };
}

/** Lines are null where the history does not have them. */
function rowOf(history: OperationHistory, row: number): object {
  const mark = (value: number): number | null => (value === NO_MARK ? null : value);
  return {
    process: history.processes[history.process.at(row)],
    f: history.kindOf(row),
    type: history.endingOf(row),
    invokedLine: mark(history.invokedMark.at(row)),
    endedLine: mark(history.completedMark.at(row)),
  };
}
