/**
 * Tells the controller in which log directories replicas lie, where it believes something else
 * (KIP-858; Kafka: AssignmentsManager). What belongs together goes in one request, one request
 * is under way at a time, and what failed is told again.
 */
import { Timer } from '../base/timers.ts';
import type { Uuid } from '../base/uuid.ts';
import type { MetadataImage } from '../metadata/image.ts';
import type { ControllerLink } from '../replication/alter-partition-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type AssignReplicasToDirsRequest,
  assignReplicasToDirsRequest,
  type DirectoryData,
  directoryData,
  partitionData,
  topicData,
} from '../wire/generated/assign-replicas-to-dirs-request.ts';
import type { AssignReplicasToDirsResponse } from '../wire/generated/assign-replicas-to-dirs-response.ts';

/** ExponentialBackoff(100 ms, 2, 10 s); the first is also the wait for more to send along. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
const MOST_PER_REQUEST = 2250;

interface Assignment {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly directory: Uuid;
}

export class DirectoryAssignments {
  private readonly runtime: NodeRuntime;
  private readonly link: ControllerLink;
  private readonly image: MetadataImage;
  private readonly broker: { readonly id: number; epoch(): number };
  /** By partition: the newest that is still to be sent. */
  private ready = new Map<string, Assignment>();
  private inFlight = false;
  private failures = 0;
  private readonly next = new Timer(() => this.send());

  constructor(parts: {
    runtime: NodeRuntime;
    link: ControllerLink;
    image: MetadataImage;
    broker: { readonly id: number; epoch(): number };
  }) {
    this.runtime = parts.runtime;
    this.link = parts.link;
    this.image = parts.image;
    this.broker = parts.broker;
  }

  assign(assignment: Assignment): void {
    this.ready.set(keyOf(assignment), assignment);
    this.schedule();
  }

  private schedule(): void {
    if (this.next.armed || this.inFlight || this.ready.size === 0) return;
    const doubled = FIRST_DELAY_MS * 2 ** Math.min(this.failures, 10);
    const delayMs = Math.min(doubled, LONGEST_DELAY_MS);
    this.runtime.timers.arm(this.next, this.runtime.nowMs + delayMs);
  }

  private send(): void {
    const sent: Assignment[] = [];
    for (const [key, assignment] of this.ready) {
      if (sent.length >= MOST_PER_REQUEST) break;
      this.ready.delete(key);
      if (this.isWanted(assignment)) sent.push(assignment);
    }
    if (sent.length === 0) return;
    this.inFlight = true;
    this.link.send(apis.AssignReplicasToDirs, this.requestFor(sent), (response) => {
      this.inFlight = false;
      this.answered(sent, response);
      this.schedule();
    });
  }

  /** The replica is still this broker's. */
  private isWanted({ topicId, partition }: Assignment): boolean {
    const registration = this.image.partition(topicId, partition);
    return registration?.replicas.includes(this.broker.id) ?? false;
  }

  private requestFor(sent: readonly Assignment[]): AssignReplicasToDirsRequest {
    const directories: DirectoryData[] = [];
    for (const { directory, topicId, partition } of sent) {
      let data = directories.find((one) => one.id === directory);
      if (data === undefined) {
        data = directoryData({ id: directory });
        directories.push(data);
      }
      let topic = data.topics.find((one) => one.topicId === topicId);
      if (topic === undefined) {
        topic = topicData({ topicId });
        data.topics.push(topic);
      }
      topic.partitions.push(partitionData({ partitionIndex: partition }));
    }
    const { id: brokerId } = this.broker;
    return assignReplicasToDirsRequest({
      brokerId,
      brokerEpoch: this.broker.epoch(),
      directories,
    });
  }

  private answered(
    sent: readonly Assignment[],
    response: AssignReplicasToDirsResponse | null,
  ): void {
    if (response === null || response.errorCode !== ErrorCode.NONE) {
      this.failures += 1;
      for (const assignment of sent) this.putBack(assignment);
      return;
    }
    this.failures = 0;
    const done = new Set<string>();
    for (const { id: directory, topics } of response.directories) {
      for (const { topicId, partitions } of topics) {
        for (const { partitionIndex: partition, errorCode } of partitions) {
          if (errorCode === ErrorCode.NONE) done.add(keyOf({ topicId, partition, directory }));
        }
      }
    }
    for (const assignment of sent) if (!done.has(keyOf(assignment))) this.putBack(assignment);
  }

  private putBack(assignment: Assignment): void {
    const key = keyOf(assignment);
    if (!this.ready.has(key)) this.ready.set(key, assignment);
  }
}

function keyOf({ topicId, partition }: Assignment): string {
  return `${topicId} ${partition}`;
}
