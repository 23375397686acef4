/**
 * Which writes of the metadata log may answer an operator: brokers forward what operators ask in
 * Envelopes (KIP-590), and a controller writes at once, or `append.linger.ms` later, what it
 * decides. A batch that a node writes when no Envelope has reached it since it wrote the last one
 * is of its own accord. Listens from the first act of an operator on.
 */
import { apis } from '../../kafka/wire/apis.ts';
import type { World } from '../world.ts';
import type { OperatorActs } from './operator-acts.ts';

const ENVELOPE = apis.Envelope.key;
const ACTING: readonly number[] = [
  apis.ElectLeaders.key,
  apis.AlterPartitionReassignments.key,
  apis.UnregisterBroker.key,
];

interface NodeSteps {
  /** In which it was last handed an Envelope, or a part of one; -1: never. */
  handed: number;
  /** In which it wrote last, and the one before that. */
  wrote: number;
  wroteBefore: number;
}

export class ForwardedRequests {
  private readonly world: World;
  private readonly acts: OperatorActs;
  /** Those ends of connections that an Envelope was sent to. */
  private readonly ends = new Set<number>();
  private readonly nodes = new Map<string, NodeSteps>();

  constructor(world: World, acts: OperatorActs) {
    this.world = world;
    this.acts = acts;
    acts.onFirst = () => this.listen();
  }

  private listen(): void {
    const { trace, nodes } = this.world;
    trace.subscribe(
      'frame.sent',
      (_event, _timeUs, node, _to, role, api, _id, _size, connection) => {
        if (role !== 'request') return;
        // The end that accepted follows the one that asked for the connection.
        if (api === ENVELOPE) this.ends.add((connection as number) + 1);
        else if (ACTING.includes(api as number)) this.acts.sent(nodes[node - 1]?.name ?? '');
      },
    );
    trace.subscribe('input.received', (_event, _timeUs, node, _peer, connection) => {
      if (this.ends.has(connection as number)) {
        this.of(nodes[node - 1]?.name ?? '').handed = this.world.steps;
      }
    });
  }

  /**
   * A node writes to its metadata log in the step that runs.
   * @returns whether it has been handed a forwarded request since it wrote in a step before.
   */
  wrote(node: string): boolean {
    const steps = this.of(node);
    const now = this.world.steps;
    if (steps.wrote !== now) {
      steps.wroteBefore = steps.wrote;
      steps.wrote = now;
    }
    // What was handed over in the very step of a write may be decided behind that write.
    return steps.handed >= Math.max(0, steps.wroteBefore);
  }

  private of(node: string): NodeSteps {
    let steps = this.nodes.get(node);
    if (steps === undefined) {
      steps = { handed: -1, wrote: -1, wroteBefore: -1 };
      this.nodes.set(node, steps);
    }
    return steps;
  }
}
