/**
 * What a run comes out as. The first half is the published JSON (`reportJson`), the second the
 * story that a person reads; both are plain data, the words on screen are the command line's.
 */
import type { Verdict } from '../check/verdict.ts';
import type { FaultVerb } from '../faults/verbs.ts';
import type { AdminAnswer } from '../workload/admin-load.ts';
import type { VariantReport } from './variant-tallies.ts';

export interface Counts {
  readonly sent: number;
  readonly acknowledged: number;
  /** Acknowledged, and in no log at the end. */
  readonly acknowledgedLost: number;
  /** Copies beyond the first in the final logs. */
  readonly duplicated: number;
  /** Records that stand behind a later one of their producer in a final log. */
  readonly reordered: number;
  /** Records that polls gave to the workload's consumers. */
  readonly consumed: number;
}

export interface ExpectationResult {
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly met: boolean;
  /** In the real world: why it is left out of account; it counts as met. */
  readonly notCompared?: string;
}

export interface Spell {
  readonly fromMs: number;
  /** null: it lasted until the end of the run. */
  readonly untilMs: number | null;
}

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What one client saw. Latencies in ms, to the µs; null without an acknowledged send. */
export interface ClientReport {
  readonly name: string;
  readonly kind: 'producer' | 'consumer' | 'admin';
  readonly topic: string | null;
  readonly sent: number;
  readonly acknowledged: number;
  readonly acknowledgedLost: number;
  /** Of a producer's records in the final logs, of what a consumer was given: see `disorder.ts`. */
  readonly duplicated: number;
  readonly reordered: number;
  /** Certainly not written. */
  readonly failed: number;
  /** May or may not have been written. */
  readonly unknown: number;
  readonly unanswered: number;
  readonly consumed: number;
  readonly polls: number;
  /** Consumers: records given after a later record of the same producer of another partition. */
  readonly reorderedAcrossPartitions: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Producers: from send to success; consumers: from send to the poll that gave the record. */
  readonly latencyMs: Latency | null;
  /** Longer than a second in which sends, or acknowledged records, waited and none got through. */
  readonly unavailable: readonly Spell[];
}

/** What came of one consumer group. */
export interface GroupReport {
  readonly group: string;
  readonly members: readonly {
    readonly client: string;
    /** In the newest generation: `orders-0,orders-1`, "": none; null: it is not in it. */
    readonly partitions: string | null;
  }[];
  /** Records that its applications have processed, each time counted. */
  readonly processed: number;
  readonly distinct: number;
  /** Processed for a further time. */
  readonly again: number;
  /** Passed by its committed offsets and never processed. */
  readonly missed: number;
  /** Generations that came to have an assignment. */
  readonly rebalances: number;
  /** Members without a partition at the end. */
  readonly idle: number;
  /** Answered without error, partition by partition. */
  readonly commits: number;
  readonly commitsRefused: number;
  /** Records to be read and not processed, at the end and at most. */
  readonly lag: number;
  readonly maxLag: number;
}

/** A fault that struck, by its name or its place in the scenario. */
export interface CapFault {
  readonly fault: string;
  readonly verb: FaultVerb;
}

/** What was acknowledged, and what of it is in no log at the end. */
export interface CapTally {
  readonly acknowledged: number;
  /** Lost with this partition (`cap-losses.ts`). */
  readonly acknowledgedLost: number;
  /** Of those, perhaps lost with another fault instead. */
  readonly lostUnsure: number;
  /** In no log at the end, too, and not known to be lost with this partition. */
  readonly lostOtherwise: number;
}

/** One side of a network partition; sends begun and acknowledged meanwhile by a leader on it. */
export interface CapSide extends CapTally {
  readonly targets: string;
  /** A node that stands on both sides of a cut is named on one. */
  readonly nodes: readonly string[];
  /** Without any it serves no client, whatever happens. */
  readonly brokers: boolean;
  /**
   * null: it has brokers, and nobody tells whether they would have acknowledged anything, as no
   * producer that waits for answers could reach it and began a send meanwhile.
   */
  readonly writable: boolean | null;
}

/** What a client that writes was told during a network partition, and what became of it. */
export interface CapWrites {
  /** Begun and acknowledged meanwhile. */
  readonly acknowledged: number;
  /** Of those, in no log at the end, and lost with this partition (`cap-losses.ts`). */
  readonly lost: number;
  /** Of those, perhaps lost with one of `others` instead. */
  readonly lostUnsure: number;
  /** In no log at the end, too, and not known to be lost with this partition. */
  readonly lostOtherwise: number;
  /** Begun before the partition, and acknowledged before its end. */
  readonly earlier: number;
  /** Of those, in no log at the end, and lost with this partition (`cap-losses.ts`). */
  readonly earlierLost: number;
  readonly earlierLostUnsure: number;
  readonly earlierLostOtherwise: number;
  /** Acknowledged after its end, whenever they were begun. */
  readonly later: number;
  /**
   * Of those, in no log at the end, and lost with this partition (`cap-losses.ts`): begun by its end,
   * or acknowledged by a leader that it had deposed.
   */
  readonly laterLost: number;
  readonly laterLostUnsure: number;
  readonly laterLostOtherwise: number;
  /** Faults that may have taken what is unsure; in the order in which they struck. */
  readonly others: readonly CapFault[];
}

/** What a client that reads was given during a network partition. */
export interface CapReads {
  readonly records: number;
  /**
   * Records that the log, when it was read again after healing, did not have at that offset, and
   * that were lost with this partition (`cap-losses.ts`); null when it could not be read.
   */
  readonly takenBack: number | null;
  /** Of those, perhaps taken back with one of `others` instead. */
  readonly takenBackUnsure: number;
  /** Taken back, too, and not known to be with this partition. */
  readonly takenBackOtherwise: number;
  /** Offsets of that log between one record and the next that it was not given. */
  readonly leftOut: number | null;
  /** Records at or before the place where it was already. */
  readonly again: number;
  /** Nothing taken back, left out or again: all that it read is one stretch of one log. */
  readonly prefix: boolean | null;
  /** Polls begun when something behind what they gave had been acknowledged to somebody. */
  readonly stalePolls: number;
  /** For how long it had been, at most. */
  readonly stalestMs: number;
  /**
   * Whether it saw everything that had been acknowledged before, and nothing else: no stale poll,
   * nothing taken back, left out or again. Kafka does not promise it. null: nothing speaks against
   * it, and the log could not be read.
   */
  readonly linearizable: boolean | null;
  /** Records that it was given by polls that were begun before the partition. */
  readonly earlier: number;
  /** Of those, taken back with this partition (`cap-losses.ts`); null: the log was not read. */
  readonly earlierTakenBack: number | null;
  readonly earlierTakenBackUnsure: number;
  readonly earlierTakenBackOtherwise: number;
  /** Faults that may have taken what is unsure; in the order in which they struck. */
  readonly others: readonly CapFault[];
}

/** What the settings promise a client; each why in a clause. */
export interface CapPromise {
  /** Whether what it was told stays true. */
  readonly survives: boolean;
  readonly because: string;
  /** Where it may expect to be answered while the partition lasts. */
  readonly answered: string;
}

/** One client during one network partition, from what it saw. */
export interface CapClient {
  readonly name: string;
  readonly kind: 'producer' | 'consumer' | 'admin';
  /** Of a member of one. */
  readonly group: string | null;
  /** null of an admin client, and of a member that reads several. */
  readonly topic: string | null;
  /** The side it was on; null: it could reach both. */
  readonly side: number | null;
  /** Sends, polls or requests begun meanwhile. */
  readonly operations: number;
  /** Of those, answered without error within their time-out (delivery.timeout.ms, the poll's). */
  readonly answered: number;
  /** Of those, before the partition ended. */
  readonly answeredMeanwhile: number;
  /** answered / operations; null when nothing was begun. */
  readonly share: number | null;
  /** The longest stretch in which it waited, for an acknowledgement or for acknowledged records. */
  readonly longestGapMs: number;
  readonly writes: CapWrites | null;
  readonly reads: CapReads | null;
  readonly promise: CapPromise;
  /**
   * null: nothing is promised, there is nothing to judge it by, it cannot be told, a fault went
   * beyond the promise, or another fault took what was lost, or may have.
   */
  readonly kept: boolean | null;
}

export interface CapReport {
  readonly fault: string;
  readonly fromMs: number;
  /** When its sides were joined again (`cap-parted.ts`); null: not at all. */
  readonly untilMs: number | null;
  /** When all links were whole that it had cut; later where only some were at first. */
  readonly wholeMs: number | null;
  readonly oneWay: boolean;
  readonly sides: readonly [CapSide, CapSide];
  /** By leaders that the partition left with both sides. */
  readonly elsewhere: CapTally;
  /** Sends begun meanwhile by producers that wait for answers (not acks=0). */
  readonly attempted: number;
  /** By whomever, known or not: sends begun and acknowledged meanwhile. */
  readonly meanwhile: CapTally;
  /** Begun before the partition, acknowledged before its end. */
  readonly earlier: CapTally;
  /** Acknowledged after its end, whenever they were begun. */
  readonly later: CapTally;
  readonly clients: readonly CapClient[];
  /** Faults that may have taken what was acknowledged and is unsure. */
  readonly others: readonly CapFault[];
  /**
   * Nothing that was acknowledged meanwhile, before or after was lost with it. null: nothing had
   * been acknowledged by its end, nor was lost with it later; or all that may have been lost with
   * it may have been lost with another fault.
   */
  readonly survived: boolean | null;
}

export type TimelineKind =
  | 'fault'
  | 'end'
  | 'phase'
  | 'leader'
  | 'isr'
  | 'replicas'
  | 'topic'
  | 'config'
  | 'controller'
  | 'broker'
  | 'node'
  | 'log';

export interface TimelineEntry {
  /** Scenario time. */
  readonly timeMs: number;
  readonly event: number;
  readonly kind: TimelineKind;
  /** `power cut: broker-2 (leader:orders-0)` */
  readonly text: string;
}

export interface Story {
  readonly claim: string;
  readonly story: string;
  readonly timeline: readonly TimelineEntry[];
  /** Entries beyond what the timeline keeps. */
  readonly timelineDropped: number;
  readonly clients: readonly ClientReport[];
  readonly groups: readonly GroupReport[];
  readonly admin: readonly AdminAnswer[];
  readonly cap: readonly CapReport[];
  /** Faults beyond what the settings promise to survive, in clauses. */
  readonly beyondPromise: readonly string[];
  /** Simulated time that the warm-up took; scenario times count from its end. */
  readonly warmUpMs: number;
  /** Scenario time at which the run was ended early on request; null: it ran to its end. */
  readonly stoppedAtMs: number | null;
  /** Scenario time of healing and of rest; null: not healed, or never at rest. */
  readonly healedAtMs: number | null;
  readonly convergedAtMs: number | null;
}

export interface RunReport {
  readonly schema: 1;
  /** Absent: the laboratory. */
  readonly world?: 'real';
  readonly scenario: string;
  readonly seed: string | number;
  readonly digest: string;
  readonly traceHash: string;
  readonly simulatedMs: number;
  readonly wallMs: number;
  readonly events: number;
  readonly frames: number;
  readonly counts: Counts;
  /** The historic rules of the run. */
  readonly variants: readonly VariantReport[];
  readonly verdicts: readonly Verdict[];
  readonly expectations: readonly ExpectationResult[];
  /** Every expectation is met and nothing else went wrong. */
  readonly met: boolean;
  /** Why the run does not count, whatever the expectations say: unresolved faults, broken nodes. */
  readonly problems: readonly string[];
  /** Nodes whose code broke: mistakes of the system under test or of the lab. */
  readonly broken: readonly {
    readonly node: string;
    readonly message: string;
    readonly event: number;
  }[];
  readonly story: Story;
}

/** The published form of `trial run --json`. */
export function reportJson(report: RunReport): Record<string, unknown> {
  return {
    schema: report.schema,
    ...(report.world === undefined ? {} : { world: report.world }),
    scenario: report.scenario,
    seed: report.seed,
    digest: report.digest,
    traceHash: report.traceHash,
    simulatedMs: report.simulatedMs,
    wallMs: report.wallMs,
    events: report.events,
    frames: report.frames,
    counts: report.counts,
    variants: report.variants,
    verdicts: report.verdicts.map(({ name, verdict, allowedBy, at, explanation }) => ({
      name,
      verdict,
      allowedBy,
      at,
      explanation,
    })),
    expectations: report.expectations,
    groups: report.story.groups,
    cap: report.story.cap,
    met: report.met,
  };
}
