import { describe, expect, test } from 'vitest';
import { type Consumer, GroupLab, pollAll } from './group-lab.ts';

function started(partitions = 4, config: Record<string, string> = {}): GroupLab {
  const lab = new GroupLab({ config });
  lab.createTopic('orders', { partitions, replicas: 2 });
  return lab;
}

function offsetsOf(result: ReturnType<Consumer['poll']>): number[] {
  return result.kind === 'polled' ? result.records.map(({ offset }) => offset) : [];
}

test('two consumers share the partitions, and one that closes gives its own to the other', () => {
  const lab = started();
  const [c1, c2] = [lab.addConsumer('c1'), lab.addConsumer('c2')];
  c1.subscribe('orders');
  c2.subscribe('orders');
  pollAll(lab, [c1, c2], 4_000);
  expect([c1.owned, c2.owned]).toEqual(['orders-0,orders-1', 'orders-2,orders-3']);

  c2.ask({ kind: 'close', timeoutMs: 5_000 });
  pollAll(lab, [c1], 5_000);
  expect(c1.owned).toBe('orders-0,orders-1,orders-2,orders-3');
});

test('a commit is where the next member begins', () => {
  const lab = started(1);
  lab.produce(lab.leaderOf('orders-0'), { records: 10 });
  const c1 = lab.addConsumer('c1', { 'max.poll.records': '4', 'enable.auto.commit': 'false' });
  c1.subscribe('orders');
  expect(offsetsOf(c1.poll(5_000))).toEqual([0, 1, 2, 3]);
  expect(c1.ask({ kind: 'commit', mode: 'sync', offsets: null }).kind).toBe('done');
  c1.poll();
  c1.ask({ kind: 'close', timeoutMs: 5_000 });

  const c2 = lab.addConsumer('c2');
  c2.subscribe('orders');
  expect(offsetsOf(c2.poll(5_000))[0]).toBe(4);
  const asked = c2.ask({ kind: 'committed', partitions: [{ topic: 'orders', partition: 0 }] });
  expect(asked).toMatchObject({ kind: 'offsets', offsets: [{ offset: 4 }] });
});

test('records that were fetched before their partition was given up are not handed out', () => {
  const lab = started(2);
  for (const index of [0, 1]) {
    lab.produce(lab.leaderOf(`orders-${index}`), { records: 30 }, 'orders', index);
  }
  const c1 = lab.addConsumer('c1', { 'max.poll.records': '5' });
  c1.subscribe('orders');
  expect(offsetsOf(c1.poll(5_000))).toEqual([0, 1, 2, 3, 4]);
  const c2 = lab.addConsumer('c2', { 'max.poll.records': '5' });
  c2.subscribe('orders');
  const given = new Map<string, number>();
  const takeAll = (): void => {
    const polls = [c1, c2].map((one) => one.send({ kind: 'poll', timeoutMs: 200 }));
    lab.until(() => polls.every((poll) => poll.result !== null), 70_000, 1);
    for (const { result } of polls) {
      if (result?.kind !== 'polled') continue;
      for (const { partition, offset } of result.records) {
        const key = `${partition}-${offset}`;
        given.set(key, (given.get(key) ?? 0) + 1);
      }
    }
  };
  for (let i = 0; i < 60; i++) takeAll();

  expect([...given.values()].every((times) => times === 1)).toBe(true);
  expect(given.size).toBe(55);
});

test('cooperative members read on what they keep while a round goes on', () => {
  const lab = started();
  const config = { 'partition.assignment.strategy': 'cooperative-sticky' };
  const [c1, c2] = [lab.addConsumer('c1', config), lab.addConsumer('c2', config)];
  c1.subscribe('orders');
  pollAll(lab, [c1], 3_000);
  expect(c1.owned.split(',')).toHaveLength(4);
  c2.subscribe('orders');
  pollAll(lab, [c1, c2], 8_000);

  expect(c1.owned.split(',')).toHaveLength(2);
  expect(c2.owned.split(',')).toHaveLength(2);
  const revoked = lab
    .told('consumer.owns')
    .filter((one) => one[1] === 'c1' && one[8] === 'revoked');
  expect(revoked.map((one) => String(one[6]).split(',').length)).toEqual([2]);
});

test('a consumer that does not poll in time leaves, and its commit fails', () => {
  const lab = started(1);
  const c1 = lab.addConsumer('c1', { 'max.poll.interval.ms': '2000' });
  c1.subscribe('orders');
  pollAll(lab, [c1], 2_000);
  lab.advance(2_500);

  expect(lab.told('group.left').at(-1)?.at(-1)).toBe('consumer poll timeout has expired.');
  const offsets = [{ topic: 'orders', partition: 0, offset: 1, leaderEpoch: -1, metadata: '' }];
  expect(c1.ask({ kind: 'commit', mode: 'sync', offsets })).toMatchObject({
    kind: 'failed',
    error: 'CommitFailedException',
  });
  pollAll(lab, [c1], 2_000);
  expect(lab.told('consumer.owns').some((one) => one[8] === 'lost')).toBe(true);
  expect(c1.owned).toBe('orders-0');
});

test('with no reset policy and nothing committed, polls raise an exception', () => {
  const lab = started(1);
  const c1 = lab.addConsumer('c1', { 'auto.offset.reset': 'none' });
  c1.subscribe('orders');

  expect(c1.poll(5_000)).toMatchObject({ kind: 'failed', error: 'NoOffsetForPartitionException' });
});

test('a member that is the only one is given the partitions that its topic gets later', () => {
  const lab = started(1);
  const c1 = lab.addConsumer('c1', {
    'metadata.max.age.ms': '1000',
    'allow.auto.create.topics': 'false',
  });
  c1.subscribe('orders', 'payments');
  pollAll(lab, [c1], 2_000);
  lab.createTopic('payments', { partitions: 2, replicas: 2 });
  pollAll(lab, [c1], 5_000);

  expect(c1.owned.split(',').sort()).toEqual(['orders-0', 'payments-0', 'payments-1']);
});

describe('without group.id', () => {
  test.each([
    { kind: 'subscribe', topics: ['orders'], commitOnRevoke: false, tellAssignment: false },
    { kind: 'commit', mode: 'sync', offsets: null },
  ] as const)('a consumer cannot $kind', (command) => {
    const lab = started(1);
    lab.world.addNode({ ...lab.addConsumer('c0').spec('c1') });
    lab.world.start('c1');
    const answer: { result: unknown } = { result: null };
    lab.world.command('c1', command, (result) => {
      answer.result = result;
    });
    lab.advance(100);

    expect(answer.result).toMatchObject({ kind: 'failed', error: 'InvalidGroupIdException' });
  });
});
