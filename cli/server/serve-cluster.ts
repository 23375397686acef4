/** `trial serve` without a file: a whole cluster in this process. */
import { AdminError, type TopicOptions } from '../../server/cluster/admin.ts';
import {
  addressOf,
  ClusterNotReady,
  type ServerCluster,
  startServerCluster,
} from '../../server/cluster/cluster.ts';
import type { ClusterShape } from '../../server/cluster/layout.ts';
import { LeftBehind } from '../../server/cluster/left-behind.ts';
import { DirectoryProblem } from '../../server/disk/directory-lock.ts';
import { TlsProblem } from '../../server/network/tls.ts';
import { CliError, usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import {
  httpEndpoint,
  portError,
  type ServeCommon,
  ServeLog,
  untilInterrupted,
} from './run-until-interrupted.ts';

export async function serveCluster(
  shape: ClusterShape,
  topics: readonly TopicOptions[],
  common: ServeCommon,
): Promise<ExitCode> {
  let cluster: ServerCluster | null = null;
  const log = new ServeLog(common, () => cluster?.machines ?? []);
  cluster = await started(shape, topics, log);
  const { machines, brokers, bootstrap } = cluster;
  const over = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (machines.some((one) => one.process !== null)) return;
      clearInterval(look);
      resolve();
    }, LOOK_EVERY_MS);
    look.unref();
  });
  const ailing = (): string[] =>
    machines.filter((one) => one.process === null).map((one) => `${one.name}: not running`);
  const http = await httpEndpoint(common, shape.host, log, ailing).catch((error: unknown) => {
    cluster.kill();
    throw error;
  });
  const { terminal } = common;
  terminal.out(`bootstrap.servers=${bootstrap.join(',')}\n`);
  for (const broker of brokers) {
    const where = shape.data === null ? 'in memory' : (broker.parts.config['log.dirs'] ?? '');
    terminal.out(`${broker.name}  ${addressOf(broker, shape.advertisedHost)}  ${where}\n`);
  }
  if (http !== null) terminal.out(`${http.url}/metrics\n`);
  const kill = (): void => cluster.kill();
  const exitCode = await untilInterrupted({ stop: () => cluster.stop(), kill, over }, log, common);
  http?.close();
  cluster.kill();
  return exitCode;
}

const LOOK_EVERY_MS = 100;

async function started(
  shape: ClusterShape,
  topics: readonly TopicOptions[],
  log: ServeLog,
): Promise<ServerCluster> {
  try {
    return await startServerCluster(shape, topics, log.events);
  } catch (error) {
    if (error instanceof AdminError) throw usageError(`--topic: ${error.message}`);
    if (error instanceof TlsProblem) throw usageError(`--set: ${error.message}`);
    if (error instanceof LeftBehind) throw leftBehindError(error);
    if (error instanceof DirectoryProblem) throw new CliError(74, `--data: ${error.message}`);
    if (error instanceof ClusterNotReady) throw new CliError(74, error.message);
    if (error instanceof Error && 'syscall' in error) {
      throw portError(error, `${shape.host}, port ${portOf(error) ?? shape.port}`);
    }
    if (log.exitCode !== 0 && error instanceof Error) {
      throw new CliError(log.exitCode, error.message);
    }
    throw error;
  }
}

function leftBehindError({ message, option, wanted }: LeftBehind): CliError {
  return usageError(`${message}; use --${option} ${wanted}, or another --data`);
}

function portOf(error: Error): number | null {
  return 'port' in error && typeof error.port === 'number' ? error.port : null;
}
