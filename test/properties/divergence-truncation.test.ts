import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Log } from '../../kafka/log/log.ts';
import { divergenceTruncation } from '../../kafka/protocol/truncation.ts';
import { OffsetsOnly } from '../unit/replication/harness.ts';

/** A log told by the epoch of each of its records: equal offset and epoch means equal record. */
type Records = number[];

/**
 * A new epoch in which `leader` begins to lead. Each follower named is truncated to what it has
 * in common with the leader and copies up to `copied` records more; then the leader writes.
 */
interface Epoch {
  leader: number;
  followers: { replica: number; copied: number }[];
  writes: number;
}

const REPLICAS = 3;

function commonPrefix(a: Records, b: Records): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function logsAfter(epochs: readonly Epoch[]): Records[] {
  const logs: Records[] = Array.from({ length: REPLICAS }, () => []);
  epochs.forEach(({ leader, followers, writes }, epoch) => {
    const log = logs[leader] as Records;
    for (let i = 0; i < writes; i++) log.push(epoch);
    for (const { replica, copied } of followers) {
      if (replica === leader) continue;
      const kept = commonPrefix(logs[replica] as Records, log);
      logs[replica] = log.slice(0, kept + copied);
    }
  });
  return logs;
}

/** As a replica keeps it; a leader also notes its own epoch, written to or not. */
function asLog(records: Records, leadsEpoch: number | null): OffsetsOnly {
  const log = new OffsetsOnly();
  log.logEndOffset = records.length;
  records.forEach((epoch, offset) => {
    if (epoch !== log.latestEpoch) log.assignEpochStart(epoch, offset);
  });
  if (leadsEpoch !== null) log.assignEpochStart(leadsEpoch, records.length);
  return log;
}

const epochArbitrary = fc.record({
  leader: fc.nat(REPLICAS - 1),
  followers: fc.array(fc.record({ replica: fc.nat(REPLICAS - 1), copied: fc.nat(3) }), {
    maxLength: 3,
  }),
  writes: fc.nat(3),
});

test('rounds of truncation leave a follower with a prefix of its leader, and nothing less', () => {
  fc.assert(
    fc.property(fc.array(epochArbitrary, { maxLength: 12 }), (epochs) => {
      const logs = logsAfter(epochs);
      const leader = asLog(logs[0] as Records, epochs.length);
      let records = logs[1] as Records;
      const shared = commonPrefix(logs[0] as Records, records);

      for (let round = 0; ; round++) {
        expect(round).toBeLessThan(epochs.length + 2);
        const follower = asLog(records, null);
        if (follower.latestEpoch < 0) break;
        const end = leader.endOffsetForEpoch(follower.latestEpoch);
        if (end.epoch < 0) break;
        const diverges = end.epoch < follower.latestEpoch || end.endOffset < records.length;
        if (!diverges) break;
        records = records.slice(0, divergenceTruncation(follower as unknown as Log, end));
      }

      if (asLog(records, null).latestEpoch >= 0 || records.length === 0) {
        expect(records).toEqual((logs[0] as Records).slice(0, records.length));
        expect(records.length).toBe(shared);
      }
    }),
  );
});
