/**
 * Partitions and their leaders: what changes when brokers come, go and alter ISRs (Kafka:
 * ReplicationControlManager). Methods only work out records from the image; the controller
 * writes and applies them. Brokers are looked for by a scan over all partitions: these
 * operations are rare, and the image needs no index to keep true.
 */
import type { Uuid } from '../base/uuid.ts';
import {
  type BrokerRegistration,
  defaultDirectory,
  hasOnlineDirectory,
} from '../metadata/broker-registration.ts';
import { ELIGIBLE_LEADER_REPLICAS } from '../metadata/features.ts';
import type { MetadataImage, TopicImage } from '../metadata/image.ts';
import {
  directoryOf,
  type LeaderRecoveryState,
  NO_LEADER,
  type PartitionRegistration,
} from '../metadata/partition-registration.ts';
import type { Rules } from '../protocol/rules.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import type { ConfigControl } from './config-control.ts';
import { buildPartitionChange, type Election } from './partition-change-builder.ts';
import type { ReplicaLists } from './reassignment.ts';

/** Records of one pass over partitions at most; the rest comes with the next (Kafka: 1000). */
export const MAX_ELECTIONS_PER_PASS = 1000;

/** What happens to one broker in a pass over partitions; `NO_LEADER` names none. */
interface BrokerEvent {
  /** Leaves ISRs and leaderships, and may not be elected. */
  readonly remove: number;
  /** May be elected although the image still has it fenced. */
  readonly add: number;
  /** Directories of `add` in which it may not be elected, though the image has them online. */
  readonly lost: readonly Uuid[];
  /** As `remove`, and leaves ELRs too. */
  readonly unclean: number;
}

const NO_EVENT: BrokerEvent = { remove: NO_LEADER, add: NO_LEADER, lost: [], unclean: NO_LEADER };

export class ReplicationControl {
  private readonly image: MetadataImage;
  private readonly configs: ConfigControl;
  readonly rules: Rules;

  constructor(image: MetadataImage, configs: ConfigControl, rules: Rules) {
    this.rules = rules;
    this.image = image;
    this.configs = configs;
  }

  get elrEnabled(): boolean {
    return this.image.featureLevel(ELIGIBLE_LEADER_REPLICAS) >= 1;
  }

  hasLeaderships(broker: number): boolean {
    for (const topic of this.image.topicsById.values()) {
      for (const partition of topic.partitions) if (partition.leader === broker) return true;
    }
    return false;
  }

  /** Takes a broker out of every ISR and leadership. */
  brokerLeaves(broker: number): MetadataRecord[] {
    return this.pass({ ...NO_EVENT, remove: broker }, (partition) =>
      partition.isr.includes(broker),
    );
  }

  /** As `brokerLeaves`, for every partition with a replica in one log directory of it. */
  directoryLost(broker: number, directory: Uuid): MetadataRecord[] {
    return this.pass(
      { ...NO_EVENT, remove: broker },
      (partition) =>
        partition.replicas.includes(broker) && directoryOf(partition, broker) === directory,
    );
  }

  /** As `directoryLost`, for one partition that was found to lie in a directory that is offline. */
  replicaOffline(topic: TopicImage, index: number, broker: number): MetadataRecord | null {
    const { isr } = topic.partitions[index] as PartitionRegistration;
    return this.change(topic, index, {
      targetIsr: isr.filter((one) => one !== broker),
      event: { ...NO_EVENT, remove: broker },
      election: this.electionOf(topic),
    });
  }

  /** Elects for leaderless partitions now that this broker may lead, not in directories just lost. */
  brokerUnfenced(broker: number, lost: readonly Uuid[]): MetadataRecord[] {
    return this.pass(
      { ...NO_EVENT, add: broker, lost },
      (partition) => partition.leader === NO_LEADER,
    );
  }

  /** Takes a broker that may have lost records out of every ISR and ELR. */
  brokerRestartedUncleanly(broker: number): MetadataRecord[] {
    return this.pass(
      { ...NO_EVENT, unclean: broker },
      (partition) => partition.isr.includes(broker) || partition.elr.includes(broker),
    );
  }

  /** Out of ISRs and leaderships. In ELRs it stays until it registers anew, unclean by then. */
  brokerUnregistered(broker: number): MetadataRecord[] {
    return this.pass(
      { ...NO_EVENT, remove: broker },
      (partition) => partition.isr.includes(broker) || partition.elr.includes(broker),
    );
  }

  private pass(
    event: BrokerEvent,
    concerned: (partition: PartitionRegistration) => boolean,
  ): MetadataRecord[] {
    const records: MetadataRecord[] = [];
    this.image.forEachPartition((partition, topic, index) => {
      if (!concerned(partition)) return;
      const targetIsr = partition.isr.filter(
        (broker) => broker !== event.remove && broker !== event.unclean,
      );
      const record = this.change(topic, index, {
        targetIsr,
        event,
        election: this.electionOf(topic),
      });
      if (record !== null) records.push(record);
    });
    return records;
  }

  /** The new ISR that a leader asked for, already validated. */
  alterIsr(
    topic: TopicImage,
    index: number,
    targetIsr: readonly number[],
    targetLeaderRecoveryState: LeaderRecoveryState,
  ): MetadataRecord | null {
    const election = this.electionOf(topic);
    return this.change(topic, index, { targetIsr, targetLeaderRecoveryState, election });
  }

  private electionOf(topic: TopicImage): Election {
    return this.configs.uncleanElectionEnabled(topic.name) ? 'unclean' : 'online';
  }

  /** Asked for by an operator; null when the election would change nothing. */
  elect(topic: TopicImage, index: number, election: Election): MetadataRecord | null {
    const { isr } = topic.partitions[index] as PartitionRegistration;
    return this.change(topic, index, { targetIsr: isr, election });
  }

  /** Begins a reassignment, or completes it at once if the ISR already allows it. */
  reassign(topic: TopicImage, index: number, to: ReplicaLists): MetadataRecord | null {
    const { isr } = topic.partitions[index] as PartitionRegistration;
    // As in Kafka, without unclean elections whatever the topic says.
    return this.change(topic, index, {
      targetIsr: isr,
      election: 'online',
      targetAssignment: to,
    });
  }

  /** Goes back to the replicas from before a reassignment. */
  revertTo(
    topic: TopicImage,
    index: number,
    to: { readonly replicas: readonly number[]; readonly isr: readonly number[] },
  ): MetadataRecord | null {
    return this.change(topic, index, {
      targetIsr: to.isr,
      election: this.electionOf(topic),
      targetAssignment: { replicas: to.replicas, adding: [], removing: [] },
    });
  }

  /** Notes in which log directory of a broker its replica lies. */
  assignDirectory(
    topic: TopicImage,
    index: number,
    where: { readonly broker: number; readonly directory: Uuid },
  ): MetadataRecord | null {
    const { isr } = topic.partitions[index] as PartitionRegistration;
    return this.change(topic, index, {
      targetIsr: isr,
      election: 'online',
      targetDirectories: new Map([[where.broker, where.directory]]),
    });
  }

  /** Gives leadership back to preferred replicas where they may lead. */
  balanceLeaders(): MetadataRecord[] {
    return this.electWhere('preferred', (partition) => partition.leader !== partition.replicas[0]);
  }

  /** Elects outside the ISR for leaderless partitions whose topic allows it. */
  electUncleanLeaders(): MetadataRecord[] {
    return this.electWhere(
      'unclean',
      (partition, topic) =>
        partition.leader === NO_LEADER && this.configs.uncleanElectionEnabled(topic.name),
    );
  }

  private electWhere(
    election: Election,
    concerned: (partition: PartitionRegistration, topic: TopicImage) => boolean,
  ): MetadataRecord[] {
    const records: MetadataRecord[] = [];
    this.image.forEachPartition((partition, topic, index) => {
      if (records.length >= MAX_ELECTIONS_PER_PASS || !concerned(partition, topic)) return;
      const record = this.change(topic, index, { targetIsr: partition.isr, election });
      if (record !== null) records.push(record);
    });
    return records;
  }

  private change(
    topic: TopicImage,
    index: number,
    change: {
      readonly targetIsr: readonly number[];
      readonly election: Election;
      readonly event?: BrokerEvent;
      readonly targetLeaderRecoveryState?: LeaderRecoveryState;
      readonly targetAssignment?: ReplicaLists;
      readonly targetDirectories?: ReadonlyMap<number, Uuid>;
    },
  ): MetadataRecord | null {
    const partition = topic.partitions[index] as PartitionRegistration;
    const { event = NO_EVENT, ...wanted } = change;
    const { remove, add, lost, unclean } = event;
    const { brokers } = this.image;
    const directoryAfter = (broker: number): Uuid =>
      change.targetDirectories?.get(broker) ?? directoryOf(partition, broker);
    const record = buildPartitionChange({
      partition,
      topicId: topic.id,
      partitionId: index,
      isAcceptableLeader: (broker) =>
        broker !== remove &&
        broker !== unclean &&
        (this.image.isActive(broker) || (broker === add && !isLeaving(brokers.get(broker)))) &&
        !(broker === add && lost.includes(directoryAfter(broker))) &&
        hasOnlineDirectory(brokers.get(broker), directoryAfter(broker)),
      minIsr: this.configs.effectiveMinIsr(topic.name, partition.replicas.length),
      elrEnabled: this.elrEnabled,
      rules: this.rules,
      uncleanShutdownReplicas: unclean === NO_LEADER ? [] : [unclean],
      defaultDirectory: (broker) => defaultDirectory(brokers.get(broker)),
      ...wanted,
    });
    return record === null ? null : { type: 'PartitionChangeRecord', version: 2, record };
  }
}

function isLeaving(broker: BrokerRegistration | undefined): boolean {
  return broker?.inControlledShutdown === true;
}
