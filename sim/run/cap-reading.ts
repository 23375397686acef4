/**
 * A consumer as the CAP account asks about it, whether it assigns itself its partitions or shares
 * them with the other members of its group: what it was given, poll by poll, and where it stood.
 */
import type { PollHistory } from '../check/history/history.ts';
import type { ConsumerLoad } from '../workload/consumer-load.ts';
import type { GroupLoad } from '../workload/group-load.ts';
import type { ReaderMove, ReaderMoves } from './reader-moves.ts';

export interface Reading {
  readonly client: string;
  /** null: it assigns itself its partitions. */
  readonly group: string | null;
  /** One per topic, of which each has every poll. At least one. */
  readonly histories: readonly PollHistory[];
  /** In order. */
  readonly moves: readonly ReaderMove[];
  /** Where it stands in a partition before anybody tells; -1: nobody can say. */
  readonly startsAt: number;
}

export function consumerReading(load: ConsumerLoad, moves: ReaderMoves): Reading {
  const { history, client, reset } = load;
  const assigned = history.assigned.map(
    ({ event, timeUs, partitions }): ReaderMove => ({
      event,
      timeUs,
      kind: 'owns',
      gained: true,
      partitions: partitions.map((partition) => `${history.topic}-${partition}`),
    }),
  );
  return {
    client,
    group: null,
    histories: [history],
    moves: inOrder(moves.of(client), assigned),
    startsAt: reset === 'earliest' ? 0 : -1,
  };
}

export function memberReading(load: GroupLoad, moves: ReaderMoves): Reading {
  const { client, group, histories } = load;
  const closed = load.closings.map((at): ReaderMove => ({ ...at, kind: 'closed' }));
  return {
    client,
    group: group.group,
    histories: [...histories.values()],
    moves: inOrder(moves.of(client), closed),
    startsAt: -1,
  };
}

function inOrder(...moves: readonly (readonly ReaderMove[])[]): ReaderMove[] {
  return moves.flat().sort((a, b) => a.event - b.event);
}
