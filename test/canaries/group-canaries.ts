/** Lies about consumer groups: of coordinators, of the leader of a generation, of members. */
import { rangeAssignor } from '../../kafka/client/consumer/assignors/range.ts';
import { ConsumerGroup } from '../../kafka/client/consumer/group/consumer-group.ts';
import { OffsetStore } from '../../kafka/group/offset-store.ts';
import { GroupShard } from '../../kafka/group/shard.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import type { Canary } from './canary.ts';
import { lie } from './lie.ts';

/** Two members; one dies and comes back, so that somebody asks where the group stands. */
const group: ScenarioInput = {
  name: 'canary',
  cluster: {
    brokers: 2,
    config: {
      'offsets.topic.num.partitions': '1',
      'offsets.topic.replication.factor': '2',
      'group.initial.rebalance.delay.ms': '0',
    },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 2 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 40, partition: 'round-robin' },
    ...['c1', 'c2'].map((consumer) => ({
      consumer,
      group: 'billing',
      topics: ['orders'],
      commit: 'after' as const,
      pollEvery: 300,
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '1000',
      },
    })),
  ],
  faults: [{ at: 5_000, kill: 'client:c1', restartAfter: 1_000 }],
  runFor: 16_000,
  convergeWithin: 40_000,
};

export const groupCanaries: readonly Canary[] = [
  {
    check: 'single-owner',
    what: 'the leader of a generation gives every partition to everybody',
    scenario: group,
    lies: [
      lie({ prototype: rangeAssignor }, 'assign', (honest) => (self, members, countOf) => {
        const assignments: Map<string, unknown[]> = honest(self, members, countOf);
        const all = [...assignments.values()].flat();
        return new Map([...assignments.keys()].map((member) => [member, all]));
      }),
    ],
  },
  {
    check: 'commit-durable',
    what: 'a coordinator confirms commits and does not write them',
    scenario: group,
    lies: [
      lie(GroupShard, 'write', (honest) => (self, records, changes, settled) => {
        if (changes.length === 0) return honest(self, records, changes, settled);
        self.afterWrites(settled);
        return true;
      }),
    ],
  },
  {
    check: 'commit-latest',
    what: 'a coordinator remembers the first commit only',
    scenario: group,
    lies: [
      lie(OffsetStore, 'write', (honest) => {
        const known = new Set<string>();
        return (self, change) => {
          const name = `${change.topic}-${change.partition}`;
          if (known.has(name)) return;
          known.add(name);
          honest(self, change);
        };
      }),
    ],
  },
  {
    check: 'at-least-once',
    what: 'a member commits twenty records more than it was given, before it dies',
    scenario: group,
    lies: [
      lie(
        ConsumerGroup,
        'positions',
        (honest) => (self) =>
          honest(self).map((one: { offset: number }) => ({ ...one, offset: one.offset + 20 })),
      ),
    ],
  },
];
