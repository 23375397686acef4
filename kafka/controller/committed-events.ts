/**
 * The trace of what the controller has done, told when it is committed and not before: an
 * uncommitted change may still be lost. Found by comparing registrations before and after each
 * record. After a restart the newest records of the log are told once more, because the former
 * process may have died between their commit and the telling.
 */
import type { BrokerRegistration } from '../metadata/broker-registration.ts';
import type { MetadataImage } from '../metadata/image.ts';
import {
  LeaderRecoveryState,
  NO_LEADER,
  type PartitionRegistration,
  sameReplicas,
} from '../metadata/partition-registration.ts';
import type { Trace } from '../trace.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';

interface Waiting {
  readonly offset: number;
  readonly emit: (trace: Trace) => void;
}

/** How a broker came back, by why its registration was written. */
const CLEAN = new Map([
  ['restarted', 'clean'],
  ['restarted-uncleanly', 'unclean'],
]);

/** What a record is about to replace. */
export type Replaced = PartitionRegistration | BrokerRegistration | undefined;

export class CommittedEvents {
  private readonly trace: Trace;
  private waiting: Waiting[] = [];

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** Looks up, before a record is applied, what it will replace. */
  before(image: MetadataImage, entry: MetadataRecord): Replaced {
    switch (entry.type) {
      case 'PartitionChangeRecord':
        return image.partition(entry.record.topicId, entry.record.partitionId);
      case 'RegisterBrokerRecord':
      case 'BrokerRegistrationChangeRecord':
        return image.brokers.get(entry.record.brokerId);
      default:
        return undefined;
    }
  }

  /** Notes, after a record was applied at `offset`, what to tell once it is committed. */
  applied(
    image: MetadataImage,
    entry: MetadataRecord,
    change: { replaced: Replaced; offset: number; why: string },
  ): void {
    const { offset, why } = change;
    switch (entry.type) {
      case 'PartitionRecord':
      case 'PartitionChangeRecord': {
        const { topicId, partitionId } = entry.record;
        const after = image.partition(topicId, partitionId) as PartitionRegistration;
        const name = `${image.topicsById.get(topicId)?.name}-${partitionId}`;
        const before = change.replaced as PartitionRegistration | undefined;
        this.waiting.push({
          offset,
          emit: (trace) => tellPartition(trace, name, { before, after, why }),
        });
        return;
      }
      case 'RegisterBrokerRecord': {
        const { brokerId, brokerEpoch } = entry.record;
        const before = change.replaced as BrokerRegistration | undefined;
        if (before?.epoch === brokerEpoch) return;
        const clean = before === undefined ? 'first' : (CLEAN.get(why) ?? 'unknown');
        this.waiting.push({
          offset,
          emit: (trace) => trace.emit('broker.registered', brokerId, brokerEpoch, clean),
        });
        return;
      }
      case 'BrokerRegistrationChangeRecord': {
        const { brokerId, fenced, inControlledShutdown } = entry.record;
        if (fenced === 0 && inControlledShutdown === 0) return;
        this.waiting.push({
          offset,
          emit: (trace) => {
            if (fenced > 0) trace.emit('broker.fenced', brokerId, why);
            if (fenced < 0) trace.emit('broker.unfenced', brokerId);
            if (inControlledShutdown > 0) trace.emit('broker.leaving', brokerId);
          },
        });
        return;
      }
      default:
        return;
    }
  }

  /** Forgets what lies below: it was told before. */
  skipTo(offset: number): void {
    this.waiting = this.waiting.filter((one) => one.offset >= offset);
  }

  /** Tells nothing of what was noted: it may never be committed. */
  forget(): void {
    this.waiting = [];
  }

  /** Tells everything below `highWatermark`. */
  committedTo(highWatermark: number): void {
    let count = 0;
    for (const one of this.waiting) {
      if (one.offset >= highWatermark) break;
      one.emit(this.trace);
      count += 1;
    }
    if (count > 0) this.waiting = this.waiting.slice(count);
  }
}

function tellPartition(
  trace: Trace,
  name: string,
  change: { before: PartitionRegistration | undefined; after: PartitionRegistration; why: string },
): void {
  const { before, after, why } = change;
  const isr = after.isr.join();
  const elr = after.elr.join();
  if (before === undefined || before.leaderEpoch !== after.leaderEpoch) {
    const how = before === undefined ? 'created' : electedHow(before, after, why);
    trace.emit('leader.elected', name, after.leader, after.leaderEpoch, isr, elr, how);
  }
  if (before === undefined) return;
  if (sameReplicas(before.isr, after.isr) && sameReplicas(before.elr, after.elr)) return;
  trace.emit('isr.changed', name, isr, elr, after.partitionEpoch, why);
}

function electedHow(
  before: PartitionRegistration,
  after: PartitionRegistration,
  why: string,
): string {
  if (after.leader === NO_LEADER) return 'none';
  if (before.elr.includes(after.leader)) return 'elr';
  const unclean =
    !before.isr.includes(after.leader) &&
    after.leaderRecoveryState === LeaderRecoveryState.RECOVERING;
  if (unclean) return before.lastKnownElr.includes(after.leader) ? 'last-known-leader' : 'unclean';
  return why === 'preferred' ? 'preferred' : 'elected';
}
