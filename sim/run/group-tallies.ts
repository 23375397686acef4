/**
 * What came of each consumer group, counted while the run goes on: who was given what, how often
 * it rebalanced, how far behind it was.
 */

import type { ClientHistory } from '../check/history/history.ts';
import { topicOf } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';
import type { GroupReport } from './report.ts';

interface Tally {
  readonly topics: Set<string>;
  rebalances: number;
  /** Of the newest generation: partitions by client. */
  assigned: Map<string, string>;
  /** Of the generation that is being told. */
  generation: number;
  readonly commits: { taken: number; refused: number };
  lag: number;
  maxLag: number;
}

/** Create it before anything is started. */
export class GroupTallies {
  private readonly history: ClientHistory;
  private readonly byGroup = new Map<string, Tally>();
  /** By partition: what consumers may read up to. */
  private readonly ends = new Map<string, number>();

  constructor(world: RunWorld, history: ClientHistory) {
    this.history = history;
    const { trace } = world;
    trace.subscribe(
      'group.assigned',
      (_e, _t, _n, group, generation, _member, client, partitions) =>
        this.assigned(group as string, generation as number, {
          client: client as string,
          partitions: partitions as string,
        }),
    );
    trace.subscribe('group.changed', (_e, _t, _n, group, state) => {
      const tally = this.of(group as string);
      if (state === 'Stable') tally.rebalances += 1;
      if (state === 'Empty') tally.assigned = new Map();
    });
    trace.subscribe('commit.answered', (_e, _t, _n, group, _partition, _offset, error) => {
      const { commits } = this.of(group as string);
      if (error === 'NONE') commits.taken += 1;
      else commits.refused += 1;
    });
    trace.subscribe('hw.advanced', (_e, _t, _n, partition, highWatermark, _epoch, role) => {
      if (role !== 'leader') return;
      this.ends.set(partition as string, highWatermark as number);
      this.measureAll(partition as string);
    });
    trace.subscribe('app.processed', (_e, _t, _n, group, partition) => {
      this.of(group as string).topics.add(topicOf(partition as string));
      this.measure(group as string);
    });
  }

  private of(group: string): Tally {
    let tally = this.byGroup.get(group);
    if (tally === undefined) {
      tally = {
        topics: new Set(),
        rebalances: 0,
        assigned: new Map(),
        generation: -1,
        commits: { taken: 0, refused: 0 },
        lag: 0,
        maxLag: 0,
      };
      this.byGroup.set(group, tally);
    }
    return tally;
  }

  private assigned(
    group: string,
    generation: number,
    member: { readonly client: string; readonly partitions: string },
  ): void {
    const tally = this.of(group);
    if (generation !== tally.generation) tally.assigned = new Map();
    tally.generation = generation;
    tally.assigned.set(member.client, member.partitions);
  }

  private measureAll(partition: string): void {
    const topic = topicOf(partition);
    for (const [group, tally] of this.byGroup) if (tally.topics.has(topic)) this.measure(group);
  }

  /** Records that are there to be read and not processed, in the partitions that it has begun. */
  private measure(group: string): void {
    const tally = this.of(group);
    let lag = 0;
    for (const [partition, position] of this.history.group(group).position) {
      lag += Math.max(0, (this.ends.get(partition) ?? position) - position);
    }
    tally.lag = lag;
    tally.maxLag = Math.max(tally.maxLag, lag);
  }

  reports(missedIn: (group: string) => number): GroupReport[] {
    return this.history.groups.map((history) => {
      const { group, count: processed, distinct, again, members } = history;
      this.measure(group);
      const tally = this.of(group);
      const partitions = [...tally.assigned.values()].map((one) =>
        one === '' ? 0 : one.split(',').length,
      );
      return {
        group,
        members: members.map(({ client }) => ({
          client,
          partitions: tally.assigned.get(client) ?? null,
        })),
        processed,
        distinct,
        again,
        missed: missedIn(group),
        rebalances: tally.rebalances,
        idle: partitions.filter((count) => count === 0).length,
        commits: tally.commits.taken,
        commitsRefused: tally.commits.refused,
        lag: tally.lag,
        maxLag: tally.maxLag,
      };
    });
  }
}
