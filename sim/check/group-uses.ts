/**
 * Since when groups have been in use, as their coordinators told it: what such a group has
 * committed does not expire (KIP-211). A removal is seen when its record is replicated, and was
 * decided before that: no earlier than the first record that was replicated with it was written.
 */
import type { RunWorld } from '../run-world.ts';

const MOVED = 'the coordinator has moved';
const OFFSETS = '__consumer_offsets-';

/** One coordinator's part of the offsets topic. */
interface Writing {
  readonly unreplicated: { readonly endOffset: number; readonly event: number }[];
  /** When the first of those was written that were replicated last. */
  since: number;
}

export class GroupUses {
  /** By group: whether anybody was in it at the end of its last round. */
  private readonly stored = new Map<string, boolean>();
  /** By node and group; none: nobody is in it, as far as the node knows. */
  private readonly since = new Map<string, number>();
  /** By node and partition. */
  private readonly writings = new Map<string, Writing>();
  private readonly deletedTopics = new Set<string>();
  /** By group: how often it was deleted. */
  private readonly lives = new Map<string, number>();
  private readonly trace: RunWorld['trace'];
  private listens = false;

  constructor(trace: RunWorld['trace']) {
    this.trace = trace;
    trace.subscribe('topic.deleted', (_event, _t, _node, topic) => {
      this.deletedTopics.add(topic as string);
    });
    trace.subscribe('group.changed', (event, _t, node, group, state, ...rest) => {
      this.changed({ node, group: group as string, event }, state as string, rest[2] as string);
    });
    trace.subscribe('coordinator.changed', (event, _t, node, _partition, _epoch, state) => {
      if (state !== 'active') return;
      if (!this.listens) this.listen();
      for (const [group, isUsed] of this.stored) this.became(isUsed, { node, group, event });
    });
  }

  /** Whether a node that tells now of a removal decided it while its group was in use. */
  tookInUse(
    node: number,
    removed: { readonly group: string; readonly topic: string; readonly log: string },
  ): boolean {
    if (this.deletedTopics.has(removed.topic)) return false;
    const inUseSince = this.since.get(`${node} ${removed.group}`) ?? Number.POSITIVE_INFINITY;
    const writing = this.writings.get(`${node} ${removed.log}`);
    return writing !== undefined && inUseSince < writing.since;
  }

  livesOf(group: string): number {
    return this.lives.get(group) ?? 0;
  }

  private changed(at: At, state: string, why: string): void {
    if (state === 'Empty' || state === 'Stable') this.stored.set(at.group, state === 'Stable');
    if (state === 'Dead' && why !== MOVED) {
      this.stored.delete(at.group);
      this.lives.set(at.group, this.livesOf(at.group) + 1);
    }
    this.became(state !== 'Empty' && state !== 'Dead', at);
  }

  private became(isUsed: boolean, { node, group, event }: At): void {
    const key = `${node} ${group}`;
    if (!isUsed) this.since.delete(key);
    else if (!this.since.has(key)) this.since.set(key, event);
  }

  /** From the first coordinator on. */
  private listen(): void {
    this.listens = true;
    this.trace.subscribe('log.appended', (event, _t, node, partition, _base, endOffset) => {
      const writing = this.writing(node, partition as string);
      writing?.unreplicated.push({ endOffset: endOffset as number, event });
    });
    this.trace.subscribe('hw.advanced', (event, _t, node, partition, highWatermark) => {
      const writing = this.writing(node, partition as string);
      if (writing === null) return;
      const { unreplicated } = writing;
      writing.since = unreplicated[0]?.event ?? event;
      const left = unreplicated.findIndex((one) => one.endOffset > (highWatermark as number));
      unreplicated.splice(0, left < 0 ? unreplicated.length : left);
    });
  }

  private writing(node: number, partition: string): Writing | null {
    if (!partition.startsWith(OFFSETS)) return null;
    const key = `${node} ${partition}`;
    let writing = this.writings.get(key);
    if (writing === undefined) {
      writing = { unreplicated: [], since: -1 };
      this.writings.set(key, writing);
    }
    return writing;
  }
}

interface At {
  readonly node: number;
  readonly group: string;
  readonly event: number;
}
