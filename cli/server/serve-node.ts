/** `trial serve --config server.properties`: one node, as Kafka would start it from that file. */
import { JOURNAL_VERSION, type JournalHeader } from '../../journal/format.ts';
import { JournalRecorder } from '../../journal/recorder.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { ClusterEvents } from '../../server/cluster/cluster.ts';
import {
  type NodeExtras,
  type SingleNode,
  startSingleNode,
} from '../../server/cluster/single-node.ts';
import { DirectoryProblem } from '../../server/disk/directory-lock.ts';
import { EventFile } from '../../server/event-file.ts';
import { JournalFile } from '../../server/journal-file.ts';
import type { LinkMap } from '../../server/network/link-map.ts';
import { InvalidProperties, type NodePlan, planNode } from '../../server/properties/node-plan.ts';
import { CliError, inputError, reasonOf, writeError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import {
  httpEndpoint,
  portError,
  type ServeCommon,
  ServeLog,
  untilInterrupted,
} from './run-until-interrupted.ts';

export interface PropertiesFile {
  readonly label: string;
  readonly text: string;
  readonly overrides: Readonly<Record<string, string>>;
}

const LOOK_EVERY_MS = 10;
const LOOPBACK = '127.0.0.1';

/** What the command line says besides the file. */
export interface BesideFile {
  readonly links: LinkMap | null;
  /** A path; null: events are not kept. */
  readonly events: string | null;
  /** A path that is not there yet; null: steps are not written down. */
  readonly journal: string | null;
}

export async function serveNode(
  properties: PropertiesFile,
  { links, events: eventsPath, journal: journalPath }: BesideFile,
  common: ServeCommon,
): Promise<ExitCode> {
  const { terminal } = common;
  let node: SingleNode | null = null;
  const log = new ServeLog(common, () => (node === null ? [] : [node.machine]));
  const kept = eventsPath === null ? null : eventFile(eventsPath);
  const plan = await planned(properties);
  for (const note of plan.notes) log.say('warn', note);
  const file = journalPath === null ? null : journalFile(journalPath, log, plan);
  const journal =
    file === null ? null : new JournalRecorder(headerOf(plan), (line) => file.write(line));
  const own = await started(plan, log, { kept, extras: { links, journal } });
  node = own;
  const ailing = (): string[] => (own.serves ? [] : [`${plan.name}: does not serve yet`]);
  const http = await httpEndpoint(common, LOOPBACK, log, ailing).catch((error: unknown) => {
    own.machine.kill();
    throw error;
  });
  const told = setInterval(() => {
    if (!own.serves) return;
    clearInterval(told);
    const where = plan.directories.join(',');
    if (plan.advertised.length > 0) {
      terminal.out(`bootstrap.servers=${plan.advertised[0]}\n`);
    }
    terminal.out(`${[plan.name, ...plan.advertised, where].join('  ')}\n`);
    if (http !== null) terminal.out(`${http.url}/metrics\n`);
  }, LOOK_EVERY_MS);
  const stop = (): Promise<unknown> => own.stop();
  const kill = (): void => own.machine.kill();
  const exitCode = await untilInterrupted({ stop, kill, over: own.ended }, log, common);
  clearInterval(told);
  http?.close();
  kept?.close();
  file?.close();
  return exitCode;
}

function eventFile(path: string): EventFile {
  try {
    return new EventFile(path);
  } catch (error) {
    throw writeError(path, error);
  }
}

function journalFile(path: string, log: ServeLog, plan: NodePlan): JournalFile {
  try {
    return new JournalFile(path, (error) => {
      log.say('error', `the journal ends here: ${reasonOf(error)}`);
    });
  } catch (error) {
    releasePorts(plan);
    throw writeError(path, error);
  }
}

function headerOf({ name: node, role, config }: NodePlan): JournalHeader {
  return { journal: JOURNAL_VERSION, engine: packageJson.version, node, role, config };
}

async function planned({ label, text, overrides }: PropertiesFile): Promise<NodePlan> {
  try {
    return await planNode(label, text, overrides);
  } catch (error) {
    if (error instanceof InvalidProperties) throw inputError(error.message);
    if (error instanceof Error && 'syscall' in error) {
      throw portError(error, `${label}: listeners, ${addressIn(error)}`);
    }
    throw error;
  }
}

/** Of a system's error about a port. */
function addressIn(error: object): string {
  const known = error as { readonly [key in 'address' | 'hostname' | 'port']?: unknown };
  if (known.port === undefined) return String(known.hostname ?? known.address ?? 'an address');
  return `${known.address}:${known.port}`;
}

async function started(
  plan: NodePlan,
  log: ServeLog,
  { kept, extras }: { readonly kept: EventFile | null; readonly extras: NodeExtras },
): Promise<SingleNode> {
  const { told } = log.events;
  const events: ClusterEvents =
    kept === null
      ? log.events
      : {
          ...log.events,
          told: (node, kind, fields) => {
            kept.told(node, kind, fields);
            told?.(node, kind, fields);
          },
        };
  try {
    return await startSingleNode(plan, events, extras);
  } catch (error) {
    releasePorts(plan);
    if (error instanceof DirectoryProblem) throw new CliError(74, error.message);
    throw error;
  }
}

/** A process that listens does not end. */
function releasePorts({ listeners }: NodePlan): void {
  for (const port of Object.values(listeners)) port.release();
}
