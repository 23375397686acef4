/** Cuts of committed records that are fetched again at once, and votes that are kept in memory. */
import { describe, expect, test } from 'vitest';
import { Fetcher } from '../../kafka/raft/fetcher.ts';
import { QuorumStateFile } from '../../kafka/raft/quorum-state-file.ts';
import { ReplicaFetcher } from '../../kafka/replication/replica-fetcher.ts';
import { cluster } from './canary.ts';
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

  test('is seen in the log of a voter', () => {
    const three = cluster({ controllers: 3, runFor: 8_000 });
    expect(judged(three, [])['raft-durable']).toBe('holds');
    expect(judged(three, [aVoterCutsAndFetchesAgain])['raft-durable']).toBe('violated');
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
