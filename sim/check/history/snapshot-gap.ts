/**
 * A hole that Kafka leaves in idempotence. A log keeps the last five batches of a producer in
 * memory to recognise repeats by, but a snapshot only the last one (ProducerStateManager,
 * writeSnapshot). When a leader has loaded one, because it started again or cut its log, the repeat
 * of an older batch that was never answered is a gap to it: OUT_OF_ORDER_SEQUENCE_NUMBER. Its
 * producer takes that for a loss, raises its epoch and sends all that waits again under new numbers
 * (KIP-360; TransactionManager, canRetry and bumpIdempotentProducerEpoch), which no leader can know.
 */
import { LAST_PRODUCER_EPOCH } from '../../../kafka/records/batch.ts';
import type { FinalPartition } from '../final-state.ts';
import { GAP, type KnownProducer, type ProducerLoad, type Refusal } from '../producer-loads.ts';
import type { LostBatch, ReplicaLog } from '../replica-log.ts';
import type { Witness } from '../witness.ts';
import type { ClientHistory } from './history.ts';

/** A record that stands in a log, or stood there. */
export interface Standing {
  readonly offset: number;
  /** The event at which its batch was first written. */
  readonly appendedAt: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A record that is there twice. */
export interface Copies {
  readonly record: number;
  readonly first: Standing;
  readonly second: Standing;
  /** What was read of the partition and is deleted, by record. */
  readonly deleted: () => ReadonlyMap<number, { readonly offset: number }>;
}

/** Whether the second write is of a later beginning of the producer: a higher epoch, or another id. */
export function beganAnew(first: Standing, second: Standing): boolean {
  if (first.producerId === second.producerId) return first.producerEpoch < second.producerEpoch;
  return first.producerEpoch === LAST_PRODUCER_EPOCH;
}

/** The refusal that a copy comes from. */
export interface SnapshotGap {
  readonly event: number;
  readonly load: ProducerLoad;
}

/**
 * The refusal that a copy comes from: between the two writes a leader refused this producer for a
 * gap, and the snapshot that it had loaded names a later batch than one that stood in the log and
 * still waited for its answer, of the same producer and epoch.
 * Where nobody saw the snapshot, it may have named one.
 * @returns null when the copy comes from nothing of the kind.
 */
export function snapshotGap(
  witness: Witness,
  log: FinalPartition,
  { record, first, second, deleted }: Copies,
): SnapshotGap | null {
  const { history, logs } = witness;
  if (!beganAnew(first, second)) return null;
  const sends = history.producerOf(record);
  const { partition } = log;
  for (const { event, load } of refusalsBetween(witness, log, { record, first, second })) {
    if (load === null) continue;
    if (load.producers === null) return { event, load };
    const known = load.producers.get(first.producerId);
    if (known === undefined || known.producerEpoch !== first.producerEpoch) continue;
    if (first.offset < known.lastBatchBaseOffset) return { event, load };
    const its = { producerId: first.producerId, ...known };
    const behind = [
      ...standingBehind(log, its),
      ...deletedBehind(logs.replicas(partition), deleted(), its),
    ];
    const isIts = (one: number): boolean => history.producerOf(one) === sends;
    if (behind.some((one) => isIts(one) && isWaiting(history, one, event))) return { event, load };
  }
  return null;
}

/** Refusals for a gap that the record's producer heard of between two writes, while it waited. */
export function refusalsBetween(
  { history, producerLoads }: Witness,
  { partition }: FinalPartition,
  { record, first, second }: Omit<Copies, 'deleted'>,
): Refusal[] {
  const client = history.producerOf(record).producer.name;
  const gapsHeard = producerLoads.gapsHeard({ client, partition });
  return producerLoads
    .refusedIn(partition)
    .filter(
      ({ event, error }) =>
        error === GAP &&
        event >= first.appendedAt &&
        event <= second.appendedAt &&
        isWaiting(history, record, event) &&
        gapsHeard.some((one) => one > event && one < second.appendedAt),
    );
}

/** Its producer had no answer to it yet. */
export function isWaiting(history: ClientHistory, record: number, event: number): boolean {
  const answered = history.producerOf(record).answeredEvent.at(history.numberOf(record));
  return answered < 0 || answered > event;
}

interface Known extends KnownProducer {
  readonly producerId: number;
}

/** The producer's records in the log that a leader with this snapshot cannot know. */
function standingBehind(
  { records, offsets, producerIds, producerEpochs }: FinalPartition,
  { producerId, producerEpoch, lastBatchBaseOffset }: Known,
): number[] {
  const behind: number[] = [];
  for (let i = 0; i < records.length && offsets.at(i) < lastBatchBaseOffset; i++) {
    const isIts = producerIds.at(i) === producerId && producerEpochs.at(i) === producerEpoch;
    if (isIts && records.at(i) >= 0) behind.push(records.at(i));
  }
  return behind;
}

/** The same of those that were read and are deleted. */
function deletedBehind(
  replicas: readonly ReplicaLog[],
  deleted: ReadonlyMap<number, { readonly offset: number }>,
  { producerId, producerEpoch, lastBatchBaseOffset }: Known,
): number[] {
  const behind = [...deleted].filter(([, { offset }]) => offset < lastBatchBaseOffset);
  const isIts = (lost: LostBatch): boolean =>
    lost.producerId === producerId && lost.producerEpoch === producerEpoch;
  return deletedRecords(replicas, new Map(behind), isIts);
}

/** Those of the records that stood in such a batch of any replica. */
export function deletedRecords(
  replicas: readonly ReplicaLog[],
  deleted: ReadonlyMap<number, { readonly offset: number }>,
  isIts: (batch: LostBatch) => boolean,
): number[] {
  return [...deleted]
    .filter(([, { offset }]) => replicas.some((log) => log.lossesAt(offset).some(isIts)))
    .map(([record]) => record);
}
