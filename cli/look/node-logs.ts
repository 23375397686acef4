/**
 * The logs of a node as they lie on its disk (page cache included) at the moment a run stands
 * still: every batch of every partition, read from the bytes of the segments.
 */
import {
  baseOffsetAt,
  baseSequenceAt,
  batchSizeAt,
  checkBatchFrame,
  isControlAt,
  lastOffsetAt,
  leaderEpochAt,
  producerEpochAt,
  producerIdAt,
  recordCountAt,
} from '../../kafka/records/batch.ts';
import { count } from '../../sim/run/words.ts';
import type { World } from '../../sim/world.ts';
import { columns } from '../report/columns.ts';

export interface LoggedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly records: number;
  readonly bytes: number;
  /** -1: not of an idempotent producer. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly control: boolean;
}

export interface NodeLog {
  readonly node: string;
  readonly partition: string;
  readonly batches: readonly LoggedBatch[];
  /** Bytes behind the last whole batch. */
  readonly tornBytes: number;
}

const SEGMENT = /^.*\/([^/]+-\d+)\/\d{20}\.log$/;

/** By partition; the metadata log only when it is asked for by its name. */
export function nodeLogs(world: World, node: string, partition: string | null): NodeLog[] {
  const { disk } = world.node(node);
  const logs = new Map<string, { batches: LoggedBatch[]; tornBytes: number }>();
  for (const path of disk.files()) {
    const name = SEGMENT.exec(path)?.[1];
    if (name === undefined || (partition === null ? name.startsWith('__') : name !== partition)) {
      continue;
    }
    const log = logs.get(name) ?? { batches: [], tornBytes: 0 };
    logs.set(name, log);
    log.tornBytes = readBatches(disk.contents(path), log.batches);
  }
  return [...logs].map(([name, log]) => ({ node, partition: name, ...log }));
}

/** @returns bytes that are no whole batch. */
function readBatches(bytes: Uint8Array, into: LoggedBatch[]): number {
  let at = 0;
  while (at < bytes.length && checkBatchFrame(bytes, at, bytes.length) === null) {
    into.push({
      baseOffset: baseOffsetAt(bytes, at),
      lastOffset: lastOffsetAt(bytes, at),
      leaderEpoch: leaderEpochAt(bytes, at),
      records: recordCountAt(bytes, at),
      bytes: batchSizeAt(bytes, at),
      producerId: producerIdAt(bytes, at),
      producerEpoch: producerEpochAt(bytes, at),
      baseSequence: baseSequenceAt(bytes, at),
      control: isControlAt(bytes, at),
    });
    at += batchSizeAt(bytes, at);
  }
  return bytes.length - at;
}

const BATCHES_SHOWN = 12;

export function logLines(logs: readonly NodeLog[], width: number, whole: boolean): string[] {
  return logs.flatMap(({ node, partition, batches, tornBytes }) => {
    const end = (batches.at(-1)?.lastOffset ?? -1) + 1;
    const torn = tornBytes === 0 ? '' : ` · ${count(tornBytes)} bytes of no whole batch`;
    const size = `${count(batches.length)} batches, offsets ${count(batches[0]?.baseOffset ?? 0)}`;
    const head = `${node} ${partition}: ${size} to ${count(end)}${torn}`;
    const shown = whole ? batches : batches.slice(-BATCHES_SHOWN);
    const left = batches.length - shown.length;
    const rows = shown.map((one) => [
      `  ${one.baseOffset}–${one.lastOffset}`,
      `epoch ${one.leaderEpoch}`,
      `${one.records} records${one.control ? ' (control)' : ''}`,
      `${one.bytes} bytes`,
      one.producerId < 0
        ? ''
        : `producer ${one.producerId} epoch ${one.producerEpoch} sequence ${one.baseSequence}`,
    ]);
    const more = left === 0 ? [] : [`  … ${count(left)} before (-v)`];
    return [head, ...more, ...(rows.length === 0 ? [] : [columns(rows, width)])];
  });
}
