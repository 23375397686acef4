import { describe, expect, test } from 'vitest';
import { ClientHistory, Outcome } from '../../../../sim/check/history/history.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import type { FateOf } from '../../../../sim/run/cap-losses.ts';
import { sendsDuring } from '../../../../sim/run/cap-writes.ts';
import type { CapReport, CapWrites, RunReport } from '../../../../sim/run/report.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';

interface Sent {
  readonly begun: number;
  readonly answered: number;
  /** By which decision, with the partition; null: by another cause; absent: it is not. */
  readonly lostBy?: number | null;
  /** Another fault may have taken it. */
  readonly unsure?: boolean;
}

/** One event per µs; the partition lasts from 100 to 200. Each list is of a producer. */
function writesOf(...lists: readonly (readonly Sent[])[]): CapWrites[] {
  const history = new ClientHistory();
  const decisions = new Map<number, number | null>();
  const isUnsure = new Set<number>();
  let offset = 0;
  const lost = lists.map((list, index) => {
    const info = { name: `p${index}`, topic: 'orders', acks: 1, idempotent: false };
    const sends = history.addProducer(info);
    for (const { begun, answered, lostBy, unsure } of list) {
      const row = sends.invoked(begun, begun);
      sends.answered(row, { event: answered, timeUs: answered }, Outcome.ok);
      decisions.set(offset, lostBy ?? null);
      if (unsure === true) isUnsure.add(offset);
      sends.landed(row, 0, offset++);
    }
    return Uint8Array.from(list, (one) => (one.lostBy === undefined ? 0 : 1));
  });
  const strike = { timeUs: 100, event: 100 } as Strike;
  const other = { ...strike, fault: 'b', verb: 'kill' } as Strike;
  const fateOf: FateOf = (_, { offset: at }) => {
    const decidedAt = decisions.get(at) ?? null;
    const others = isUnsure.has(at) ? [other] : [];
    return { decidedAt, withIt: decidedAt !== null, others };
  };
  return sendsDuring(history, { strike, untilUs: 200, lost, fateOf }).map((one) => one.writes);
}

test('what was answered only after a partition is told of, whether begun in it or before', () => {
  const [writes] = writesOf([
    { begun: 50, answered: 60 },
    { begun: 99, answered: 201, lostBy: 150 },
    { begun: 120, answered: 130 },
    { begun: 150, answered: 201, lostBy: 150 },
    { begun: 160, answered: 300, lostBy: null },
    { begun: 170, answered: 310 },
  ]);

  expect(writes).toEqual({
    acknowledged: 1,
    lost: 0,
    lostUnsure: 0,
    lostOtherwise: 0,
    earlier: 1,
    earlierLost: 0,
    earlierLostUnsure: 0,
    earlierLostOtherwise: 0,
    later: 4,
    laterLost: 2,
    laterLostUnsure: 0,
    laterLostOtherwise: 1,
    others: [],
  });
});

test('everything that is gone is told of, by how sure it is that the partition took it', () => {
  const [writes] = writesOf([
    { begun: 50, answered: 60, lostBy: 150 },
    { begun: 51, answered: 61, lostBy: 150, unsure: true },
    { begun: 52, answered: 62, lostBy: null },
    { begun: 120, answered: 130, lostBy: 150 },
    { begun: 121, answered: 131, lostBy: 150, unsure: true },
    { begun: 122, answered: 132, lostBy: null },
    { begun: 123, answered: 133, lostBy: null, unsure: true },
    { begun: 220, answered: 230, lostBy: 150, unsure: true },
  ]);

  expect(writes).toEqual({
    acknowledged: 4,
    lost: 2,
    lostUnsure: 1,
    lostOtherwise: 2,
    earlier: 3,
    earlierLost: 2,
    earlierLostUnsure: 1,
    earlierLostOtherwise: 1,
    later: 1,
    laterLost: 1,
    laterLostUnsure: 1,
    laterLostOtherwise: 0,
    others: [{ fault: 'b', verb: 'kill' }],
  });
});

describe('what was begun after a partition', () => {
  test('was lost with it when its loss was decided before: its leader was deposed', () => {
    expect(writesOf([{ begun: 220, answered: 230, lostBy: 150 }])).toMatchObject([
      { later: 1, laterLost: 1 },
    ]);
  });

  test('or when one decision took it and what had been sent before, by whomever', () => {
    const before = { begun: 150, answered: 160, lostBy: 240 };
    const after = { begun: 220, answered: 230, lostBy: 240 };

    expect(writesOf([after], [before])).toMatchObject([{ laterLost: 1 }, { lost: 1 }]);
  });

  test('and not when another decision took it', () => {
    const before = { begun: 150, answered: 160, lostBy: 205 };
    const after = { begun: 220, answered: 230, lostBy: 240 };

    expect(writesOf([before, after, { ...after, lostBy: null }])).toMatchObject([
      { later: 2, laterLost: 0 },
    ]);
  });
});

describe('of a run with acks=1', () => {
  function run(faults: NonNullable<ScenarioInput['faults']>): RunReport {
    const { scenario, problems } = parseScenario({
      name: 'late',
      cluster: {
        brokers: 3,
        topics: [
          {
            name: 'orders',
            partitions: 1,
            replicationFactor: 3,
            config: { 'min.insync.replicas': '1' },
          },
        ],
      },
      workload: [
        { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: '1' } },
        { consumer: 'c1', topic: 'orders' },
      ],
      faults,
      runFor: '20s',
    });
    if (problems !== undefined) throw new Error(JSON.stringify(problems));
    return runScenario(scenario, { seed: 1 }).report;
  }
  const followers = ['followers:orders-0', 'all:controllers', 'client:p1'];

  test('what a leader took whose answers could not leave it is lost with the partition', () => {
    const { counts, story } = run([
      { at: '2s', cut: ['leader:orders-0', followers], oneWay: true, for: '12s' },
    ]);

    expect(counts.acknowledgedLost).toBeGreaterThan(600);
    expect(story.cap).toMatchObject([
      {
        meanwhile: { acknowledged: 0 },
        earlier: { acknowledged: 100, acknowledgedLost: 0 },
        later: { acknowledged: 900, acknowledgedLost: counts.acknowledgedLost },
        clients: [{ writes: { laterLost: counts.acknowledgedLost } }, { name: 'c1' }],
        survived: false,
      },
    ]);
  });

  test('what a deposed leader took after the end is lost with the partition', () => {
    const { counts, story } = run([{ at: '2s', isolate: 'leader:orders-0' }]);

    expect(counts.acknowledgedLost).toBe(900);
    expect(story.cap).toMatchObject([
      { later: { acknowledged: 900, acknowledgedLost: 900 }, survived: false },
    ]);
  });

  test('what a power cut took long after it is not', () => {
    const { counts, story } = run([
      { at: '2s', cut: ['leader:orders-0', followers], for: '2s' },
      { at: '15s', powerCut: 'all:brokers', restartAfter: '2s' },
    ]);

    expect(counts.acknowledgedLost).toBeGreaterThan(0);
    expect(story.cap[0]?.later.acknowledged).toBeGreaterThan(0);
    expect(story.cap[0]?.later.acknowledgedLost).toBe(0);
  });

  test('nor what it took of what was acknowledged meanwhile: it is told of all the same', () => {
    const { counts, story } = run([
      { at: '2s', isolate: 'follower:orders-0', for: '2s' },
      { at: '10s', powerCut: 'all:brokers', style: 'drop-all', restartAfter: '2s' },
    ]);
    const [{ meanwhile, earlier, later, survived }] = story.cap as [CapReport];

    expect(meanwhile).toEqual({
      acknowledged: 100,
      acknowledgedLost: 0,
      lostUnsure: 0,
      lostOtherwise: 100,
    });
    const told = [meanwhile, earlier, later];
    expect(told.reduce((sum, one) => sum + one.lostOtherwise, 0)).toBe(counts.acknowledgedLost);
    expect(survived).toBe(true);
  });

  test('what another cut takes that lasts on may be charged with both their names', () => {
    const { counts, story } = run([
      { at: '2s', cut: ['leader:orders-0', 'all:controllers'], for: '15s', name: 'taking' },
      { at: '3s', cut: ['leader:orders-0', 'followers:orders-0'], for: '4s', name: 'harmless' },
      { at: '4s', isolate: 'client:c1', for: '1s', name: 'client' },
    ]);
    const [taking, harmless, client] = story.cap as [CapReport, CapReport, CapReport];

    expect(counts.acknowledgedLost).toBeGreaterThan(0);
    expect(taking.others).toEqual([{ fault: 'harmless', verb: 'cut' }]);
    expect(harmless.others).toEqual([{ fault: 'taking', verb: 'cut' }]);
    expect(harmless).toMatchObject({ survived: null });
    expect(client).toMatchObject({
      later: { acknowledgedLost: 0, lostOtherwise: counts.acknowledgedLost },
      others: [],
      survived: true,
    });
  });
});
