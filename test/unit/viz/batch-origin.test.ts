import { expect, test } from 'vitest';
import { originOf, originWords } from '../../../viz/model/batch-origin.ts';
import { quietCluster, storyRun, vizRun } from '../../support/viz-runs.ts';

const idempotent = vizRun({
  ...quietCluster,
  name: 'two-producers',
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 40, config: { 'linger.ms': '50' } },
    { producer: 'p2', topic: 'orders', recordsPerSecond: 10 },
  ],
});

test('every record of an idempotent producer has its id, and sequences without a gap', () => {
  const { store, timeline } = idempotent;
  const { logs } = timeline.index;
  const next = new Map<string, number>();
  let batches = 0;
  for (const partition of ['orders-0', 'orders-1']) {
    const end = timeline.stateAt(store.count).partitions[partition]!.highWatermark;
    for (let offset = 0; offset < end; ) {
      const origin = originOf({ store, logs }, partition, { offset, leaderEpoch: 0 })!;
      const { client, producer } = origin;
      expect(['p1', 'p2']).toContain(client);
      const key = `${partition} ${producer!.id} ${client}`;
      expect(producer).toMatchObject({ epoch: 0, baseSequence: next.get(key) ?? 0 });
      next.set(key, producer!.baseSequence + origin.endOffset - origin.baseOffset);
      expect(origin.baseOffset).toBe(offset);
      offset = origin.endOffset;
      batches += 1;
    }
  }
  expect(batches).toBeGreaterThan(20);
  expect(new Set([...next.keys()].map((key) => key.split(' ').slice(1).join()))).toHaveProperty(
    'size',
    2,
  );
});

test('what a follower copied is told by the leader of its epoch, also after an election', () => {
  const { store, timeline } = storyRun('acks-all-survives-leader-crash');
  const { logs } = timeline.index;
  const partition = timeline.stateAt(store.count).partitions['orders-0']!;
  const follower = Object.values(partition.replicas).find((one) => one.role === 'follower')!;
  const epochs = follower.extents.map(({ baseOffset, leaderEpoch }) => {
    const told = originOf({ store, logs }, 'orders-0', { offset: baseOffset, leaderEpoch });
    return [leaderEpoch, told?.client, told?.baseOffset];
  });

  expect(epochs.length).toBeGreaterThan(1);
  for (const [i, extent] of follower.extents.entries()) {
    expect(epochs[i]).toEqual([extent.leaderEpoch, 'p1', extent.baseOffset]);
  }
});

test('without idempotence only the client is known', () => {
  const { store, timeline } = storyRun('acks-1-loses-an-acknowledged-record');
  const { logs } = timeline.index;
  const origin = originOf({ store, logs }, 'orders-0', { offset: 5, leaderEpoch: 0 });

  expect(originWords(origin)).toBe('from p1');
  expect(originOf({ store, logs }, 'orders-0', { offset: 5, leaderEpoch: 7 })).toBeNull();
  const producer = { id: 1_000, epoch: 0, baseSequence: 2 ** 31 - 2 };
  expect(originWords({ client: 'p1', producer, baseOffset: 10, endOffset: 14 })).toBe(
    'from p1: producer id 1000, epoch 0, sequences 2147483646–1',
  );
});
