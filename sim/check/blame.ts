/**
 * Why a batch that was in a log is in it no more, and whether the settings and the faults that
 * struck permit it. A batch can leave a partition in two ways only: a leader that lacked it was
 * elected (the others then cut it), or nobody that held it has its disk any more. What permits it:
 *
 * - the record was acknowledged by the leader alone (`acks=0`, `acks=1`), and then a leader that
 *   lacked it was elected or the content of a disk was lost;
 * - retention: a log's start passed it that did not hold another batch in its place; or its topic
 *   was deleted;
 * - an unclean election, or the election of the last known leader when no replica was left that
 *   could be trusted (KIP-966);
 * - every replica that was in sync or eligible lost it with its power or disk, so that none was
 *   left to lead; or the partition was then moved to those, as nobody knew yet (`moved-away.ts`);
 * - without eligible leader replicas: the last in-sync replica lost it with its power and led on;
 * - a replica's disk was spoiled (bit rot, misdirected write, lost flush) and nobody could notice;
 * - the controller's own disk lost committed decisions.
 *
 * Nothing else does: then the answer is null, and a rule was broken.
 */
import { type Election, type Elections, LAST_KNOWN_LEADER, type Span } from './elections.ts';
import { LogStarts } from './log-starts.ts';
import { lossBeforeMove } from './moved-away.ts';
import type { BatchIdentity, LossCause, LostBatch, ReplicaLog } from './replica-log.ts';
import type { ReplicaLogs } from './replica-logs.ts';
import type { ReplicaWatch } from './replica-watch.ts';

const WITHOUT_ELR = 'feature.eligible.leader.replicas.version=0';

export interface Blame {
  /** The setting or fault beyond the promise that permits the loss; null when nothing does. */
  readonly allowedBy: string | null;
  /** When the partition had lost it for good. */
  readonly at: number | null;
  /**
   * Since when nobody could have it any more: the election of a leader that lacked it, or else the
   * loss of the last copy; null when a replica has it and leads, or may lead.
   */
  readonly decidedAt: number | null;
  readonly evidence: readonly number[];
  readonly explanation: string;
}

/** What a client was told of a record. */
export interface Told {
  readonly event: number;
  readonly committed: boolean;
  /** When the record was first sent, if that is known: nothing that was written before held it. */
  readonly sentAt?: number;
}

interface Holder {
  readonly log: ReplicaLog;
  /** How it went, null while the replica still holds it. */
  readonly lost: LostBatch | null;
}

/**
 * The controllers lost decisions that they had committed: no rule of elections binds any more. Or a
 * replica was spoiled.
 */
export interface QuorumLoss {
  readonly event: number;
  /** The fault, such as `a lost disk on controller-101`. */
  readonly fault: string;
}

const TOPIC_DELETION = 'topic deletion';

export class Blamer {
  readonly logStarts: LogStarts;
  /** Set at the end of the run: whoever has what its leader lacks will cut it off. */
  endedEarly = false;
  /** By partition: when the quorum deleted its topic, in order. */
  private readonly deletions = new Map<string, number[]>();
  quorumLoss: QuorumLoss | null = null;
  /** By node: when its disk went from under it, until another is there. */
  private readonly diskGoneAt = new Map<string, number>();
  /** By node and the event at which it had an empty disk: when the old one went. */
  private readonly goneBefore = new Map<string, number>();
  /** By node: when the quorum registered its broker anew. */
  private readonly registrations = new Map<string, number[]>();
  private readonly logs: ReplicaLogs;
  private readonly elections: Elections;
  private readonly spoiledBy: (partition: string) => QuorumLoss | null;
  private readonly committedBefore: (
    partition: string,
    event: number,
    batch: BatchIdentity,
  ) => boolean;
  private readonly minInSync: (partition: string) => number;
  private readonly known = new Map<string, Blame>();

  constructor(
    logs: ReplicaLogs,
    elections: Elections,
    parts: {
      spoiledBy: (partition: string) => QuorumLoss | null;
      committedBefore: (partition: string, event: number, batch: BatchIdentity) => boolean;
      /** min.insync.replicas, as it is now. */
      minInSync: (partition: string) => number;
    },
  ) {
    this.logs = logs;
    this.logStarts = new LogStarts(logs);
    this.elections = elections;
    this.spoiledBy = parts.spoiledBy;
    this.committedBefore = parts.committedBefore;
    this.minInSync = parts.minInSync;
  }

  /**
   * The batch that held `offset` when a client was told of it, at `told.event`, and that the
   * partition lost: of those that its present leader lacks, the first that a replica lost after
   * that event, or if there is none the last that one lost before (a client may still be given
   * what is lost already). Several leaders may have written one record at one offset: who was told
   * of a committed record means the batch that was committed by then, not another one's attempt;
   * and nobody was told of what was written later, such as by a topic of the same name. If no
   * replica lost one, and the run ended early, what others still have that the leader lacks.
   * @returns null when there is no such batch.
   */
  lostBatchAt(partition: string, offset: number, told: Told): LostBatch | null {
    const leader = this.elections.current(partition)?.leader ?? null;
    const replicas = this.logs.replicas(partition);
    const leading = replicas.find((log) => log.node === leader);
    const lost = this.batchOf(
      partition,
      replicas.flatMap((log) => log.lossesAt(offset)).filter((one) => !leading?.holds(one)),
      told,
    );
    if (lost !== null || leading === undefined || !this.endedEarly) return lost;
    const doomed = replicas.flatMap((log) => log.presentAt(offset) ?? []);
    return this.batchOf(
      partition,
      doomed.filter((one) => !leading.holds(one)),
      told,
    );
  }

  /** Of batches that held one offset, the one that a client was told of. */
  private batchOf(partition: string, batches: LostBatch[], told: Told): LostBatch | null {
    const writtenAt = (lost: LostBatch): number => this.logs.firstWritten(partition, lost);
    const losses = batches.filter((lost) => writtenAt(lost) >= (told.sentAt ?? -1));
    const committed = told.committed
      ? losses.filter((lost) => this.committedBefore(partition, told.event, lost))
      : [];
    const written = losses.filter((lost) => writtenAt(lost) < told.event);
    const candidates = [committed, written].find((some) => some.length > 0) ?? losses;
    let after: LostBatch | null = null;
    let before: LostBatch | null = null;
    for (const lost of candidates) {
      if (lost.event < told.event) {
        if (before === null || lost.event > before.event) before = lost;
      } else if (after === null || lost.event < after.event) after = lost;
    }
    return after ?? before;
  }

  /** When the batch that one node holds at `offset` was first written by anybody. */
  appendedAt(node: string, partition: string, offset: number): number {
    return this.logs.appendedAt(node, partition, offset);
  }

  /**
   * The newest event before anybody had written what one node held at `offset` at that event; null
   * when it held nothing there.
   */
  heldSince(
    node: string,
    held: { readonly partition: string; readonly offset: number; readonly at: number },
  ): number | null {
    const log = this.logs.replicas(held.partition).find((one) => one.node === node);
    const batch = log?.batchAtEvent(held.offset, held.at) ?? null;
    return batch === null ? null : this.logs.firstWritten(held.partition, batch);
  }

  /**
   * @param waitedForAll false when the record was acknowledged by the leader alone.
   * @param until when the loss was seen: no disk's loss after it counts as one of all at once.
   */
  blame(
    partition: string,
    batch: BatchIdentity,
    waitedForAll: boolean,
    until = Number.POSITIVE_INFINITY,
  ): Blame {
    const { baseOffset, epoch, crc } = batch;
    const key = `${partition} ${baseOffset} ${epoch} ${crc} ${waitedForAll} ${until}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const blame = this.blameNow(partition, batch, waitedForAll, until);
    this.known.set(key, blame);
    return blame;
  }

  /** As `blame`, for a loss whose course is still under way: not remembered. */
  blameNow(
    partition: string,
    batch: BatchIdentity,
    waitedForAll: boolean,
    until = Number.POSITIVE_INFINITY,
  ): Blame {
    const holders = this.holders(partition, batch);
    const election = this.electionWithout(partition, batch, holders);
    const evidence = evidenceOf(holders, election);
    // One acknowledgement promises one copy: enough to excuse a loss of that copy, by an election
    // or with its disk's content, but not a leader that throws away what it has.
    const oneCopyLost = election !== null || holders.some((one) => isLossy(one.lost));
    const excused = !waitedForAll && oneCopyLost;
    const allowedBy = excused ? 'acks=1' : this.permits(partition, election, { holders, until });
    return {
      allowedBy,
      at: this.lostFor(partition, allowedBy, evidence.at(-1) ?? null),
      decidedAt: election?.event ?? lastCopyLostAt(holders),
      evidence,
      explanation: describe(partition, holders, election),
    };
  }

  /**
   * What the quorum knows no more is lost with its knowledge, whenever copies were lost; what no
   * replica has lost, with what spoiled one.
   */
  private lostFor(
    partition: string,
    allowedBy: string | null,
    event: number | null,
  ): number | null {
    if (allowedBy === null) return event;
    const { quorumLoss } = this;
    if (allowedBy === quorumLoss?.fault) return Math.max(event ?? -1, quorumLoss.event);
    const isSpoiled = event === null && allowedBy === this.beyondPromise(partition);
    return isSpoiled ? this.unpromisedAt(partition, -1) : event;
  }

  /**
   * What permits a replica that lost records to be a candidate: it was just elected although it
   * might lack some, or was before the partition lost that leader, too, before it could begin; or
   * without eligible leader replicas it is the last member of the ISR, which remains in it,
   * whatever it has lost.
   */
  excuseOf({ partition: { name: partition }, node, lossyAt }: ReplicaWatch): string | null {
    const { elections } = this;
    const current = elections.current(partition);
    const last = elections.of(partition).findLast((one) => one.leader !== null);
    const began = last !== undefined && elections.wasTakenUp(partition, last.leaderEpoch);
    const elected = current?.leader == null && !began ? last : current;
    const concerns = elected !== null && elected !== undefined && (elected.leader ?? node) === node;
    const permitted = concerns ? elections.permittedBy(elected) : null;
    if (permitted !== null) return permitted;
    const eligible = this.elections.eligibleAt(partition, Number.POSITIVE_INFINITY);
    const isLast = eligible.length === 1 && eligible[0] === node;
    const since = lossyAt < 0 ? Number.POSITIVE_INFINITY : lossyAt;
    return isLast && elections.elrWasOffSince(since) ? WITHOUT_ELR : null;
  }

  deleted(partition: string, event: number): void {
    const events = this.deletions.get(partition);
    if (events === undefined) this.deletions.set(partition, [event]);
    else events.push(event);
  }

  /** When the quorum last deleted its topic; null: never. */
  lastDeletion(partition: string): number | null {
    return this.deletions.get(partition)?.at(-1) ?? null;
  }

  /** What excuses that a record is gone which somebody had at that event; null: no deletion. */
  deletionSince(partition: string, event: number): string | null {
    return (this.lastDeletion(partition) ?? -1) > event ? TOPIC_DELETION : null;
  }

  /** What spoiled the partition's replicas or the controller's decisions unnoticed, or null. */
  beyondPromise(partition: string): string | null {
    return (this.spoiledBy(partition) ?? this.quorumLoss)?.fault ?? null;
  }

  /** Since when nothing was promised of what was there at that event. */
  unpromisedAt(partition: string, event: number): number {
    return Math.max(event, (this.spoiledBy(partition) ?? this.quorumLoss)?.event ?? event);
  }

  private permits(
    partition: string,
    election: Election | null,
    { holders, until }: { readonly holders: readonly Holder[]; readonly until: number },
  ): string | null {
    const lostOnes = holders.flatMap(({ lost }) => (lost === null ? [] : [lost]));
    if (lostOnes.some((lost) => this.logStarts.mayHaveTaken(partition, lost))) return 'retention';
    const deletedAt = this.deletions.get(partition)?.[0] ?? Number.POSITIVE_INFINITY;
    if (holders.some(({ lost }) => lost?.cause === 'deleted' && lost.event >= deletedAt)) {
      return TOPIC_DELETION;
    }
    const setting = election === null ? null : this.elections.permittedBy(election);
    if (setting !== null) return setting;
    const known = holders.map((one) => this.asOf(until, one));
    const lossy = this.lossOfAllInSync(partition, known) || this.lossBeforeMove(partition, known);
    if (lossy > 0) return `data loss on ${lossy} in-sync replica${lossy === 1 ? '' : 's'} at once`;
    if (this.lostByUntrusted(partition, holders)) return LAST_KNOWN_LEADER;
    const leader = holders.find((one) => one.log.node === election?.leader)?.lost ?? null;
    if (isLossy(leader) && this.elections.elrWasOffSince(leader.event)) return WITHOUT_ELR;
    return this.beyondPromise(partition);
  }

  /**
   * How many replicas lost it with power or disk, when these were all that could have led after
   * the last such loss; else 0. Who lost it need not have been eligible then. A broker that is back
   * before its session is over has lost what it had before the controller knows: who left the ISR
   * meanwhile, as fewer members are enough, may be the last to have the record (KIP-966: ELR only
   * below min.insync.replicas). So may who was struck off as untrusted (KAFKA-15586).
   */
  private lossOfAllInSync(partition: string, holders: readonly Holder[]): number {
    let last = -1;
    let lastOfAll = -1;
    let count = 0;
    const lostAt = new Map<string, number>();
    for (const { log, lost } of holders) {
      if (lost === null || !isLossy(lost)) continue;
      const event = this.lostAt(log, lost);
      lostAt.set(log.node, event);
      lastOfAll = Math.max(lastOfAll, event);
      if (!this.elections.eligibleAt(partition, event).includes(log.node)) continue;
      count += 1;
      last = Math.max(last, event);
    }
    const nobodyIsLeft = (at: number): boolean =>
      this.elections
        .eligibleAt(partition, at)
        .every((node) => (lostAt.get(node) ?? Number.POSITIVE_INFINITY) <= at);
    if (nobodyIsLeft(last)) return count;
    const lossy = lostAt.size;
    return lossy >= this.minInSync(partition) && nobodyIsLeft(lastOfAll) ? lossy : 0;
  }

  private lossBeforeMove(partition: string, holders: readonly Holder[]): number {
    const copies = holders.map(({ log, lost }) => {
      return { node: log.node, lost, faultAt: isLossy(lost) ? this.lostAt(log, lost) : null };
    });
    const registeredIn = (node: string, { from, to }: Span): boolean =>
      this.registrations.get(node)?.some((event) => event > from && event <= to) ?? false;
    return lossBeforeMove(partition, copies, { elections: this.elections, registeredIn });
  }

  /** The quorum registered this node's broker anew: what it was known for before is over. */
  registered(node: string, event: number): void {
    const events = this.registrations.get(node);
    if (events === undefined) this.registrations.set(node, [event]);
    else events.push(event);
  }

  /** From when on the node could not have brought it back. */
  private lostAt({ node }: ReplicaLog, lost: LostBatch): number {
    return this.goneBefore.get(`${node} ${lost.event}`) ?? lost.doomedAt;
  }

  /** The disk of a node that runs is gone: what was on it is out of reach until it is replaced. */
  diskGone(node: string, event: number): void {
    this.diskGoneAt.set(node, event);
  }

  /** The fault, while its disk is gone. */
  goneDiskOf(node: string): string | null {
    return this.diskGoneAt.has(node) ? `a lost disk on ${node}` : null;
  }

  diskReplaced(node: string, event: number): void {
    const gone = this.diskGoneAt.get(node);
    if (gone !== undefined) this.goneBefore.set(`${node} ${event}`, gone);
    this.diskGoneAt.delete(node);
  }

  /** All copies went with power or disk, the last of them when no replica could be trusted. */
  private lostByUntrusted(partition: string, holders: readonly Holder[]): boolean {
    let last = -1;
    for (const { lost } of holders) {
      if (lost === null || !isLossy(lost)) return false;
      last = Math.max(last, lost.event);
    }
    return last >= 0 && this.elections.eligibleAt(partition, last).length === 0;
  }

  private holders(partition: string, batch: BatchIdentity): Holder[] {
    const holders: Holder[] = [];
    for (const log of this.logs.replicas(partition)) {
      const lost = log.holds(batch) ? null : log.howLost(batch);
      if (lost !== null || log.holds(batch)) holders.push({ log, lost });
    }
    return holders;
  }

  /** What is lost later was held by then. */
  private asOf(until: number, { log, lost }: Holder): Holder {
    return lost !== null && this.lostAt(log, lost) > until ? { log, lost: null } : { log, lost };
  }

  /**
   * The election, after the batch's epoch, of a leader that did not hold the batch then; of those
   * since a leader held it, for a later one may have brought it back. One that was permitted stands
   * for those that followed from it, even if its leader never came to lead: the ISR was its own, so
   * that the copies of others that were lost next were not to be trusted any more.
   */
  private electionWithout(
    partition: string,
    batch: BatchIdentity,
    holders: readonly Holder[],
  ): Election | null {
    const { elections } = this;
    let without: Election[] = [];
    for (const election of this.elections.of(partition)) {
      if (election.leaderEpoch <= batch.epoch) continue;
      if (election.leader === null) {
        // Whoever was in sync is so no more: what the ISR was left to may lack it.
        if (elections.permittedBy(election) !== null) without.push(election);
        continue;
      }
      const holder = holders.find((one) => one.log.node === election.leader);
      const lost = holder?.lost ?? null;
      const lacks = holder === undefined || (lost !== null && lost.event <= election.event);
      if (lacks) without.push(election);
      else without = [];
    }
    const permitted = without.find((one) => elections.permittedBy(one) !== null);
    const taken = without.find((one) => elections.wasTakenUp(partition, one.leaderEpoch));
    const isGone = holders.every((one) => one.lost !== null);
    return taken === undefined && !isGone ? null : (permitted ?? taken ?? null);
  }
}

const LOSSY: ReadonlySet<LossCause> = new Set(['power', 'disk', 'rot']);

function isLossy(lost: LostBatch | null): lost is LostBatch {
  return lost !== null && LOSSY.has(lost.cause);
}

/** Null while a copy is left, and when there never was one. */
function lastCopyLostAt(holders: readonly Holder[]): number | null {
  let last = -1;
  for (const { lost } of holders) {
    if (lost === null) return null;
    last = Math.max(last, lost.event);
  }
  return last < 0 ? null : last;
}

function evidenceOf(holders: readonly Holder[], election: Election | null): number[] {
  const events = new Set<number>();
  for (const { lost } of holders) {
    if (lost === null) continue;
    events.add(lost.doomedAt);
    events.add(lost.event);
  }
  if (election !== null) events.add(election.event);
  return [...events].sort((a, b) => a - b);
}

const LOSS_WORDS = {
  power: 'lost it with its power',
  truncated: 'cut it off',
  deleted: 'deleted it',
  disk: 'lost its disk',
  rot: 'lost it to bit rot',
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
    const how = election.how === 'elected' ? '' : ` (${election.how.replaceAll('-', ' ')})`;
    const words =
      election.leader === null
        ? `its ISR was left to others in epoch ${election.leaderEpoch}`
        : `${election.leader} was elected for epoch ${election.leaderEpoch} without it${how}`;
    parts.push({ event: election.event, words });
  }
  parts.sort((a, b) => a.event - b.event);
  if (parts.length > 0) return parts.map((one) => one.words).join(', ');
  const isHeld = holders.length > 0;
  return isHeld ? 'no replica that had it has lost it' : `no replica of ${partition} ever held it`;
}
