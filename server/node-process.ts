/**
 * One node in this process of the operating system: hands it inputs one by one, lets what a step
 * did take effect when it is over, wakes it, and ends it. An error that comes out of a step ends
 * this node and no other.
 */

import type { JournalRecorder } from '../journal/recorder.ts';
import { assert } from '../kafka/base/assert.ts';
import { Fifo } from '../kafka/base/fifo.ts';
import type { ClientCommand, CommandResult } from '../kafka/client/commands.ts';
import type {
  Codecs,
  CommandId,
  DiskErrorCode,
  FlushTicket,
  Host,
  Node,
  NodeInput,
} from '../kafka/host.ts';
import { hostText } from '../kafka/security/host-text.ts';
import { oneLine, RefusalLimit } from '../kafka/security/refusal-limit.ts';
import type { SystemEventKind } from '../kafka/trace.ts';
import { StepClock } from './clock.ts';
import { nodeCrypto } from './crypto.ts';
import type { BootedDisk, MachineDisk } from './disk/machine-disk.ts';
import type { Connection, Securing } from './network/connection.ts';
import type { LinkMap } from './network/link-map.ts';
import type { ListeningPort } from './network/listening-port.ts';
import { TcpNetwork } from './network/tcp-network.ts';
import { SystemRandom } from './random.ts';

export type EventFields = readonly (string | number)[];

/** How a node's process ended: by itself, because it gave up, by its own mistake, by force. */
export type Ended =
  | { readonly how: 'exited' | 'killed' }
  | { readonly how: 'halted'; readonly reason: string }
  | { readonly how: 'broken'; readonly error: unknown; readonly input: string };

export interface NodeSpec {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** Their ports are taken before the node starts. */
  readonly listeners: Readonly<Record<string, ListeningPort>>;
  readonly disk: MachineDisk;
  /** Other ways to addresses. */
  readonly links?: LinkMap | null;
  /** TLS of the connections that it asks for. */
  readonly securing?: Securing | null;
  /** Writes down every step. */
  readonly journal?: JournalRecorder | null;
  /** `await loadCodecs()` */
  readonly codecs: Codecs;
  readonly create: (host: Host, config: Record<string, string>) => Node;
  /** What the node tells. */
  readonly told: (kind: SystemEventKind, fields: EventFields) => void;
  readonly ended: (ended: Ended) => void;
  readonly opened?: (connection: Connection) => void;
}

/** What Node's timers can wait at most. */
const LONGEST_WAIT_MS = 2_147_483_647;

export class NodeProcess {
  readonly spec: NodeSpec;
  readonly network: TcpNetwork;
  /** null before the first step and once it has ended. */
  node: Node | null = null;
  state: 'running' | 'paused' | 'ended' = 'running';
  private readonly clock = new StepClock();
  private readonly disk: BootedDisk;
  private readonly inbox = new Fifo<NodeInput>();
  private working = false;
  private readonly completions: { id: CommandId; count: number; result: CommandResult }[] = [];
  private readonly asked = new Map<CommandId, (result: CommandResult) => void>();
  private nextCommand = 1;
  private ending: Ended | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** When `timer` rings; it may have become too early. */
  private ringsAtMs = Number.POSITIVE_INFINITY;
  private lateWakes = 0;
  private readonly refusals = new RefusalLimit();

  constructor(spec: NodeSpec) {
    this.spec = spec;
    this.network = new TcpNetwork({
      name: spec.name,
      listeners: spec.listeners,
      links: spec.links ?? null,
      securing: spec.securing ?? null,
      give: (input) => this.give(input),
      refused: (listener, host, why) => this.refused(listener, host, why),
      opened: (connection) => spec.opened?.(connection),
    });
    this.disk = spec.disk.boot((ticket, error) => this.flushed(ticket, error));
    this.give({ kind: 'started' });
  }

  /** SIGTERM: the node shuts down in its own time. */
  stop(): void {
    this.give({ kind: 'stopping' });
  }

  /**
   * Commands go to client nodes only. A `send` is answered once for each of its records, with its
   * place among them.
   */
  command(command: ClientCommand, answered: (result: CommandResult, place: number) => void): void {
    const id = this.nextCommand as CommandId;
    const answers = command.kind === 'send' ? command.records.length : 1;
    this.nextCommand += answers;
    for (let i = 0; i < answers; i++) {
      this.asked.set((id + i) as CommandId, (result) => answered(result, i));
    }
    this.give({ kind: 'command', id, command });
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.network.freeze(true);
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    this.network.freeze(false);
    this.work();
    this.wake();
  }

  kill(): void {
    this.end({ how: 'killed' });
  }

  private give(input: NodeInput): void {
    if (this.state === 'ended') return;
    this.inbox.push(input);
    this.work();
  }

  /** Handshakes of TLS are not the node's; what is told of them is told in its name. */
  private refused(listener: string, host: string, why: string): void {
    const untold = this.refusals.next(performance.now());
    if (untold === null) return;
    this.spec.told('login.failed', [hostText(host), listener, oneLine(why), untold]);
  }

  private flushed(ticket: FlushTicket, error: DiskErrorCode | null): void {
    this.give({ kind: 'flushed', ticket, error });
  }

  /** Runs what waits, one after the other; never from within a step. */
  private work(): void {
    if (this.working) return;
    this.working = true;
    while (this.state === 'running' && this.inbox.length > 0) {
      const input = this.inbox.shift();
      if (this.meansSomething(input)) this.step(input);
    }
    this.working = false;
  }

  /** The node may have closed a connection while an input of it waited. */
  private meansSomething(input: NodeInput): boolean {
    switch (input.kind) {
      case 'received':
      case 'connected':
      case 'drained':
        return this.network.isOpen(input.connection);
      case 'woken':
        return this.node !== null && this.node.wakeAtMs <= performance.now();
      default:
        return true;
    }
  }

  private step(input: NodeInput): void {
    this.clock.read();
    const { journal } = this.spec;
    journal?.begin(input, this.clock);
    try {
      this.node ??= this.spec.create(this.host(), { ...this.spec.config });
      this.node.step(input);
    } catch (error) {
      journal?.broke(error);
      this.end({ how: 'broken', error, input: input.kind });
      return;
    }
    journal?.end(this.node.wakeAtMs);
    try {
      this.checkWake(this.node, input.kind === 'woken');
    } catch (error) {
      this.end({ how: 'broken', error, input: input.kind });
      return;
    }
    this.apply();
  }

  private apply(): void {
    this.network.apply();
    this.disk.startFlushes();
    if (this.completions.length > 0) this.complete();
    if (this.ending !== null) this.end(this.ending);
    else this.armTimer();
  }

  private complete(): void {
    for (const { id, count, result } of this.completions.splice(0)) {
      for (let i = 0; i < count; i++) this.answer((id + i) as CommandId, nth(result, i));
    }
  }

  private answer(id: CommandId, result: CommandResult): void {
    const answered = this.asked.get(id);
    this.asked.delete(id);
    answered?.(result);
  }

  private host(): Host {
    const world = this.world();
    return this.spec.journal?.host(world) ?? world;
  }

  private world(): Host {
    return {
      clock: this.clock,
      network: this.network,
      disk: this.disk,
      random: new SystemRandom(),
      codecs: this.spec.codecs,
      crypto: nodeCrypto,
      trace: { emit: (kind, ...fields) => this.spec.told(kind, fields) },
      completed: (id, result, count = 1) => {
        this.completions.push({ id, count, result });
      },
      exit: () => {
        this.ending ??= { how: 'exited' };
      },
      halt: (reason) => {
        this.ending ??= { how: 'halted', reason };
      },
    };
  }

  private end(ended: Ended): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.node = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.network.shut(ended.how === 'exited' ? 'exit' : 'kill');
    this.disk.shut();
    for (const answered of this.asked.values()) answered(GONE);
    this.asked.clear();
    this.spec.ended(ended);
  }

  private checkWake(node: Node, woken: boolean): void {
    const { wakeAtMs } = node;
    if (wakeAtMs > this.clock.monotonicMs()) {
      this.lateWakes = 0;
      return;
    }
    assert(wakeAtMs <= 0 || wakeAtMs > 0, 'wakeAtMs is NaN');
    if (woken) this.lateWakes += 1;
    assert(this.lateWakes < 2, 'wakeAtMs lies in the past after two `woken` steps in a row');
  }

  /** A timer that rings too early is left alone: it looks again when it does. */
  private armTimer(): void {
    const atMs = this.node?.wakeAtMs ?? Number.POSITIVE_INFINITY;
    if (atMs >= this.ringsAtMs) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.ringsAtMs = atMs;
    const waitMs = Math.max(0, atMs - performance.now());
    this.timer = setTimeout(() => this.ring(), Math.min(waitMs, LONGEST_WAIT_MS));
  }

  private ring(): void {
    this.timer = null;
    this.ringsAtMs = Number.POSITIVE_INFINITY;
    this.wake();
  }

  /** Looks at the node's deadlines again: one of them was moved from outside, or is due. */
  wake(): void {
    if (this.state !== 'running' || this.node === null) return;
    if (this.node.wakeAtMs <= performance.now()) this.give({ kind: 'woken' });
    else this.armTimer();
  }
}

/** Of sends that are answered together (`Host.completed`). */
function nth(result: CommandResult, i: number): CommandResult {
  const rises = i > 0 && result.kind === 'sent' && result.offset >= 0;
  return rises ? { ...result, offset: result.offset + i } : result;
}

const GONE: CommandResult = {
  kind: 'failed',
  outcome: 'unknown',
  error: 'DisconnectException',
  message: 'the client has ended',
};
