/** A consuming application: it reads its partitions from their beginning for as long as time goes. */
import { decodeText } from '../kafka/base/text.ts';
import type { ConsumedRecord } from '../kafka/client/commands.ts';
import { NAME_HEADER } from '../sim/workload/named-records.ts';

export interface ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** As UTF-8 text. */
  readonly key: string | null;
  readonly value: string | null;
  readonly keyBytes: Uint8Array | null;
  readonly valueBytes: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
}

export class Consumer {
  readonly name: string;
  readonly topic: string;
  /** Every record that it was given so far, in order. */
  readonly received: ReceivedRecord[] = [];

  constructor(name: string, topic: string) {
    this.name = name;
    this.topic = topic;
  }

  /** The values so far, as text. */
  get values(): (string | null)[] {
    return this.received.map((one) => one.value);
  }

  /** For the library. */
  take(records: readonly ConsumedRecord[]): void {
    for (const record of records) this.received.push(received(record));
  }
}

function received(record: ConsumedRecord): ReceivedRecord {
  const { topic, partition, offset, timestampMs } = record;
  const keyBytes = record.key?.slice() ?? null;
  const valueBytes = record.value?.slice() ?? null;
  const headers = record.headers
    .filter(({ key }) => key !== NAME_HEADER)
    .map(({ key, value }) => ({ key, value: textOf(value) }));
  const key = textOf(keyBytes);
  const value = textOf(valueBytes);
  return { topic, partition, offset, timestampMs, key, value, keyBytes, valueBytes, headers };
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : decodeText(bytes, 0, bytes.length);
}
