import pico from 'picocolors';
import { describe, expect, test } from 'vitest';
import { sideBySide } from '../../../cli/report/side-by-side.ts';
import { type StoryOptions, storyLines } from '../../../cli/report/story.ts';
import { nodeNames } from '../../../cli/report/words.ts';
import type { TimelineEntry, TimelineKind } from '../../../sim/run/report.ts';
import { fakeReport } from './fake-report.ts';

const options: StoryOptions = {
  width: 90,
  colors: pico.createColors(false),
  verbose: false,
  replay: 'trial run small --seed 7',
  eventWords: (event) => `event ${event} in words`,
};
const entry = (timeMs: number, kind: TimelineKind, text: string): TimelineEntry => ({
  timeMs,
  event: timeMs,
  kind,
  text,
});

const rich = fakeReport({
  counts: {
    sent: 8000,
    acknowledged: 7900,
    acknowledgedLost: 412,
    duplicated: 0,
    reordered: 2,
    consumed: 7488,
  },
  verdicts: [
    {
      name: 'acked-durable',
      verdict: 'allowed',
      allowedBy: 'acks=1',
      at: 2310,
      evidence: [2101, 2188],
      explanation: 'orders-0 offset 41: p1-17 was acknowledged and is in no log',
    },
    {
      name: 'no-dup',
      verdict: 'violated',
      allowedBy: null,
      at: 900,
      evidence: [],
      explanation: 'p1-3 is in orders-0 twice',
    },
    {
      name: 'log-match',
      verdict: 'holds',
      allowedBy: null,
      at: null,
      evidence: [],
      explanation: 'all replicas agree',
    },
  ],
  expectations: [
    { name: 'counts.acknowledgedLost', expected: { atLeast: 1 }, actual: 412, met: true },
    { name: 'acked-durable', expected: 'allowed', actual: 'allowed', met: true },
    { name: 'no-dup', expected: ['holds', 'allowed'], actual: 'violated', met: false },
  ],
  met: false,
  story: {
    claim: 'D2',
    story: 'The leader confirms a record that no follower has. It loses power.',
    timeline: [
      entry(
        2000,
        'fault',
        'cut: broker-1 | broker-2, broker-3 (leader:orders-0 | followers:orders-0)',
      ),
      entry(13204.5, 'leader', 'orders-0: broker-2 leads in epoch 1 (fenced; in sync 2,3)'),
      entry(40000, 'phase', 'everything is healed'),
    ],
    clients: [
      {
        name: 'p1',
        kind: 'producer',
        topic: 'orders',
        sent: 8000,
        acknowledged: 7900,
        acknowledgedLost: 412,
        duplicated: 0,
        reordered: 2,
        failed: 3,
        unknown: 97,
        unanswered: 0,
        consumed: 0,
        polls: 0,
        reorderedAcrossPartitions: 0,
        errors: { REQUEST_TIMED_OUT: 97 },
        latencyMs: { p50: 2.134, p95: 3.5, p99: 120.4, max: 9012 },
        unavailable: [{ fromMs: 4000, untilMs: 13204.5 }],
      },
    ],
    cap: [
      {
        fault: '0',
        fromMs: 2000,
        untilMs: 4000,
        wholeMs: 4000,
        oneWay: false,
        sides: [
          {
            targets: 'leader:orders-0',
            nodes: ['broker-1'],
            brokers: true,
            acknowledged: 400,
            acknowledgedLost: 400,
            lostUnsure: 0,
            lostOtherwise: 0,
            writable: true,
          },
          {
            targets: 'followers:orders-0',
            nodes: ['broker-2', 'broker-3'],
            brokers: true,
            acknowledged: 0,
            acknowledgedLost: 0,
            lostUnsure: 0,
            lostOtherwise: 0,
            writable: false,
          },
        ],
        elsewhere: { acknowledged: 0, acknowledgedLost: 0, lostUnsure: 0, lostOtherwise: 0 },
        attempted: 500,
        meanwhile: { acknowledged: 400, acknowledgedLost: 400, lostUnsure: 0, lostOtherwise: 0 },
        earlier: { acknowledged: 100, acknowledgedLost: 0, lostUnsure: 0, lostOtherwise: 0 },
        later: { acknowledged: 99, acknowledgedLost: 0, lostUnsure: 0, lostOtherwise: 0 },
        clients: [
          {
            name: 'p1',
            kind: 'producer',
            group: null,
            topic: 'orders',
            side: 0,
            operations: 500,
            answered: 499,
            answeredMeanwhile: 400,
            share: 0.998,
            longestGapMs: 1204.5,
            writes: {
              acknowledged: 400,
              lost: 400,
              earlier: 100,
              lostUnsure: 0,
              lostOtherwise: 0,
              earlierLost: 0,
              earlierLostUnsure: 0,
              earlierLostOtherwise: 0,
              later: 99,
              laterLost: 0,
              laterLostUnsure: 0,
              laterLostOtherwise: 0,
              others: [],
            },
            reads: null,
            promise: {
              survives: false,
              because: 'acks=1: what only a leader has may be lost',
              answered: 'by a leader alone',
            },
            kept: null,
          },
          {
            name: 'c1',
            kind: 'consumer',
            group: null,
            topic: 'orders',
            side: null,
            operations: 20,
            answered: 20,
            answeredMeanwhile: 20,
            share: 1,
            longestGapMs: 0,
            writes: null,
            reads: {
              records: 100,
              takenBack: 0,
              takenBackUnsure: 0,
              takenBackOtherwise: 0,
              leftOut: 0,
              again: 0,
              prefix: true,
              stalePolls: 20,
              stalestMs: 1980,
              linearizable: false,
              earlier: 50,
              earlierTakenBack: 0,
              earlierTakenBackUnsure: 0,
              earlierTakenBackOtherwise: 0,
              others: [],
            },
            promise: {
              survives: true,
              because: 'only what is committed is given',
              answered: 'by a leader',
            },
            kept: true,
          },
        ],
        others: [],
        survived: false,
      },
    ],
  },
});

test('a story tells what happened, what clients saw, what it cost and how to see it again', () => {
  expect(storyLines(rich, options).join('\n')).toMatchSnapshot();
});

test('a narrow story keeps to its width', () => {
  const lines = storyLines(rich, { ...options, width: 60 });

  const long = lines.filter((line) => line.length > 60);
  expect(long).toEqual([]);
});

test('colours change nothing but colours', () => {
  const colored = storyLines(rich, { ...options, colors: pico.createColors(true) });
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

  expect(colored.join('\n')).toMatch(escapes);
  expect(colored.map((line) => line.replace(escapes, ''))).toEqual(storyLines(rich, options));
});

describe('a long timeline', () => {
  const timeline = [
    entry(1, 'fault', 'kill: broker-1'),
    ...Array.from({ length: 100 }, (_, index) => entry(2 + index, 'isr', `isr ${index}`)),
    entry(200, 'phase', 'everything is healed'),
  ];

  test('is shortened between faults', () => {
    const text = storyLines(fakeReport({ story: { timeline } }), options).join('\n');

    expect(text).toContain('isr 7\n');
    expect(text).not.toContain('isr 8\n');
    expect(text).toContain('… 89 more of the kind');
    expect(text).toContain('isr 97\n');
  });

  test('is complete with -v', () => {
    const story = storyLines(fakeReport({ story: { timeline } }), { ...options, verbose: true });

    expect(story.filter((line) => / isr \d/.test(line))).toHaveLength(100);
  });
});

test('verdicts that say the same are told once', () => {
  const names = ['acked-durable', 'no-dup', 'log-match'];
  const verdicts = names.map((name) => ({
    name,
    verdict: 'unknown' as const,
    allowedBy: null,
    at: null,
    evidence: [],
    explanation: 'the cluster did not come up',
  }));

  const text = storyLines(fakeReport({ verdicts }), options).join('\n');

  expect(text).toContain('UNKNOWN  acked-durable · no-dup · log-match\n');
  expect(text.split('the cluster did not come up')).toHaveLength(2);
});

test.each([
  [['broker-1', 'broker-2', 'broker-3', 'broker-5', 'p1', 'c1'], 'broker-1…3, broker-5, p1, c1'],
  [['broker-1', 'broker-2'], 'broker-1, broker-2'],
  [['broker-9', 'broker-10', 'broker-11'], 'broker-9…11'],
  [['p', 'broker-1'], 'p, broker-1'],
  [[], ''],
])('nodes %j are written %j', (names, words) => {
  expect(nodeNames(names)).toBe(words);
});

test('a run that was stopped early says so and judges no expectation', () => {
  const text = storyLines(fakeReport({ story: { stoppedAtMs: 3000 } }), options).join('\n');

  expect(text).toContain('Stopped early, at 3.000 s: expectations were not judged.');
});

test('two stories stand beside each other, head by head', () => {
  const left = ['one', '', 'A', ' a', ' b', '', 'C', ' c'];
  const right = ['\u001b[1mtwo\u001b[22m', '', 'A', ' x', '', 'B', ' y', '', 'C', ' z'];

  expect(sideBySide(left, right, 4)).toEqual([
    'one  │ \u001b[1mtwo\u001b[22m',
    '     │',
    'A    │ A',
    ' a   │  x',
    ' b   │',
    '     │',
    '     │ B',
    '     │  y',
    '     │',
    'C    │ C',
    ' c   │  z',
  ]);
  expect(sideBySide(right, left, 4)[0]).toBe('\u001b[1mtwo\u001b[22m  │ one');
});

test('what a file says cannot steer the terminal', () => {
  const evil = `red \u001b[31m bell \u0007 back \u202e end`;
  const report = fakeReport({ story: { claim: evil, story: evil } });

  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come out.
  expect(storyLines(report, options).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});
