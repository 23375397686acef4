import { expect, test } from 'vitest';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { Lab } from './lab.ts';

test('a broker whose only directory fails halts, and another leads', () => {
  const lab = new Lab({ brokers: 3 });
  lab.untilRunning(1, 2, 3);
  lab.createTopic('orders', { config: { 'min.insync.replicas': '2' } });
  const leader = lab.leaderOf();
  lab.produce(leader);
  lab.world.diskError(`broker-${leader}`, { code: 'EIO', pathPrefix: '/data/orders-0' });

  lab.produceLater(leader);
  lab.advance(1000);

  expect(lab.world.node(`broker-${leader}`).state).toBe('halted');
  lab.until(() => lab.leaderOf() !== leader);
  expect(lab.produce(lab.leaderOf())).toMatchObject({ errorCode: ErrorCode.NONE });
});

test('with another directory left the broker lives on and refuses only what lay in the failed one', () => {
  const config = { 'log.dirs': '/data,/more', 'metadata.log.dir': '/meta' };
  const lab = new Lab({ brokers: 1, config });
  lab.untilRunning(1);
  lab.createTopic('orders', { replicas: 1, partitions: 2 });
  lab.produce(1, {}, 'orders', 0);
  const directories = [0, 1].map((i) => lab.partition(1, 'orders', i).log?.logDirectory.path);
  expect(new Set(directories)).toEqual(new Set(['/data', '/more']));
  lab.world.diskError('broker-1', { code: 'EIO', pathPrefix: directories[0] as string });

  expect(lab.produce(1, {}, 'orders', 0).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
  expect(lab.produce(1, {}, 'orders', 1).errorCode).toBe(ErrorCode.NONE);
  expect(lab.produce(1, {}, 'orders', 0).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
  expect(lab.partition(1, 'orders', 0).log).toBe(null);
  lab.advance(60_000);
  expect(lab.stateOf(1)).toBe('RUNNING');
});

test('a broker killed in the middle of a disk write comes back and catches up', () => {
  const lab = new Lab({ brokers: 3 });
  lab.untilRunning(1, 2, 3);
  lab.createTopic('orders');
  const leader = lab.leaderOf();
  lab.produce(leader, { records: 3 });
  lab.world.crashInStep(`broker-${leader}`, { afterDiskCalls: 1, when: 'torn' });
  lab.produceLater(leader, { records: 3 });
  lab.until(() => lab.leaderOf() !== leader);

  lab.produce(lab.leaderOf(), { records: 2 });
  lab.world.start(`broker-${leader}`);
  lab.until(() => lab.isrOf().split(',').length === 3);
  lab.advance(1000);

  const ends = [1, 2, 3].map((id) => lab.partition(id).log?.logEndOffset);
  expect(new Set(ends).size).toBe(1);
});
