/** With eligible leader replicas the last member of an ISR leaves it when it goes. */
import { expect, test } from 'vitest';
import { ReplicationControl } from '../../kafka/controller/replication-control.ts';
import { cluster } from './canary.ts';
import { lie, run, verdictsOf } from './lie.ts';

interface Change {
  readonly type: string;
  readonly record: Record<string, unknown>;
}

const theLastMemberStays = lie(ReplicationControl, 'brokerLeaves', (honest) => {
  return (self, ...args) => {
    const changes = honest(self, ...args) as Change[];
    for (const { type, record } of changes) {
      const isr = record['isr'];
      if (type !== 'PartitionChangeRecord' || !Array.isArray(isr) || isr.length > 0) continue;
      Object.assign(record, { isr: null, eligibleLeaderReplicas: null, lastKnownElr: null });
    }
    return changes;
  };
});

test('isr-live sees a fenced broker that stays the last member of an ISR', () => {
  const input = cluster({
    brokers: 1,
    minInSync: 1,
    runFor: 20_000,
    faults: [{ at: 1_000, kill: 'leader:orders-0', restartAfter: 15_000 }],
  });
  expect(verdictsOf(run(input))['isr-live']).toBe('holds');
  expect(verdictsOf(run(input, [theLastMemberStays]))['isr-live']).toBe('violated');
});
