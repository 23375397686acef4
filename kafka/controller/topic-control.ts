/**
 * CreateTopics (Kafka: ReplicationControlManager.createTopics): names, configs, partition counts
 * and replica assignments are checked per topic; the good ones are created even if others fail.
 */
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import type { BrokerConfig } from '../config/broker.ts';
import { topicConfigs } from '../config/topic.ts';
import type { RandomStream } from '../host.ts';
import { ConfigResourceType, type MetadataImage } from '../metadata/image.ts';
import { collisionForm, topicNameProblem } from '../metadata/topic-names.ts';
import { ErrorCode } from '../wire/errors.ts';
import { configRecord } from '../wire/generated/config-record.ts';
import type {
  CreatableTopic,
  CreateTopicsRequest,
} from '../wire/generated/create-topics-request.ts';
import {
  type CreatableTopicConfigs,
  type CreatableTopicResult,
  type CreateTopicsResponse,
  creatableTopicConfigs,
  creatableTopicResult,
  createTopicsResponse,
} from '../wire/generated/create-topics-response.ts';
import { topicRecord } from '../wire/generated/topic-record.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import type { ConfigControl } from './config-control.ts';
import {
  type ControllerResult,
  MAX_RECORDS_PER_OPERATION,
  type Refusal,
  refusal,
} from './controller-result.ts';
import { type Assignment, badAssignment, type ReplicaAssignments } from './replica-assignments.ts';

const METADATA_TOPIC = '__cluster_metadata';
/** DescribeConfigsResponse.ConfigSource. */
const SOURCE_TOPIC = 1;
const SOURCE_STATIC_BROKER = 4;
const SOURCE_DEFAULT = 5;
export class TopicControl {
  private readonly image: MetadataImage;
  private readonly node: BrokerConfig;
  private readonly configs: ConfigControl;
  private readonly assignments: ReplicaAssignments;
  private readonly topicIds: RandomStream;

  constructor(parts: {
    image: MetadataImage;
    node: BrokerConfig;
    configs: ConfigControl;
    assignments: ReplicaAssignments;
    topicIds: RandomStream;
  }) {
    this.image = parts.image;
    this.node = parts.node;
    this.configs = parts.configs;
    this.assignments = parts.assignments;
    this.topicIds = parts.topicIds;
  }

  createTopics(request: CreateTopicsRequest): ControllerResult<CreateTopicsResponse> {
    const records: MetadataRecord[] = [];
    const results: CreatableTopicResult[] = [];
    const collisions = this.collisionForms();
    const duplicates = duplicateNames(request.topics);
    for (const topic of request.topics) {
      if (duplicates.has(topic.name)) continue;
      const made = this.createTopic(topic, collisions, MAX_RECORDS_PER_OPERATION - records.length);
      if ('errorCode' in made) {
        results.push(refusedTopic(topic.name, made));
        continue;
      }
      collisions.set(collisionForm(topic.name), topic.name);
      for (const record of made.records) records.push(record);
      results.push(made.result);
    }
    for (const name of duplicates) {
      const errorMessage = 'Duplicate topic name.';
      results.push(refusedTopic(name, { errorCode: ErrorCode.INVALID_REQUEST, errorMessage }));
    }
    const response = createTopicsResponse({ topics: results });
    return { records: request.validateOnly ? [] : records, response, why: 'created' };
  }

  private collisionForms(): Map<string, string> {
    const forms = new Map<string, string>();
    for (const name of this.image.topicsByName.keys()) forms.set(collisionForm(name), name);
    return forms;
  }

  private createTopic(
    topic: CreatableTopic,
    collisions: ReadonlyMap<string, string>,
    maxRecords: number,
  ): Refusal | { records: MetadataRecord[]; result: CreatableTopicResult } {
    const badName = this.nameProblem(topic.name, collisions);
    if (badName !== null) return badName;
    const configs = configsOf(topic);
    if ('errorCode' in configs) return configs;
    const problem = this.configs.topicConfigProblem(configs.map);
    if (problem !== null) return refusal(ErrorCode.INVALID_CONFIG, problem);
    if (topic.numPartitions + topic.configs.length >= maxRecords) {
      const message = 'Unable to perform excessively large batch operation.';
      return refusal(ErrorCode.POLICY_VIOLATION, message);
    }
    const assignment = this.assign(topic);
    if ('errorCode' in assignment) return assignment;
    const topicId = this.newTopicId();
    const records = this.recordsFor(topic.name, topicId, configs.map, assignment);
    if ('errorCode' in records) return records;
    const result = creatableTopicResult({
      name: topic.name,
      topicId,
      numPartitions: assignment.replicas.length,
      replicationFactor: assignment.replicas[0]?.length ?? 0,
      configs: this.describeConfigs(configs.map),
    });
    return { records, result };
  }

  private nameProblem(name: string, collisions: ReadonlyMap<string, string>): Refusal | null {
    if (name === METADATA_TOPIC) {
      const message = `Creation of internal topic ${METADATA_TOPIC} is prohibited.`;
      return refusal(ErrorCode.INVALID_REQUEST, message);
    }
    const problem = topicNameProblem(name);
    if (problem !== null) return refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
    if (this.image.topicsByName.has(name)) {
      return refusal(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
    }
    const other = collisions.get(collisionForm(name));
    if (other === undefined) return null;
    const message = `Topic '${name}' collides with existing topic: ${other}`;
    return refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, message);
  }

  /** Replicas per partition, given or placed. */
  private assign(topic: CreatableTopic): Refusal | Assignment {
    if (topic.assignments.length > 0) return this.assignManually(topic);
    const { numPartitions, replicationFactor } = topic;
    if (replicationFactor < -1 || replicationFactor === 0) {
      const message = 'Replication factor must be larger than 0, or -1 to use the default value.';
      return refusal(ErrorCode.INVALID_REPLICATION_FACTOR, message);
    }
    if (numPartitions < -1 || numPartitions === 0) {
      const message = 'Number of partitions was set to an invalid non-positive value.';
      return refusal(ErrorCode.INVALID_PARTITIONS, message);
    }
    const factor =
      replicationFactor === -1 ? this.node.get('default.replication.factor') : replicationFactor;
    const partitions = numPartitions === -1 ? this.node.get('num.partitions') : numPartitions;
    return this.assignments.place(partitions, factor);
  }

  private assignManually(topic: CreatableTopic): Refusal | Assignment {
    if (topic.replicationFactor !== -1 || topic.numPartitions !== -1) {
      const what = topic.replicationFactor !== -1 ? 'replication factor' : 'numPartitions';
      const message = `A manual partition assignment was specified, but ${what} was not set to -1.`;
      return refusal(ErrorCode.INVALID_REQUEST, message);
    }
    const byIndex = new Map<number, readonly number[]>();
    let factor = -1;
    for (const { partitionIndex, brokerIds } of topic.assignments) {
      if (byIndex.has(partitionIndex)) {
        return badAssignment(
          `Found multiple manual partition assignments for partition ${partitionIndex}`,
        );
      }
      const problem = this.assignments.manualProblem(brokerIds, factor);
      if (problem !== null) return problem;
      factor = brokerIds.length;
      byIndex.set(partitionIndex, brokerIds);
    }
    const replicas: (readonly number[])[] = [];
    for (let index = 0; index < byIndex.size; index++) {
      const brokers = byIndex.get(index);
      if (brokers === undefined) {
        return badAssignment('partitions should be a consecutive 0-based integer sequence');
      }
      replicas.push(brokers);
    }
    return { replicas, manual: true };
  }

  /** Topic first, then its configs, then its partitions. */
  private recordsFor(
    name: string,
    topicId: Uuid,
    configs: Readonly<Record<string, string>>,
    assignment: Assignment,
  ): MetadataRecord[] | Refusal {
    const records: MetadataRecord[] = [
      { type: 'TopicRecord', version: 0, record: topicRecord({ name, topicId }) },
    ];
    for (const key of Object.keys(configs).sort()) {
      const record = configRecord({
        resourceType: ConfigResourceType.TOPIC,
        resourceName: name,
        name: key,
        value: configs[key] as string,
      });
      records.push({ type: 'ConfigRecord', version: 0, record });
    }
    const partitions = this.assignments.partitionRecords(topicId, 0, assignment);
    return 'errorCode' in partitions ? partitions : records.concat(partitions);
  }

  private newTopicId(): Uuid {
    for (;;) {
      const id = uuidFromBytes(this.topicIds.bytes(16), 0);
      // As Kafka: ids that begin with '-' are awkward on command lines.
      if (!id.startsWith('-') && !this.image.topicsById.has(id)) return id;
    }
  }

  private describeConfigs(configs: Readonly<Record<string, string>>): CreatableTopicConfigs[] {
    const effective = this.configs.effectiveTopicConfig(configs);
    const keys = Object.keys(topicConfigs.keys).sort() as (keyof typeof topicConfigs.keys)[];
    return keys.map((name) => {
      const source = effective.source(name);
      return creatableTopicConfigs({
        name,
        value: effective.text(name),
        configSource:
          source === 'given'
            ? SOURCE_TOPIC
            : source === 'broker'
              ? SOURCE_STATIC_BROKER
              : SOURCE_DEFAULT,
      });
    });
  }
}

function configsOf(topic: CreatableTopic): Refusal | { map: Record<string, string> } {
  const given: [string, string][] = [];
  const nulls: string[] = [];
  for (const { name, value } of topic.configs) {
    if (value === null) nulls.push(name);
    else given.push([name, value]);
  }
  if (nulls.length === 0) return { map: Object.fromEntries(given) };
  const message = `Null value not supported for topic configs: ${nulls.join(',')}`;
  return refusal(ErrorCode.INVALID_CONFIG, message);
}

function duplicateNames(topics: readonly CreatableTopic[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of topics) {
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return twice;
}

function refusedTopic(name: string, why: Refusal): CreatableTopicResult {
  return creatableTopicResult({ name, ...why, configs: [] });
}
