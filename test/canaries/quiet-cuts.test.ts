/**
 * Cuts of committed records that are fetched again at once, records that are others for one step,
 * and votes that are kept in memory.
 */
import { describe, expect, test } from 'vitest';
import type { Log } from '../../kafka/log/log.ts';
import { Fetcher } from '../../kafka/raft/fetcher.ts';
import { QuorumStateFile } from '../../kafka/raft/quorum-state-file.ts';
import { baseOffsetAt, batchSizeAt, computeCrc, putInt32 } from '../../kafka/records/batch.ts';
import { ReplicaFetcher } from '../../kafka/replication/replica-fetcher.ts';
import { altered, cluster } from './canary.ts';
import { type Lie, lie, run, verdictsOf } from './lie.ts';

const CHANCE = 50;
const MANY = 20;
const FEW = 6;

/** An in-sync follower cuts what is committed and fetches it anew, in the next step. */
const aFollowerCutsAndFetchesAgain = lie(ReplicaFetcher, 'append', (honest) => {
  let calls = 0;
  return (self, entry, log, answer) => {
    const result = honest(self, entry, log, answer);
    const to = log.highWatermark - MANY;
    if (log.name !== 'orders-0' || ++calls % CHANCE !== 0 || to <= log.logStartOffset) {
      return result;
    }
    log.truncateTo(to);
    (self as unknown as { moveTo(entry: unknown, log: unknown): void }).moveTo(entry, log);
    return result;
  };
});

const CRC_AT = 17;
interface Followed {
  readonly partition: { readonly log: Log | null };
}
interface FetcherInside {
  readonly followed: ReadonlyMap<unknown, Followed>;
  moveTo(entry: Followed, log: Log): void;
}

/**
 * While nobody writes, a follower puts another record in the place of its last one, and fetches the
 * true one again with the next answer. No high watermark moves, and in the end all is well.
 */
const aRecordIsAnotherForAWhile = lie(ReplicaFetcher, 'apply', (honest) => {
  let quietFor = 0;
  let endBefore = 0;
  let lied: { readonly log: Log; readonly from: number; mended: boolean } | null = null;
  return (self, response) => {
    honest(self, response);
    const fetcher = self as unknown as FetcherInside;
    for (const entry of fetcher.followed.values()) {
      const { log } = entry.partition;
      if (log === null || log.name !== 'orders-0') continue;
      if (lied?.log === log && !lied.mended) {
        log.truncateTo(lied.from);
        fetcher.moveTo(entry, log);
        lied.mended = true;
      }
      quietFor = log.logEndOffset === endBefore ? quietFor + 1 : 0;
      endBefore = log.logEndOffset;
      if (lied !== null || quietFor < FEW || log.highWatermark < MANY) continue;
      const last = lastBatch(log);
      const other = altered(last);
      putInt32(other, CRC_AT, computeCrc(other, 0));
      lied = { log, from: baseOffsetAt(last, 0), mended: false };
      log.truncateTo(lied.from);
      log.appendAsFollower(other, log.latestEpoch);
    }
  };
});

function lastBatch(log: Log): Uint8Array {
  const { records } = log.read(log.logEndOffset - 1, 1_000_000, 'log_end', true);
  let at = 0;
  while (at + batchSizeAt(records, at) < records.length) at += batchSizeAt(records, at);
  return records.slice(at);
}

/** The same of a voter and the metadata log. */
const aVoterCutsAndFetchesAgain = lie(Fetcher, 'apply', (honest) => {
  let calls = 0;
  return (self, answer) => {
    const result = honest(self, answer);
    const { log, quorum, target } = self as unknown as {
      log: { log: { truncateTo(offset: number): void } };
      quorum: { local: { canVote: boolean } };
      target: { highWatermark: number };
    };
    if (result && quorum.local.canVote && target.highWatermark > MANY && ++calls % FEW === 0) {
      log.log.truncateTo(target.highWatermark - FEW);
    }
    return result;
  };
});

/** A voter would have forgotten it when it restarts. */
const votesAreNotWritten = lie(QuorumStateFile, 'write', (honest) => {
  return (self, state, format) => honest(self, { ...state, voted: null }, format);
});

function judged(input: ReturnType<typeof cluster>, lies: readonly Lie[]): Record<string, string> {
  return verdictsOf(run(input, lies));
}

describe('a cut of committed records that is mended before anybody asks', () => {
  const input = cluster({ runFor: 4_000 });

  test('is seen in the log of an in-sync replica', () => {
    expect(judged(input, [])['candidate-complete']).toBe('holds');
    const lied = judged(input, [aFollowerCutsAndFetchesAgain]);
    expect(lied['candidate-complete']).toBe('violated');
  });

  test('is seen in a topic that was made anew, of which the former one has replicas, too', () => {
    const createTopic = { name: 'orders', replicationFactor: 3 };
    const kill = { at: 100, kill: 'follower:orders-0', restartAfter: 1_000 };
    const once = cluster({ runFor: 8_000, faults: [kill] });
    const anew = {
      ...once,
      cluster: { ...once.cluster, config: { 'auto.create.topics.enable': false } },
      operations: [
        { at: 200, by: 'operator', deleteTopic: 'orders' },
        { at: 300, by: 'operator', createTopic },
      ],
    };
    expect(judged(anew, [])['candidate-complete']).toBe('holds');
    const lied = judged(anew, [aFollowerCutsAndFetchesAgain]);
    expect(lied['candidate-complete']).toBe('violated');
  });

  test('is seen in the log of a voter', () => {
    const three = cluster({ controllers: 3, runFor: 8_000 });
    expect(judged(three, [])['raft-durable']).toBe('holds');
    expect(judged(three, [aVoterCutsAndFetchesAgain])['raft-durable']).toBe('violated');
  });
});

describe('a record that is another one until it is fetched again', () => {
  const input = cluster({ runFor: 6_000 });
  const workload = input.workload?.map((entry) =>
    'producer' in entry ? { ...entry, stopAt: 1_000 } : entry,
  );
  const quiet = { ...input, workload };

  test.each(['strong-isr', 'log-match'])('is seen by %s', (check) => {
    expect(judged(quiet, [])[check]).toBe('holds');
    expect(judged(quiet, [aRecordIsAnotherForAWhile])[check]).toBe('violated');
  });
});

describe('a leader of the quorum', () => {
  test('counts only votes that were written to disk', () => {
    const three = cluster({
      controllers: 3,
      runFor: 8_000,
      faults: [{ at: 2_000, kill: 'controller:leader', restartAfter: 300 }],
    });
    expect(judged(three, [])['one-leader-per-epoch']).toBe('holds');
    expect(judged(three, [votesAreNotWritten])['one-leader-per-epoch']).toBe('violated');
  });
});
