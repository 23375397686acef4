/**
 * The records of the metadata log as a tagged union, with Kafka's framing (MetadataRecordSerde):
 * frame version 1, record type and record version as unsigned varints, then the record's fields.
 */
import { type Reader, WireError } from '../base/reader.ts';
import type { Writer } from '../base/writer.ts';
import { expectEnd, type MessageCodec } from './codec.ts';
import {
  type AbortTransactionRecord,
  abortTransactionRecordCodec,
} from './generated/abort-transaction-record.ts';
import {
  type AccessControlEntryRecord,
  accessControlEntryRecordCodec,
} from './generated/access-control-entry-record.ts';
import {
  type BeginTransactionRecord,
  beginTransactionRecordCodec,
} from './generated/begin-transaction-record.ts';
import {
  type BrokerRegistrationChangeRecord,
  brokerRegistrationChangeRecordCodec,
} from './generated/broker-registration-change-record.ts';
import { type ClearElrRecord, clearElrRecordCodec } from './generated/clear-elr-record.ts';
import { type ConfigRecord, configRecordCodec } from './generated/config-record.ts';
import {
  type EndTransactionRecord,
  endTransactionRecordCodec,
} from './generated/end-transaction-record.ts';
import {
  type FeatureLevelRecord,
  featureLevelRecordCodec,
} from './generated/feature-level-record.ts';
import { type NoOpRecord, noOpRecordCodec } from './generated/no-op-record.ts';
import {
  type PartitionChangeRecord,
  partitionChangeRecordCodec,
} from './generated/partition-change-record.ts';
import { type PartitionRecord, partitionRecordCodec } from './generated/partition-record.ts';
import { type ProducerIdsRecord, producerIdsRecordCodec } from './generated/producer-ids-record.ts';
import {
  type RegisterBrokerRecord,
  registerBrokerRecordCodec,
} from './generated/register-broker-record.ts';
import {
  type RemoveAccessControlEntryRecord,
  removeAccessControlEntryRecordCodec,
} from './generated/remove-access-control-entry-record.ts';
import { type RemoveTopicRecord, removeTopicRecordCodec } from './generated/remove-topic-record.ts';
import {
  type RemoveUserScramCredentialRecord,
  removeUserScramCredentialRecordCodec,
} from './generated/remove-user-scram-credential-record.ts';
import { type TopicRecord, topicRecordCodec } from './generated/topic-record.ts';
import {
  type UnregisterBrokerRecord,
  unregisterBrokerRecordCodec,
} from './generated/unregister-broker-record.ts';
import {
  type UserScramCredentialRecord,
  userScramCredentialRecordCodec,
} from './generated/user-scram-credential-record.ts';

interface RecordTypes {
  RegisterBrokerRecord: RegisterBrokerRecord;
  UnregisterBrokerRecord: UnregisterBrokerRecord;
  TopicRecord: TopicRecord;
  PartitionRecord: PartitionRecord;
  ConfigRecord: ConfigRecord;
  PartitionChangeRecord: PartitionChangeRecord;
  RemoveTopicRecord: RemoveTopicRecord;
  FeatureLevelRecord: FeatureLevelRecord;
  ProducerIdsRecord: ProducerIdsRecord;
  BrokerRegistrationChangeRecord: BrokerRegistrationChangeRecord;
  NoOpRecord: NoOpRecord;
  ClearElrRecord: ClearElrRecord;
  BeginTransactionRecord: BeginTransactionRecord;
  EndTransactionRecord: EndTransactionRecord;
  AbortTransactionRecord: AbortTransactionRecord;
  UserScramCredentialRecord: UserScramCredentialRecord;
  AccessControlEntryRecord: AccessControlEntryRecord;
  RemoveAccessControlEntryRecord: RemoveAccessControlEntryRecord;
  RemoveUserScramCredentialRecord: RemoveUserScramCredentialRecord;
}

export type MetadataRecordType = keyof RecordTypes;

export type MetadataRecord = {
  [Type in MetadataRecordType]: {
    readonly type: Type;
    readonly version: number;
    readonly record: RecordTypes[Type];
  };
}[MetadataRecordType];

const FRAME_VERSION = 1;

const specs: { readonly [Type in MetadataRecordType]: Spec<RecordTypes[Type]> } = {
  RegisterBrokerRecord: { key: 0, codec: registerBrokerRecordCodec },
  UnregisterBrokerRecord: { key: 1, codec: unregisterBrokerRecordCodec },
  TopicRecord: { key: 2, codec: topicRecordCodec },
  PartitionRecord: { key: 3, codec: partitionRecordCodec },
  ConfigRecord: { key: 4, codec: configRecordCodec },
  PartitionChangeRecord: { key: 5, codec: partitionChangeRecordCodec },
  RemoveTopicRecord: { key: 9, codec: removeTopicRecordCodec },
  FeatureLevelRecord: { key: 12, codec: featureLevelRecordCodec },
  ProducerIdsRecord: { key: 15, codec: producerIdsRecordCodec },
  BrokerRegistrationChangeRecord: { key: 17, codec: brokerRegistrationChangeRecordCodec },
  NoOpRecord: { key: 20, codec: noOpRecordCodec },
  BeginTransactionRecord: { key: 23, codec: beginTransactionRecordCodec },
  EndTransactionRecord: { key: 24, codec: endTransactionRecordCodec },
  AbortTransactionRecord: { key: 25, codec: abortTransactionRecordCodec },
  UserScramCredentialRecord: { key: 11, codec: userScramCredentialRecordCodec },
  AccessControlEntryRecord: { key: 18, codec: accessControlEntryRecordCodec },
  RemoveAccessControlEntryRecord: { key: 19, codec: removeAccessControlEntryRecordCodec },
  RemoveUserScramCredentialRecord: { key: 22, codec: removeUserScramCredentialRecordCodec },
  ClearElrRecord: { key: 28, codec: clearElrRecordCodec },
};

interface Spec<T> {
  /** Kafka's record type number. */
  readonly key: number;
  readonly codec: MessageCodec<T>;
}

const typeByKey: (MetadataRecordType | undefined)[] = [];
for (const type of Object.keys(specs) as MetadataRecordType[]) typeByKey[specs[type].key] = type;

/** The highest version that the codec of a record type has. */
export function highestRecordVersion(type: MetadataRecordType): number {
  return specs[type].codec.maxVersion;
}

/** Makes a record of the union in the highest version, or in the one given. */
export function metadataRecord<Type extends MetadataRecordType>(
  type: Type,
  record: RecordTypes[Type],
  version = highestRecordVersion(type),
): MetadataRecord {
  return { type, version, record } as MetadataRecord;
}

export function encodeMetadataRecord(w: Writer, record: MetadataRecord): void {
  const { key, codec } = specs[record.type] as Spec<unknown>;
  w.unsignedVarint(FRAME_VERSION);
  w.unsignedVarint(key);
  w.unsignedVarint(record.version);
  codec.encode(w, record.record, record.version);
}

/** Reads one framed record, which must fill the reader's range; anything else is a `WireError`. */
export function decodeMetadataRecord(r: Reader): MetadataRecord {
  const frameVersion = r.unsignedVarint();
  if (frameVersion !== FRAME_VERSION) {
    throw new WireError('unsupported-version', `metadata frame version ${frameVersion}`);
  }
  const key = r.unsignedVarint();
  const type = typeByKey[key];
  if (type === undefined) throw new WireError('invalid-value', `metadata record type ${key}`);
  const version = r.unsignedVarint();
  const record = (specs[type].codec as MessageCodec<unknown>).decode(r, version);
  expectEnd(r, type);
  return { type, version, record } as MetadataRecord;
}
