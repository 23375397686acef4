import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../kafka/base/text.ts';
import { parsePartitionDirectory } from '../../../kafka/log/file-names.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { append, batchOf, LogLab, TOPIC_ID } from '../../support/log-lab.ts';

function text(lab: LogLab, path: string): string {
  const bytes = lab.disk.contents(path);
  return decodeText(bytes, 0, bytes.length);
}

describe('clean and unclean stops', () => {
  test('a clean stop leaves a marker with the broker epoch, removed at the next load', () => {
    const lab = new LogLab();
    lab.manager.load();
    append(lab.log(), 0, batchOf(3));
    expect(lab.stop(42)).toBe(true);
    expect(text(lab, '/data/.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":42}');

    lab.boot();
    expect(lab.manager.previousBrokerEpoch).toBe(42);
    expect(lab.disk.exists('/data/.kafka_cleanshutdown')).toBe(false);
    expect(lab.log().recoveryPoint).toBe(3);
    lab.disk.kill();
    lab.boot();
    expect(lab.manager.previousBrokerEpoch).toBe(-1);
    expect(lab.log().logEndOffset).toBe(3);
  });

  test('a directory that was never loaded gets no marker', () => {
    const lab = new LogLab();
    expect(lab.stop()).toBe(true);
    expect(lab.disk.exists('/data/.kafka_cleanshutdown')).toBe(false);
  });

  test('the high watermark comes back from its checkpoint, at most the log end', () => {
    const lab = new LogLab();
    lab.manager.load();
    lab.manager.startBackgroundTasks();
    append(lab.log(), 0, batchOf(5));
    lab.log().updateHighWatermark(4);
    lab.advance(5000);
    lab.endFlushes();
    lab.advance(5000);
    lab.endFlushes();
    expect(text(lab, '/data/replication-offset-checkpoint')).toBe('0\n1\norders 0 4\n');
    lab.disk.kill();
    lab.boot();
    expect(lab.log().highWatermark).toBe(4);
  });

  test('after a power cut the log ends before the first torn batch and says so', () => {
    const lab = new LogLab();
    lab.manager.load();
    append(lab.log(), 1, batchOf(2));
    lab.log().flush();
    lab.endFlushes();
    append(lab.log(), 1, batchOf(2, { valueBytes: 9000 }));
    lab.disk.powerCut('drop-all');
    lab.told = [];
    lab.boot();
    expect(lab.log().logEndOffset).toBe(2);
    expect(lab.told).toContainEqual({
      kind: 'log.recovered',
      fields: ['orders-0', 0, 2, 'unclean'],
    });
  });

  test('a lost index is rebuilt', () => {
    const lab = new LogLab({ indexIntervalBytes: 0 });
    lab.manager.load();
    for (let i = 0; i < 5; i++) append(lab.log(), 0, batchOf(1));
    lab.stop();
    const index = '/data/orders-0/00000000000000000000.index';
    const before = lab.disk.contents(index);
    lab.disk.remove(index);
    lab.boot();
    expect(lab.disk.contents(index)).toEqual(before);
    expect(before.length).toBe(32);
  });
});

describe('failed log directories', () => {
  test('from the first failed write on, appends and reads are refused and the owner is told once', () => {
    const lab = new LogLab();
    lab.manager.load();
    const log = lab.log();
    append(log, 0, batchOf(1));
    lab.disk.failWith = 'EIO';
    expect(log.appendAsLeader(batchOf(1), 0, 'client').error).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
    lab.disk.failWith = null;

    expect(log.appendAsLeader(batchOf(1), 0, 'client').error).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
    expect(log.appendAsFollower(batchOf(1), 0).error).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
    expect(log.read(0, 1000, 'log_end', true).error).toBe(ErrorCode.KAFKA_STORAGE_ERROR);
    expect(lab.failed.map((directory) => directory.path)).toEqual(['/data']);
    expect(lab.manager.getOrCreateLog('orders', 0, TOPIC_ID)).toBeNull();
    expect(lab.told.filter((event) => event.kind === 'log.dir.failed').length).toBe(1);
  });

  test('a failed flush fails what waits for it', () => {
    const lab = new LogLab({ flushMessages: 1 });
    const log = lab.log();
    lab.endFlushes();
    append(log, 0, batchOf(1));
    const outcomes: (string | null)[] = [];
    log.whenAcknowledged(1, (outcome) => outcomes.push(outcome));
    log.flush((error) => outcomes.push(error));
    lab.disk.endFlush(lab.environment.flushed, 0, 'EIO');
    expect(outcomes).toEqual(['EIO', 'failed']);
    expect(log.isOnline).toBe(false);
  });

  test('one directory fails, the logs of the other go on', () => {
    const lab = new LogLab({}, 'lab', { 'log.dirs': '/data,/data2' });
    lab.manager.load();
    const [first, second] = [lab.log(0), lab.log(1)];
    expect([first.directory, second.directory]).toEqual(['/data/orders-0', '/data2/orders-1']);
    lab.disk.failWith = 'ENOSPC';
    lab.disk.failPrefix = '/data2';
    append(first, 0, batchOf(1));
    expect(second.appendAsLeader(batchOf(1), 0, 'client').error).toBe(
      ErrorCode.KAFKA_STORAGE_ERROR,
    );
    append(first, 0, batchOf(1));
    expect(lab.manager.get('orders', 1)).toBeNull();
  });
});

describe('deleting and re-creating', () => {
  test('a deleted log is renamed at once and removed later', () => {
    const lab = new LogLab({ fileDeleteDelayMs: 1000 });
    lab.manager.load();
    append(lab.log(), 0, batchOf(1));
    lab.manager.deleteLog('orders', 0, 'topic-deleted');
    const [renamed] = lab.disk.list('/data').filter((name) => name.endsWith('-delete'));
    expect(renamed).toMatch(/^orders-0\.[0-9a-f]{32}-delete$/);
    lab.endFlushes();
    lab.advance(1000);
    expect(lab.disk.list('/data').filter((name) => name.includes('orders'))).toEqual([]);
    expect(lab.failed).toEqual([]);
  });

  test('a log left by an older topic of the same name is not taken over', () => {
    const lab = new LogLab();
    lab.manager.load();
    append(lab.log(), 0, batchOf(1));
    lab.stop();
    lab.boot();
    const log = lab.manager.getOrCreateLog('orders', 0, 'AAAAAAAAAAAAAAAAAAAAAg');
    expect(log?.logEndOffset).toBe(0);
    expect(lab.failed).toEqual([]);
  });

  test('only partition directories are taken for logs', () => {
    expect(parsePartitionDirectory('a-b.c_d-12')).toEqual({ topic: 'a-b.c_d', partition: 12 });
    expect(parsePartitionDirectory('orders')).toBeNull();
    expect(parsePartitionDirectory('orders-0.00-delete')).toBeNull();
  });

  test('a directory of another cluster is not used', () => {
    const lab = new LogLab();
    const [directory] = lab.manager.directories;
    if (directory === undefined) throw new Error('no directory');
    const owner = { clusterId: 'c1', nodeId: 1, newDirectoryId: () => TOPIC_ID };
    expect(lab.manager.formatted(directory, owner)?.directoryId).toBe(TOPIC_ID);
    expect(lab.manager.formatted(directory, owner)).not.toBeNull();
    expect(lab.manager.formatted(directory, { ...owner, clusterId: 'c2' })).toBeNull();
  });
});
