/**
 * What the quorum decided for each partition, in order: who was elected, when, and how. The checks
 * ask it who the legitimate leader was and whether an election was outside the promise.
 */
import {
  LeaderRecoveryState,
  type PartitionRegistration,
} from '../../kafka/metadata/partition-registration.ts';

export interface Election {
  /** When a controller told it; until then, when it was committed. */
  event: number;
  readonly timeUs: number;
  /** Node name; null when the partition had no leader from here on. */
  readonly leader: string | null;
  readonly leaderEpoch: number;
  /** In the words of the trace event `leader.elected`. */
  readonly how: string;
  /** Nodes that could have been elected without losing a committed record. */
  readonly eligibleBefore: readonly string[];
  /** unclean.leader.election.enable, as it was then. */
  readonly uncleanIsOn: boolean;
  /** An operator had asked for an unclean election of this partition, and it was not over. */
  readonly uncleanIsAsked: boolean;
}

/** From one event to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Members {
  readonly event: number;
  /** In sync or eligible. */
  readonly nodes: readonly string[];
  /** All that have a replica, or are to; null: not known. */
  readonly replicas: readonly string[] | null;
}

const UNCLEAN = 'unclean.leader.election.enable=true';
export const ASKED_FOR = 'an unclean election that an operator asked for';
export const LAST_KNOWN_LEADER = 'unclean stop of every in-sync and eligible replica';

export class Elections {
  private readonly byPartition = new Map<string, Election[]>();
  private readonly members = new Map<string, Members[]>();
  private readonly toldEpochs = new Set<string>();
  /** When eligible leader replicas (KIP-966) were turned on last; infinite: they are off. */
  private elrOnSince = Number.POSITIVE_INFINITY;
  /** `orders-0 5`: the leader of epoch 5 began to lead. */
  private readonly takenUp = new Set<string>();

  add(partition: string, election: Election): void {
    const list = this.byPartition.get(partition);
    if (list === undefined) this.byPartition.set(partition, [election]);
    else list.push(election);
  }
  /** A controller told the election of this epoch. */
  told(partition: string, leaderEpoch: number, event: number): void {
    const election = this.of(partition).findLast((one) => one.leaderEpoch === leaderEpoch);
    if (election === undefined || this.toldEpochs.has(`${partition} ${leaderEpoch}`)) return;
    this.toldEpochs.add(`${partition} ${leaderEpoch}`);
    election.event = event;
  }
  started(partition: string, leaderEpoch: number): void {
    this.takenUp.add(`${partition} ${leaderEpoch}`);
  }
  /** False for a leader that was elected and never led: it was dead already, or cut off. */
  wasTakenUp(partition: string, leaderEpoch: number): boolean {
    return this.takenUp.has(`${partition} ${leaderEpoch}`);
  }
  elrIs(isOn: boolean, event: number): void {
    if (!isOn) this.elrOnSince = Number.POSITIVE_INFINITY;
    else if (this.elrOnSince > event) this.elrOnSince = event;
  }
  /** Without them the last member of an ISR stays in it, whatever it has lost. */
  elrWasOffSince(event: number): boolean {
    return this.elrOnSince === Number.POSITIVE_INFINITY || this.elrOnSince > event;
  }
  of(partition: string): readonly Election[] {
    return this.byPartition.get(partition) ?? [];
  }
  /** The in-sync and the eligible replicas, and all replicas, as node names, from this event on. */
  membersChanged(
    partition: string,
    event: number,
    nodes: readonly string[],
    replicas: readonly string[] | null = null,
  ): void {
    const list = this.members.get(partition);
    const members = { event, nodes, replicas };
    if (list === undefined) this.members.set(partition, [members]);
    else list.push(members);
  }
  /**
   * What permits an election in which the new leader may lack committed records: null for every
   * other election, and for one that the settings or the state of the partition forbid.
   */
  permittedBy(election: Election): string | null {
    const { how, eligibleBefore } = election;
    if (how !== 'unclean' && how !== 'last-known-leader') return null;
    // Who led last may also come by an unclean election, past eligible replicas that are down.
    if (how === 'last-known-leader' && eligibleBefore.length === 0) return LAST_KNOWN_LEADER;
    if (election.uncleanIsOn) return UNCLEAN;
    // Kafka's ElectLeaders (KIP-460) asks neither the setting nor anybody else.
    return election.uncleanIsAsked ? ASKED_FOR : null;
  }
  /** Who could have been elected at that event without losing a committed record. */
  eligibleAt(partition: string, event: number): readonly string[] {
    return this.members.get(partition)?.findLast((one) => one.event <= event)?.nodes ?? [];
  }
  /** Whether the node was so at both ends of the span, and was never struck off in between. */
  wasEligibleThroughout(partition: string, node: string, { from, to }: Span): boolean {
    const within = this.members.get(partition)?.filter(({ event }) => event > from && event <= to);
    const changes = (within ?? []).map(({ nodes }) => nodes);
    return [this.eligibleAt(partition, from), ...changes].every((nodes) => nodes.includes(node));
  }
  /**
   * When the quorum decided that the node has no replica of the partition, of which it had one
   * before: the last time by that event; null: it is one of the replicas then, or never was.
   */
  leftAt(partition: string, node: string, event: number): number | null {
    let left: number | null = null;
    let was = false;
    for (const members of this.members.get(partition) ?? []) {
      if (members.event > event) break;
      const is = members.replicas?.includes(node) ?? true;
      if (is) left = null;
      else if (was) left = members.event;
      was = is;
    }
    return left;
  }
  /** The newest decision, or null before the first. */
  current(partition: string): Election | null {
    return this.of(partition).at(-1) ?? null;
  }
}

/**
 * How the leader of `after` came to lead, by the state that the quorum had committed before. A
 * cancelled reassignment whose targets alone were in sync leaves the ISR to a replica that may lack
 * records: that is unclean, although nobody leads when that replica is down (KIP-455).
 */
export function electedHow(
  before: PartitionRegistration | null,
  after: PartitionRegistration,
): string {
  if (before === null) return 'created';
  if (after.leader < 0) {
    const known = [...before.isr, ...before.elr];
    return after.isr.some((id) => !known.includes(id)) ? 'unclean' : 'none';
  }
  if (before.isr.includes(after.leader)) return 'elected';
  if (before.elr.includes(after.leader)) return 'elr';
  if (after.leaderRecoveryState !== LeaderRecoveryState.RECOVERING) return 'elected';
  return before.lastKnownElr.includes(after.leader) ? 'last-known-leader' : 'unclean';
}
