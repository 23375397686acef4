/**
 * The file of a failure: everything that makes the run, what was wrong with it, and the hashes by
 * which whoever runs it again knows that it is the same run. `trial replay`, `shrink` and
 * `explain` take it; the page opens it.
 */
import type { RunReport } from '../run/report.ts';
import type { Scenario } from '../scenario/schema.ts';
import { z } from '../scenario/zod.ts';
import { type Finding, signatureOf } from './finding.ts';

const hash = z.string().regex(/^([0-9a-f]{32})?$/);
const position = z.int().min(0);
const kind = z.enum([
  'broken',
  'not-deterministic',
  'violated',
  'unmet',
  'unexplained',
  'problem',
  'unknown',
]);

const finding = z.strictObject({
  kind,
  check: z.string().meta({ description: 'A check, an expectation, or nothing.' }),
  at: position.nullable(),
  explanation: z.string(),
});

export const failureSchema = z
  .strictObject({
    schema: z.literal(1),
    kind: z.literal('failure'),
    engine: z.string().meta({ description: 'The version of trial that found it.' }),
    scenario: z.record(z.string(), z.unknown()).meta({ description: 'As scenario.schema.json.' }),
    seed: z.union([z.int().min(0), z.string()]),
    check: z.string().meta({ description: 'The check or expectation of the worst finding.' }),
    verdict: kind,
    at: position.meta({ description: 'The event of the worst finding; 0: of none.' }),
    explanation: z.string(),
    signature: z.string().meta({
      description: 'Check and words without names and numbers: the same for the same mistake.',
    }),
    findings: z.array(finding).min(1).meta({ description: 'Everything wrong, the worst first.' }),
    digest: hash,
    traceHash: hash,
    events: position,
  })
  .meta({ title: 'Trial failure', description: 'A run that went wrong, to be run again.' });

export type Failure = z.output<typeof failureSchema>;

export interface FailedRun {
  readonly engine: string;
  readonly scenario: Scenario;
  readonly seed: number | string;
  readonly report: Pick<RunReport, 'digest' | 'traceHash' | 'events'>;
  /** The worst first; at least one. */
  readonly findings: readonly Finding[];
}

export function failureOf({ engine, scenario, seed, report, findings }: FailedRun): Failure {
  const [worst] = findings;
  if (worst === undefined) throw new RangeError('a failure needs a finding');
  return {
    schema: 1,
    kind: 'failure',
    engine,
    scenario: { ...scenario },
    seed,
    check: worst.check,
    verdict: worst.kind,
    at: worst.at ?? 0,
    explanation: worst.explanation,
    signature: signatureOf(worst),
    findings: findings.map((one) => ({ ...one })),
    digest: report.digest,
    traceHash: report.traceHash,
    events: report.events,
  };
}

/** The published JSON Schema. */
export function failureJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(failureSchema, { io: 'input' }) as Record<string, unknown>;
}
