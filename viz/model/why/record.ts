/** One record that was acknowledged: who held it, and how each of them came to lose it. */
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import type { LogBatch } from '../replica-logs.ts';
import type { PartitionState } from '../state.ts';
import { brokerName, type Scene } from './scene.ts';

export interface AcknowledgedRecord {
  readonly partition: string;
  readonly offset: number;
  /** The `command.completed` that promised it. */
  readonly ack: TraceEvent;
  readonly client: string;
  readonly acks: string;
  /** Of the batch as it was acknowledged. */
  readonly epoch: number;
  /** Every replica that ever held it. */
  readonly holders: readonly Holder[];
}

export interface Holder {
  readonly broker: number;
  readonly batch: LogBatch;
}

/** `orders-0 offset 41` */
export function recordName(record: AcknowledgedRecord): string {
  return `${record.partition} offset ${record.offset}`;
}

/**
 * The first of the acknowledged sends that is in the log of no leader at the end.
 * @returns null when the answer tells no offsets.
 */
export function lostRecordOf(scene: Scene, ack: TraceEvent): AcknowledgedRecord | null {
  const partition = String(ack.fields[4] ?? '');
  const base = Number(ack.fields[5] ?? -1);
  const count = Number(ack.fields[3] ?? 1);
  if (partition === '' || base < 0) return null;
  let first: AcknowledgedRecord | null = null;
  for (let offset = base; offset < base + count; offset++) {
    const record = recordAt(scene, ack, { partition, offset });
    if (record === null) continue;
    if (isLost(scene, record)) return record;
    first ??= record;
  }
  return first;
}

export function recordAt(
  scene: Scene,
  ack: TraceEvent,
  { partition, offset }: { partition: string; offset: number },
): AcknowledgedRecord | null {
  const client = scene.nodeName(ack);
  const found = holdersOf(scene, partition, offset);
  const before = found.filter((one) => one.batch.bornEvent <= ack.event);
  const there = before.filter(({ batch }) => batch.goneEvent === 0 || batch.goneEvent > ack.event);
  const among = there.length > 0 ? there : before;
  if (among.length === 0) return null;
  const epoch = Math.max(...among.map((one) => one.batch.leaderEpoch));
  const holders = found.filter((one) => one.batch.leaderEpoch === epoch);
  return { partition, offset, ack, client, acks: scene.acksOf(client), epoch, holders };
}

function holdersOf(scene: Scene, partition: string, offset: number): Holder[] {
  const { logs } = scene.timeline.index;
  return brokersOf(scene, partition).flatMap((broker) =>
    logs
      .of(partition, broker)
      .historyOf(offset)
      .map((batch) => ({ broker, batch })),
  );
}

/** Who had it first: the leader that wrote it. */
export function firstHolder(record: AcknowledgedRecord): Holder {
  return record.holders.reduce((a, b) => (b.batch.bornEvent < a.batch.bornEvent ? b : a));
}

/** The first who had the record of each leader epoch at that offset: its leader; by epoch. */
export function writersOf(
  scene: Scene,
  { partition, offset }: { readonly partition: string; readonly offset: number },
  before: number,
): Holder[] {
  const first = new Map<number, Holder>();
  for (const one of holdersOf(scene, partition, offset)) {
    const { bornEvent, leaderEpoch } = one.batch;
    const known = first.get(leaderEpoch)?.batch.bornEvent ?? before;
    if (bornEvent > 0 && bornEvent < known) first.set(leaderEpoch, one);
  }
  return [...first.values()].sort((a, b) => a.batch.leaderEpoch - b.batch.leaderEpoch);
}

/** node.ids of all replicas that ever were. */
export function brokersOf(scene: Scene, partition: string): number[] {
  const known = scene.state(scene.store.count).partitions[partition];
  return known === undefined ? [] : Object.keys(known.replicas).map(Number);
}

/** Whether a replica held the record after event `position`. */
export function heldAt(record: AcknowledgedRecord, broker: number, position: number): boolean {
  return record.holders.some(
    (one) =>
      one.broker === broker &&
      one.batch.bornEvent <= position &&
      (one.batch.goneEvent === 0 || one.batch.goneEvent > position),
  );
}

function isLost(scene: Scene, record: AcknowledgedRecord): boolean {
  const { count } = scene.store;
  const partition = scene.state(count).partitions[record.partition];
  return partition !== undefined && !heldAt(record, partition.leader, count);
}

/** The end of a replica's log after event `position`. */
export function logEndAt(partition: PartitionState | undefined, broker: number): number {
  return partition?.replicas[String(broker)]?.logEndOffset ?? 0;
}

/**
 * The first leader that began without the record: its election, and the event with which it began
 * to lead. Null when every leader had it.
 */
export function leaderWithout(
  scene: Scene,
  record: AcknowledgedRecord,
): { readonly elected: TraceEvent | null; readonly started: TraceEvent } | null {
  const { store } = scene;
  const starts = store.listOf('leader.started');
  // Also before it was written: a leader that was replaced may not know it and go on writing.
  for (let place = 0; place < starts.count; place++) {
    const started = scene.at(starts.at(place));
    const epoch = Number(started.fields[1]);
    if (started.fields[0] !== record.partition || epoch <= record.epoch) continue;
    const broker = Number(scene.nodeName(started).split('-').at(-1));
    if (heldAt(record, broker, started.event)) continue;
    const elected = scene.last(
      'leader.elected',
      started.event,
      (one) => one.fields[0] === record.partition && one.fields[2] === epoch,
    );
    return { elected, started };
  }
  return null;
}

/** The brokers that held the record after event `position`. */
export function holderNames(record: AcknowledgedRecord, position: number): string[] {
  const brokers = [...new Set(record.holders.map((one) => one.broker))];
  return brokers.filter((one) => heldAt(record, one, position)).map(brokerName);
}

const RECORD_IN = [
  / ([\w.-]+-\d+) offset (\d+)/,
  /^([\w.-]+-\d+) offset (\d+)/,
  /([\w.-]+-\d+) was committed up to \d+ and .* (?:ends|ended) at (\d+)/,
  /of ([\w.-]+-\d+) with a log that ends at (\d+), and/,
  /of ([\w.-]+-\d+) while \S+ leads with another record at offset (\d+)/,
  /leads ([\w.-]+-\d+) in epoch \d+ with a log that ends at (\d+), and/,
];

/** The first record of which a verdict says that it is gone. */
export function recordIn(verdict: Verdict): { partition: string; offset: number } | null {
  for (const pattern of RECORD_IN) {
    const found = pattern.exec(verdict.explanation);
    if (found !== null) return { partition: String(found[1]), offset: Number(found[2]) };
  }
  return null;
}
