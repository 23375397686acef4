import { expect, test } from 'vitest';
import { judgeLines } from '../../../../support/judge-lines.ts';

type Step = readonly [time: number, process: string, type: string, f: string, value: unknown];

function facts(...steps: readonly Step[]) {
  const lines = steps.map(([time, process, type, f, value]) =>
    JSON.stringify({ time, process, type, f, value }),
  );
  return judgeLines(lines).facts;
}

const assign = (time: number, ...keys: string[]): Step => [time, 'c', 'ok', 'assign', keys];
const sent = (time: number, offset: number, value: string): Step => [
  time,
  'p',
  'ok',
  'send',
  [['send', 'x', [offset, value]]],
];
/** Begun at this time and ended right after. */
const polled = (time: number, records: object): Step[] => [
  [time, 'c', 'invoke', 'poll', [['poll']]],
  [time + 1, 'c', 'ok', 'poll', [['poll', records]]],
];

function lag(...steps: readonly Step[]): number {
  return facts(...steps).worstRealtimeLag?.lagMs ?? 0;
}

test('a poll that is given the newest record lags nothing', () => {
  expect(lag(assign(0, 'x'), sent(10, 0, 'a'), ...polled(20, { x: [[0, 'a']] }))).toBe(0);
});

test('a poll lags since what it is not given was known', () => {
  const steps = [assign(0, 'x'), sent(10, 0, 'a'), ...polled(25, {})];

  expect(lag(...steps, ...polled(30, { x: [[0, 'a']] }))).toBe(15);
});

test('what stands before a known record was there, too', () => {
  const steps = [assign(0, 'x'), sent(10, 3, 'd'), ...polled(20, { x: [[0, 'a']] })];

  expect(lag(...steps, ...polled(40, { x: [[1, 'b']] }), sent(50, 1_000, 'z'))).toBe(30);
});

test('assign keeps the place in a key that it asks for again', () => {
  const begin = [assign(0, 'x'), sent(10, 0, 'a'), ...polled(20, { x: [[0, 'a']] })];

  expect(lag(...begin, assign(30, 'x', 'y'), ...polled(40, {}))).toBe(0);
  expect(lag(...begin, assign(30, 'y'), assign(31, 'x'), ...polled(40, {}))).toBe(30);
});

test('a poll before an assign says nothing of what is assigned', () => {
  expect(lag(sent(10, 0, 'a'), assign(15, 'y'), ...polled(50, {}), assign(60, 'x'))).toBe(0);
});

test('a subscribed process is asked only about what it was given', () => {
  const subscribe: Step = [0, 'c', 'ok', 'subscribe', ['x']];

  expect(lag(subscribe, sent(10, 0, 'a'), ...polled(50, {}))).toBe(0);
});

test('values that a subscribed process was given twice are told, of an assigned one not', () => {
  const twice = [...polled(10, { x: [[0, 'a']] }), ...polled(20, { x: [[0, 'a']] })];

  expect(facts([0, 'c', 'ok', 'subscribe', ['x']], ...twice).consumedTwice).toEqual({
    values: 1,
    most: 2,
    process: 'c',
    key: 'x',
    value: '"a"',
  });
  expect(facts(assign(0, 'x'), ...twice).consumedTwice).toBeNull();
});

test('what a process is given again after a crash, or once it assigns, was not given twice', () => {
  const subscribe: Step = [0, 'c', 'ok', 'subscribe', ['x']];
  const crash: Step = [15, 'c', 'info', 'crash', undefined];
  const given = (time: number) => polled(time, { x: [[0, 'a']] });

  expect(facts(subscribe, ...given(10), crash, ...given(20)).consumedTwice).toBeNull();
  expect(facts(subscribe, ...given(10), assign(15, 'x'), ...given(20)).consumedTwice).toBeNull();
  const again = [[16, 'c', 'ok', 'subscribe', ['x']] as Step, ...given(20)];
  expect(facts(subscribe, ...given(10), crash, ...again).consumedTwice).toBeNull();
  expect(facts(subscribe, crash, ...again, ...given(30)).consumedTwice).toMatchObject({ most: 2 });
});

test('values that nobody sent are counted', () => {
  expect(facts(...polled(1, { x: [[0, 'a']] })).foreignValues).toBe(1);
});

test('of a history without polls only the order of its sends is known', () => {
  const line = { time: 1, process: 'p', type: 'ok', f: 'send', value: [['send', 'x', [0, 'a']]] };
  const { anomalies, verdict } = judgeLines([JSON.stringify(line)]);

  const known = anomalies.filter((one) => one.verdict !== 'unknown').map((one) => one.name);
  const cycles = ['G0', 'G0-process', 'G0-realtime'];
  const sends = ['int-send-skip', 'int-nonmonotonic-send', 'nonmonotonic-send'];
  expect(known).toEqual([...sends, ...cycles]);
  expect(verdict).toBe('unknown');
});

test('of an empty history everything is unknown', () => {
  expect(new Set(judgeLines([]).anomalies.map((one) => one.verdict))).toEqual(new Set(['unknown']));
});
