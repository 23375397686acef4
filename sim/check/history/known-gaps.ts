/** The holes in idempotence that Kafka leaves, by the names under which `no-dup` allows copies. */

/** See `snapshot-gap.ts`. */
export const SNAPSHOT_GAP = 'producer snapshots that keep one batch';

/** See `refused-batch-gap.ts`. */
export const REFUSED_BATCH_GAP = 'a new producer epoch behind a refused batch';
