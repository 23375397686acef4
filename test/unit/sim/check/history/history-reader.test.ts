import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyLine } from '../../../../../sim/check/history/recorded/format.ts';
import {
  HistoryMistake,
  HistoryReader,
} from '../../../../../sim/check/history/recorded/history-reader.ts';
import {
  headerProblem,
  isHeader,
  operationProblem,
} from '../../../../../sim/check/history/recorded/line-problem.ts';
import type { OperationHistory } from '../../../../../sim/check/history/recorded/operation-history.ts';
import { describeProblem } from '../../../../../sim/scenario/problems.ts';
import { correctHistory, fileOf } from '../../../../support/random-histories.ts';

function read(...lines: readonly (object | string)[]): OperationHistory {
  const reader = new HistoryReader();
  for (const line of lines) reader.read(typeof line === 'string' ? line : JSON.stringify(line));
  return reader.end();
}

/** `line: what is wrong` */
function complaint(...lines: readonly (object | string)[]): string {
  try {
    read(...lines);
  } catch (error) {
    if (!(error instanceof HistoryMistake)) throw error;
    const column = error.column === null ? '' : `:${error.column}`;
    return `${error.line}${column}: ${describeProblem(error.problem)}`;
  }
  return 'none';
}

const send = { process: 1, time: 1, type: 'invoke', f: 'send', value: [['send', 'x', 'a']] };
const sent = { ...send, type: 'ok', time: 2, value: [['send', 'x', [0, 'a']]] };
const poll = { process: 2, time: 3, type: 'invoke', f: 'poll', value: [['poll']] };

function ends(history: OperationHistory): string[] {
  return Array.from(
    { length: history.count },
    (_, i) => `${history.kindOf(i)} ${history.endingOf(i)}`,
  );
}

describe('operations', () => {
  test('are joined from the line that begins and the line that ends them', () => {
    const history = read(send, sent);

    expect(ends(history)).toEqual(['send ok']);
    expect(history.invokedMark.at(0)).toBe(1);
    expect(history.completedMark.at(0)).toBe(2);
  });

  test('that never end are of unknown end, with the sends of their beginning', () => {
    const history = read(send);

    expect(ends(history)).toEqual(['send info']);
    expect(history.sends.key.length).toBe(1);
  });

  test('that are of unknown end need not repeat what they sent', () => {
    const history = read(send, { process: 1, time: 2, type: 'info', f: 'send' });

    expect(history.valueText(history.sends.value.at(0))).toBe('"a"');
  });

  test('that failed with an error that leaves it open are of unknown end', () => {
    const names = ['NOT_LEADER_OR_FOLLOWER', 'NetworkException', 'a.b.TimeoutException: late'];
    const closed = [
      'PRODUCER_FENCED',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      'TopicAuthorizationException',
    ];
    const failedWith = (error: string) => read(send, { ...send, time: 2, type: 'fail', error });

    for (const name of names) expect(ends(failedWith(name))).toEqual(['send info']);
    for (const name of closed) expect(ends(failedWith(name))).toEqual(['send fail']);
    expect(failedWith('NETWORK_EXCEPTION').softened.size).toBe(1);
  });

  test('of one process may overlap when they have ids, and stand in the order begun', () => {
    const history = read(
      { ...send, id: 1 },
      { ...send, id: 2, value: [['send', 'x', 'b']] },
      { ...sent, id: 2, value: [['send', 'x', [1, 'b']]] },
      { ...sent, id: 1 },
    );

    expect(ends(history)).toEqual(['send ok', 'send ok']);
    expect([...history.byProcess()[0]!]).toEqual([1, 0]);
  });

  test('that a crash finds under way are of unknown end', () => {
    const history = read(
      send,
      { process: 1, time: 2, type: 'info', f: 'crash' },
      { ...send, time: 3, value: [['send', 'x', 'b']] },
    );

    expect(ends(history)).toEqual(['send info', 'crash info', 'send info']);
  });
});

test('a byte order mark, blank lines and CRLF are no matter', () => {
  const text = ['\uFEFF{"history":1}\r', '', `${JSON.stringify(send)}\r`, '  '];

  expect(ends(read(...text))).toEqual(['send info']);
});

test('the header says the unit of time', () => {
  const history = read({ history: 1, timeUnit: 's' }, send, sent);

  expect(history.completedMs.at(0)).toBe(2_000);
});

describe('is refused, with line and field:', () => {
  test.each([
    ['no object', [[1]], '1: [1] — wrong type (allowed: an object)'],
    ['no JSON', ['{"process": 1,}'], '1:14: not JSON: '],
    ['a newer version', [{ history: 2 }], '1: history: 2 — made by a newer version of this format'],
    ['a header later on', [send, { history: 1 }], '2: history: 1 — the header must be the first'],
    ['a misspelt unit', [{ history: 1, timeUnit: 'msec' }], 'did you mean ms?'],
    ['an unknown field', [{ ...send, proces: 1 }], '1: proces: 1 — unknown field'],
    ['a field that is near one', [{ ...send, tme: 1 }], 'did you mean time?'],
    ['no process', [{ ...send, process: undefined }], '1: process: missing'],
    [
      'no type',
      [{ ...send, type: undefined }],
      '1: type: missing (allowed: invoke, ok, fail, info)',
    ],
    ['a wrong type', [{ ...send, type: 'OK' }], '1: type: "OK" — not one of the known values'],
    ['a wrong f', [{ ...send, f: 'polls' }], 'did you mean poll?'],
    ['a time before', [{ ...send, time: 5 }, sent], '2: time: 2 — lines must stand in the order'],
    ['a negative time', [{ ...send, time: -1 }], '1: time: -1 — not of an allowed form'],
    ['a poll in a send', [{ ...send, value: [['poll']] }], '1: value[0]: ["poll"] — a poll in an'],
    ['a wrong verb', [{ ...send, value: [['sent', 'x', 'a']] }], 'did you mean send?'],
    [
      'an object as value',
      [{ ...send, value: [['send', 'x', {}]] }],
      '1: value[0][2]: {} — not of',
    ],
    ['a fraction', [{ ...send, value: [['send', 'x', 0.5]] }], '1: value[0][2]: 0.5 — not of'],
    ['a number too large', [{ ...send, value: [['send', 'x', 2 ** 53]] }], '1: value[0][2]: '],
    [
      'a negative offset',
      [
        {
          ...poll,
          type: 'ok',
          value: [
            [
              'poll',
              {
                x: [
                  [0, 'a'],
                  [-2, 'b'],
                ],
              },
            ],
          ],
        },
      ],
      '1: value[0][1].x[1][0]: -2 — not of an allowed form (allowed: a whole number from 0 on, null)',
    ],
    ['no list', [{ ...poll, type: 'ok', value: [['poll', { x: {} }]] }], '1: value[0][1].x: {} — '],
    [
      'a key without name',
      [{ ...send, value: [['send', '', 'a']] }],
      '1: value[0][1]: "" — not of',
    ],
    [
      'polled at once',
      [{ ...poll, value: [['poll', {}]] }],
      '1: value[0]: ["poll",{}] — nothing is',
    ],
    [
      'a crash with a value',
      [{ ...send, f: 'crash' }],
      '1: value: [["send","x","a"]] — a crash has',
    ],
    ['a seek of a poll', [{ ...poll, seekToBeginning: true }], '1: seekToBeginning: true — only'],
    [
      'two at a time',
      [send, poll, { ...send, time: 4 }],
      '3: process: 1 — its operation of line 1 has',
    ],
    [
      'one id twice',
      [
        { ...send, id: 7 },
        { ...send, id: 7, value: [['send', 'x', 'b']] },
      ],
      '2: id: 7 — its operation of line 1 has not ended',
    ],
    ['an end without its id', [{ ...send, id: 7 }, sent], '2: id: missing: its process has'],
    [
      'another end',
      [send, { ...poll, process: 1, type: 'ok' }],
      '2: f: "poll" — it was begun in line 1',
    ],
    [
      'another send',
      [send, { ...sent, value: [['send', 'x', [0, 'b']]] }],
      '2: value[0]: ["send","x",[0,"b"]] — not what was sent according to line 1',
    ],
    ['fewer sends', [send, { ...sent, value: [] }], '2: value: [] — not what was sent'],
    [
      'a value twice',
      [send, sent, { ...send, time: 3 }, { ...sent, time: 4 }],
      '4: value[0]: "a" — sent before, in line 2; values of a key must be unique',
    ],
  ])('%s', (_, lines, expected) => {
    expect(complaint(...lines)).toContain(expected);
  });

  test('a line that is nested too deeply to go through', () => {
    const deep = `{"process": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`;

    expect(() => new HistoryReader().read(deep)).toThrow(/line 1: not JSON: nested too deeply/);
  });

  test('a line in which the file ends', () => {
    const reader = new HistoryReader();
    reader.read(JSON.stringify(send));

    expect(() => reader.read('{"process":1,"time":2,"ty', true)).toThrow(
      /line 2: the file ends within this line/,
    );
  });
});

test('a last line without an end that is whole is taken', () => {
  const reader = new HistoryReader();
  reader.read(JSON.stringify(send), true);

  expect(ends(reader.end())).toEqual(['send info']);
});

/** Something else at some place of a line. */
const mutation = fc.tuple(
  fc.nat(),
  fc.constantFrom<unknown[]>(
    ...[null, -1, 0.5, 2 ** 53, '', 'send', 'poll', [], {}, true, [null, 'a'], ['send', 'x', 1]],
    ...[['poll', {}], { x: [[0, 'a']] }, undefined],
  ),
);

function mutated(json: unknown, [pick, other]: [number, unknown]): unknown {
  const places: (() => void)[] = [];
  const copy = structuredClone(json);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const parent = value as Record<string, unknown>;
    for (const key of Object.keys(parent)) {
      places.push(() => {
        if (other === undefined) delete parent[key];
        else parent[key] = other;
      });
      visit(parent[key]);
    }
  };
  visit(copy);
  places[pick % places.length]!();
  return JSON.parse(JSON.stringify(copy));
}

test('what the schema refuses is refused', () => {
  fc.assert(
    fc.property(correctHistory, fc.nat(), mutation, (lines, pick, change) => {
      const texts = ['{"history":1,"timeUnit":"us"}', ...fileOf(lines)];
      const line = mutated(JSON.parse(texts[pick % texts.length]!), change);

      const problem = isHeader(line) ? headerProblem(line as never) : operationProblem(line);
      const { success } = historyLine.safeParse(line);
      // Which values go with which f is said in prose only.
      if (!success) expect(problem).not.toBeNull();
      if (problem === null) expect(success).toBe(true);
      else if (success) expect(problem.path).toMatch(/^(value|seekToBeginning)/);
    }),
    { numRuns: 2_000 },
  );
});
