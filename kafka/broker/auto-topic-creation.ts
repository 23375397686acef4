/**
 * Creates the topics that clients ask metadata for (auto.create.topics.enable), and the topic of
 * committed offsets when somebody looks for a coordinator (Kafka: AutoTopicCreationManager). The
 * client hears UNKNOWN_TOPIC_OR_PARTITION and asks again; one
 * request per topic is under way at a time.
 */
import type { BrokerConfig } from '../config/broker.ts';
import { OFFSETS_TOPIC } from '../group/group-partition.ts';
import type { ControllerLink } from '../replication/alter-partition-manager.ts';
import { apis } from '../wire/apis.ts';
import {
  type CreatableTopic,
  creatableTopic,
  creatableTopicConfig,
  createTopicsRequest,
} from '../wire/generated/create-topics-request.ts';
import type { MetadataView } from './metadata-view.ts';

export class AutoTopicCreation {
  private readonly config: BrokerConfig;
  private readonly link: ControllerLink;
  private readonly metadata: MetadataView;
  private readonly underWay = new Set<string>();

  constructor(config: BrokerConfig, link: ControllerLink, metadata: MetadataView) {
    this.config = config;
    this.link = link;
    this.metadata = metadata;
  }

  /** Begins to create those of the topics that nobody is creating yet. */
  create(names: readonly string[]): void {
    const wanted = names.filter((name) => !this.underWay.has(name));
    if (wanted.length === 0) return;
    for (const name of wanted) this.underWay.add(name);
    const request = createTopicsRequest({
      timeoutMs: this.config.get('request.timeout.ms'),
      topics: wanted.map((name) => this.creatable(name)),
    });
    this.link.send(apis.CreateTopics, request, () => {
      for (const name of wanted) this.underWay.delete(name);
    });
  }

  private creatable(name: string): CreatableTopic {
    if (name !== OFFSETS_TOPIC) {
      const numPartitions = this.config.get('num.partitions');
      const replicationFactor = this.config.get('default.replication.factor');
      return creatableTopic({ name, numPartitions, replicationFactor });
    }
    const segmentBytes = this.config.text('offsets.topic.segment.bytes');
    return creatableTopic({
      name,
      numPartitions: this.config.get('offsets.topic.num.partitions'),
      replicationFactor: this.config.get('offsets.topic.replication.factor'),
      configs: [
        creatableTopicConfig({ name: 'cleanup.policy', value: 'compact' }),
        creatableTopicConfig({ name: 'compression.type', value: 'producer' }),
        creatableTopicConfig({ name: 'segment.bytes', value: segmentBytes }),
      ],
    });
  }

  /** Whether a request for metadata may create topics at all. */
  get enabled(): boolean {
    return this.config.get('auto.create.topics.enable') && this.metadata.image.brokers.size > 0;
  }
}
