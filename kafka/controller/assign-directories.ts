/**
 * AssignReplicasToDirs (KIP-858; Kafka: ReplicationControlManager.handleAssignReplicasToDirs): a
 * broker says in which of its log directories replicas lie. One that lies in a directory which
 * the broker has reported as failed loses its place in the ISR and its leadership.
 */
import { hasOnlineDirectory } from '../metadata/broker-registration.ts';
import type { MetadataImage, TopicImage } from '../metadata/image.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { AssignReplicasToDirsRequest } from '../wire/generated/assign-replicas-to-dirs-request.ts';
import {
  type AssignReplicasToDirsResponse,
  assignReplicasToDirsResponse,
  directoryData,
  partitionData,
  topicData,
} from '../wire/generated/assign-replicas-to-dirs-response.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';
import type { ReplicationControl } from './replication-control.ts';

export function assignDirectories(
  image: MetadataImage,
  replication: ReplicationControl,
  request: AssignReplicasToDirsRequest,
): ControllerResult<AssignReplicasToDirsResponse> {
  const broker = image.brokers.get(request.brokerId);
  if (broker === undefined || broker.epoch !== request.brokerEpoch) {
    return readOnly(assignReplicasToDirsResponse({ errorCode: ErrorCode.STALE_BROKER_EPOCH }));
  }
  const records: MetadataRecord[] = [];
  const offline: MetadataRecord[] = [];
  const directories = request.directories.map(({ id, topics }) => {
    const online = hasOnlineDirectory(broker, id);
    const answered = topics.map(({ topicId, partitions }) => {
      const topic = image.topicsById.get(topicId);
      const answers = partitions.map(({ partitionIndex }) => {
        const errorCode = problemWith(topic, partitionIndex, broker.id);
        if (topic !== undefined && errorCode === ErrorCode.NONE) {
          const where = { broker: broker.id, directory: id };
          add(records, replication.assignDirectory(topic, partitionIndex, where));
          if (!online) add(offline, replication.replicaOffline(topic, partitionIndex, broker.id));
        }
        return partitionData({ partitionIndex, errorCode });
      });
      return topicData({ topicId, partitions: answers });
    });
    return directoryData({ id, topics: answered });
  });
  const response = assignReplicasToDirsResponse({ directories });
  return { records: [...records, ...offline], response, why: 'directory-assigned' };
}

function problemWith(topic: TopicImage | undefined, index: number, broker: number): ErrorCode {
  if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
  const partition = topic.partitions[index];
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (!partition.replicas.includes(broker)) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
  return ErrorCode.NONE;
}

function add(records: MetadataRecord[], record: MetadataRecord | null): void {
  if (record !== null) records.push(record);
}
