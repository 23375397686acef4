/**
 * Judges the run of a scenario that nobody wrote: what broke, and whether every loss that a check
 * calls allowed is explained by a setting of this scenario or by a fault that did strike. The
 * second is asked of the scenario and the strikes alone, not of the checks that gave the answer.
 */
import type { Verdict } from '../check/verdict.ts';
import type { Strike } from '../faults/strike.ts';
import type { FaultVerb } from '../faults/verbs.ts';
import type { RunReport } from '../run/report.ts';
import type { RunResult } from '../run/runner.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { OperationSpec } from '../workload/operation-verbs.ts';

/** Everything wrong with a run, in lines to read; empty for a good one. */
export function whatIsWrong(scenario: Scenario, { report, strikes }: RunResult): string[] {
  return [...whatIsBroken(report), ...unmet(report), ...unexplained(scenario, report, strikes)];
}

/** Every way in which a run broke the system's promises, in lines to read; empty for a good run. */
export function whatIsBroken(report: RunReport): string[] {
  return [
    ...report.broken.map((one) => `${one.node} broke at ${one.event}: ${one.message}`),
    ...report.verdicts
      .filter((one) => one.verdict === 'violated' || one.verdict === 'unknown')
      .filter((one) => !isKnownGap(one.name, one.explanation))
      .map((one) => `${one.name} is ${one.verdict} at ${one.at}: ${one.explanation}`),
    ...report.problems.filter((one) => !isRandomMiss(one)),
  ];
}

/**
 * Kafka's own: a producer snapshot keeps one batch per producer, so a leader that restarts while
 * several wait for their answers takes a repeated one for a gap; the producer then writes it again
 * under a new epoch.
 */
function isKnownGap(check: string, explanation: string): boolean {
  return check === 'no-dup' && /\(producer epoch \d+, then \d+\)/.test(explanation);
}

/** A drawn fault may find nobody to strike. */
export function isRandomMiss(problem: string): boolean {
  return /matched nothing|never struck/.test(problem);
}

function unmet(report: RunReport): string[] {
  return report.expectations
    .filter((one) => !one.met)
    .map((one) => {
      const { explanation = '' } = report.verdicts.find(({ name }) => name === one.name) ?? {};
      return `${one.name} came out as ${String(one.actual)}, not ${String(one.expected)}: ${explanation}`;
    });
}

function unexplained(scenario: Scenario, report: RunReport, strikes: readonly Strike[]): string[] {
  const struck = strikes.filter((one) => !one.unresolved);
  return report.verdicts
    .filter((one) => one.verdict === 'allowed')
    .filter((one) => !isExplained(one, { scenario, struck }))
    .map(
      (one) =>
        `${one.name} is allowed by ${one.allowedBy}, which nothing explains: ${one.explanation}`,
    );
}

interface Grounds {
  readonly scenario: Scenario;
  readonly struck: readonly Strike[];
}

interface Reason {
  /** What the check said. */
  readonly said: RegExp;
  readonly holds: (grounds: Grounds, said: RegExpExecArray) => boolean;
}

const UNCLEAN_KEY = 'unclean.leader.election.enable';
const ELR_KEY = 'feature.eligible.leader.replicas.version';

const DISK_FAULTS: Readonly<Record<string, readonly FaultVerb[]>> = {
  'a misdirected write': ['misdirectWrite'],
  'bit rot': ['flipBit'],
  'a lost disk': ['loseDisk'],
  'lost flushes': ['loseFlush'],
};
/** An operator may ask for it, allow it, or cancel a move of whose targets alone were in sync. */
function electsUncleanly(one: OperationSpec): boolean {
  if ('electLeaders' in one) return one.electLeaders === 'unclean';
  return 'alterConfigs' in one && one.set[UNCLEAN_KEY] === 'true';
}

const LOSING: readonly FaultVerb[] = ['powerCut', 'loseDisk', 'flipBit', 'misdirectWrite'];
const UNCLEAN: readonly FaultVerb[] = [...LOSING, 'kill', 'failDisk', 'fillDisk', 'crashInStep'];

const reasons: readonly Reason[] = [
  {
    said: /^acks=([01])$/,
    holds: ({ scenario, struck }, [, acks]) =>
      struck.length > 0 && producerConfigs(scenario).some((config) => config['acks'] === acks),
  },
  {
    said: /^enable\.idempotence=false$/,
    holds: ({ scenario }) => producerConfigs(scenario).some((config) => !isIdempotent(config)),
  },
  {
    said: /^((?:replica|broker)\.[a-z.]+)=(\d+)$/,
    holds: ({ scenario }, [, key, value]) => scenario.cluster.config[key as string] === value,
  },
  {
    said: /^producer\.id\.expiration\.ms$/,
    holds: ({ scenario, struck }) =>
      strikesOf(struck, ['jumpClock']).length > 0 ||
      scenario.cluster.config['producer.id.expiration.ms'] !== undefined,
  },
  {
    said: /^retention$/,
    holds: ({ scenario }) =>
      scenario.cluster.topics.some((one) => hasRetention(one.config)) ||
      scenario.operations.some((one) => 'set' in one && hasRetention(one.set)),
  },
  {
    said: /^unclean\.leader\.election\.enable=true$/,
    holds: ({ scenario }) =>
      scenario.cluster.topics.some((one) => one.config[UNCLEAN_KEY] === 'true') ||
      scenario.operations.some(electsUncleanly),
  },
  {
    said: /^topic deletion$/,
    holds: ({ scenario }) => scenario.operations.some((one) => 'deleteTopic' in one),
  },
  {
    said: /^unclean stop of every in-sync and eligible replica$/,
    holds: ({ scenario, struck }) =>
      strikesOf(struck, UNCLEAN).length > 0 &&
      (scenario.cluster.config[ELR_KEY] !== '0' || changesElr(scenario)),
  },
  {
    said: /^feature\.eligible\.leader\.replicas\.version=0$/,
    holds: ({ scenario, struck }) =>
      losing(struck).length > 0 &&
      (scenario.cluster.config[ELR_KEY] === '0' || changesElr(scenario)),
  },
  {
    said: /^data loss on (\d+) in-sync replicas? at once$/,
    holds: ({ struck }, [, count]) =>
      new Set(losing(struck).flatMap((one) => one.sides[0] ?? [])).size >= Number(count),
  },
  {
    said: /^(a misdirected write|bit rot|a lost disk|lost flushes) on (.+)$/,
    holds: ({ struck }, [, fault, node]) =>
      strikesOf(struck, DISK_FAULTS[fault as string] ?? []).some((one) =>
        one.sides[0]?.includes(node as string),
      ),
  },
];

function isExplained({ allowedBy }: Verdict, grounds: Grounds): boolean {
  return reasons.some(({ said, holds }) => {
    const match = said.exec(allowedBy ?? '');
    return match !== null && holds(grounds, match);
  });
}

function hasRetention(config: Readonly<Record<string, string>>): boolean {
  return Object.keys(config).some((key) => key.startsWith('retention.'));
}

function changesElr(scenario: Scenario): boolean {
  return scenario.operations.some((one) => 'updateFeature' in one);
}

function producerConfigs(scenario: Scenario): Readonly<Record<string, string>>[] {
  return scenario.workload.flatMap((entry) => ('producer' in entry ? [entry.config] : []));
}

function isIdempotent(config: Readonly<Record<string, string>>): boolean {
  const possible = (config['acks'] ?? 'all') === 'all' && config['retries'] !== '0';
  return possible && config['enable.idempotence'] !== 'false';
}

function strikesOf(struck: readonly Strike[], verbs: readonly FaultVerb[]): Strike[] {
  return struck.filter((one) => verbs.includes(one.verb));
}

/** Faults that took data from their nodes. */
function losing(struck: readonly Strike[]): Strike[] {
  return struck.filter((one) => {
    const { spec } = one;
    return LOSING.includes(one.verb) || ('crashInStep' in spec && spec.powerCut !== undefined);
  });
}
