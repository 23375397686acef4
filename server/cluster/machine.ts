/**
 * One machine of a cluster: its disk and its ports, which stay, and the process that runs there
 * now. Starting it again after any end gives a new process on the same disk.
 */
import type { JournalRecorder } from '../../journal/recorder.ts';
import type { Codecs, Host, Node } from '../../kafka/host.ts';
import type { SystemEventKind } from '../../kafka/trace.ts';
import type { MachineDisk } from '../disk/machine-disk.ts';
import type { Connection } from '../network/connection.ts';
import type { LinkMap } from '../network/link-map.ts';
import type { ListeningPort } from '../network/listening-port.ts';
import { type Ended, type EventFields, NodeProcess } from '../node-process.ts';

export type MachineRole = 'broker' | 'controller' | 'client';

export interface MachineParts {
  readonly name: string;
  readonly role: MachineRole;
  readonly config: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<string, ListeningPort>>;
  readonly disk: MachineDisk;
  /** Other ways to addresses. */
  readonly links?: LinkMap | null;
  /** Of its first process. */
  readonly journal?: JournalRecorder | null;
  readonly codecs: Codecs;
  readonly create: (host: Host, config: Record<string, string>) => Node;
}

/** What happens on machines, for logs, metrics and faults. */
export interface MachineWatcher {
  told(machine: Machine, kind: SystemEventKind, fields: EventFields): void;
  started(machine: Machine): void;
  ended(machine: Machine, ended: Ended): void;
  opened(machine: Machine, connection: Connection): void;
}

export class Machine {
  readonly parts: MachineParts;
  /** null while nothing runs. */
  process: NodeProcess | null = null;
  /** How the last process ended; null while one runs, or before the first. */
  lastEnd: Ended | null = null;
  /** It waits for its ports. */
  private starting = false;
  private readonly watcher: MachineWatcher;
  private readonly waiting: ((ended: Ended) => void)[] = [];

  constructor(parts: MachineParts, watcher: MachineWatcher) {
    this.parts = parts;
    this.watcher = watcher;
  }

  get name(): string {
    return this.parts.name;
  }

  /** The running node; null while there is none. */
  get node(): Node | null {
    return this.process?.node ?? null;
  }

  /** A process runs, or is about to. */
  get up(): boolean {
    return this.process !== null || this.starting;
  }

  /** It runs, and hears what it is told. */
  get awake(): boolean {
    return this.process?.state === 'running';
  }

  /** Takes the ports and starts a process, unless one runs. Rejects when a port is not free. */
  async start(): Promise<void> {
    if (this.process !== null) return;
    this.starting = true;
    try {
      await Promise.all(Object.values(this.parts.listeners).map((port) => port.take()));
    } finally {
      this.starting = false;
    }
    this.lastEnd = null;
    this.watcher.started(this);
    // What ends it may come out of its first step already.
    let over: Ended | null = null;
    const process = new NodeProcess({
      ...this.parts,
      told: (kind, fields) => this.watcher.told(this, kind, fields),
      opened: (connection) => this.watcher.opened(this, connection),
      ended: (ended) => {
        over = ended;
        if (this.process !== null) this.ended(ended);
      },
    });
    this.process = process;
    if (over !== null) this.ended(over);
  }

  /** Controlled shutdown; resolves with how it ended. */
  stop(): Promise<Ended> {
    const { process } = this;
    if (process === null) return Promise.resolve(this.lastEnd ?? { how: 'exited' });
    const ended = new Promise<Ended>((resolve) => this.waiting.push(resolve));
    process.resume();
    process.stop();
    return ended;
  }

  /** As `kill -9` would: nothing more is done, the disk keeps what was written. */
  kill(): void {
    this.process?.kill();
  }

  private ended(ended: Ended): void {
    this.process = null;
    this.lastEnd = ended;
    this.watcher.ended(this, ended);
    for (const resolve of this.waiting.splice(0)) resolve(ended);
  }
}
