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
const TOPIC_LISTS = ['topics', 'topicData'];
const TOPIC_NAMES = ['topic', 'name'];
const PARTITION_LISTS = ['partitions', 'partitionData', 'partitionIndexes'];
const PARTITION_NUMBERS = ['partitionIndex', 'partition', 'index'];
const GROUPS = ['groupId', 'key'];

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
  const listed = [fields['groups'], fields['coordinatorKeys'], fields['groupsNames']];
  const several = listed.filter(Array.isArray).flat();
  const names = several.map((one) => (typeof one === 'object' ? one.groupId : one));
  return [...GROUPS.map((name) => fields[name]), ...names];
}

function topicsOf(fields: Fields): Fields[] {
  const groups = Array.isArray(fields['groups']) ? fields['groups'] : [];
  const own = TOPIC_LISTS.map((name) => fields[name])
    .filter(Array.isArray)
    .flat();
  return [...own, ...groups.flatMap((group: Fields) => topicsOf(group))];
}

function nameOf(topic: Fields, image: MetadataImage): string | null {
  const name = TOPIC_NAMES.map((field) => topic[field]).find((one) => one !== '' && one != null);
  if (typeof name === 'string') return name;
  const { topicId } = topic;
  return typeof topicId === 'string' ? (image.topicsById.get(topicId)?.name ?? null) : null;
}

function partitionsOf(topic: Fields): unknown[] {
  const listed = PARTITION_LISTS.map((name) => topic[name])
    .filter(Array.isArray)
    .flat();
  return listed.map((one) => {
    if (typeof one !== 'object') return one;
    return PARTITION_NUMBERS.map((name) => one[name]).find((number) => number !== undefined);
  });
}
