/**
 * What the checks of consumer groups know: every commit and every question where a group stands,
 * as its members sent and heard them, where commits stand in the log of `__consumer_offsets`, and
 * who was given what.
 */
import type { RunWorld } from '../run-world.ts';
import { GroupUses } from './group-uses.ts';

/** One partition's part of a commit. */
export interface Commit {
  readonly client: string;
  readonly offset: number;
  readonly sentAt: number;
  /** Infinity: never answered. */
  answeredAt: number;
  /** `unknown`: it may have been taken, or may still be. */
  outcome: 'taken' | 'refused' | 'unknown';
}

/** What a member was told of where its group stands; -1: nothing is committed. */
export interface Told {
  readonly client: string;
  readonly askedAt: number;
  readonly toldAt: number;
  readonly offset: number;
}

/** A commit that its coordinator took for replicated. */
export interface Replicated {
  readonly event: number;
  readonly offset: number;
  readonly log: string;
  readonly recordOffset: number;
}

export interface Removed {
  readonly event: number;
  /** Somebody was in the group all the while: nothing that is subscribed to expires then. */
  readonly inUse: boolean;
}

export interface CommittedWatch {
  readonly group: string;
  readonly partition: string;
  readonly commits: Commit[];
  readonly told: Told[];
  readonly replicated: Replicated[];
  /** When the coordinator took it back. */
  readonly removed: Removed[];
}

export interface Assigned {
  readonly event: number;
  readonly node: string;
  readonly group: string;
  /** How often the group had been deleted when this member joined it. */
  readonly life: number;
  readonly generation: number;
  /** Who is meant, whatever ids its processes were given: a static member, or this one alone. */
  readonly member: string;
  readonly partitions: readonly string[];
}

/** Errors after which a commit may have been taken all the same. */
const UNKNOWN_OUTCOME = new Set([
  'NETWORK_EXCEPTION',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REQUEST_TIMED_OUT',
  'UNKNOWN_SERVER_ERROR',
]);

export class GroupWitness {
  /** Of coordinators: what members have in a generation. */
  readonly assigned: Assigned[] = [];
  /** Of members: what each has taken for its own, with its generation. */
  readonly owned: Assigned[] = [];
  private readonly committed = new Map<string, CommittedWatch>();
  /** By member id, of static members: their group.instance.id. */
  private readonly instances = new Map<string, string>();
  /** By member id: the life of its group that it was last assigned something in. */
  private readonly lives = new Map<string, number>();
  /** By client, group and partition: when it asked. */
  private readonly asked = new Map<string, number>();

  watches(): Iterable<CommittedWatch> {
    return this.committed.values();
  }

  private of(group: string, partition: string): CommittedWatch {
    const key = `${group} ${partition}`;
    let watch = this.committed.get(key);
    if (watch === undefined) {
      watch = { group, partition, commits: [], told: [], replicated: [], removed: [] };
      this.committed.set(key, watch);
    }
    return watch;
  }

  private identityOf(member: string): string {
    const instance = this.instances.get(member);
    return instance === undefined ? member : `static member ${instance}`;
  }

  /** Listens to the run from its beginning. */
  watch({ trace, nodes }: RunWorld): void {
    const nameOf = (node: number): string => nodes[node - 1]?.name ?? 'lab';
    const uses = new GroupUses(trace);
    trace.subscribe('commit.sent', (event, _t, node, group, partition, offset) => {
      const commit: Commit = {
        client: nameOf(node),
        offset: offset as number,
        sentAt: event,
        answeredAt: Number.POSITIVE_INFINITY,
        outcome: 'unknown',
      };
      this.of(group as string, partition as string).commits.push(commit);
    });
    trace.subscribe('commit.answered', (event, _t, node, group, partition, offset, error) => {
      const { commits } = this.of(group as string, partition as string);
      const commit = commits.find(
        (one) => one.client === nameOf(node) && one.offset === offset && one.answeredAt > event,
      );
      if (commit === undefined) return;
      commit.answeredAt = event;
      if (error === 'NONE') commit.outcome = 'taken';
      else if (!UNKNOWN_OUTCOME.has(error as string)) commit.outcome = 'refused';
    });
    trace.subscribe('committed.asked', (event, _t, node, group, partition) => {
      this.asked.set(`${nameOf(node)} ${group} ${partition}`, event);
    });
    trace.subscribe('committed.told', (event, _t, node, group, partition, offset) => {
      const client = nameOf(node);
      const askedAt = this.asked.get(`${client} ${group} ${partition}`) ?? event;
      const told = { client, askedAt, toldAt: event, offset: offset as number };
      this.of(group as string, partition as string).told.push(told);
    });
    trace.subscribe(
      'offset.committed',
      (event, _t, _n, group, partition, offset, log, recordOffset) => {
        const { replicated } = this.of(group as string, partition as string);
        replicated.push({
          event,
          offset: offset as number,
          log: log as string,
          recordOffset: recordOffset as number,
        });
      },
    );
    trace.subscribe('offset.removed', (event, _t, node, group, partition) => {
      const watch = this.of(group as string, partition as string);
      const log = watch.replicated.at(-1)?.log ?? '';
      const topic = watch.partition.slice(0, watch.partition.lastIndexOf('-'));
      const inUse = uses.tookInUse(node, { group: watch.group, topic, log });
      watch.removed.push({ event, inUse });
    });
    trace.subscribe('group.joined', (_e, _t, _n, _group, _generation, member, ...rest) => {
      const [, instance] = rest;
      if (instance !== '') this.instances.set(member as string, instance as string);
    });
    trace.subscribe('group.assigned', (event, _t, node, group, generation, ...rest) => {
      const [member, , partitions] = rest;
      const life = uses.livesOf(group as string);
      this.lives.set(member as string, life);
      this.assigned.push({
        event,
        node: nameOf(node),
        group: group as string,
        life,
        generation: generation as number,
        member: this.identityOf(member as string),
        partitions: namesIn(partitions as string),
      });
    });
    trace.subscribe('consumer.owns', (event, _t, node, group, generation, ...rest) => {
      const [member, , owned, how] = rest;
      if (how !== 'assigned') return;
      this.owned.push({
        event,
        node: nameOf(node),
        group: group as string,
        life: this.lives.get(member as string) ?? 0,
        generation: generation as number,
        member: this.identityOf(member as string),
        partitions: namesIn(owned as string),
      });
    });
  }
}

function namesIn(list: string): string[] {
  return list === '' ? [] : list.split(',');
}

/**
 * Whether a commit can no more be what the group stands at for who asks at `askedAt`: another was
 * begun after this one was answered, and taken before the question.
 */
export function isReplaced(commit: Commit, watch: CommittedWatch, askedAt: number): boolean {
  return watch.commits.some(
    (later) =>
      later.outcome === 'taken' && later.sentAt > commit.answeredAt && later.answeredAt < askedAt,
  );
}
