/**
 * What consumers learned of where they read: which partitions their group gave them or took from
 * them, and where in these they stand before they are given anything. It is what a rebalance
 * listener hears, and `KafkaConsumer.position` says.
 */
import type { RunWorld } from '../run-world.ts';

export type ReaderMove = {
  readonly event: number;
  readonly timeUs: number;
} /** `joined`: it is in its group; `closed`: its application is done with it. */ & (
  | { readonly kind: 'began' | 'died' | 'joined' | 'closed' }
  /** By name: all that it may read from now on; `gained`: it was given something, be it nothing. */
  | { readonly kind: 'owns'; readonly partitions: readonly string[]; readonly gained: boolean }
  /** It reads on from there; `anew` when somebody meant it to, and not after a truncation. */
  | {
      readonly kind: 'stands';
      readonly partition: string;
      readonly offset: number;
      readonly anew: boolean;
    }
);

const ANEW: readonly unknown[] = ['committed', 'seek'];

/** Create it before anything is started. */
export class ReaderMoves {
  /** By node, in order. */
  private readonly byNode = new Map<string, ReaderMove[]>();

  constructor(world: RunWorld) {
    const { trace } = world;
    const nameOf = (node: number): string => world.nodes[node - 1]?.name ?? '';
    trace.subscribe('input.started', (event, timeUs, node) => {
      this.add(nameOf(node), { event, timeUs, kind: 'began' });
    });
    for (const kind of ['node.exited', 'node.halted', 'node.crashed', 'node.broken'] as const) {
      trace.subscribe(kind, (event, timeUs, node) => {
        this.add(nameOf(node), { event, timeUs, kind: 'died' });
      });
    }
    for (const kind of ['fault.kill', 'fault.powerCut'] as const) {
      trace.subscribe(kind, (event, timeUs, _node, target) => {
        this.add(target as string, { event, timeUs, kind: 'died' });
      });
    }
    trace.subscribe('consumer.joined', (event, timeUs, node) => {
      this.add(nameOf(node), { event, timeUs, kind: 'joined' });
    });
    trace.subscribe('consumer.owns', (event, timeUs, node, ...told) => {
      const [, , , , owned, how] = told;
      const partitions = owned === '' ? [] : (owned as string).split(',');
      const gained = how === 'assigned';
      this.add(nameOf(node), { event, timeUs, kind: 'owns', partitions, gained });
    });
    trace.subscribe('consumer.position', (event, timeUs, node, name, at, how) => {
      if (how === 'polled') return;
      const [partition, offset] = [name as string, at as number];
      const anew = ANEW.includes(how);
      this.add(nameOf(node), { event, timeUs, kind: 'stands', partition, offset, anew });
    });
  }

  of(client: string): readonly ReaderMove[] {
    return this.byNode.get(client) ?? [];
  }

  private add(node: string, move: ReaderMove): void {
    const moves = this.byNode.get(node);
    if (moves === undefined) this.byNode.set(node, [move]);
    else moves.push(move);
  }
}
