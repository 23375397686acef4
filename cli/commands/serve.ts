/**
 * `trial serve`: real brokers on real sockets, for any Kafka client. A whole cluster in this
 * process, in memory or in a folder; or, with `--config`, one node of a cluster of processes.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { variantNamed } from '../../kafka/protocol/variants.ts';
import type { TopicOptions } from '../../server/cluster/admin.ts';
import {
  clusterConfigErrors,
  LARGEST_PORT,
  LAYOUT_KEYS,
  lastPort,
  portsWords,
} from '../../server/cluster/layout.ts';
import { InvalidLinkMap, type LinkMap, readLinkMap } from '../../server/network/link-map.ts';
import type { Context } from '../context.ts';
import { inputError, reasonOf, usageError } from '../errors.ts';
import { addTo, chosenVariants } from '../input/variants.ts';
import { serveCluster } from '../server/serve-cluster.ts';
import { serveNode } from '../server/serve-node.ts';

interface ServeCommandOptions {
  readonly brokers?: number;
  readonly controllers?: number;
  readonly port?: number;
  readonly host?: string;
  readonly advertisedHost?: string;
  readonly data?: string;
  readonly memory?: true;
  readonly set?: readonly string[];
  readonly topic?: readonly TopicOptions[];
  readonly config?: string;
  readonly linkMap?: string;
  readonly events?: string;
  readonly journal?: string;
  readonly httpPort?: number;
  readonly variant?: readonly string[];
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const LOOPBACK = '127.0.0.1';
const WILDCARDS = ['0.0.0.0', '::'];
const DEFAULT_PORT = 9092;
/** What a file says itself. */
const ONLY_WITH_CONFIG = ['linkMap', 'events', 'journal'] as const;
const NOT_WITH_CONFIG = [
  ...(['brokers', 'controllers', 'port', 'host', 'advertisedHost', 'data', 'memory'] as const),
  'topic',
] as const;

export function addServe(command: Command, context: Context): Command {
  return command
    .name('serve')
    .description('real brokers for any Kafka client: a whole cluster, or one node of a file')
    .option('--brokers <n>', 'how many brokers (3)', parseCount(1))
    .option('--controllers <n>', 'how many controllers (1)', parseCount(1))
    .option(
      '--port <n>',
      `of the first broker, the others follow (${DEFAULT_PORT}; 0: any)`,
      parsePort,
    )
    .option('--host <address>', `where to listen (${LOOPBACK})`)
    .option(
      '--advertised-host <name>',
      'what clients connect to, if that is another name',
      parseHost,
    )
    .option('--data <dir>', 'keep everything in this folder, and begin with what is in it')
    .option('--memory', 'keep nothing (the default)')
    .option('--set <key=value>', 'a broker key (may be repeated)', addTo)
    .option(
      '--topic <name[:partitions[:replicas]]>',
      'a topic to create (may be repeated)',
      addTopic,
    )
    .option('--config <file>', 'one node, as a server.properties describes it')
    .option('--link-map <file>', 'with --config: other ways to the addresses of peers (JSON)')
    .option('--events <file>', 'with --config: add every event to this file, as lines of JSON')
    .option('--journal <file>', 'with --config: write down every step, for `trial replay`')
    .option('--http-port <n>', 'serve /metrics and /healthz there (0: any)', parsePort)
    .option('--variant <name=option>', 'refused: real brokers keep today’s rules', addTo)
    .option('-q, --quiet', 'log only what is wrong')
    .option('-v, --verbose', 'log every event')
    .option('--no-color', 'no colors')
    .action(async (options: ServeCommandOptions) => {
      refuseVariants(options.variant ?? []);
      const common = {
        terminal: context.terminal,
        httpPort: options.httpPort ?? null,
        quiet: options.quiet === true,
        verbose: options.verbose === true,
        color: options.color,
      };
      if (options.config !== undefined) {
        refuseBeside(options);
        const text = readInput(options.config);
        const overrides = settings(options.set ?? []);
        const file = { label: options.config, text, overrides };
        const beside = {
          links: options.linkMap === undefined ? null : linkMapIn(options.linkMap),
          events: options.events ?? null,
          journal: options.journal ?? null,
        };
        context.exitWith(await serveNode(file, beside, common));
        return;
      }
      for (const name of ONLY_WITH_CONFIG) {
        if (options[name] === undefined) continue;
        throw usageError(`${flagOf(name)}: only with --config, of one node`);
      }
      if (options.data !== undefined && options.memory === true) {
        throw usageError('--data and --memory: one or the other');
      }
      if (options.data === '') throw usageError('--data: name a folder');
      const brokers = options.brokers ?? 3;
      const port = options.port ?? DEFAULT_PORT;
      const last = lastPort(port, brokers);
      if (last > LARGEST_PORT) throw usageError(`--port ${port}: ${portsWords(port, brokers)}`);
      const host = options.host ?? LOOPBACK;
      const shape = {
        brokers,
        controllers: options.controllers ?? 1,
        host,
        advertisedHost: options.advertisedHost ?? (WILDCARDS.includes(host) ? hostname() : host),
        port,
        data: options.data ?? null,
        config: clusterSettings(options.set ?? []),
      };
      context.exitWith(await serveCluster(shape, options.topic ?? [], common));
    });
}

function refuseVariants(texts: readonly string[]): void {
  const chosen = Object.entries(chosenVariants(texts, undefined));
  const historic = chosen.find(([name, option]) => variantNamed(name)?.options[0].name !== option);
  if (historic === undefined) return;
  const [name, option] = historic;
  throw usageError(
    `--variant ${name}=${option}: real brokers keep today’s rules; \`trial run\` knows the others`,
  );
}

function refuseBeside(options: ServeCommandOptions): void {
  for (const name of NOT_WITH_CONFIG) {
    if (options[name] === undefined) continue;
    throw usageError(`${flagOf(name)}: not with --config; the file says it`);
  }
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function linkMapIn(path: string): LinkMap {
  try {
    return readLinkMap(readInput(path));
  } catch (error) {
    if (error instanceof InvalidLinkMap) throw inputError(`${path}: ${error.message}`);
    throw error;
  }
}

function readInput(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

function clusterSettings(texts: readonly string[]): Record<string, string> {
  const config = settings(texts);
  for (const [key, value] of Object.entries(config)) {
    if (LAYOUT_KEYS.includes(key)) {
      throw usageError(`--set ${key}=${value}: serve sets it; --config takes a whole file`);
    }
  }
  const [error] = clusterConfigErrors(config, '--set');
  if (error !== undefined) throw usageError(`--set: ${error.message}`);
  return config;
}

function settings(texts: readonly string[]): Record<string, string> {
  const config: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw usageError(`--set ${text}: expected key=value`);
    config[text.slice(0, equals).trim()] = text.slice(equals + 1);
  }
  return config;
}

function addTopic(text: string, before: readonly TopicOptions[] = []): TopicOptions[] {
  const [name = '', partitions = '1', replicas, ...more] = text.split(':');
  const numbers = [partitions, replicas ?? '1'].every((one) => /^[1-9]\d*$/.test(one));
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(name) || !numbers || more.length > 0) {
    throw new InvalidArgumentError('Expected name, name:partitions or name:partitions:replicas.');
  }
  if (before.some((one) => one.name === name)) {
    throw new InvalidArgumentError(`Topic ${name} is there twice.`);
  }
  const replicationFactor = replicas === undefined ? -1 : Number(replicas);
  return [...before, { name, partitions: Number(partitions), replicationFactor }];
}

function parseCount(min: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < min || count > 100) {
      throw new InvalidArgumentError(`Expected an integer from ${min} to 100.`);
    }
    return count;
  };
}

function parseHost(text: string): string {
  if (/^[A-Za-z0-9._-]+$/.test(text) || isIP(text) !== 0) return text;
  throw new InvalidArgumentError('Expected a name or an address, without a port.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > LARGEST_PORT) {
    throw new InvalidArgumentError(`A port is an integer from 0 to ${LARGEST_PORT}.`);
  }
  return port;
}
