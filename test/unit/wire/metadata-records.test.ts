import { describe, expect, test } from 'vitest';
import { Reader, WireError } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';
import { noOpRecord } from '../../../kafka/wire/generated/no-op-record.ts';
import {
  partitionChangeRecord,
  partitionChangeRecordCodec,
} from '../../../kafka/wire/generated/partition-change-record.ts';
import { topicRecord } from '../../../kafka/wire/generated/topic-record.ts';
import { allMessages } from '../../../kafka/wire/messages/all.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  highestRecordVersion,
  type MetadataRecord,
  type MetadataRecordType,
  metadataRecord,
} from '../../../kafka/wire/metadata-records.ts';
import { declaredMessage } from './support/codecs.ts';
import { fullStruct } from './support/values.ts';

function encode(record: MetadataRecord): Uint8Array {
  const writer = new Writer();
  writer.begin();
  encodeMetadataRecord(writer, record);
  return writer.finish();
}

describe('metadata records', () => {
  test('are framed as frame version, type, version, fields', () => {
    const topic = topicRecord({ name: 'orders', topicId: 'AAAAAAAAAAAAAAAAAAAAAg' });

    const bytes = encode(metadataRecord('TopicRecord', topic));

    const name = Buffer.from('orders').toString('hex');
    expect(Buffer.from(bytes).toString('hex')).toBe(`01020007${name}${'00'.repeat(15)}0200`);
  });

  test('of every declared type and version come back as they were', () => {
    const types = allMessages.filter((message) => message.kind === 'metadata record');
    expect(types.length).toBe(19);

    for (const { name } of types) {
      const { schema, versions } = declaredMessage(name);
      for (const version of versions) {
        const record = { type: name, version, record: fullStruct(schema, version) };

        const bytes = encode(record as MetadataRecord);

        expect(bytes[1], name).toBe(schema.key);
        expect(decodeMetadataRecord(new Reader(bytes))).toEqual(record);
      }
      expect(highestRecordVersion(name as MetadataRecordType)).toBe(schema.versions.max);
    }
  });

  test('keep the difference between an unchanged and an emptied replica list', () => {
    const change = partitionChangeRecord({ isr: [], eligibleLeaderReplicas: [1, 2] });

    const back = decodeMetadataRecord(
      new Reader(encode(metadataRecord('PartitionChangeRecord', change))),
    );

    expect(back).toEqual({ type: 'PartitionChangeRecord', version: 2, record: change });
    expect(change.replicas).toBeNull();
    expect(change.leader).toBe(-2);
  });

  test('write their tags in ascending order, whatever the order of the fields', () => {
    const writer = new Writer();
    writer.begin();
    const change = partitionChangeRecord({ directories: [], lastKnownElr: [], isr: [] });
    partitionChangeRecordCodec.encode(writer, change, 2);

    expect([...writer.finish().subarray(20)]).toEqual([3, 0, 1, 1, 7, 1, 1, 8, 1, 1]);
  });

  test('with another frame version, type, version, or bytes left over are refused', () => {
    const good = encode(metadataRecord('NoOpRecord', noOpRecord()));
    expect([...good]).toEqual([1, 20, 0, 0]);

    for (const bad of [
      [2, 20, 0, 0],
      [1, 99, 0, 0],
      [1, 20, 1, 0],
      [1, 20, 0, 0, 0],
      [1, 20, 0],
      [],
    ]) {
      expect(() => decodeMetadataRecord(new Reader(Uint8Array.from(bad)))).toThrow(WireError);
    }
  });
});
