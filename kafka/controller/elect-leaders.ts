/**
 * ElectLeaders (KIP-460; Kafka: ReplicationControlManager.electLeaders): gives leadership to the
 * preferred replicas, or, where nobody leads, to any live replica: an operator may do that
 * whatever `unclean.leader.election.enable` says.
 */
import type { MetadataImage, TopicImage } from '../metadata/image.ts';
import { NO_LEADER } from '../metadata/partition-registration.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type { ElectLeadersRequest } from '../wire/generated/elect-leaders-request.ts';
import {
  type ElectLeadersResponse,
  electLeadersResponse,
  type PartitionResult,
  partitionResult,
  type ReplicaElectionResult,
  replicaElectionResult,
} from '../wire/generated/elect-leaders-response.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { type ControllerResult, type Refusal, readOnly, refusal } from './controller-result.ts';
import type { Election } from './partition-change-builder.ts';
import type { ReplicationControl } from './replication-control.ts';

/** By the protocol's ElectionType. */
const ELECTIONS: readonly Election[] = ['preferred', 'unclean'];

export function electLeaders(
  image: MetadataImage,
  replication: ReplicationControl,
  request: ElectLeadersRequest,
): ControllerResult<ElectLeadersResponse> {
  const election = ELECTIONS[request.electionType];
  if (election === undefined) {
    return readOnly(electLeadersResponse({ errorCode: ErrorCode.INVALID_REQUEST }));
  }
  const records: MetadataRecord[] = [];
  const elect = (topic: string, partition: number): Refusal | null => {
    const elected = electOne(image, replication, { topic, partition, election });
    if ('errorCode' in elected) return elected;
    records.push(elected);
    return null;
  };
  const results =
    request.topicPartitions === null
      ? everyTopic(image, elect)
      : request.topicPartitions.map(({ topic, partitions }) => {
          const partitionResult = partitions.map((index) => answer(index, elect(topic, index)));
          return replicaElectionResult({ topic, partitionResult });
        });
  const response = electLeadersResponse({ replicaElectionResults: results });
  return { records, response, why: election === 'preferred' ? 'preferred' : 'unclean-election' };
}

/** Of all partitions, those that have the leader they should have are not told of. */
function everyTopic(
  image: MetadataImage,
  elect: (topic: string, partition: number) => Refusal | null,
): ReplicaElectionResult[] {
  return [...image.topicsById.values()].map((topic: TopicImage) => {
    const partitionResult: PartitionResult[] = [];
    for (const index of topic.partitions.keys()) {
      const refused = elect(topic.name, index);
      if (refused?.errorCode === ErrorCode.ELECTION_NOT_NEEDED) continue;
      partitionResult.push(answer(index, refused));
    }
    return replicaElectionResult({ topic: topic.name, partitionResult });
  });
}

function answer(partitionId: number, refused: Refusal | null): PartitionResult {
  return partitionResult({ partitionId, ...(refused ?? { errorMessage: null }) });
}

function electOne(
  image: MetadataImage,
  replication: ReplicationControl,
  of: { readonly topic: string; readonly partition: number; readonly election: Election },
): Refusal | MetadataRecord {
  const topic = image.topic(of.topic);
  if (topic === undefined) {
    return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `No such topic as ${of.topic}`);
  }
  const partition = topic.partitions[of.partition];
  if (partition === undefined) {
    const message = `No such partition as ${of.topic}-${of.partition}`;
    return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message);
  }
  const preferred = of.election === 'preferred';
  const { leader, replicas } = partition;
  if (preferred ? leader === replicas[0] : leader !== NO_LEADER) {
    return plain(ErrorCode.ELECTION_NOT_NEEDED);
  }
  const record = replication.elect(topic, of.partition, of.election);
  if (record !== null) return record;
  return plain(
    preferred ? ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE : ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
  );
}

function plain(errorCode: ErrorCode): Refusal {
  return refusal(errorCode, errorMessage(errorCode));
}
