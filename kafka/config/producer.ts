/** Keys of producers (Kafka's ProducerConfig, level 4.1) and the rules between them. */
import { clientKeys } from './client.ts';
import { compressionLevelKeys, gzipLevelIsNotZero } from './compression.ts';
import {
  bool,
  type ConfigView,
  className,
  defineConfigs,
  int,
  long,
  oneOf,
  string,
} from './define.ts';
import type { ParsedConfig } from './parse.ts';

/** Kafka keeps five batches per producer and partition, so it cannot order more in flight. */
const MAX_IN_FLIGHT_FOR_IDEMPOTENCE = 5;

const producerKeys = {
  ...clientKeys,
  'connections.max.idle.ms': long({
    default: 540000,
    doc: 'Connections without traffic for this long are closed; negative means never.',
  }),
  'metadata.max.idle.ms': long({
    default: 300000,
    min: 5000,
    doc: 'Metadata of a topic that was not written to for this long is forgotten.',
  }),
  acks: oneOf(['all', '0', '1'], {
    default: 'all',
    aliases: { '-1': 'all' },
    doc: 'Who must have a record before it is acknowledged: nobody, the leader, the whole ISR.',
  }),
  'enable.idempotence': bool({
    default: true,
    doc: 'Whether batches carry sequence numbers, so that repeats are recognised.',
  }),
  retries: int({ default: 2147483647, min: 0, doc: 'How often a failed batch is sent again.' }),
  'max.in.flight.requests.per.connection': int({
    default: 5,
    min: 1,
    doc: 'Requests sent to one broker before the first is answered.',
  }),
  'batch.size': int({
    default: 16384,
    min: 0,
    doc: 'Bytes collected for one partition before a batch is full.',
  }),
  'linger.ms': long({
    default: 5,
    min: 0,
    doc: 'How long a batch waits for more records before it is sent.',
  }),
  'buffer.memory': long({
    default: 33554432,
    min: 0,
    doc: 'Bytes of records that may wait to be sent; beyond it send blocks.',
  }),
  'max.block.ms': long({
    default: 60000,
    min: 0,
    doc: 'How long send waits for metadata or buffer memory before it fails.',
  }),
  'max.request.size': int({
    default: 1048576,
    min: 0,
    doc: 'Largest request, and so the largest record, in bytes before compression.',
  }),
  'delivery.timeout.ms': int({
    default: 120000,
    min: 0,
    doc: 'A record that is not acknowledged this long after send has failed.',
  }),
  'compression.type': oneOf(['none', 'gzip', 'snappy', 'lz4', 'zstd'], {
    default: 'none',
    doc: 'Codec of batches.',
  }),
  ...compressionLevelKeys,
  'partitioner.class': className({
    default: null,
    notYet: 'partitioner classes',
    doc: 'Own partitioner; unset means by key hash, else sticky.',
  }),
  'partitioner.adaptive.partitioning.enable': bool({
    default: true,
    doc: 'Whether records without key prefer partitions whose queue is short.',
  }),
  'partitioner.availability.timeout.ms': long({
    default: 0,
    min: 0,
    doc: 'Records without key avoid a partition that could not be sent to for this long; 0 = off.',
  }),
  'partitioner.ignore.keys': bool({
    default: false,
    doc: 'Whether records with a key are spread as if they had none.',
  }),
  'transactional.id': string({
    default: null,
    notYet: 'transactions',
    doc: 'Name under which a producer’s transactions survive its restart.',
  }),
  'transaction.timeout.ms': int({
    default: 60000,
    min: 1,
    notYet: 'transactions',
    doc: 'The coordinator aborts a transaction that is open for longer.',
  }),
};

export type ProducerConfig = ParsedConfig<typeof producerKeys>;

type View = ConfigView<typeof producerKeys>;

export const producerConfigs = defineConfigs('producer', producerKeys, [
  idempotenceNeedsAllAcks,
  idempotenceNeedsRetries,
  idempotenceLimitsInFlight,
  deliveryCoversOneTry,
  gzipLevelIsNotZero,
]);

/** Asked for by default only, idempotence gives way to acks and retries that exclude it. */
export function idempotenceEnabled(config: View): boolean {
  const possible = config.get('acks') === 'all' && config.get('retries') > 0;
  return config.get('enable.idempotence') && possible;
}

function idempotenceNeedsAllAcks(config: View) {
  const asked = config.isGiven('enable.idempotence') && config.get('enable.idempotence');
  if (!asked || config.get('acks') === 'all') return null;
  return { key: 'acks' as const, problem: 'with enable.idempotence=true', allowed: 'all' };
}

function idempotenceNeedsRetries(config: View) {
  const asked = config.isGiven('enable.idempotence') && config.get('enable.idempotence');
  if (!asked || config.get('retries') > 0) return null;
  return { key: 'retries' as const, problem: 'with enable.idempotence=true', allowed: '1 or more' };
}

function idempotenceLimitsInFlight(config: View) {
  const key = 'max.in.flight.requests.per.connection' as const;
  if (!idempotenceEnabled(config) || config.get(key) <= MAX_IN_FLIGHT_FOR_IDEMPOTENCE) return null;
  const allowed = `at most ${MAX_IN_FLIGHT_FOR_IDEMPOTENCE}, or enable.idempotence=false`;
  return { key, problem: 'with an idempotent producer', allowed };
}

/** Given too small it is an error; left out it grows with linger and request time-out. */
function deliveryCoversOneTry(config: View) {
  const key = 'delivery.timeout.ms' as const;
  const needed = oneTryMs(config);
  if (!config.isGiven(key) || config.get(key) >= needed) return null;
  const problem = 'is shorter than linger.ms + request.timeout.ms';
  return { key, problem, allowed: `at least ${needed}` };
}

/** What `delivery.timeout.ms` means once linger and request time-out are known. */
export function deliveryTimeoutMs(config: View): number {
  return Math.max(config.get('delivery.timeout.ms'), oneTryMs(config));
}

function oneTryMs(config: View): number {
  return Math.min(config.get('linger.ms') + config.get('request.timeout.ms'), 2 ** 31 - 1);
}
