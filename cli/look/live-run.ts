/** A run that stands still at an event, with its nodes alive; going back begins it anew. */
import { RunSession } from '../../sim/run/session.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { plainOf } from '../../viz/engine/plain.ts';
import { type InFlight, requestsInFlight } from './in-flight.ts';

export class LiveRun {
  private readonly scenario: Scenario;
  private readonly seed: number | string;
  private session: RunSession | null = null;
  /** The session stands at the end of the step of this event. */
  private askedFor = 0;

  constructor(scenario: Scenario, seed: number | string) {
    this.scenario = scenario;
    this.seed = seed;
  }

  /** The world right after the step that this event belongs to. */
  at(event: number): RunSession {
    const { session } = this;
    if (session !== null && event >= this.askedFor && event <= session.events) return session;
    if (session === null || session.events > event) {
      this.session = new RunSession(this.scenario, { seed: this.seed });
    }
    const moved = this.session as RunSession;
    this.askedFor = event;
    moved.advanceTo(event);
    return moved;
  }

  /** Of a node whose process runs; none of another. */
  inFlight(event: number, name: string): InFlight[] {
    const { node } = this.at(event).world.node(name);
    return node === null ? [] : requestsInFlight(node);
  }

  /** The process of a node and all its memory, as plain data. */
  nodeState(event: number, name: string): Record<string, unknown> {
    const session = this.at(event);
    const { state, role, bootCount, powered, connectionCount, node } = session.world.node(name);
    const process = { state, role, boots: bootCount, powered, connections: connectionCount };
    const memory = node === null ? 'no process is running' : plainOf(node);
    return { node: name, atEvent: session.events, process, memory };
  }
}
