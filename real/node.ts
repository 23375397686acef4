/** What nodes of both kinds, processes and clients in this one, have in common. */
import type { SystemEventKind } from '../kafka/trace.ts';
import type { NodeSpec, NodeState } from '../sim/process/node-spec.ts';
import type { RunNode } from '../sim/run-world.ts';
import type { TraceKind } from '../sim/trace/table.ts';

/** How a node tells the world of itself. */
export interface Hub {
  /** Something that the runner sees from outside. */
  tell(kind: TraceKind, node: RealNode, ...fields: readonly (string | number)[]): number;
  /** What the node's own code told. */
  told(node: RealNode, kind: SystemEventKind, fields: readonly (string | number)[]): void;
  /** Its code broke: a mistake of ours. */
  failed(node: RealNode, event: number, message: string): void;
  /** Takes in all that was told until now. */
  hear(): void;
}

export abstract class RealNode implements RunNode {
  readonly name: string;
  readonly index: number;
  readonly role: NodeSpec['role'];
  readonly config: NodeSpec['config'];
  state: NodeState = 'down';
  bootCount = 0;
  /** What it said when it last ended badly. */
  lastWords = '';
  readonly powered = true;
  readonly connectionCount = 0;
  readonly bytesUnderWay = 0;
  protected readonly hub: Hub;
  private beforePause: NodeState = 'running';

  constructor({ name, role, config }: NodeSpec, index: number, hub: Hub) {
    this.name = name;
    this.index = index;
    this.role = role;
    this.config = config;
    this.hub = hub;
  }

  get isUp(): boolean {
    return this.state === 'running' || this.state === 'paused' || this.state === 'stopping';
  }

  /** null when it is not running; there is nothing to be seen of it from outside. */
  get node(): object | null {
    return this.isUp ? this : null;
  }

  /** A process begins, unless one runs. */
  start(): void {
    if (this.isUp) return;
    this.state = 'running';
    this.bootCount += 1;
    this.hub.tell('input.started', this, this.bootCount);
    this.boot();
  }

  stop(): void {
    const state = this.state === 'paused' ? this.beforePause : this.state;
    if (state !== 'running') return;
    if (this.state === 'paused') this.beforePause = 'stopping';
    else this.state = 'stopping';
    this.hub.tell('input.stopping', this);
    this.shutDown();
  }

  kill(): void {
    if (!this.isUp) return;
    this.state = 'down';
    this.end();
  }

  pause(): void {
    if (this.state !== 'running' && this.state !== 'stopping') return;
    this.beforePause = this.state;
    this.state = 'paused';
    this.freeze(true);
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = this.beforePause;
    this.freeze(false);
  }

  /** Its process has ended, not because it was killed. */
  protected ended(how: { kind: 'exited' } | { kind: 'halted' | 'broken'; said: string }): void {
    this.state = how.kind === 'exited' ? 'down' : 'halted';
    if (how.kind !== 'exited') this.lastWords = how.said;
    if (how.kind === 'exited') this.hub.tell('node.exited', this);
    else if (how.kind === 'halted') this.hub.tell('node.halted', this, how.said);
    else this.hub.failed(this, this.hub.tell('node.broken', this, how.said), how.said);
  }

  protected abstract boot(): void;
  protected abstract shutDown(): void;
  protected abstract end(): void;
  protected abstract freeze(frozen: boolean): void;
}
