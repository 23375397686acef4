/** A broker or controller as a process of the operating system: `trial serve --config …`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { ToldEvent } from '../server/event-file.ts';
import { EventTail } from './event-tail.ts';
import type { ServerLayout } from './layout.ts';
import { type Hub, RealNode } from './node.ts';

/** The words of its log that are told when it ends badly. */
const LAST_WORDS = 600;
/** What the command ends with when its own code broke (`cli/exit-codes.ts`). */
const BROKEN = 70;

/** How the command is started: the program and what stands before `serve`. */
export interface TrialCommand {
  readonly program: string;
  readonly args: readonly string[];
}

interface OsNodeParts {
  readonly hub: Hub;
  readonly command: TrialCommand;
  /** Whether each process writes down its steps. */
  readonly journals: boolean;
}

export class OsNode extends RealNode {
  readonly layout: ServerLayout;
  private readonly command: TrialCommand;
  private readonly journals: boolean;
  private readonly tail: EventTail;
  private child: ChildProcess | null = null;
  /** The one before it is gone, and with it its ports and the lock of its directories. */
  private gone: Promise<void> = Promise.resolve();

  constructor(layout: ServerLayout, index: number, parts: OsNodeParts) {
    super(layout.spec, index, parts.hub);
    this.layout = layout;
    this.command = parts.command;
    this.journals = parts.journals;
    this.tail = new EventTail(layout.events);
  }

  /** What it told since the last call. */
  read(): ToldEvent[] {
    return this.tail.read();
  }

  protected boot(): void {
    this.gone = this.launchAfter(this.gone, this.bootCount);
  }

  /** Resolves when the process has ended. */
  private async launchAfter(before: Promise<void>, boot: number): Promise<void> {
    await before;
    if (boot === this.bootCount && this.isUp) await this.launch(boot);
  }

  private launch(boot: number): Promise<void> {
    const { properties, linkMap, events, log, journal } = this.layout;
    const args = ['serve', '--config', properties, '--link-map', linkMap, '--events', events];
    if (this.journals) args.push('--journal', journal(boot));
    const out = openSync(log, 'a');
    const child = spawn(this.command.program, [...this.command.args, ...args, '--no-color'], {
      stdio: ['ignore', out, out],
      // Ctrl-C is for the runner: it ends its processes itself.
      detached: true,
    });
    closeSync(out);
    this.child = child;
    // What befell it while it waited for its start.
    if (this.state === 'paused') child.kill('SIGSTOP');
    if (this.state === 'stopping') child.kill('SIGTERM');
    return new Promise((resolve) => {
      child.once('error', (error) => {
        this.over(boot, { kind: 'halted', said: `it could not be started: ${error.message}` });
        resolve();
      });
      child.once('exit', (code, signal) => {
        this.exited(boot, code, signal);
        resolve();
      });
    });
  }

  private exited(boot: number, code: number | null, signal: NodeJS.Signals | null): void {
    this.hub.hear();
    if (code === 0 || signal === 'SIGTERM') this.over(boot, { kind: 'exited' });
    else if (code === null) this.over(boot, { kind: 'broken', said: `it ended by ${signal}` });
    else this.over(boot, { kind: code === BROKEN ? 'broken' : 'halted', said: this.endOfLog() });
  }

  private over(
    boot: number,
    how: { kind: 'exited' } | { kind: 'halted' | 'broken'; said: string },
  ): void {
    if (boot !== this.bootCount || !this.isUp) return;
    this.child = null;
    this.ended(how);
  }

  private endOfLog(): string {
    return readFileSync(this.layout.log, 'utf8').slice(-LAST_WORDS).trim();
  }

  protected shutDown(): void {
    this.child?.kill('SIGTERM');
  }

  protected end(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  protected freeze(frozen: boolean): void {
    this.child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** At once, whatever it does. */
  killNow(): void {
    if (this.isUp) this.end();
  }

  /** Resolves when no process of it is left. */
  async dispose(): Promise<void> {
    this.state = 'down';
    this.end();
    await this.gone;
    this.tail.close();
  }
}
