/**
 * Whose batch a record came in: the client that sent it and, of an idempotent producer, its id,
 * epoch and sequence numbers (KIP-98). Told by the leader that wrote it; other replicas copied it.
 */
import type { ReplicaLogs } from './replica-logs.ts';
import type { TraceStore } from './trace-store.ts';

export interface BatchOrigin {
  /** The client whose request brought it; '' when the leader wrote it by itself. */
  readonly client: string;
  /** null: not from an idempotent producer, or from a trace that does not tell. */
  readonly producer: {
    readonly id: number;
    readonly epoch: number;
    /** Of the batch's first record. */
    readonly baseSequence: number;
  } | null;
  /** Offsets [baseOffset, endOffset) of the batch as the leader wrote it. */
  readonly baseOffset: number;
  readonly endOffset: number;
}

/** null: no leader told of it, as with what stands in a log since before the run's first event. */
export function originOf(
  runs: { readonly store: TraceStore; readonly logs: ReplicaLogs },
  partition: string,
  record: { readonly offset: number; readonly leaderEpoch: number },
): BatchOrigin | null {
  const { store, logs } = runs;
  const event = logs.ledBy(partition, record);
  if (event === 0 || store.kindName(event) !== 'log.appended') return null;
  const [, base, end, , , id, epoch, sequence] = store.at(event).fields;
  const input = store.at(store.stepStart(event));
  const hasProducer = typeof id === 'number' && id >= 0;
  return {
    client: input.kind === 'input.received' ? String(input.fields[0]) : '',
    producer: hasProducer ? { id, epoch: Number(epoch), baseSequence: Number(sequence) } : null,
    baseOffset: Number(base),
    endOffset: Number(end),
  };
}

/** After the highest sequence number comes 0 again (Kafka: DefaultRecordBatch.incrementSequence). */
const SEQUENCES = 2 ** 31;

/** `from p1: producer id 1000, epoch 0, sequences 40–44`; null when nothing is known. */
export function originWords(origin: BatchOrigin | null): string | null {
  if (origin === null) return null;
  const { client, producer, baseOffset, endOffset } = origin;
  const from = client === '' ? [] : [`from ${client}`];
  if (producer === null) return from[0] ?? null;
  const { id, epoch, baseSequence } = producer;
  const last = (baseSequence + endOffset - baseOffset - 1) % SEQUENCES;
  const sequences =
    last === baseSequence ? `sequence ${baseSequence}` : `sequences ${baseSequence}–${last}`;
  const words = `producer id ${id}, epoch ${epoch}, ${sequences}`;
  return [...from, words].join(': ');
}
