/** Why replicas lacked a record that was lost: only what lasted while they could have copied it. */
import { describe, expect, test } from 'vitest';
import { defined } from '../../../kafka/base/assert.ts';
import type { ScenarioInput } from '../../../sim/scenario/schema.ts';
import { Scene } from '../../../viz/model/why/scene.ts';
import { troubleOf, troubleWithin } from '../../../viz/model/why/trouble.ts';

import { explain, namedFaults } from '../../../viz/model/why.ts';
import { type VizRun, vizRun } from '../../support/viz-runs.ts';

/** acks=1 on three brokers; broker-2 leads orders-0 at first. */
function lossRun(faults: ScenarioInput['faults']): VizRun {
  return vizRun({
    name: 'loss',
    cluster: {
      brokers: 3,
      topics: [{ name: 'orders', replicationFactor: 3, config: { 'min.insync.replicas': '2' } }],
    },
    workload: [
      {
        producer: 'p1',
        topic: 'orders',
        recordsPerSecond: 20,
        config: { acks: '1', 'enable.idempotence': 'false' },
      },
    ],
    faults,
    runFor: 26_000,
  });
}

/** What is told of its loss. */
function lossWith(faults: ScenarioInput['faults']): {
  readonly text: string;
  readonly faults: readonly string[];
} {
  const { store, timeline } = lossRun(faults);
  const verdicts = defined(store.identity?.report, 'the report').verdicts;
  const verdict = defined(
    verdicts.find((one) => one.name === 'acked-durable' && one.at !== null),
    'the loss',
  );
  const sentences = explain(store, timeline, defined(verdict.at, 'where'), verdict);
  return {
    text: sentences.map((one) => one.text).join('\n'),
    faults: namedFaults(store, sentences).map((event) => store.kindName(event)),
  };
}

const deposing = { at: 6_000, cut: ['broker-2', 'all:controllers'], for: 15_000 } as const;

describe('what a leader writes after it was replaced unknown to itself', () => {
  test.each([
    ['a pause', { at: 2_000, pause: 'followers:orders-0', for: 3_000 }],
    ['a cut', { at: 3_000, cut: ['broker-2', 'followers:orders-0'], for: 6_000 }],
    ['a delay', { at: 2_000, delay: ['broker-1', 'broker-2'], by: 5, for: 14_000 }],
  ] as const)('is lost because nobody follows it, not for %s before', (_name, before) => {
    const told = lossWith([{ ...before }, { ...deposing, cut: [...deposing.cut] }] as never);

    expect(told.text).toMatch(/as a leader whom nobody follows any more/);
    expect(told.text).not.toMatch(/could not copy|had not fetched|paused|broker-[13] was cut off/);
    expect(told.faults).toEqual(['fault.cut']);
  });

  test('is told of each follower by itself: one has turned away, one is cut off with it', () => {
    const told = lossWith([
      { at: 6_000, cut: ['broker-2', 'all:controllers'], for: 15_000 },
      { at: 6_000, cut: ['broker-1', 'all:controllers'], for: 15_000 },
      { at: 7_000, cut: ['broker-1', 'broker-2'], for: 14_000 },
    ]);

    expect(told.text).toMatch(
      /When broker-2 wrote orders-0 offset \d+, broker-3 already led in epoch 1/,
    );
    expect(told.text).toMatch(
      /^broker-1 could not copy orders-0 offset \d+: broker-1 was cut off/m,
    );
    expect(told.text).toMatch(/as a leader that had been replaced already/);
    expect(told.text).not.toMatch(/whom nobody follows/);
  });
});

describe('what a leader wrote before it lost its power', () => {
  test('is told with what kept each follower from it', () => {
    const told = lossWith([
      { at: 4_000, pause: 'broker-1', for: 3_000 },
      { at: 4_500, cut: ['broker-2', 'broker-3'], for: 3_000 },
      { at: 5_000, powerCut: 'broker-2', restartAfter: 12_000 },
    ]);

    expect(told.text).toMatch(
      /broker-1 and broker-3 could not copy .*: broker-1 was paused; broker-3 was cut off from broker-2/,
    );
  });

  test('is not told with what struck a follower only when the leader was gone', () => {
    const told = lossWith([
      { at: 4_500, cut: ['broker-2', 'broker-3'], for: 3_000 },
      { at: 4_500, cut: ['broker-2', 'broker-1'], for: 400 },
      { at: 4_600, delay: ['broker-2', 'broker-1'], by: 900, for: 1_000 },
      { at: 5_000, powerCut: 'broker-2', restartAfter: 12_000 },
      { at: 5_100, pause: 'broker-3', for: 1_000 },
    ]);

    expect(told.text).toMatch(/broker-3 was cut off from broker-2/);
    expect(told.text).not.toMatch(/paused/);
  });
});

test('a delay is a trouble only where it left no time for questions and their answers', () => {
  const { store, timeline } = lossRun([
    { at: 2_000, delay: ['broker-1', 'broker-2'], by: 5, for: 3_000 },
    { at: 6_000, delay: ['broker-1', 'broker-2'], by: 900, for: 3_000 },
  ]);
  const scene = new Scene(store, timeline);
  const [short, , long] = [0, 1, 2].map((place) => store.listOf('fault.delay').at(place));
  const within = (event: number | undefined, lastsMs: number) => {
    const from = defined(event, 'the delay') + 1;
    const until = store.eventAtTime(store.timeUs(from) + lastsMs * 1_000);
    return troubleWithin(scene, 'broker-1', { from, until, peers: ['broker-2'] })?.words ?? null;
  };

  expect(within(short, 10)).toBe('broker-1 had a delayed link to broker-2');
  expect(within(short, 1_000)).toBeNull();
  expect(within(long, 1_000)).toBe('broker-1 had a delayed link to broker-2');
});

test('what is patient for seconds does not mind a delay of a few ms', () => {
  const { store, timeline } = lossRun([
    { at: 2_000, delay: ['broker-2', 'all:controllers'], by: 5, for: 3_000 },
  ]);
  const event = store.listOf('fault.delay').at(0) + 1;
  const words = (patienceMs: number) => {
    const around = { event, peers: ['controller-101'], patienceMs };
    return troubleOf(new Scene(store, timeline), 'broker-2', around)?.words ?? null;
  };

  expect(words(10)).toBe('broker-2 had a delayed link to controller-101');
  expect(words(9_000)).toBeNull();
});
