/**
 * Where everything of a run lies: a folder, a `server.properties`, a map of links, a log and a file
 * of events for each node, and the ports of this machine that stand for the laboratory's addresses.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../kafka/host.ts';
import { LinkMap } from '../server/network/link-map.ts';
import { ListeningPort } from '../server/network/listening-port.ts';
import { nodeSpecs } from '../sim/cluster/node-specs.ts';
import type { NodeSpec } from '../sim/process/node-spec.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { Links, type Reachable } from './links.ts';

const HOST = '127.0.0.1';

/** A broker or a controller. */
export interface ServerLayout {
  readonly spec: NodeSpec;
  readonly properties: string;
  readonly linkMap: string;
  readonly events: string;
  readonly log: string;
  /** Of the n-th process, when journals are kept. */
  readonly journal: (boot: number) => string;
  /** What its disk is. */
  readonly data: string;
}

export interface ClientLayout {
  readonly spec: NodeSpec;
  readonly links: LinkMap;
}

export interface Layout {
  readonly folder: string;
  readonly links: Links;
  /** In the laboratory's order. */
  readonly nodes: readonly (ServerLayout | ClientLayout)[];
}

export async function layOut(scenario: Scenario): Promise<Layout> {
  const folder = mkdtempSync(join(tmpdir(), 'trial-real-'));
  const specs = nodeSpecs(scenario);
  const addresses = await addressesOf(specs);
  const links = new Links();
  const reachable: Reachable[] = specs.map(({ name, listeners }) => ({
    name,
    addresses: Object.values(listeners).map((port) => addresses.get(`${name}:${port}`) as Address),
  }));
  const nodes: (ServerLayout | ClientLayout)[] = [];
  for (const spec of specs) {
    const ways = await links.open(spec.name, reachable);
    const config = realConfig(spec.config, addresses);
    if (spec.role === 'client') {
      nodes.push({ spec: { ...spec, config }, links: new LinkMap(ways) });
    } else nodes.push(serverLayout(folder, { ...spec, config }, ways));
  }
  return { folder, links, nodes };
}

function serverLayout(
  folder: string,
  spec: NodeSpec,
  ways: ReadonlyMap<string, Address>,
): ServerLayout {
  const own = join(folder, spec.name);
  mkdirSync(own);
  const data = join(own, 'data');
  const inData = (paths: string): string =>
    paths
      .split(',')
      .map((path) => join(data, path.trim()))
      .join(',');
  const config: Record<string, string> = { ...spec.config };
  for (const key of ['log.dirs', 'metadata.log.dir']) {
    const paths = config[key];
    if (paths !== undefined) config[key] = inData(paths);
  }
  const layout = {
    spec: { ...spec, config },
    properties: join(own, 'server.properties'),
    linkMap: join(own, 'links.json'),
    events: join(own, 'events.jsonl'),
    log: join(own, 'node.log'),
    journal: (boot: number) => join(own, `boot-${boot}.journal`),
    data,
  };
  const lines = Object.entries(config).map(([key, value]) => `${key}=${escaped(value)}\n`);
  writeFileSync(layout.properties, lines.join(''));
  const map = [...ways].map(([from, { host, port }]) => [from, `${host}:${port}`]);
  writeFileSync(layout.linkMap, JSON.stringify(Object.fromEntries(map), null, 2));
  return layout;
}

/** For a file of properties. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\');
}

/** Below those that systems give to whoever connects: nobody takes them between two processes. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** By `broker-1:9092`: ports that were free a moment ago. */
async function addressesOf(specs: readonly NodeSpec[]): Promise<Map<string, Address>> {
  const addresses = new Map<string, Address>();
  const taken: ListeningPort[] = [];
  for (const { name, listeners } of specs) {
    for (const labPort of Object.values(listeners)) {
      const port = await freePort();
      taken.push(port);
      addresses.set(`${name}:${labPort}`, { host: HOST, port: port.port });
    }
  }
  for (const port of taken) port.release();
  return addresses;
}

async function freePort(): Promise<ListeningPort> {
  for (;;) {
    const port = new ListeningPort(HOST, randomInt(FIRST_PORT, LAST_PORT));
    if (await port.takeIfFree()) return port;
  }
}

const LAB_ADDRESS = /\b(?:broker|controller)-\d+:\d+/g;

function realConfig(
  config: Readonly<Record<string, string>>,
  addresses: ReadonlyMap<string, Address>,
): Record<string, string> {
  const real = (text: string): string =>
    text.replaceAll(LAB_ADDRESS, (name) => {
      const address = addresses.get(name);
      return address === undefined ? name : `${address.host}:${address.port}`;
    });
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, real(value)]));
}
