/** An operator who unregisters a broker explains that this one leaves its ISRs, and nothing else. */
import { expect, test } from 'vitest';
import { ClusterControl } from '../../kafka/controller/cluster-control.ts';
import { ReplicationControl } from '../../kafka/controller/replication-control.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { cluster } from './canary.ts';
import { lie, run, verdictsOf } from './lie.ts';

const unregistered: ScenarioInput = {
  ...cluster({}),
  operations: [{ at: 1_000, unregisterBroker: 'broker-3' }],
};
const other = (broker: number): number => (broker === 3 ? 2 : broker);

test('isr-stable holds when an operator unregisters a broker before anything struck', () => {
  expect(verdictsOf(run(unregistered))['isr-stable']).toBe('holds');
});

test.each([
  [
    'takes another out of its ISRs',
    lie(ReplicationControl, 'brokerUnregistered', (honest) => {
      return (self, broker) => honest(self, other(broker));
    }),
  ],
  [
    'unregisters another',
    lie(ClusterControl, 'unregister', (honest) => (self, broker) => honest(self, other(broker))),
  ],
])('isr-stable sees a controller that %s than the operator asked for', (_what, lying) => {
  expect(verdictsOf(run(unregistered, [lying]))['isr-stable']).toBe('violated');
});

/** The only member of an ISR is unregistered while another copies from it, which leads only later. */
const whileAnotherComes: ScenarioInput = {
  name: 'canary',
  cluster: {
    brokers: 3,
    config: { 'feature.eligible.leader.replicas.version': 0 },
    topics: [],
  },
  operations: [
    { at: 500, createTopic: { name: 'late', assignments: [[3]] } },
    { at: 1_000, reassign: 'late-0', replicas: [3, 2] },
    { at: 1_000, by: 'colleague', unregisterBroker: 'broker-3' },
    { at: 2_000, electLeaders: 'unclean', partitions: 'late-0' },
  ],
  runFor: 3_000,
};

test('isr-stable holds when an operator puts another in the place of one unregistered', () => {
  expect(verdictsOf(run(whileAnotherComes))['isr-stable']).toBe('holds');
});
