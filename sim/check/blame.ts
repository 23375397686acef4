/**
 * Why a batch that was in a log is in it no more, and whether the settings and the faults that
 * struck permit it. A batch can leave a partition in two ways only: a leader that lacked it was
 * elected (the others then cut it), or nobody that held it has its disk any more. Outside unclean
 * elections and lossy stops beyond the promise (KIP-966: fewer than min.insync.replicas of them
 * lose nothing) the answer is null: nothing permits it, a rule was broken.
 */
import type { Election, Elections } from './elections.ts';
import { uncleanSetting } from './elections.ts';
import type { LostBatch, ReplicaLog, ReplicaLogs } from './replica-logs.ts';
import { effectiveMinInSyncReplicas, type RunSettings } from './settings.ts';

export interface BatchIdentity {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly crc: number;
}

export interface Blame {
  /** The setting or fault beyond the promise that permits the loss; null when nothing does. */
  readonly allowedBy: string | null;
  /** When the partition had lost it for good. */
  readonly at: number | null;
  readonly evidence: readonly number[];
  readonly explanation: string;
}

interface Holder {
  readonly log: ReplicaLog;
  /** How it went, null while the replica still holds it. */
  readonly lost: LostBatch | null;
}

export class Blamer {
  private readonly logs: ReplicaLogs;
  private readonly elections: Elections;
  private readonly settings: RunSettings;
  private readonly known = new Map<string, Blame>();
  /** By partition: the highest log start offset that any replica told (retention, DeleteRecords). */
  readonly logStartOffsets = new Map<string, number>();

  constructor(logs: ReplicaLogs, elections: Elections, settings: RunSettings) {
    this.logs = logs;
    this.elections = elections;
    this.settings = settings;
  }

  /**
   * The batch that some replica held at `offset` after `sinceEvent` and lost since.
   * @returns null when no replica ever lost a batch there (it was never written).
   */
  lostBatchAt(partition: string, offset: number, sinceEvent: number): LostBatch | null {
    let first: LostBatch | null = null;
    for (const log of this.logs.replicas(partition)) {
      for (const lost of log.lost) {
        if (offset < lost.baseOffset || offset >= lost.endOffset) continue;
        if (lost.event < sinceEvent) continue;
        if (first === null || lost.event < first.event) first = lost;
      }
    }
    return first;
  }

  /** @param waitedForAll false when the record was acknowledged by the leader alone. */
  blame(partition: string, batch: BatchIdentity, waitedForAll: boolean): Blame {
    const key = `${partition} ${batch.baseOffset} ${batch.epoch} ${batch.crc} ${waitedForAll}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const blame = this.find(partition, batch, waitedForAll);
    this.known.set(key, blame);
    return blame;
  }

  /** As `blame`, for a loss whose course is still under way: not remembered. */
  blameNow(partition: string, batch: BatchIdentity, waitedForAll: boolean): Blame {
    return this.find(partition, batch, waitedForAll);
  }

  private find(partition: string, batch: BatchIdentity, waitedForAll: boolean): Blame {
    const holders = this.holders(partition, batch);
    const election = this.electionWithout(partition, batch, holders);
    const lossy = holders.filter((one) => isLossy(one.lost));
    const evidence = evidenceOf(holders, election);
    const at = evidence.at(-1) ?? null;
    const said = describe(partition, holders, election);
    const allowedBy = waitedForAll
      ? this.permits(partition, election, lossy.length, holders)
      : 'acks=1';
    return { allowedBy, at, evidence, explanation: said };
  }

  private permits(
    partition: string,
    election: Election | null,
    lossyStops: number,
    holders: readonly Holder[],
  ): string | null {
    const needed = effectiveMinInSyncReplicas(this.settings, partition);
    const logStartOffset = this.logStartOffsets.get(partition) ?? 0;
    if (holders.some((one) => (one.lost?.endOffset ?? Infinity) <= logStartOffset)) {
      return 'retention';
    }
    const setting = election === null ? null : uncleanSetting(election);
    if (setting !== null) return setting;
    if (lossyStops >= needed) {
      return `data loss on ${lossyStops} in-sync replica${lossyStops === 1 ? '' : 's'} at once`;
    }
    if (election !== null) {
      const leader = holders.find((one) => one.log.node === election.leader);
      const ledAfterLoss = leader !== undefined && isLossy(leader.lost);
      if (ledAfterLoss && !this.settings.eligibleLeaderReplicas) {
        return 'feature.eligible.leader.replicas.version=0';
      }
    }
    return null;
  }

  private holders(partition: string, batch: BatchIdentity): Holder[] {
    const holders: Holder[] = [];
    for (const log of this.logs.replicas(partition)) {
      if (log.holds(batch)) {
        holders.push({ log, lost: null });
        continue;
      }
      const lost = log.lost.findLast(
        (one) =>
          one.baseOffset === batch.baseOffset && one.crc === batch.crc && one.epoch === batch.epoch,
      );
      if (lost !== undefined) holders.push({ log, lost });
    }
    return holders;
  }

  /** The first election, after the batch's epoch, of a leader that did not hold the batch then. */
  private electionWithout(
    partition: string,
    batch: BatchIdentity,
    holders: readonly Holder[],
  ): Election | null {
    for (const election of this.elections.of(partition)) {
      if (election.leaderEpoch <= batch.epoch || election.leader === null) continue;
      if (!this.elections.wasTakenUp(partition, election.leaderEpoch)) continue;
      const holder = holders.find((one) => one.log.node === election.leader);
      if (holder === undefined) return election;
      if (holder.lost !== null && holder.lost.event <= election.event) return election;
    }
    return null;
  }
}

function isLossy(lost: LostBatch | null): boolean {
  return lost !== null && (lost.cause === 'power' || lost.cause === 'disk');
}

function evidenceOf(holders: readonly Holder[], election: Election | null): number[] {
  const events = new Set<number>();
  for (const holder of holders) if (holder.lost !== null) events.add(holder.lost.event);
  if (election !== null) events.add(election.event);
  return [...events].sort((a, b) => a - b);
}

const LOSS_WORDS = {
  power: 'lost it with its power',
  truncated: 'cut it off',
  deleted: 'deleted it',
  disk: 'lost its disk',
} as const;

function describe(
  partition: string,
  holders: readonly Holder[],
  election: Election | null,
): string {
  const parts: { event: number; words: string }[] = [];
  for (const { log, lost } of holders) {
    if (lost === null) continue;
    parts.push({ event: lost.event, words: `${log.node} ${LOSS_WORDS[lost.cause]}` });
  }
  if (election !== null) {
    const words = `${election.leader} was elected without it (${election.how}, epoch ${election.leaderEpoch})`;
    parts.push({ event: election.event, words });
  }
  parts.sort((a, b) => a.event - b.event);
  if (parts.length === 0) return `no replica of ${partition} ever held it`;
  return parts.map((one) => `${one.event} ${one.words}`).join(' · ');
}
