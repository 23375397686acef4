/** Which requests a fault is for: those that have to do with a topic, a partition, a group, a client. */
import type { MetadataImage } from '../../kafka/metadata/image.ts';

export interface RequestFilter {
  readonly topic?: string;
  readonly partition?: number;
  readonly group?: string;
  /** The client id. */
  readonly client?: string;
}

/** How the fields of requests are called, whatever the API. */
export const TOPIC_LISTS = [
  'topics',
  'topicData',
  'topicNames',
  'topicPartitions',
  'v3AndBelowTopics',
];
const TOPIC_NAMES = ['topic', 'name'];
export const PARTITION_LISTS = ['partitions', 'partitionData', 'partitionIndexes'];
const PARTITION_NUMBERS = ['partitionIndex', 'partition', 'index'];
export const GROUPS = ['groupId', 'key'];
export const GROUP_LISTS = ['groups', 'coordinatorKeys', 'groupsNames'];
/** Lists of things that have topics of their own. */
export const WRAPPERS = ['groups', 'transactions'];

export type RequestField = 'topic' | 'partition' | 'group';

const TOPIC: readonly RequestField[] = ['topic'];
const PARTITION: readonly RequestField[] = ['topic', 'partition'];
const GROUP: readonly RequestField[] = ['group'];
const GROUP_AND_PARTITION: readonly RequestField[] = ['group', 'topic', 'partition'];

/** The filters that requests of an API have a field for; those that are not here have none. */
export const FILTERS_OF_APIS: Readonly<Record<string, readonly RequestField[]>> = {
  Produce: PARTITION,
  Fetch: PARTITION,
  ListOffsets: PARTITION,
  Metadata: TOPIC,
  OffsetCommit: GROUP_AND_PARTITION,
  OffsetFetch: GROUP_AND_PARTITION,
  FindCoordinator: GROUP,
  JoinGroup: GROUP,
  Heartbeat: GROUP,
  LeaveGroup: GROUP,
  SyncGroup: GROUP,
  DescribeGroups: GROUP,
  CreateTopics: TOPIC,
  DeleteTopics: TOPIC,
  DeleteRecords: PARTITION,
  OffsetForLeaderEpoch: PARTITION,
  AddPartitionsToTxn: PARTITION,
  AddOffsetsToTxn: GROUP,
  TxnOffsetCommit: GROUP_AND_PARTITION,
  DescribeLogDirs: PARTITION,
  CreatePartitions: TOPIC,
  DeleteGroups: GROUP,
  ElectLeaders: PARTITION,
  AlterPartitionReassignments: PARTITION,
  ListPartitionReassignments: PARTITION,
  OffsetDelete: GROUP_AND_PARTITION,
  Vote: PARTITION,
  BeginQuorumEpoch: PARTITION,
  EndQuorumEpoch: PARTITION,
  DescribeQuorum: PARTITION,
  AlterPartition: PARTITION,
  FetchSnapshot: PARTITION,
  DescribeProducers: PARTITION,
  DescribeTopicPartitions: TOPIC,
};

type Fields = Readonly<Record<string, unknown>>;

export function matches(
  filter: RequestFilter,
  request: unknown,
  clientId: string | null,
  image: MetadataImage,
): boolean {
  const fields = request as Fields;
  if (filter.client !== undefined && filter.client !== clientId) return false;
  if (filter.group !== undefined && !groupsOf(fields).includes(filter.group)) return false;
  if (filter.topic === undefined && filter.partition === undefined) return true;
  return topicsOf(fields).some((topic) => {
    if (filter.topic !== undefined && nameOf(topic, image) !== filter.topic) return false;
    return filter.partition === undefined || partitionsOf(topic).includes(filter.partition);
  });
}

function groupsOf(fields: Fields): unknown[] {
  const several = lists(fields, GROUP_LISTS);
  const names = several.map((one) => (isFields(one) ? one['groupId'] : one));
  return [...GROUPS.map((name) => fields[name]), ...names];
}

/** Topics by name only (`topicNames`) become fields as well. */
function topicsOf(fields: Fields): Fields[] {
  const own = lists(fields, TOPIC_LISTS).map((one) => (isFields(one) ? one : { name: one }));
  const wrapped = lists(fields, WRAPPERS).filter(isFields);
  return [...own, ...wrapped.flatMap((one) => topicsOf(one))];
}

function lists(fields: Fields, names: readonly string[]): unknown[] {
  return names.flatMap((name) => (Array.isArray(fields[name]) ? fields[name] : []));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function nameOf(topic: Fields, image: MetadataImage): string | null {
  const name = TOPIC_NAMES.map((field) => topic[field]).find((one) => one !== '' && one != null);
  if (typeof name === 'string') return name;
  const { topicId } = topic;
  return typeof topicId === 'string' ? (image.topicsById.get(topicId)?.name ?? null) : null;
}

function partitionsOf(topic: Fields): unknown[] {
  return lists(topic, PARTITION_LISTS).map((one) => {
    if (!isFields(one)) return one;
    return PARTITION_NUMBERS.map((name) => one[name]).find((number) => number !== undefined);
  });
}
