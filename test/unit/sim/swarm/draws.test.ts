/** What the swarm draws: scenarios that can be run, and in a kept seed nothing that may lose data. */
import { describe, expect, test } from 'vitest';
import { drawnScenario } from '../../../../sim/search/seed-run.ts';
import { swarmScenario } from '../../../../sim/swarm/swarm.ts';

const SEEDS = 150;
const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1);
const small = seeds.map((seed) => drawnScenario(seed, { size: 'small', intensity: 'brutal' }));

describe('small clusters, all that there is to draw', () => {
  test('can be run: a few brokers, one topic, one or two partitions', () => {
    for (const { cluster } of small) {
      expect(cluster.brokers).toBeLessThanOrEqual(4);
      expect(cluster.topics.map((one) => one.name)).toEqual(['orders']);
      expect(cluster.topics[0]?.partitions).toBeLessThanOrEqual(2);
    }
  });

  test('have plots of every kind', () => {
    const clients = small.flatMap(({ workload }) =>
      workload.map((one) => {
        if ('producer' in one) return one.producer;
        return 'consumer' in one ? one.consumer : one.admin;
      }),
    );
    const names = small.flatMap(({ faults }) => faults.map((one) => one.name ?? ''));

    for (const client of ['again', 'blind', 'burst', 'keen', 'old', 'slow', 'writer']) {
      expect(clients.some((one) => one.startsWith(client))).toBe(true);
    }
    const named = ['asked', 'away', 'broken', 'down', 'late', 'out', 'question', 'unaware'];
    for (const name of [...named, 'wrong-clock']) {
      expect(names.some((one) => one.startsWith(`plot-${name}-`))).toBe(true);
    }
    const elections = small.flatMap(({ operations }) =>
      operations.filter((one) => 'electLeaders' in one),
    );
    expect(elections.length).toBeGreaterThan(SEEDS / 2);
  });

  test('have consumers that wait for an answer longer than leaders let a fetch wait', () => {
    for (const { workload } of small) {
      for (const one of workload) {
        if (!('consumer' in one)) continue;
        const waitMs = Number(one.config['fetch.max.wait.ms'] ?? 500);
        expect(Number(one.config['request.timeout.ms'] ?? 30_000)).toBeGreaterThan(waitMs);
      }
    }
  });

  test('have producers that give up before a run that does not come to rest is judged', () => {
    for (const { workload, convergeWithin } of small) {
      for (const one of workload) {
        if (!('producer' in one)) continue;
        const blockMs = Number(one.config['max.block.ms'] ?? 60_000);
        const deliveryMs = Number(one.config['delivery.timeout.ms'] ?? 120_000);
        expect(blockMs + deliveryMs, one.producer).toBeLessThanOrEqual(convergeWithin);
      }
    }
  });

  test('in kept seeds ask for nothing that loses data, and empty no disk in a plot', () => {
    const kept = small.filter(({ expect: wanted }) => wanted['acked-durable'] === 'holds');
    expect(kept.length).toBeGreaterThan(SEEDS / 5);
    for (const { operations, faults } of kept) {
      for (const one of operations)
        if ('alterConfigs' in one) expect(one.set['retention.ms']).toBeUndefined();
      const plotted = faults.filter((one) => one.name?.startsWith('plot-emptied'));
      expect(plotted).toEqual([]);
    }
  });

  test('in kept seeds ask nothing of the logs of groups where a broker may lose its disk', () => {
    const kept = small.filter(({ expect: wanted }) => wanted['acked-durable'] === 'holds');
    const inGroups = kept.filter(({ workload }) => workload.some((one) => 'group' in one));
    const losing = inGroups.filter(({ faults }) => faults.some(losesBroker));

    expect(losing.length).toBeGreaterThan(0);
    for (const one of losing) expect(one.expect['hw-mono'], one.name).toBeUndefined();
    for (const one of kept.filter((other) => !inGroups.includes(other))) {
      expect(one.expect['hw-mono'], one.name).toBe('holds');
    }
  });
});

function losesBroker(fault: (typeof small)[number]['faults'][number]): boolean {
  return 'loseDisk' in fault && String(fault.loseDisk).startsWith('broker-');
}

test('with plots asked for, every seed has plots, and none but these', () => {
  for (const seed of seeds.slice(0, 40)) {
    const { faults, workload } = drawnScenario(seed, { intensity: 'light', plots: ['silence'] });
    const silent = faults.filter((one) => 'pause' in one && one.pause === 'all:clients');

    expect(silent.length).toBeGreaterThan(0);
    expect(faults.filter((one) => one.name?.startsWith('plot-'))).toEqual([]);
    expect(workload.length).toBeLessThanOrEqual(5);
  }
});

test.each(['network', 'process', 'disk', 'clock'] as const)(
  'with faults of the family %s alone, seeds can be run',
  (family) => {
    for (const seed of seeds) {
      const draw = () => drawnScenario(seed, { size: 'small', families: [family] });

      expect(draw, `seed ${seed}`).not.toThrow();
    }
  },
);

test('a seed is the same under historic rules, but for the rules', () => {
  const { cluster, ...rest } = swarmScenario(7);
  const { cluster: then, ...restThen } = swarmScenario(7, {
    variants: { truncation: 'to-high-watermark' },
  });

  expect(restThen).toEqual(rest);
  expect(then).toEqual({ ...cluster, variants: { truncation: 'to-high-watermark' } });
});

test('a preset lies over the drawn settings, and no seed promises to keep everything', () => {
  for (const seed of seeds.slice(0, 30)) {
    const { expect: wanted, workload } = drawnScenario(seed, { preset: 'acks-1' });

    expect(wanted).toEqual({});
    for (const one of workload) if ('producer' in one) expect(one.config['acks']).toBe('1');
  }
});
