/** One followed partition inside a ReplicaFetcher (Kafka: PartitionFetchState). */
import type { SessionPartition } from '../rpc/fetch-session-handler.ts';
import type { Partition } from './partition.ts';

export class FetchedPartition {
  readonly partition: Partition;
  /** The leader epoch in which it is fetched; another object gets another, as a rule. */
  leaderEpoch: number;
  /** As the leader was last asked for it. */
  readonly session: SessionPartition<FetchedPartition>;
  /** The next offset wanted = the log end offset. */
  fetchOffset: number;
  /** Epoch of the last record here; -1: the log knows none, or it is not to be compared. */
  lastFetchedEpoch: number;
  /** Whether the leader is asked to compare epochs. */
  comparesEpochs = true;
  /** Backing off after an error until then (monotonic ms). */
  delayedUntilMs = Number.NEGATIVE_INFINITY;
  /** False once it left the fetcher: late answers must not touch the log. */
  active = true;

  constructor(
    partition: Partition,
    session: SessionPartition<FetchedPartition>,
    start: { fetchOffset: number; lastFetchedEpoch: number },
  ) {
    this.partition = partition;
    this.leaderEpoch = partition.leaderEpoch;
    this.session = session;
    this.fetchOffset = start.fetchOffset;
    this.lastFetchedEpoch = start.lastFetchedEpoch;
    session.owner = this;
  }

  isReady(nowMs: number): boolean {
    return this.delayedUntilMs <= nowMs;
  }

  /** Whether the last request asked for what is still wanted. */
  get isAsAsked(): boolean {
    const { fetchOffset, currentLeaderEpoch } = this.session.request;
    return this.fetchOffset === fetchOffset && this.leaderEpoch === currentLeaderEpoch;
  }

  /** Leaves the fetcher. */
  end(): void {
    this.active = false;
    if (this.session.owner === this) this.session.owner = null;
  }
}
