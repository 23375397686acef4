/** Where Kafka's idempotence ends, by the names under which checks allow what comes of it. */

/** See `snapshot-gap.ts`. */
export const SNAPSHOT_GAP = 'producer snapshots that keep one batch';

/** See `first-batch-gap.ts`. */
export const FIRST_BATCH_GAP = 'a gap before the first batch of a producer';

/** See `late-log-gap.ts`. */
export const LATE_LOG_GAP = 'a log that begins behind batches of a producer';

/** See `producer-expiry.ts`. */
export const PRODUCER_EXPIRY = 'producer.id.expiration.ms';
