/** One followed partition inside a ReplicaFetcher (Kafka: PartitionFetchState). */
import type { FetchPartition } from '../wire/generated/fetch-request.ts';
import { fetchPartition } from '../wire/generated/fetch-request.ts';
import type { Partition } from './partition.ts';

export class FetchedPartition {
  readonly partition: Partition;
  /** The leader epoch in which it is fetched; another epoch gets another object. */
  readonly leaderEpoch: number;
  /** Reused in every request: only its offset, epoch and log start change. */
  readonly request: FetchPartition;
  /** The next offset wanted = the log end offset. */
  fetchOffset: number;
  /** Epoch of the last record here, -1 when the log knows no epoch. */
  lastFetchedEpoch: number;
  /** Backing off after an error until then (monotonic ms). */
  delayedUntilMs = Number.NEGATIVE_INFINITY;
  /** False once it left the fetcher: late answers must not touch the log. */
  active = true;

  constructor(
    partition: Partition,
    start: { fetchOffset: number; lastFetchedEpoch: number; maxBytes: number },
  ) {
    this.partition = partition;
    this.leaderEpoch = partition.leaderEpoch;
    this.fetchOffset = start.fetchOffset;
    this.lastFetchedEpoch = start.lastFetchedEpoch;
    this.request = fetchPartition({
      partition: partition.index,
      currentLeaderEpoch: partition.leaderEpoch,
      partitionMaxBytes: start.maxBytes,
    });
  }

  isReady(nowMs: number): boolean {
    return this.delayedUntilMs <= nowMs;
  }
}
