/** What `trial serve` does in both its forms: log, measure, and end when it is asked to. */
import type { ClusterEvents } from '../../server/cluster/cluster.ts';
import type { Machine } from '../../server/cluster/machine.ts';
import { type HttpEndpoint, serveHttp } from '../../server/metrics/http.ts';
import { ServerMetrics } from '../../server/metrics/metrics.ts';
import type { Ended } from '../../server/node-process.ts';
import { CliError, reasonOf } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colorsFor, type Terminal } from '../terminal.ts';
import { endedWords, eventWords, type Level, levelOf, logLine } from './event-lines.ts';

export interface ServeCommon {
  readonly terminal: Terminal;
  /** null: no HTTP at all. */
  readonly httpPort: number | null;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Logs, and remembers what ended badly. */
export class ServeLog {
  readonly metrics: ServerMetrics;
  private readonly common: ServeCommon;
  private readonly colors: ReturnType<typeof colorsFor>;
  private worst: ExitCode = 0;

  constructor(common: ServeCommon, machines: () => readonly Machine[]) {
    this.common = common;
    this.colors = colorsFor(common.terminal, common.color, common.terminal.errIsTty === true);
    this.metrics = new ServerMetrics(machines);
  }

  get exitCode(): ExitCode {
    return this.worst;
  }

  readonly events: ClusterEvents = {
    told: (node, kind, fields) => {
      this.metrics.told(node, kind, fields);
      const level = levelOf(kind);
      if (this.isShown(level)) this.write(level, eventWords(node, kind, fields));
    },
    joins: (node) => this.say('info', `${node} is new to this cluster, and begins with nothing`),
    started: (node) => this.say('info', `${node} starts`),
    ended: (node, ended) => this.ended(node, ended),
  };

  private ended(node: string, ended: Ended): void {
    const { level, words } = endedWords(node, ended);
    this.say(level, words);
    if (ended.how === 'broken') this.worst = 70;
    else if (ended.how === 'halted' && this.worst === 0) this.worst = 74;
  }

  say(level: Level, words: string): void {
    if (this.isShown(level)) this.write(level, words);
  }

  private isShown(level: Level): boolean {
    if (level === 'debug') return this.common.verbose;
    return level !== 'info' || !this.common.quiet;
  }

  private write(level: Level, words: string): void {
    this.common.terminal.err(logLine(Date.now(), level, words, this.colors));
  }
}

export interface Stoppable {
  /** Controlled shutdown. */
  stop(): Promise<unknown>;
  kill(): void;
  /** Resolves when nothing runs any more by itself. */
  readonly over: Promise<unknown>;
}

/** Ctrl-C shuts down in order, a second one at once. */
export async function untilInterrupted(
  running: Stoppable,
  log: ServeLog,
  { terminal }: ServeCommon,
): Promise<ExitCode> {
  let forced = false;
  const interrupted = new Promise<void>((resolve) => terminal.onInterrupt(resolve));
  const first = await Promise.race([interrupted.then(() => true), running.over.then(() => false)]);
  if (!first) return log.exitCode;
  log.say('info', 'shutting down; once more to end at once');
  const deaf = terminal.onInterrupt(() => {
    forced = true;
    running.kill();
  });
  await running.stop();
  deaf();
  return forced ? 130 : log.exitCode;
}

export async function httpEndpoint(
  { httpPort }: ServeCommon,
  host: string,
  log: ServeLog,
  ailing: () => readonly string[],
): Promise<HttpEndpoint | null> {
  if (httpPort === null) return null;
  try {
    return await serveHttp({ host, port: httpPort, metrics: log.metrics, ailing });
  } catch (error) {
    throw portError(error, `--http-port ${httpPort}`);
  }
}

/** Of an address that cannot be listened at. */
export function portError(error: unknown, what: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') return new CliError(74, `${what}: something else listens there`);
  if (code === 'ENOTFOUND') return new CliError(74, `${what}: no machine is called so`);
  if (code === 'EADDRNOTAVAIL') return new CliError(74, `${what}: no address of this machine`);
  if (code === 'EACCES') return new CliError(74, `${what}: permission denied`);
  return new CliError(74, `${what}: ${reasonOf(error)}`);
}
