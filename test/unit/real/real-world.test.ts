/** The order in which a run in the real world hears of what happened. */
import { appendFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCodecs } from '../../../codecs/load.ts';
import { type Layout, layOut, type ServerLayout } from '../../../real/layout.ts';
import { RealWorld } from '../../../real/real-world.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';

let layout: Layout;
let world: RealWorld;
let heard: string[];

beforeEach(async () => {
  const { scenario } = parseScenario({
    name: 'small',
    cluster: { brokers: 2, topics: [{ name: 'orders', replicationFactor: 2 }] },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20 }],
    runFor: '1s',
  });
  layout = await layOut(scenario!);
  const command = { program: 'none', args: [] };
  const codecs = await loadCodecs();
  world = new RealWorld({ layout, seed: 1, codecs, command, journals: false });
  heard = [];
  world.trace.subscribe('broker.state', (_event, _timeUs, node, state) => {
    heard.push(`${world.nodes[node - 1]!.name} ${state}`);
  });
});
afterEach(async () => {
  await world.dispose();
  rmSync(layout.folder, { recursive: true });
});

const nowMs = () => performance.timeOrigin + performance.now();

/** As the node itself would write it. */
function told(name: string, state: string, timeMs: number): void {
  const { events } = layout.nodes.find((one) => one.spec.name === name) as ServerLayout;
  const line = { timeMs, node: name, event: 'broker.state', fields: { state } };
  appendFileSync(events, `${JSON.stringify(line)}\n`);
}

test('what nodes told is heard in the order of their clocks', () => {
  const atMs = nowMs();
  told('broker-1', 'second', atMs - 1);
  told('broker-2', 'third', atMs);
  told('broker-2', 'first', atMs - 2);

  world.hear();

  expect(heard).toEqual(['broker-2 first', 'broker-1 second', 'broker-2 third']);
});

test('what nodes told is heard before what a client tells then', () => {
  told('broker-1', 'cause', nowMs());

  world.told(world.node('p1'), 'broker.state', ['effect']);

  expect(heard).toEqual(['broker-1 cause', 'p1 effect']);
});

test('what was told after the runner began to read waits for what came before it elsewhere', async () => {
  const atMs = nowMs() + 30;
  told('broker-1', 'effect', atMs + 1);
  world.hear();
  const atOnce = [...heard];
  told('broker-2', 'cause', atMs);
  while (nowMs() < atMs + 5) await new Promise((resolve) => setTimeout(resolve, 5));

  world.hear();

  expect(atOnce).toEqual([]);
  expect(heard).toEqual(['broker-2 cause', 'broker-1 effect']);
});

test('half a line is no event until its end has come', () => {
  const { events } = layout.nodes.find((one) => one.spec.name === 'broker-1') as ServerLayout;
  const line = { timeMs: nowMs(), node: 'broker-1', event: 'broker.state', fields: { state: 'ü' } };
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);

  appendFileSync(events, bytes.subarray(0, bytes.length - 5));
  world.hear();
  const half = [...heard];
  appendFileSync(events, bytes.subarray(bytes.length - 5));
  world.hear();

  expect(half).toEqual([]);
  expect(heard).toEqual(['broker-1 ü']);
});
