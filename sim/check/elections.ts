/**
 * What the controller decided for each partition, in order: who was elected, when, and how. The
 * checks ask it who the legitimate leader was and whether an election was outside the promise.
 */
export interface Election {
  readonly event: number;
  readonly timeUs: number;
  /** Node name; null when the partition had no leader from here on. */
  readonly leader: string | null;
  readonly leaderEpoch: number;
  /** The controller's word for it, see the trace event `leader.elected`. */
  readonly how: string;
}

const UNCLEAN = 'unclean.leader.election.enable=true';
const LAST_KNOWN_LEADER = 'unclean stop of every in-sync and eligible replica';

export class Elections {
  private readonly byPartition = new Map<string, Election[]>();
  private readonly members = new Map<string, { event: number; nodes: readonly string[] }[]>();
  /** `orders-0 5`: the leader of epoch 5 began to lead. */
  private readonly takenUp = new Set<string>();

  add(partition: string, election: Election): void {
    const list = this.byPartition.get(partition);
    if (list === undefined) this.byPartition.set(partition, [election]);
    else list.push(election);
  }
  started(partition: string, leaderEpoch: number): void {
    this.takenUp.add(`${partition} ${leaderEpoch}`);
  }
  /** False for a leader that was elected and never led: it was dead already, or cut off. */
  wasTakenUp(partition: string, leaderEpoch: number): boolean {
    return this.takenUp.has(`${partition} ${leaderEpoch}`);
  }
  of(partition: string): readonly Election[] {
    return this.byPartition.get(partition) ?? [];
  }
  /** The in-sync and the eligible replicas, as node names, from this event on. */
  membersChanged(partition: string, event: number, nodes: readonly string[]): void {
    const list = this.members.get(partition);
    if (list === undefined) this.members.set(partition, [{ event, nodes }]);
    else list.push({ event, nodes });
  }
  /**
   * What permits an election in which the new leader may lack committed records: null for every
   * other election, and for one that the settings or the state of the partition forbid.
   */
  permittedBy(partition: string, election: Election, uncleanIsOn: boolean): string | null {
    if (election.how === 'unclean') return uncleanIsOn ? UNCLEAN : null;
    if (election.how !== 'last-known-leader') return null;
    return this.eligibleAt(partition, election.event - 1).length === 0 ? LAST_KNOWN_LEADER : null;
  }
  /** Who could have been elected at that event without losing a committed record. */
  eligibleAt(partition: string, event: number): readonly string[] {
    return this.members.get(partition)?.findLast((one) => one.event <= event)?.nodes ?? [];
  }
  /** The newest decision, or null before the first. */
  current(partition: string): Election | null {
    return this.of(partition).at(-1) ?? null;
  }
}
