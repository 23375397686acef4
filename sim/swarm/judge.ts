/**
 * Judges the run of a scenario that nobody wrote: what broke, and whether every loss that a check
 * calls allowed is explained by a setting of this scenario or by a fault that did strike. The
 * second is asked of the scenario and the strikes alone, not of the checks that gave the answer.
 */
import { ASKED_FOR } from '../check/elections.ts';
import { ELR_CLEARED, UNREGISTERED } from '../check/liveness/behind-findings.ts';
import { VOTERS_DISAGREE } from '../check/liveness/quorum-standstill.ts';
import type { Verdict } from '../check/verdict.ts';
import { type Strike, struckNodes } from '../faults/strike.ts';
import type { FaultVerb } from '../faults/verbs.ts';
import type { RunReport } from '../run/report.ts';
import type { RunResult } from '../run/runner.ts';
import type { Scenario } from '../scenario/schema.ts';
import {
  brokenFindings,
  type Finding,
  findingWords,
  inOrder,
  problemFinding,
  unmetFindings,
  verdictFindings,
} from '../search/finding.ts';
import type { OperationSpec } from '../workload/operation-verbs.ts';

/** Everything wrong with a run, the worst first; empty for a good one. */
export function swarmFindings(scenario: Scenario, { report, strikes }: RunResult): Finding[] {
  const broken = breaches(report, strikes);
  const told = new Set(broken.map((one) => one.check));
  const unmet = unmetFindings(report).filter((one) => !told.has(one.check));
  return inOrder([...broken, ...unmet, ...unexplained(scenario, report, strikes)]);
}

/** The same in lines to read. */
export function whatIsWrong(scenario: Scenario, result: RunResult): string[] {
  return swarmFindings(scenario, result).map(findingWords);
}

/** Every way in which a run broke the system's promises, in lines to read; empty for a good run. */
export function whatIsBroken({ report, strikes }: RunResult): string[] {
  return breaches(report, strikes).map(findingWords);
}

function breaches(report: RunReport, strikes: readonly Strike[]): Finding[] {
  const gaps = report.verdicts.filter((one) => isKnownGap(one, strikes)).map((one) => one.name);
  return [
    ...brokenFindings(report),
    ...verdictFindings(report).filter((one) => !gaps.includes(one.check)),
    ...report.problems.filter((one) => !isRandomMiss(one)).map(problemFinding),
  ];
}

/**
 * Kafka's own: a producer snapshot keeps one batch per producer, so a leader that has loaded one
 * while several wait for their answers, since it restarted or cut its log, takes a repeated one for
 * a gap; the producer then writes it again under a new epoch. It takes a fault on a broker before
 * the second copy; one that ends its process strikes after the first.
 */
function isKnownGap(
  { name, verdict, explanation, evidence, at }: Verdict,
  strikes: readonly Strike[],
): boolean {
  if (name !== 'no-dup' || verdict !== 'violated') return false;
  if (!/\(producer epoch \d+, then \d+\)/.test(explanation)) return false;
  const first = evidence[0] ?? 0;
  const copied = at ?? 0;
  return strikes.some(
    (one) =>
      !one.unresolved &&
      brokersOf(one).length > 0 &&
      one.event < copied &&
      (one.event > first || !ENDING.includes(one.verb)),
  );
}

/** A drawn fault may find nobody to strike. */
export function isRandomMiss(problem: string): boolean {
  return /matched nothing|never struck/.test(problem);
}

function unexplained(scenario: Scenario, report: RunReport, strikes: readonly Strike[]): Finding[] {
  const struck = strikes.filter((one) => !one.unresolved);
  return report.verdicts
    .filter((one) => one.verdict === 'allowed')
    .filter(
      (one) => !isExplained(one, { scenario, struck: upTo(struck, one), evidence: one.evidence }),
    )
    .map(({ name, at, allowedBy, explanation }) => ({
      kind: 'unexplained',
      check: name,
      at,
      explanation: `is allowed by ${allowedBy}, which nothing explains: ${explanation}`,
    }));
}

/**
 * What came later explains nothing; but of a record that was sent with acks=0 and is in no log
 * nobody knows more than when it was sent.
 */
function upTo(struck: readonly Strike[], { at, allowedBy }: Verdict): readonly Strike[] {
  return at === null || allowedBy === 'acks=0' ? struck : struck.filter((one) => one.event <= at);
}

interface Grounds {
  readonly scenario: Scenario;
  /** By the time of what they are to explain. */
  readonly struck: readonly Strike[];
  /** The events that the check names. */
  readonly evidence: readonly number[];
}

interface Reason {
  /** What the check said. */
  readonly said: RegExp;
  readonly holds: (grounds: Grounds, said: RegExpExecArray) => boolean;
}

const UNCLEAN_KEY = 'unclean.leader.election.enable';
const SIZE_KEYS = ['segment.bytes', 'max.message.bytes', 'message.max.bytes'];
/** Of a batch with one record, and some more. */
const RECORD_OVERHEAD = 100;
/** A strike's own events, and those of the nodes it ends. */
const OWN_EVENTS = 40;
const MIN_ISR_KEY = 'min.insync.replicas';
const ELR_KEY = 'feature.eligible.leader.replicas.version';

const DISK_FAULTS: Readonly<Record<string, readonly FaultVerb[]>> = {
  'a misdirected write': ['misdirectWrite'],
  'bit rot': ['flipBit'],
  'a lost disk': ['loseDisk'],
  'lost flushes': ['loseFlush'],
};
function allowsUncleanElections(one: OperationSpec): boolean {
  return 'alterConfigs' in one && one.set[UNCLEAN_KEY] === 'true';
}

function changesMinIsr(one: OperationSpec): boolean {
  if (!('alterConfigs' in one)) return false;
  return one.set[MIN_ISR_KEY] !== undefined || one.delete.includes(MIN_ISR_KEY);
}

/** They end a process at once. */
const ENDING: readonly FaultVerb[] = ['kill', 'powerCut', 'stop', 'restart'];
const LOSING: readonly FaultVerb[] = ['powerCut', 'loseDisk', 'flipBit', 'misdirectWrite'];
const UNCLEAN: readonly FaultVerb[] = [...LOSING, 'kill', 'failDisk', 'fillDisk', 'crashInStep'];

const reasons: readonly Reason[] = [
  {
    said: /^acks=([01])$/,
    holds: ({ scenario, struck }, [, acks]) =>
      (struck.length > 0 ||
        scenario.operations.some(changesLeaders) ||
        (acks === '0' && refusesLargeBatches(scenario))) &&
      producerConfigs(scenario).some((config) => config['acks'] === acks),
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
      scenario.operations.some(allowsUncleanElections),
  },
  {
    said: new RegExp(`^${ASKED_FOR}$`),
    holds: ({ scenario }) =>
      scenario.operations.some((one) => 'electLeaders' in one && one.electLeaders === 'unclean'),
  },
  {
    said: new RegExp(`^${UNREGISTERED}$`),
    holds: ({ scenario }) => scenario.operations.some((one) => 'unregisterBroker' in one),
  },
  {
    said: new RegExp(`^${VOTERS_DISAGREE}$`),
    holds: ({ scenario }) => scenario.operations.some((one) => 'removeVoter' in one),
  },
  {
    said: new RegExp(`^${ELR_CLEARED}$`),
    holds: ({ scenario }) =>
      scenario.operations.some(changesMinIsr) &&
      (scenario.cluster.config[ELR_KEY] !== '0' || changesElr(scenario)),
  },
  {
    said: /^topic deletion$/,
    holds: ({ scenario }) => scenario.operations.some((one) => 'deleteTopic' in one),
  },
  {
    said: /^unclean stop of every in-sync and eligible replica$/,
    holds: ({ scenario, struck }) =>
      strikesOf(struck, UNCLEAN).some((one) => brokersOf(one).length > 0) &&
      (scenario.cluster.config[ELR_KEY] !== '0' || changesElr(scenario)),
  },
  {
    said: /^feature\.eligible\.leader\.replicas\.version=0$/,
    holds: ({ scenario, struck }) =>
      losing(struck).some((one) => brokersOf(one).length > 0) &&
      (scenario.cluster.config[ELR_KEY] === '0' || changesElr(scenario)),
  },
  {
    said: /^data loss on (\d+) in-sync replicas? at once$/,
    holds: ({ struck, evidence }, [, count]) => {
      const named = losing(struck).filter((one) => isNamed(one, evidence));
      return new Set(named.flatMap(brokersOf)).size >= Number(count);
    },
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

/** A producer that waits for no answer never learns that its batch was refused for its size. */
function refusesLargeBatches({ cluster, workload }: Scenario): boolean {
  const limits = cluster.topics.flatMap(({ config }) =>
    SIZE_KEYS.map((key) => Number(config[key] ?? cluster.config[key] ?? Infinity)),
  );
  const batches = workload.map((entry) =>
    'producer' in entry
      ? Math.max(Number(entry.config['batch.size'] ?? 16_384), entry.valueBytes + RECORD_OVERHEAD)
      : 0,
  );
  return Math.min(...limits) < Math.max(...batches);
}

function hasRetention(config: Readonly<Record<string, string>>): boolean {
  return Object.entries(config).some(
    ([key, value]) => key.startsWith('retention.') && Number(value) >= 0,
  );
}

function changesElr(scenario: Scenario): boolean {
  return scenario.operations.some((one) => 'updateFeature' in one);
}

/** Requests that only ask for something move no leader. */
function changesLeaders(one: OperationSpec): boolean {
  return !Object.keys(one).some((key) => /^(describe|list)/.test(key));
}

/** The controllers' disks hold no partition. */
function brokersOf(strike: Strike): string[] {
  return struckNodes(strike).filter((node) => !node.startsWith('controller-'));
}

/** Power goes at once, with what the check names; others take what they take when it is read. */
function isNamed({ verb, event }: Strike, evidence: readonly number[]): boolean {
  if (verb !== 'powerCut') return true;
  return evidence.some((one) => one >= event && one <= event + OWN_EVENTS);
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
