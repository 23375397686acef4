import { describe, expect, test } from 'vitest';
import { kindAliases, terms } from '../../../viz/model/filter/terms.ts';
import { filterOf, filterTerms } from '../../../viz/model/filter.ts';
import { wordsOf } from '../../../viz/model/legend.ts';
import { storyRun } from '../../support/viz-runs.ts';

const { store } = storyRun('acks-1-loses-an-acknowledged-record');

function passing(text: string): number[] {
  const { filter, problem } = filterOf(text, store);
  if (filter === undefined) throw new Error(problem.message);
  const all = filter.all();
  return Array.from({ length: all.count }, (_, place) => all.at(place));
}

function problemOf(text: string) {
  return filterOf(text, store).problem;
}

/** Every event that passes the test, one by one. */
function where(test: (event: number) => boolean): number[] {
  const found: number[] = [];
  for (let event = 1; event <= store.count; event++) if (test(event)) found.push(event);
  return found;
}

test('an empty filter lets everything pass', () => {
  expect(passing('  ')).toHaveLength(store.count);
  expect(filterOf('', store).filter?.isEmpty).toBe(true);
});

test('a kind is found by name, by family and by part', () => {
  expect(passing('kind:isr.changed')).toEqual(
    where((event) => store.kindName(event) === 'isr.changed'),
  );
  expect(passing('kind:isr.*')).toEqual(where((event) => store.kindName(event).startsWith('isr.')));
  expect(passing('kind:truncat')).toEqual(
    where((event) => store.kindName(event) === 'log.truncated'),
  );
});

test('a node is found by name and by its short name, with the faults that strike it', () => {
  const found = passing('node:broker-2');
  expect(passing('node:b2')).toEqual(found);
  const node = store.nodeOf('broker-2');
  expect(found.filter((event) => store.node(event) === node)).toHaveLength(
    store.byNode(node).count,
  );
  const power = store.listOf('fault.powerCut').at(0);
  expect(found).toContain(power);
});

test('a partition is found in any field, a topic by its name', () => {
  const found = passing('tp:orders-0');
  expect(passing('tp:orders')).toEqual(found);
  const kinds = new Set(found.map((event) => store.kindName(event)));
  expect(kinds).toContain('log.appended');
  expect(kinds).toContain('command.completed');
  for (const event of found) expect(store.at(event).fields).toContain('orders-0');
});

test('offsets are found where events speak of them', () => {
  const found = passing('tp:orders-0 off:41 kind:log.appended');
  expect(found.length).toBeGreaterThanOrEqual(3);
  for (const event of found) {
    const [, from, end] = store.at(event).fields;
    expect(Number(from)).toBeLessThanOrEqual(41);
    expect(Number(end)).toBeGreaterThan(41);
  }
});

test('time is scenario time', () => {
  const originUs = store.identity?.originUs ?? 0;
  expect(passing('t>=1s t<1100ms')).toEqual(
    where((event) => {
      const timeUs = store.timeUs(event) - originUs;
      return timeUs >= 1_000_000 && timeUs < 1_100_000;
    }),
  );
  expect(passing('t:1..1.1s')).toContain(passing('t>=1s t<1100ms')[0]);
});

test('a message is found where it leaves and where it arrives', () => {
  const found = passing('msg:AlterPartition');
  const kinds = found.map((event) => store.kindName(event));
  expect(new Set(kinds)).toEqual(new Set(['frame.sent', 'input.received']));
});

test('events are found by their number and by what caused them', () => {
  expect(passing('ev:100..103')).toEqual([100, 101, 102, 103]);
  expect(passing('ev<=3')).toEqual([1, 2, 3]);
  const cause = passing('cause-of:200');
  expect(cause).toContain(200);
  expect(Math.max(...cause)).toBe(200);
  expect(Math.min(...passing('effect-of:200'))).toBe(200);
});

test('text is found in sentences whatever the case, and by expressions', () => {
  const said = (event: number) => wordsOf(store.at(event), store.nodeNames).toLowerCase();
  expect(passing('"LOSES power"')).toEqual(where((event) => said(event).includes('loses power')));
  expect(passing('text:/leads in epoch [1-9]/')).toEqual(
    where((event) => /leads in epoch [1-9]/.test(said(event))),
  );
});

test('terms are joined by and, or, not and parentheses as in logic', () => {
  const a = 'kind:log.appended';
  const b = 'node:b2';
  expect(passing(`${a} ${b}`)).toEqual(passing(`${a} and ${b}`));
  expect(passing(`not (${a} or ${b})`)).toEqual(passing(`not ${a} and not ${b}`));
  expect(passing(`${a} or ${b} and kind:hw.advanced`)).toEqual(
    passing(`${a} or (${b} and kind:hw.advanced)`),
  );
  expect(passing(`not not ${a}`)).toEqual(passing(a));
});

test('the next hit in either direction is a hit', () => {
  const { filter } = filterOf('kind:leader.elected', store);
  const all = passing('kind:leader.elected');
  expect(filter?.next(0, 1)).toBe(all[0]);
  expect(filter?.next(store.count + 1, -1)).toBe(all.at(-1));
  expect(filter?.next(all.at(-1) as number, 1)).toBe(0);
});

describe('what is no filter is refused with its place', () => {
  test.each([
    ['kind:', 0, 5, 'lacks a value'],
    ['node:b2 kin:x', 8, 13, '"kin" is no filter'],
    ['node:nobody', 0, 11, 'no node is called'],
    ['kind:nothing.at.all', 0, 19, 'no kind of event'],
    ['(node:b2', 0, 1, 'closing ) is missing'],
    ['node:b2)', 7, 8, 'does not belong here'],
    ['node:b2 or', 9, 10, 'something is missing'],
    ['off:5..2', 0, 8, 'neither an offset'],
    ['t>soon', 0, 6, 'is no time'],
    ['msg:Fetsch', 0, 10, 'no API is called'],
    ['cause-of:99999999', 0, 17, 'is no event of this run'],
    ['text:/(/', 0, 8, 'is no regular expression'],
    ['"open', 0, 5, 'closing " is missing'],
    ['kind<3', 0, 6, 'takes ":"'],
  ])('%s', (text, from, to, message) => {
    const problem = problemOf(text);
    expect(problem).toMatchObject({ from, to });
    expect(problem?.message).toContain(message);
  });
});

test('a partition that the run has not is refused, not found in no event', () => {
  expect(problemOf('tp:nope-0')?.message).toBe('no partition is called "nope-0"');
  expect(problemOf('tp:broker-1')?.message).toBe('no partition is called "broker-1"');
  expect(problemOf('tp:orders-0')).toBeUndefined();
});

test('a shrinking ISR is found by kind:isr.shrink, as it was asked for and as it was committed', () => {
  const found = passing('kind:isr.shrink');
  expect(found.length).toBeGreaterThan(0);
  const asked = where(
    (event) => store.kindName(event) === 'isr.proposed' && store.at(event).fields[2] === 'shrink',
  );
  expect(found).toEqual(expect.arrayContaining(asked));
  const deposed = where((event) => store.at(event).fields[4] === 'session-timed-out');
  expect(found).toEqual(expect.arrayContaining(deposed));
  const grown = passing('kind:isr.expand');
  expect(found.filter((event) => grown.includes(event))).toEqual([]);
});

test('help has every term and every short form, and each of its examples is a filter', () => {
  const written = filterTerms.map((one) => one.term);
  for (const alias of Object.keys(kindAliases)) expect(written).toContain(`kind:${alias}`);
  for (const { written: term } of terms) expect(written).toContain(term);
  const examples = filterTerms.flatMap(({ words }) =>
    [...words.matchAll(/`([^`]*[:<>][^`]*)`/g)].map((match) => String(match[1])),
  );
  expect(examples.length).toBeGreaterThan(15);
  for (const text of [...examples, ...written.filter((one) => !/[:>]$/.test(one))]) {
    expect([text, problemOf(text)]).toEqual([text, undefined]);
  }
  expect(passing('node:c101')).toEqual(passing('node:controller-101'));
  expect(passing('kind:isr.expand').length).toBeGreaterThan(0);
});

test('a number alone finds the event of that number, also as the page writes it', () => {
  expect(passing('18277')).toContain(18_277);
  expect(passing('18,277')).toContain(18_277);
  expect(passing('text:18277')).not.toContain(18_277);
});

test('a term that there is not is refused, however it is spelled', () => {
  for (const text of ['client_id:x', 'client.id:x', 'foo:bar', 'Node2>3']) {
    expect([text, problemOf(text)?.message]).toEqual([text, expect.stringContaining('no filter')]);
  }
  expect(problemOf('"client_id:x"')).toBeUndefined();
});
