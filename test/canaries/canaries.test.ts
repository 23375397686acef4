/**
 * For every check at least one planted lie that it must report, in a run where it holds without
 * the lie. A canary that dies here means that a check has gone blind.
 */
import { describe, expect, test } from 'vitest';
import { BatchResults } from '../../kafka/client/producer/batch-results.ts';
import { LocalLog } from '../../kafka/log/local-log.ts';
import { Log } from '../../kafka/log/log.ts';
import { LogManager } from '../../kafka/log/log-manager.ts';
import { ProducerStateManager } from '../../kafka/log/producer-state-manager.ts';
import { computeCrc, putInt32 } from '../../kafka/records/batch.ts';
import { Partition } from '../../kafka/replication/partition.ts';
import { ReplicaFetcher } from '../../kafka/replication/replica-fetcher.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import lostAnswers from '../../scenarios/lost-ack-idempotent-does-not-duplicate.ts';
import { checkCatalog } from '../../sim/check/checks.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import {
  altered,
  type Canary,
  cluster,
  quiet,
  slowFollowersThenLeaderDies,
  twoBrokersLeaderDies,
} from './canary.ts';
import { controlCanaries } from './control-canaries.ts';
import { groupCanaries } from './group-canaries.ts';
import { type Lie, lie, run, verdictsOf } from './lie.ts';
import { untoldCanaries } from './untold-canaries.ts';

const CRC_AT = 17;
/** Which of many chances a lie takes that is told once. */
const CHANCE = 50;

const isOrders = (name: string): boolean => name === 'orders-0';

const withoutIdempotence = cluster({ idempotent: false });
const quietWithAcks0 = cluster({ acks: '0', idempotent: false });
/** What struck somebody else explains no loss of its own. */
const strangersArePausedWithAcks0 = cluster({
  acks: '0',
  idempotent: false,
  faults: [{ at: 500, pause: ['client:c1', 'follower:orders-0'], for: 1_500 }],
});
const quietWithAcks1 = cluster({ acks: '1', idempotent: false });
const slowFollowersAndAcks1 = cluster({
  acks: '1',
  idempotent: false,
  faults: slowFollowersThenLeaderDies.faults,
});
/** Nobody recovers these logs, which were flushed as they were written. */
const allDieForGood = {
  ...cluster({
    topicConfig: { 'flush.messages': '1' },
    faults: [{ at: 2_500, kill: 'all:brokers' }],
  }),
  heal: false,
};
const slowProducer = cluster({
  faults: [{ at: 0, delay: ['client:p1', 'all:brokers'], by: 15 }],
});
const aBatchIsConfirmedAndNotWritten = lie(Log, 'appendAsLeader', (honest) => {
  let calls = 0;
  return (self, ...args) => {
    if (!isOrders(self.name) || ++calls !== CHANCE) return honest(self, ...args);
    const { logEndOffset, logStartOffset } = self;
    return {
      error: ErrorCode.NONE,
      errorMessage: null,
      baseOffset: logEndOffset,
      lastOffset: logEndOffset - 1,
      appendTimeMs: -1,
      logStartOffset,
      duplicate: false,
      acknowledged: true,
    };
  };
});

const aLeaderThrowsAwayRecords = lie(Log, 'appendAsLeader', (honest) => {
  let calls = 0;
  return (self, ...args) => {
    if (isOrders(self.name) && ++calls === CHANCE) self.truncateTo(self.logEndOffset - 5);
    return honest(self, ...args);
  };
});

/** As if retention deleted all that is committed whenever something is written. */
const nothingIsKept = lie(Log, 'appendAsLeader', (honest) => {
  return (self, ...args) => {
    if (isOrders(self.name)) {
      self.maybeIncrementLogStartOffset(self.highWatermark, 'retention.ms');
    }
    return honest(self, ...args);
  };
});

const anOffsetIsToldTwice = lie(Log, 'appendAsLeader', (honest) => {
  let calls = 0;
  return (self, ...args) => {
    const appended = honest(self, ...args);
    if (!isOrders(self.name) || ++calls !== CHANCE) return appended;
    return { ...appended, baseOffset: appended.baseOffset - 1 };
  };
});

const followersCountAsLevel = lie(Partition, 'recordFollowerFetch', (honest) => {
  return (self, follower, _fetchOffset, logStartOffset, leaderLogEndOffset, brokerEpoch) =>
    honest(self, follower, leaderLogEndOffset, logStartOffset, leaderLogEndOffset, brokerEpoch);
});

const everySequenceIsTaken = lie(ProducerStateManager, 'checkClientBatch', () => {
  return () => ({ kind: 'ok' });
});

const oneBatchIsSentBack = lie(Partition, 'appendAsLeader', (honest) => {
  let calls = 0;
  return (self, batches, acks) => {
    if (!isOrders(self.name) || ++calls !== CHANCE) return honest(self, batches, acks);
    const { log } = self;
    return {
      error: ErrorCode.NOT_ENOUGH_REPLICAS,
      errorMessage: 'a lie',
      baseOffset: -1,
      lastOffset: -1,
      appendTimeMs: -1,
      logStartOffset: log?.logStartOffset ?? 0,
      duplicate: false,
      acknowledged: true,
    };
  };
});

const readsGoToTheLogEnd = lie(Log, 'read', (honest) => {
  return (self, startOffset, maxBytes, _isolation, minOneBatch) =>
    honest(self, startOffset, maxBytes, 'log_end', minOneBatch);
});

const aFollowerWritesAnotherRecord = lie(Log, 'appendAsFollower', (honest) => {
  let calls = 0;
  return (self, batches, leaderEpoch) => {
    if (!isOrders(self.name) || ++calls !== CHANCE) return honest(self, batches, leaderEpoch);
    const lied = altered(batches);
    putInt32(lied, CRC_AT, computeCrc(lied, 0));
    return honest(self, lied, leaderEpoch);
  };
});

const aFollowerSpoilsTheBytes: readonly Lie[] = [
  lie(LocalLog, 'write', (honest) => {
    let calls = 0;
    return (self, batches, nowMs) => {
      const spoilt = isOrders(self.name) && ++calls === CHANCE;
      return honest(self, spoilt ? altered(batches) : batches, nowMs);
    };
  }),
];

const theHighWatermarkStepsBack = lie(LocalLog, 'maybeIncrementHighWatermark', (honest) => {
  let calls = 0;
  return (self, offset) => {
    if (!isOrders(self.name) || ++calls !== CHANCE) return honest(self, offset);
    self.highWatermark -= 1;
    return true;
  };
});

const aNewLeaderKeepsTheOldEpoch = lie(Partition, 'makeLeader', (honest) => {
  return (self, assignment) => {
    const leaderEpoch = isOrders(self.name) ? 0 : assignment.leaderEpoch;
    return honest(self, { ...assignment, leaderEpoch });
  };
});

const followersClaimMoreThanTheyHave = lie(LocalLog, 'updateHighWatermark', (honest) => {
  return (self, offset) => {
    honest(self, offset);
    if (isOrders(self.name) && offset > 0) self.highWatermark = offset + 5;
    return self.highWatermark;
  };
});

const aLogRotsWhileItsBrokerIsDown = cluster({
  runFor: 6_000,
  faults: [
    { at: 1_000, kill: 'follower:orders-0', name: 'crash' },
    {
      at: 1_500,
      flipBit: 'struck:crash',
      file: 'orders-0/00000000000000000000.log',
      where: 'tail',
    },
    { at: 2_000, start: 'struck:crash' },
  ],
});
const everyStopWasClean = lie(LogManager, 'open', (honest) => {
  return (self, state, name, found) => honest(self, state, name, { ...found, cleanShutdown: true });
});

const anAnswerIsSwallowed = lie(BatchResults, 'succeeded', (honest) => {
  let calls = 0;
  return (self, ...args) => {
    if (++calls !== CHANCE) honest(self, ...args);
  };
});

const aFetcherStops = lie(ReplicaFetcher, 'fetch', (honest) => {
  const calls = new Map<unknown, number>();
  return (self) => {
    const count = (calls.get(self) ?? 0) + 1;
    calls.set(self, count);
    if (count < CHANCE) honest(self);
  };
});

const clientCanaries: readonly Canary[] = [
  {
    check: 'acked-durable',
    what: 'a leader confirms a batch that it did not write',
    scenario: withoutIdempotence,
    lies: [aBatchIsConfirmedAndNotWritten],
  },
  {
    check: 'acked-durable',
    what: 'a leader takes every follower for level with it and dies',
    scenario: slowFollowersThenLeaderDies,
    lies: [followersCountAsLevel],
  },
  {
    check: 'acked-durable',
    what: 'a leader throws away what it alone confirmed (acks=1)',
    scenario: quietWithAcks1,
    lies: [aLeaderThrowsAwayRecords],
  },
  {
    check: 'acked-durable',
    what: 'a batch without confirmation (acks=0) is not written although nothing struck',
    scenario: quietWithAcks0,
    lies: [aBatchIsConfirmedAndNotWritten],
  },
  {
    check: 'acked-durable',
    what: 'a batch without confirmation (acks=0) is not written although nothing struck its way',
    scenario: strangersArePausedWithAcks0,
    lies: [aBatchIsConfirmedAndNotWritten],
  },
  {
    check: 'no-dup',
    what: 'a leader takes a batch a second time',
    scenario: lostAnswers,
    lies: [everySequenceIsTaken],
  },
  {
    check: 'no-dup',
    what: 'a leader takes a batch a second time whose first copy was read and deleted',
    scenario: lostAnswers,
    lies: [nothingIsKept, everySequenceIsTaken],
    truth: [nothingIsKept],
  },
  {
    check: 'retention-bound',
    what: 'a leader deletes what was written just now',
    scenario: quiet,
    lies: [nothingIsKept],
  },
  {
    check: 'producer-order',
    what: 'a leader takes batches in any order',
    scenario: slowProducer,
    lies: [oneBatchIsSentBack, everySequenceIsTaken],
    truth: [oneBatchIsSentBack],
  },
  {
    check: 'read-stable',
    what: 'consumers are given records that are not committed',
    scenario: slowFollowersAndAcks1,
    lies: [readsGoToTheLogEnd],
  },
  {
    check: 'offset-unique',
    what: 'an offset is told twice',
    scenario: quiet,
    lies: [anOffsetIsToldTwice],
  },
  {
    check: 'log-match',
    what: 'a follower writes another record than its leader has',
    scenario: quiet,
    lies: [aFollowerWritesAnotherRecord],
  },
  {
    check: 'log-match',
    what: 'a replica writes other bytes than those it checked',
    scenario: quiet,
    lies: aFollowerSpoilsTheBytes,
  },
  {
    check: 'log-match',
    what: 'bytes that were spoiled and flushed lie in a log that nobody recovers',
    scenario: allDieForGood,
    lies: aFollowerSpoilsTheBytes,
  },
  {
    check: 'hw-mono',
    what: 'a high watermark steps back',
    scenario: quiet,
    lies: [theHighWatermarkStepsBack],
  },
  {
    check: 'hw-mono',
    what: 'a leader is elected that lacks what was committed',
    scenario: slowFollowersThenLeaderDies,
    lies: [followersCountAsLevel],
  },
  {
    check: 'one-leader-per-epoch',
    what: 'a new leader leads in the epoch of the old one',
    scenario: twoBrokersLeaderDies,
    lies: [aNewLeaderKeepsTheOldEpoch],
  },
  {
    check: 'offset-bounds',
    what: 'a follower tells a high watermark beyond its log',
    scenario: quiet,
    lies: [followersClaimMoreThanTheyHave],
  },
  {
    check: 'offset-bounds',
    what: 'consumers are given records above the high watermark',
    scenario: slowFollowersAndAcks1,
    lies: [readsGoToTheLogEnd],
  },
  {
    check: 'recovery-sound',
    what: 'a damaged log is taken for one that was closed cleanly',
    scenario: aLogRotsWhileItsBrokerIsDown,
    lies: [everyStopWasClean],
  },
  {
    check: 'produce-progress',
    what: 'a producer swallows an answer',
    scenario: quiet,
    lies: [anAnswerIsSwallowed],
  },
  {
    check: 'follower-progress',
    what: 'a follower stops to fetch',
    scenario: quiet,
    lies: [aFetcherStops],
  },
];

const canaries = [...clientCanaries, ...controlCanaries, ...groupCanaries, ...untoldCanaries];

/** By scenario: canaries that share one share its honest run. */
const honestRuns = new Map<ScenarioInput, Record<string, string>>();

function honestVerdicts({ scenario, truth }: Canary): Record<string, string> {
  if (truth !== undefined) return verdictsOf(run(scenario, truth));
  const verdicts = honestRuns.get(scenario) ?? verdictsOf(run(scenario));
  honestRuns.set(scenario, verdicts);
  return verdicts;
}

describe.each(canaries.map((one) => [one.check, one.what, one] as const))(
  '%s reports it when %s',
  (_check, _what, canary) => {
    test('and holds when nothing is wrong', () => {
      expect(honestVerdicts(canary)).toMatchObject({ [canary.check]: 'holds' });
    });

    test('the lie is found', () => {
      const report = run(canary.scenario, canary.lies);

      expect(verdictsOf(report)).toMatchObject({ [canary.check]: 'violated' });
    });
  },
);

/** In files of their own. */
const others = ['reassign-safe'];

test('every check has a canary', () => {
  const watched = new Set([...canaries.map((one) => one.check), ...others]);

  expect(checkCatalog.map((one) => one.name).filter((name) => !watched.has(name))).toEqual([]);
});
