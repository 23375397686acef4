/**
 * Consumers that went on in another history without a word (KIP-320, KAFKA-7747): one was given a
 * record, another stands in its place in the final log, and the consumer was given something that
 * stands behind that, after it had been written, but neither the other record nor a sign that its
 * position moved: truncated, reset, or begun anew. Members of groups take positions of others.
 */
import type { ConsumerMoved } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import type { Finding } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import type { PollHistory } from './history.ts';

/** Ways in which a position moves that say something; `polled` is how it goes on. */
const GOES_ON = 'polled';

interface Poll {
  readonly record: number;
  readonly event: number;
}

export class SilentSkips {
  private readonly witness: Witness;
  /** By client and partition, or client alone: when it was last told. */
  private readonly toldAt = new Map<string, number[]>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  restarted(client: string, event: number): void {
    this.told(client, event);
  }

  moved({ client, partition, event, how }: ConsumerMoved): void {
    if (how !== GOES_ON) this.told(`${client} ${partition}`, event);
  }

  private told(key: string, event: number): void {
    const events = this.toldAt.get(key);
    if (events === undefined) this.toldAt.set(key, [event]);
    else events.push(event);
  }

  private wasTold(client: string, partition: string, [after, before]: [number, number]): boolean {
    const events = [client, `${client} ${partition}`].flatMap((key) => this.toldAt.get(key) ?? []);
    return events.some((event) => event > after && event < before);
  }

  findings(final: FinalState): Finding[] {
    const findings: Finding[] = [];
    const { groups, polls: all } = this.witness.history;
    const members = groups.flatMap((group) => group.members.map(({ client }) => client));
    for (const polls of all) {
      if (members.includes(polls.consumer)) continue;
      for (const [partition, last] of lastPolls(polls)) {
        const log = final.partitions.get(partition);
        if (log === undefined) continue;
        const found = this.skipped(polls.consumer, log, last);
        if (found !== null) findings.push(found);
      }
    }
    return findings;
  }

  /** The first record in whose place another stands that the consumer passed by. */
  private skipped(
    consumer: string,
    log: FinalPartition,
    last: ReadonlyMap<number, Poll>,
  ): Finding | null {
    const { partition, node } = log;
    let stale: { readonly offset: number; readonly poll: Poll } | null = null;
    for (let i = 0; i < log.offsets.length; i++) {
      const offset = log.offsets.at(i);
      const poll = last.get(offset);
      if (poll === undefined) continue;
      if (poll.record !== log.records.at(i)) {
        stale = { offset, poll };
        continue;
      }
      if (stale === null || poll.event < stale.poll.event) continue;
      const writtenAt = this.witness.blamer.appendedAt(node, partition, stale.offset);
      if (poll.event < writtenAt) continue;
      if (this.wasTold(consumer, partition, [stale.poll.event, poll.event])) continue;
      if (!this.canBeNoticed(log, stale)) continue;
      return this.finding(consumer, partition, { ...stale, next: { offset, poll } });
    }
    return null;
  }

  /**
   * A leader is asked for the end of the epoch at the position: it is behind the position only where
   * the other record is of a later epoch. After several unclean elections the other history may be
   * the older one, and reach further; Kafka's consumer takes that for its own.
   */
  private canBeNoticed(
    { partition, node }: FinalPartition,
    { offset, poll }: { readonly offset: number; readonly poll: Poll },
  ): boolean {
    const { blamer, logs } = this.witness;
    const told = { event: poll.event, committed: true };
    const read = blamer.lostBatchAt(partition, offset, told);
    const stands = logs
      .replicas(partition)
      .find((log) => log.node === node)
      ?.batchAt(offset);
    return read !== null && (stands?.epoch ?? -1) > read.epoch;
  }

  private finding(
    consumer: string,
    partition: string,
    skip: { offset: number; poll: Poll; next: { offset: number; poll: Poll } },
  ): Finding {
    const { history, blamer } = this.witness;
    const { offset, poll, next } = skip;
    return {
      // Positions outlive the topic: in one of the same name a consumer goes on where it was.
      allowedBy: blamer.deletionSince(partition, poll.event) ?? blamer.beyondPromise(partition),
      at: next.poll.event,
      evidence: [poll.event, next.poll.event],
      explanation:
        `${consumer} read ${history.nameOf(poll.record)} at ${partition} offset ${offset}, where ` +
        `another record stands now, and was given offset ${next.offset} behind that without a ` +
        'sign that its position was on another history',
    };
  }
}

/** By partition and offset: what the consumer was given there last. */
function lastPolls(polls: PollHistory): Map<string, Map<number, Poll>> {
  const last = new Map<string, Map<number, Poll>>();
  for (let i = 0; i < polls.event.length; i++) {
    const partition = `${polls.topic}-${polls.partition.at(i)}`;
    let offsets = last.get(partition);
    if (offsets === undefined) {
      offsets = new Map();
      last.set(partition, offsets);
    }
    offsets.set(polls.offset.at(i), { record: polls.record.at(i), event: polls.event.at(i) });
  }
  return last;
}
