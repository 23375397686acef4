import type { ScenarioInput } from 'kafka-trial';
import { arbitraries, trialProperty } from 'kafka-trial/property';
import { test } from 'vitest';

/** Our settings, and whatever may happen to a cluster. */
const scenarios = arbitraries
  .faults({ brokers: 3, partitions: 1, replicationFactor: 3 }, { runForMs: 8_000, maxFaults: 3 })
  .map(
    (faults): ScenarioInput => ({
      name: 'our-settings',
      cluster: {
        brokers: 3,
        topics: [{ name: 'orders', config: { 'min.insync.replicas': 2 } }],
      },
      workload: [
        { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
        { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
      ],
      faults,
      runFor: 8_000,
    }),
  );

test('our settings lose nothing that was acknowledged', () => {
  trialProperty('our settings lose nothing', ({ report }) => report.counts.acknowledgedLost === 0, {
    scenarios,
    numRuns: 10,
  });
});
