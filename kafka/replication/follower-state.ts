/**
 * What a leader knows of one follower from its fetches (Kafka: Replica, ReplicaState).
 * Times are wall-clock ms, as in Kafka.
 */

/** A time long before any other: "never". */
export const NEVER_MS = -8_640_000_000_000_000;
/** No fetch has told a broker epoch yet; -1 is a fetch that did not say one. */
export const UNKNOWN_BROKER_EPOCH = -2;

export class FollowerState {
  readonly brokerId: number;
  /** -1: unknown, no fetch came in since this broker began to lead. */
  logEndOffset = -1;
  logStartOffset = -1;
  /** The leader's log end offset when the last fetch came. */
  lastFetchLeaderLogEndOffset = 0;
  lastFetchMs = NEVER_MS;
  /** The latest time at which the follower was known to have all that the leader then had. */
  lastCaughtUpMs = NEVER_MS;
  brokerEpoch = UNKNOWN_BROKER_EPOCH;
  /** Member of the leader's maximal ISR: the high watermark waits for it. */
  inMaximalIsr = false;

  constructor(brokerId: number) {
    this.brokerId = brokerId;
  }

  /**
   * Takes a fetch at `fetchOffset` in. A follower that always fetches a little behind the end
   * counts as caught up at the time of its previous fetch, once it reaches what was the end then.
   */
  recordFetch(
    fetchOffset: number,
    logStartOffset: number,
    atMs: number,
    leaderLogEndOffset: number,
    brokerEpoch: number,
  ): void {
    if (fetchOffset >= leaderLogEndOffset) {
      if (atMs > this.lastCaughtUpMs) this.lastCaughtUpMs = atMs;
    } else if (fetchOffset >= this.lastFetchLeaderLogEndOffset) {
      if (this.lastFetchMs > this.lastCaughtUpMs) this.lastCaughtUpMs = this.lastFetchMs;
    }
    this.logEndOffset = fetchOffset;
    this.logStartOffset = logStartOffset;
    if (leaderLogEndOffset > this.lastFetchLeaderLogEndOffset) {
      this.lastFetchLeaderLogEndOffset = leaderLogEndOffset;
    }
    this.lastFetchMs = atMs;
    this.brokerEpoch = brokerEpoch;
  }

  /** A new leader epoch of this broker begins; `newLeader`: it did not lead the one before. */
  reset(nowMs: number, epochStartOffset: number, newLeader: boolean, inSync: boolean): void {
    this.lastCaughtUpMs = inSync ? nowMs : NEVER_MS;
    if (newLeader) {
      this.logEndOffset = -1;
      this.logStartOffset = -1;
      this.lastFetchLeaderLogEndOffset = -1;
      this.lastFetchMs = NEVER_MS;
      this.brokerEpoch = UNKNOWN_BROKER_EPOCH;
    } else {
      this.lastFetchLeaderLogEndOffset = epochStartOffset;
      this.lastFetchMs = inSync ? nowMs : NEVER_MS;
    }
  }

  isCaughtUp(leaderLogEndOffset: number, nowMs: number, replicaLagTimeMaxMs: number): boolean {
    return (
      this.logEndOffset === leaderLogEndOffset || nowMs - this.lastCaughtUpMs <= replicaLagTimeMaxMs
    );
  }
}
