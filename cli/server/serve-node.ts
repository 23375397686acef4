/** `trial serve --config server.properties`: one node, as Kafka would start it from that file. */
import { type SingleNode, startSingleNode } from '../../server/cluster/single-node.ts';
import { DirectoryInUse } from '../../server/disk/directory-lock.ts';
import { InvalidProperties, type NodePlan, planNode } from '../../server/properties/node-plan.ts';
import { CliError, inputError } from '../errors.ts';
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

export async function serveNode(file: PropertiesFile, common: ServeCommon): Promise<ExitCode> {
  const { terminal } = common;
  let node: SingleNode | null = null;
  const log = new ServeLog(common, () => (node === null ? [] : [node.machine]));
  const plan = await planned(file);
  for (const note of plan.notes) log.say('warn', note);
  const own = await started(plan, log);
  node = own;
  const ailing = (): string[] => (own.serves ? [] : [`${plan.name}: does not serve yet`]);
  const http = await httpEndpoint(common, LOOPBACK, log, ailing);
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
  return exitCode;
}

async function planned({ label, text, overrides }: PropertiesFile): Promise<NodePlan> {
  try {
    return await planNode(label, text, overrides);
  } catch (error) {
    if (error instanceof InvalidProperties) throw inputError(error.message);
    if (error instanceof Error && 'syscall' in error) throw portError(error, `${label}: listeners`);
    throw error;
  }
}

async function started(plan: NodePlan, log: ServeLog): Promise<SingleNode> {
  try {
    return await startSingleNode(plan, log.events);
  } catch (error) {
    for (const port of Object.values(plan.listeners)) port.release();
    if (error instanceof DirectoryInUse) throw new CliError(74, error.message);
    throw error;
  }
}
