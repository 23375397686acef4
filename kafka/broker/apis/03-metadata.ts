/**
 * Metadata (key 3): brokers, topics and leaders as this broker knows them, with the addresses of
 * the listener that was asked. `controllerId` is any live broker: admin requests may go to all of
 * them and are forwarded.
 */
import { ZERO_UUID } from '../../base/uuid.ts';
import type { TopicImage } from '../../metadata/image.ts';
import type { PartitionRegistration } from '../../metadata/partition-registration.ts';
import { topicNameProblem } from '../../metadata/topic-names.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { MetadataRequest } from '../../wire/generated/metadata-request.ts';
import {
  type MetadataResponsePartition,
  type MetadataResponseTopic,
  metadataResponse,
  metadataResponseBroker,
  metadataResponsePartition,
  metadataResponseTopic,
} from '../../wire/generated/metadata-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { isInternalTopic } from '../metadata-view.ts';

const NO_LEADER_ID = -1;
/** From version 6 a leader without the listener is told as such. */
const FIRST_WITH_LISTENER_NOT_FOUND = 6;
const FIRST_BY_TOPIC_ID = 12;

export function metadata(broker: BrokerServices) {
  return (context: RequestContext, request: MetadataRequest): void => {
    if (asksByIdTooEarly(context, request)) return context.respond(invalid(request));
    const brokers = [];
    for (const { id } of broker.metadata.aliveBrokers()) {
      const endpoint = broker.metadata.endpoint(id, context.listener);
      if (endpoint !== null) brokers.push(metadataResponseBroker(endpoint));
    }
    context.respond(
      metadataResponse({
        brokers,
        clusterId: broker.clusterId,
        controllerId: anyAliveBroker(broker),
        topics: wantedTopics(broker, context, request),
      }),
    );
  };
}

/** Versions 10 and 11 carry topic ids, but a topic can be asked for by its name only. */
function asksByIdTooEarly({ apiVersion }: RequestContext, { topics }: MetadataRequest): boolean {
  if (apiVersion >= FIRST_BY_TOPIC_ID || topics === null) return false;
  return topics.some((topic) => topic.name === null || topic.topicId !== ZERO_UUID);
}

function invalid({ topics }: MetadataRequest) {
  const errorCode = ErrorCode.INVALID_REQUEST;
  return metadataResponse({
    topics: (topics ?? []).map(({ name, topicId }) =>
      metadataResponseTopic({ errorCode, name: name ?? '', topicId }),
    ),
  });
}

/** The id of a random live broker, -1 when there is none. */
export function anyAliveBroker(broker: BrokerServices): number {
  const alive = broker.metadata.aliveBrokers();
  if (alive.length === 0) return NO_LEADER_ID;
  const random = broker.runtime.host.random.stream('metadata-controller-id');
  return alive[random.int(0, alive.length - 1)]?.id ?? NO_LEADER_ID;
}

function wantedTopics(
  broker: BrokerServices,
  context: RequestContext,
  request: MetadataRequest,
): MetadataResponseTopic[] {
  const { image } = broker.metadata;
  const { topics } = request;
  // In version 0 an empty list asks for all topics; later versions say null.
  if (topics === null || (context.apiVersion === 0 && topics.length === 0)) {
    return [...image.topicsByName.values()].map((topic) => describe(broker, context, topic));
  }
  const described: MetadataResponseTopic[] = [];
  const unknown: string[] = [];
  const seen = new Set<string>();
  for (const { name, topicId } of topics) {
    const key = topicId === ZERO_UUID ? `name ${name}` : topicId;
    if (seen.has(key)) continue;
    seen.add(key);
    const topic =
      topicId === ZERO_UUID ? image.topicsByName.get(name ?? '') : image.topicsById.get(topicId);
    if (topic !== undefined) described.push(describe(broker, context, topic));
    else if (topicId !== ZERO_UUID) described.push(unknownId(topicId));
    else unknown.push(name ?? '');
  }
  return described.concat(unknownNames(broker, request, unknown));
}

function unknownId(topicId: string): MetadataResponseTopic {
  return metadataResponseTopic({ errorCode: ErrorCode.UNKNOWN_TOPIC_ID, name: null, topicId });
}

function unknownNames(
  broker: BrokerServices,
  request: MetadataRequest,
  names: readonly string[],
): MetadataResponseTopic[] {
  const creatable = names.filter((name) => topicNameProblem(name) === null);
  if (request.allowAutoTopicCreation && broker.autoTopics.enabled) {
    broker.autoTopics.create(creatable);
  }
  return names.map((name) =>
    metadataResponseTopic({
      errorCode: creatable.includes(name)
        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        : ErrorCode.INVALID_TOPIC_EXCEPTION,
      name,
      isInternal: isInternalTopic(name),
    }),
  );
}

function describe(
  broker: BrokerServices,
  context: RequestContext,
  topic: TopicImage,
): MetadataResponseTopic {
  return metadataResponseTopic({
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition, index) =>
      describePartition(broker, context, partition, index),
    ),
  });
}

function describePartition(
  broker: BrokerServices,
  context: RequestContext,
  partition: PartitionRegistration,
  partitionIndex: number,
): MetadataResponsePartition {
  const view = broker.metadata;
  const { listener } = context;
  const reachable = view.endpoint(partition.leader, listener) !== null;
  // Version 0 leaves out replicas that are not there, and says that some are missing.
  const shown = (ids: readonly number[]) =>
    context.apiVersion === 0 ? ids.filter((id) => view.aliveBrokerEpoch(id) >= 0) : [...ids];
  const replicaNodes = shown(partition.replicas);
  const isrNodes = shown(partition.isr);
  const incomplete =
    replicaNodes.length < partition.replicas.length || isrNodes.length < partition.isr.length;
  let errorCode: ErrorCode = ErrorCode.NONE;
  if (!reachable) {
    const known = view.image.brokers.has(partition.leader);
    errorCode =
      known && context.apiVersion >= FIRST_WITH_LISTENER_NOT_FOUND
        ? ErrorCode.LISTENER_NOT_FOUND
        : ErrorCode.LEADER_NOT_AVAILABLE;
  } else if (incomplete) errorCode = ErrorCode.REPLICA_NOT_AVAILABLE;
  return metadataResponsePartition({
    errorCode,
    partitionIndex,
    leaderId: reachable ? partition.leader : NO_LEADER_ID,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas: view.offlineReplicas(partition, listener),
  });
}
