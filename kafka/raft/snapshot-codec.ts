/**
 * What is inside a snapshot of the metadata: a header, the voters, the records of the image, a
 * footer (Kafka: RecordsSnapshotWriter, RecordsSnapshotReader; KIP-630).
 */
import { SMALL_SLAB_BYTES, Writer } from '../base/writer.ts';
import { ControlRecordType, controlBatch } from '../records/control.ts';
import {
  encodeKRaftVersionRecord,
  kRaftVersionRecord,
} from '../wire/generated/k-raft-version-record.ts';
import {
  encodeSnapshotFooterRecord,
  snapshotFooterRecord,
} from '../wire/generated/snapshot-footer-record.ts';
import {
  encodeSnapshotHeaderRecord,
  snapshotHeaderRecord,
} from '../wire/generated/snapshot-header-record.ts';
import { encodeVotersRecord } from '../wire/generated/voters-record.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { decodeMetadataBatches, MetadataBatchEncoder } from './metadata-batches.ts';
import type { OffsetAndEpoch } from './metadata-log.ts';
import type { VoterSet } from './voter-set.ts';

const RECORDS_PER_BATCH = 1000;

type ControlRecords = Parameters<typeof controlBatch>[0]['records'];

export interface SnapshotContents {
  readonly id: OffsetAndEpoch;
  /** Of the last batch that it stands for. */
  readonly lastContainedTimestampMs: number;
  readonly kraftVersion: number;
  /** null: static voters, which no record names. */
  readonly voters: VoterSet | null;
  readonly records: readonly MetadataRecord[];
}

export function encodeSnapshot(contents: SnapshotContents): Uint8Array {
  const { id, lastContainedTimestampMs: timestampMs, records } = contents;
  const stamp = (offset: number) => ({ baseOffset: offset, leaderEpoch: id.epoch, timestampMs });
  const header = headerRecords(contents);
  const parts = [controlBatch({ ...stamp(0), records: header })];
  let offset = header.length;
  const encoder = new MetadataBatchEncoder();
  for (let at = 0; at < records.length; at += RECORDS_PER_BATCH) {
    const some = records.slice(at, at + RECORDS_PER_BATCH);
    parts.push(encoder.encode(some, stamp(offset)));
    offset += some.length;
  }
  const footer = encoded((writer) => encodeSnapshotFooterRecord(writer, snapshotFooterRecord(), 0));
  const records_ = [{ type: ControlRecordType.SNAPSHOT_FOOTER, value: footer }];
  parts.push(controlBatch({ ...stamp(offset), records: records_ }));
  return joined(parts);
}

function headerRecords(contents: SnapshotContents): ControlRecords {
  const header = snapshotHeaderRecord({
    lastContainedLogTimestamp: contents.lastContainedTimestampMs,
  });
  const value = encoded((writer) => encodeSnapshotHeaderRecord(writer, header, 0));
  return [
    { type: ControlRecordType.SNAPSHOT_HEADER, value },
    ...voterRecords(contents.kraftVersion, contents.voters),
  ];
}

/** The control records that finalize kraft.version and name the voters; none for static ones. */
export function voterRecords(kraftVersion: number, voters: VoterSet | null): ControlRecords {
  if (kraftVersion === 0 || voters === null) return [];
  const version = kRaftVersionRecord({ kRaftVersion: kraftVersion });
  return [
    {
      type: ControlRecordType.KRAFT_VERSION,
      value: encoded((writer) => encodeKRaftVersionRecord(writer, version, 0)),
    },
    votersControlRecord(voters),
  ];
}

export function votersControlRecord(voters: VoterSet): ControlRecords[number] {
  const record = voters.toRecord();
  return {
    type: ControlRecordType.KRAFT_VOTERS,
    value: encoded((writer) => encodeVotersRecord(writer, record, 0)),
  };
}

/** The metadata records of a snapshot that was checked; control records are passed over. */
export function decodeSnapshot(bytes: Uint8Array): MetadataRecord[] {
  const batches = decodeMetadataBatches(bytes, Number.POSITIVE_INFINITY);
  return batches.flatMap((batch) => batch.records);
}

function encoded(encode: (writer: Writer) => void): Uint8Array {
  const writer = new Writer(SMALL_SLAB_BYTES);
  writer.begin();
  encode(writer);
  return writer.finish();
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
