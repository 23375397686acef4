/** The host contract against the simulator, and what only a simulator can be asked. */
import { describe, expect, test } from 'vitest';
import type { Host } from '../../kafka/host.ts';
import { World } from '../../sim/world.ts';
import { hostContract } from './host-contract.ts';
import { type HostLab, Probe } from './lab.ts';

function simLab(): HostLab {
  const world = new World({ seed: 'contract', store: 'none' });
  let nextPort = 9_092;
  return {
    start(name, create, options) {
      const listeners: Record<string, number> =
        options?.listens === true ? { PLAINTEXT: nextPort++ } : {};
      ports.set(name, listeners['PLAINTEXT'] ?? 1);
      world.addNode({ name, role: 'broker', config: {}, create, listeners });
      world.start(name);
      world.runUntil(world.nowUs + 5_000);
    },
    address: (host) => ({ host, port: ports.get(host) ?? 1 }),
    closedAddress: (host) => ({ host, port: 2 }),
    command: (name, command, answered) => {
      world.command(name, command, answered);
    },
    settle: (ms) => world.runUntil(world.nowUs + ms * 1_000),
    stop: (name) => {
      world.stop(name);
    },
    failures: () => world.failures.map((failure) => failure.stack),
    dispose: () => {},
  };
}
const ports = new Map<string, number>();

hostContract('the simulator', simLab);

describe('a crash inside a step', () => {
  function crashing(when: 'before' | 'after' | 'torn') {
    const world = new World({ seed: 7, store: 'none' });
    const server = new Probe(() => {});
    let boots = 0;
    world.addNode({
      name: 'server',
      role: 'broker',
      config: {},
      listeners: { PLAINTEXT: 9_092 },
      create: (host) => {
        host.network.listen('PLAINTEXT');
        return server;
      },
    });
    world.addNode({
      name: 'a',
      role: 'broker',
      config: {},
      listeners: {},
      create: (host: Host) => {
        boots += 1;
        return new Probe((input) => {
          if (boots > 1) return;
          if (input.kind === 'started') host.network.connect({ host: 'server', port: 9_092 });
          if (input.kind !== 'connected') return;
          host.network.send(input.connection, Uint8Array.of(1));
          host.disk.mkdir('/data');
          const file = host.disk.open('/data/x', 'create');
          host.disk.write(file, 0, new Uint8Array(4_096).fill(7));
          host.disk.write(file, 4_096, Uint8Array.of(8));
        });
      },
    });
    world.start('server');
    world.start('a');
    world.runUntil(10);
    world.crashInStep('a', { afterDiskCalls: 3, when });
    world.runUntil(100_000);
    return { world, server };
  }

  test('drops the sends of that step and keeps its disk writes', () => {
    const { world, server } = crashing('after');

    expect(server.received()).toHaveLength(0);
    expect(server.reasons()).toEqual(['reset']);
    expect(world.node('a').state).toBe('down');
    expect(world.node('a').disk.size('/data/x')).toBe(4_096);
    expect(world.failures).toEqual([]);
  });

  test('can strike before the call', () => {
    expect(crashing('before').world.node('a').disk.size('/data/x')).toBe(0);
  });

  test('can tear a write at sectors', () => {
    const content = crashing('torn').world.node('a').disk.contents('/data/x');
    const sectors = new Set<number>();
    for (let at = 0; at < content.length; at += 512) {
      const sector = new Set(content.subarray(at, at + 512));
      expect(sector.size).toBe(1);
      sectors.add([...sector][0] as number);
    }
    expect([...sectors].sort()).toEqual([0, 7]);
  });
});
