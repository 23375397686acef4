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

/** Elections in which the new leader may lack committed records (Kafka: unclean). */
const UNCLEAN = new Map<string, string>([
  ['unclean', 'unclean.leader.election.enable=true'],
  ['last-known-leader', 'unclean stop of every in-sync and eligible replica'],
]);

export function uncleanSetting(election: Election): string | null {
  return UNCLEAN.get(election.how) ?? null;
}

export class Elections {
  private readonly byPartition = new Map<string, Election[]>();
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
  /** The newest decision, or null before the first. */
  current(partition: string): Election | null {
    return this.of(partition).at(-1) ?? null;
  }
  /** An unclean election at or after `event`, or null. */
  uncleanSince(partition: string, event: number): Election | null {
    for (const election of this.of(partition)) {
      if (election.event >= event && uncleanSetting(election) !== null) return election;
    }
    return null;
  }
}
