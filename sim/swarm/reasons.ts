/**
 * What explains that a check calls something allowed: a setting of the scenario that concerns the
 * topic, what operators asked of the partition, or a fault that struck somebody who had to do with
 * it before. One entry for each thing that a check may say. Nothing here asks a check.
 */
import { ASKED_FOR, LAST_KNOWN_LEADER } from '../check/elections.ts';
import { COMMITS_FIRST, WORKERS_BEHIND } from '../check/history/at-least-once.ts';
import { FIRST_BATCH_GAP, LATE_LOG_GAP, SNAPSHOT_GAP } from '../check/history/known-gaps.ts';
import { ELR_CLEARED, UNREGISTERED } from '../check/liveness/behind-findings.ts';
import { VOTERS_DISAGREE } from '../check/liveness/quorum-standstill.ts';
import type { Verdict } from '../check/verdict.ts';
import { controllerNames, topicOf } from '../cluster/names.ts';
import type { Placements } from '../cluster/placements.ts';
import { isLossy } from '../faults/budget.ts';
import { type Strike, struckNodes } from '../faults/strike.ts';
import type { FaultVerb } from '../faults/verbs.ts';
import type { Scenario } from '../scenario/schema.ts';
import { listed, type OperationSpec } from '../workload/operation-verbs.ts';

export interface Course {
  readonly scenario: Scenario;
  /** Those that struck somebody, in order. */
  readonly struck: readonly Strike[];
  readonly placements: Placements;
}

interface Grounds {
  readonly scenario: Scenario;
  /** Up to when it was; a strike that came later explains nothing. */
  readonly struck: readonly Strike[];
  readonly placements: Placements;
  /** The events that the check names. */
  readonly evidence: readonly number[];
  readonly at: number;
  /** Of which it may be told; empty: the words name none. */
  readonly partitions: readonly string[];
  /** The producers whose records it is about; all of those topics when the words name none. */
  readonly producers: readonly Producer[];
}

interface Reason {
  /** What the check said. */
  readonly said: RegExp;
  readonly holds: (grounds: Grounds, said: RegExpExecArray) => boolean;
}

type Producer = Extract<Scenario['workload'][number], { readonly producer: string }>;
type Config = Readonly<Record<string, string>>;

const UNCLEAN_KEY = 'unclean.leader.election.enable';
const MIN_ISR_KEY = 'min.insync.replicas';
const ELR_KEY = 'feature.eligible.leader.replicas.version';
const RETENTION_KEY = /^(log\.)?retention\.(bytes|ms|minutes|hours)$/;
const SIZE_KEYS = ['segment.bytes', 'max.message.bytes', 'message.max.bytes'];
/** Of a batch with one record, and some more. */
const RECORD_OVERHEAD = 100;
/** A strike's own events, and those of the nodes it ends. */
const OWN_EVENTS = 40;

/** They end what others did. */
const MENDING: readonly FaultVerb[] = ['heal', 'start', 'resume', 'release'];
/** They end a process at once. */
const ENDING: readonly FaultVerb[] = ['kill', 'powerCut', 'stop', 'restart'];
/** What they do is done at once; others do it when the disk is read, written or mounted again. */
const AT_ONCE: readonly FaultVerb[] = ['powerCut', 'kill'];
const UNCLEAN: readonly FaultVerb[] = ['kill', 'failDisk', 'fillDisk', 'crashInStep'];
const DISK_FAULTS: Readonly<Record<string, readonly FaultVerb[]>> = {
  'a misdirected write': ['misdirectWrite'],
  'bit rot': ['flipBit'],
  'a lost disk': ['loseDisk'],
  'lost flushes': ['loseFlush'],
};

const reasons: readonly Reason[] = [
  {
    said: /^acks=1$/,
    holds: (grounds) => somebodyAsksFor('1', grounds) && leadersMayChange(grounds),
  },
  {
    // Nobody hears of it: a broker that refuses such a write only closes the connection.
    said: /^acks=0$/,
    holds: (grounds) =>
      somebodyAsksFor('0', grounds) &&
      (leadersMayChange(grounds) ||
        concerning(grounds, namesOf(grounds.producers)).length > 0 ||
        refusesLargeBatches(grounds) ||
        asked(grounds, (one) => 'deleteTopic' in one)),
  },
  {
    said: /^enable\.idempotence=false$/,
    holds: ({ producers }) => producers.some((one) => !isIdempotent(one.config)),
  },
  {
    said: new RegExp(`^${SNAPSHOT_GAP}$`),
    holds: (grounds) => concerning(grounds, replicasOf(grounds)).some(mayReload(grounds)),
  },
  {
    said: new RegExp(`^${LATE_LOG_GAP}$`),
    holds: (grounds) => topicConfigs(grounds).some(hasRetention) && leadersMayChange(grounds),
  },
  {
    said: new RegExp(`^${FIRST_BATCH_GAP}$`),
    // Too few in sync, or another leader; else too large, and of a copy the answer was lost.
    holds: (grounds) =>
      leadersMayChange(grounds) ||
      (refusesLargeBatches(grounds) && concerning(grounds, namesOf(grounds.producers)).length > 0),
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
    holds: (grounds) => topicConfigs(grounds).some(hasRetention),
  },
  {
    said: /^retention\.bytes=(\d+)$/,
    holds: (grounds, [, bytes]) =>
      topicConfigs(grounds).some((one) =>
        [one['retention.bytes'], one['log.retention.bytes']].includes(bytes),
      ),
  },
  {
    said: /^a (wrong wall clock|wall clock that was set anew)$/,
    holds: ({ struck }) => strikesOf(struck, ['jumpClock', 'driftClock']).length > 0,
  },
  {
    said: /^unclean\.leader\.election\.enable=true$/,
    holds: (grounds) =>
      topicConfigs(grounds).some((one) => one[UNCLEAN_KEY] === 'true') && leadersMayChange(grounds),
  },
  {
    said: new RegExp(`^${ASKED_FOR}$`),
    holds: (grounds) =>
      asked(grounds, (one) => 'electLeaders' in one && one.electLeaders === 'unclean'),
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
    holds: (grounds) => asked(grounds, changesMinIsr) && mayHaveElr(grounds, 'on'),
  },
  {
    said: new RegExp(`^${COMMITS_FIRST}$`),
    holds: ({ scenario }) =>
      scenario.workload.some((one) => 'group' in one && one.commit === 'before'),
  },
  {
    said: new RegExp(`^${WORKERS_BEHIND}$`),
    holds: ({ scenario }) =>
      scenario.workload.some((one) => 'group' in one && one.handOver === true),
  },
  {
    said: /^auto\.offset\.reset=(earliest|latest)$/,
    holds: ({ scenario }, [, reset]) =>
      scenario.workload.some(
        (one) => 'group' in one && (one.config['auto.offset.reset'] ?? 'latest') === reset,
      ),
  },
  {
    said: /^topic deletion$/,
    holds: (grounds) => asked(grounds, (one) => 'deleteTopic' in one),
  },
  {
    said: new RegExp(`^${LAST_KNOWN_LEADER}$`),
    holds: (grounds) => replicasStruck(grounds, isUnclean).length > 0 && mayHaveElr(grounds, 'on'),
  },
  {
    said: /^feature\.eligible\.leader\.replicas\.version=0$/,
    holds: (grounds) => replicasStruck(grounds, isLossy).length > 0 && mayHaveElr(grounds, 'off'),
  },
  {
    said: /^data loss on (\d+) in-sync replicas? at once$/,
    holds: (grounds, [, count]) => {
      const { evidence } = grounds;
      const lost = replicasStruck(grounds, (one) => isLossy(one) && isNamed(one, evidence));
      return lost.length >= Number(count);
    },
  },
  {
    said: /^(a misdirected write|bit rot|a lost disk|lost flushes) on (.+)$/,
    holds: (grounds, [, fault, node]) => {
      const circle = [...replicasOf(grounds), ...controllerNames(grounds.scenario)];
      const strikes = strikesOf(grounds.struck, DISK_FAULTS[fault as string] ?? []);
      const isTheirs = grounds.partitions.length === 0 || circle.includes(node as string);
      return isTheirs && strikes.some((one) => one.sides[0]?.includes(node as string));
    },
  },
];

/** Whether something in the run's scenario or its faults explains what a check calls allowed. */
export function isExplained(verdict: Verdict, course: Course): boolean {
  const grounds = groundsOf(verdict, course);
  return reasons.some(({ said, holds }) => {
    const match = said.exec(verdict.allowedBy ?? '');
    return match !== null && holds(grounds, match);
  });
}

/** What was written or read is not in the final log, and nobody knows since when. */
const LOST_UNSEEN = /no replica is known to have lost it|where the final log has [^:]*$/;

/**
 * What came later explains nothing; but of a record that was sent with acks=0 and is in no log
 * nobody knows more than when it was sent.
 */
function groundsOf(verdict: Verdict, { scenario, struck, placements }: Course): Grounds {
  const { allowedBy, evidence, explanation } = verdict;
  const isTold = verdict.at !== null && allowedBy !== 'acks=0' && !LOST_UNSEEN.test(explanation);
  const at = isTold ? (verdict.at as number) : Number.POSITIVE_INFINITY;
  const all = scenario.workload.filter((one) => 'producer' in one);
  const words = explanation.split(/[^\w.-]+/);
  const named = all.filter(({ producer }) =>
    words.some((word) => word.startsWith(`${producer}-`) && /-\d+$/.test(word)),
  );
  const topics = named.map((one) => one.topic);
  const known = placements.partitions.filter((name) => words.includes(name));
  const partitions =
    known.length > 0
      ? known
      : placements.partitions.filter((name) => topics.includes(topicOf(name)));
  const near = all.filter((one) => partitions.some((name) => topicOf(name) === one.topic));
  return {
    scenario,
    struck: struck.filter((one) => one.event <= at && !MENDING.includes(one.verb)),
    placements,
    evidence,
    at,
    partitions,
    producers: named.length > 0 ? named : partitions.length > 0 ? near : all,
  };
}

function namesOf(producers: readonly Producer[]): string[] {
  return producers.map((one) => one.producer);
}

function somebodyAsksFor(acks: string, { producers }: Grounds): boolean {
  return producers.some((one) => one.config['acks'] === acks);
}

/** A leader may change when it, a follower or a controller is struck, and when it is asked to. */
function leadersMayChange(grounds: Grounds): boolean {
  const circle = [...replicasOf(grounds), ...controllerNames(grounds.scenario)];
  return concerning(grounds, circle).length > 0 || asked(grounds, movesLeaders);
}

/**
 * Whether a replica may have loaded a snapshot after the first of two copies was written, which the
 * check names first: who died before had nothing of it.
 */
function mayReload({ evidence }: Grounds): (strike: Strike) => boolean {
  const first = evidence[0] ?? -1;
  return ({ verb, event }) => event > first || !ENDING.includes(verb);
}

/** Everybody who ever had a replica of them by then. */
function replicasOf({ partitions, placements, at }: Grounds): string[] {
  return partitions.flatMap((name) => placements.upTo(name, at));
}

/** Strikes on one of these; on anybody when it is not known which partition it is about. */
function concerning({ struck, partitions }: Grounds, nodes: readonly string[]): Strike[] {
  if (partitions.length === 0) return [...struck];
  return struck.filter((one) => struckNodes(one).some((node) => nodes.includes(node)));
}

/** Nodes with a replica that such a fault struck; the controllers' disks hold none. */
function replicasStruck(
  { struck, partitions, placements, at }: Grounds,
  does: (strike: Strike) => boolean,
): string[] {
  const known = partitions.length === 0 ? placements.partitions : partitions;
  const nodes = struck.filter(does).flatMap((strike) => {
    const atOnce = AT_ONCE.includes(strike.verb);
    const replicas = known.flatMap((name) =>
      atOnce ? placements.at(name, strike.event) : placements.upTo(name, at),
    );
    return (strike.sides[0] ?? []).filter((node) => replicas.includes(node));
  });
  return [...new Set(nodes)];
}

/** What goes at once goes with what the check names. */
function isNamed({ verb, event }: Strike, evidence: readonly number[]): boolean {
  if (!AT_ONCE.includes(verb)) return true;
  return evidence.some((one) => one >= event && one <= event + OWN_EVENTS);
}

function isUnclean(strike: Strike): boolean {
  return UNCLEAN.includes(strike.verb) || isLossy(strike) || strike.verb === 'powerCut';
}

function strikesOf(struck: readonly Strike[], verbs: readonly FaultVerb[]): Strike[] {
  return struck.filter((one) => verbs.includes(one.verb));
}

/** Whether operators ask for such a thing of one of the partitions, or of all. */
function asked(grounds: Grounds, is: (operation: OperationSpec) => boolean): boolean {
  return grounds.scenario.operations.some((one) => is(one) && reaches(one, grounds));
}

function reaches(one: OperationSpec, grounds: Grounds): boolean {
  const { partitions } = grounds;
  if (partitions.length === 0) return true;
  const named = (names: string | readonly string[]): boolean =>
    listed(names).some((name) => partitions.includes(name));
  const ofTopics = (names: string | readonly string[]): boolean =>
    listed(names).some((name) => partitions.some((partition) => topicOf(partition) === name));
  if ('electLeaders' in one) return one.partitions === undefined || named(one.partitions);
  if ('reassign' in one) return named(one.reassign);
  if ('cancelReassignment' in one) return named(one.cancelReassignment);
  if ('deleteTopic' in one) return ofTopics(one.deleteTopic);
  if ('unregisterBroker' in one) return replicasOf(grounds).includes(one.unregisterBroker);
  if (!('alterConfigs' in one)) return true;
  const { alterConfigs: resource } = one;
  return !resource.startsWith('topic:') || ofTopics(resource.slice('topic:'.length));
}

function movesLeaders(one: OperationSpec): boolean {
  const moving = ['electLeaders', 'reassign', 'cancelReassignment', 'unregisterBroker'] as const;
  return moving.some((verb) => verb in one);
}

function changesMinIsr(one: OperationSpec): boolean {
  if (!('alterConfigs' in one)) return false;
  return one.set[MIN_ISR_KEY] !== undefined || one.delete.includes(MIN_ISR_KEY);
}

/** Every config that their topics have or may come to have; the cluster's own among them. */
function topicConfigs(grounds: Grounds): Config[] {
  const { scenario, partitions } = grounds;
  const isTheirs = (topic: string): boolean =>
    partitions.length === 0 || partitions.some((name) => topicOf(name) === topic);
  const ofTopics = scenario.cluster.topics.filter((one) => isTheirs(one.name));
  const later = scenario.operations.flatMap((one): Config[] => {
    if ('createTopic' in one) return isTheirs(one.createTopic.name) ? [one.createTopic.config] : [];
    return 'alterConfigs' in one && reaches(one, grounds) ? [one.set] : [];
  });
  return [...ofTopics.map((one) => one.config), ...later, scenario.cluster.config];
}

/** Its own batches, or with acks=0 those of others on the connection that the broker closes. */
function refusesLargeBatches(grounds: Grounds): boolean {
  const limits = topicConfigs(grounds).flatMap((config) =>
    SIZE_KEYS.map((key) => Number(config[key] ?? Infinity)),
  );
  const batches = grounds.producers.map(({ config, valueBytes }) =>
    Math.max(Number(config['batch.size'] ?? 16_384), valueBytes + RECORD_OVERHEAD),
  );
  return Math.min(...limits) < Math.max(...batches);
}

function hasRetention(config: Config): boolean {
  return Object.entries(config).some(
    ([key, value]) => RETENTION_KEY.test(key) && Number(value) >= 0,
  );
}

function mayHaveElr({ scenario }: Grounds, wanted: 'on' | 'off'): boolean {
  const isOff = scenario.cluster.config[ELR_KEY] === '0';
  return isOff === (wanted === 'off') || scenario.operations.some((one) => 'updateFeature' in one);
}

function isIdempotent(config: Config): boolean {
  const possible = (config['acks'] ?? 'all') === 'all' && config['retries'] !== '0';
  return possible && config['enable.idempotence'] !== 'false';
}
