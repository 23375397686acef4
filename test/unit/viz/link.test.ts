import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  encodeLink,
  galleryQuery,
  type RunLink,
  readLink,
} from '../../../viz/model/link.ts';
import { readFileQuery } from '../../../viz/model/query.ts';
import { isSeed } from '../../../viz/model/seed.ts';

const link: RunLink = {
  engine: '0.1.0',
  scenario: { name: 'mine', story: 'Ümläute – and “quotes”', runFor: 1_000 },
  seed: 42,
  actions: [{ after: 17, fault: { kill: 'broker-1' } }],
  at: 18_442,
  view: 'logs',
  digest: '0123456789abcdef0123456789abcdef',
  traceHash: 'fedcba9876543210fedcba9876543210',
  events: 20_000,
  marks: 'aZ9_-'.repeat(20).slice(1),
};

async function problemOf(text: string) {
  const read = await readLink(text);
  if (read.kind !== 'problem') throw new Error(`read as ${read.kind}`);
  return read.problem;
}

async function packed(json: unknown): Promise<string> {
  return encodeLink(json as RunLink);
}

test('what a link carries comes out again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        engine: fc.string(),
        scenario: fc.dictionary(fc.string(), fc.jsonValue()),
        seed: fc.oneof(fc.string().filter(isSeed), fc.maxSafeNat()),
        actions: fc.array(
          fc.record({ after: fc.nat(), fault: fc.dictionary(fc.string(), fc.jsonValue()) }),
        ),
        at: fc.nat(),
        view: fc.string(),
        digest: fc.constantFrom('', link.digest),
        traceHash: fc.constantFrom('', link.traceHash),
        events: fc.nat(),
        marks: fc.constantFrom('', link.marks),
      }),
      async (one) => {
        const text = await encodeLink(one);
        expect(text).toMatch(/^#v1\.[A-Za-z0-9_-]+$/);
        const read = await readLink(`https://example.org/a/?x#${text.slice(1)}`);
        const expected: unknown = JSON.parse(JSON.stringify(one));
        expect(read).toEqual({ kind: 'run', link: expected });
      },
    ),
    { numRuns: 60 },
  );
});

test('equal runs have equal links, in whatever order their fields were written', async () => {
  const shuffled = Object.fromEntries(Object.entries(link).toReversed()) as unknown as RunLink;
  expect(await encodeLink(shuffled)).toBe(await encodeLink(link));
  expect(canonicalJson({ b: 1, a: { d: 2, c: [{ f: 1, e: 2 }] } })).toBe(
    '{"a":{"c":[{"e":2,"f":1}],"d":2},"b":1}',
  );
});

test('a link that is cut off or changed is refused, or says the same', async () => {
  const text = await encodeLink(link);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 4, max: text.length - 1 }), async (end) => {
      const read = await readLink(text.slice(0, end));
      expect(read.kind).toBe('problem');
    }),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 4, max: text.length - 1 }),
      fc.constantFrom(...'Az09-_!% '),
      async (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        const read = await readLink(changed);
        if (read.kind === 'run') expect(typeof read.link.scenario).toBe('object');
        else expect(read.kind).toBe('problem');
      },
    ),
    { numRuns: 200 },
  );
});

describe('what is wrong with a link is named', () => {
  test.each([
    ['#v2.abc', 'newer version', '#v2.abc'],
    ['#nonsense', 'must begin with #v1.', '#nonsense'],
    ['#v1.ab*d', 'letter 7 does not belong', '*d'],
    ['#v1.a', 'a letter is missing', ''],
    ['#v1.abcd', 'damaged or cut off', '#v1.abcd'],
    ['?scenario=x&seed=1&colour=red', 'only scenario=, seed= and at=', 'colour=red'],
    ['?scenario=x&at=soon', 'at must be an event number', 'at=soon'],
    ['?seed=3', 'scenario= is missing', 'seed=3'],
    ['?scenario=a&scenario=b', 'scenario= is given twice', 'scenario=b'],
    ['?scenario=x&seed=-5', 'from 0 to 9007199254740991', 'seed=-5'],
    ['?scenario=x&seed=9007199254740992', 'from 0 to', 'seed=9007199254740992'],
    ['?scenario=%E0%A4%A', 'no percent-encoded text', 'scenario=%E0%A4%A'],
  ])('%s', async (text, message, offending) => {
    const problem = await problemOf(text);
    expect(problem.message).toContain(message);
    expect(problem.offending).toBe(offending);
  });

  test.each([
    ['a list', [1], 'must be an object', '[1]'],
    ['an unknown field', { ...link, colour: 'red' }, 'unknown field colour', 'colour: "red"'],
    ['no scenario', { ...link, scenario: 7 }, 'scenario must be an object', '7'],
    ['a seed that is a list', { ...link, seed: [1] }, 'a seed is', '[1]'],
    ['a seed below 0', { ...link, seed: '-4' }, 'a seed is a whole number from 0', '"-4"'],
    ['half an event', { ...link, at: 1.5 }, 'at must be an event number', '1.5'],
    ['a short digest', { ...link, digest: 'abc' }, 'digest must be 32 hex digits', '"abc"'],
    ['a broken action', { ...link, actions: [{ after: 1 }] }, 'actions[0] needs', '{"after":1}'],
  ])('%s', async (_what, json, message, offending) => {
    const problem = await problemOf(await packed(json));
    expect(problem.message).toContain(message);
    expect(problem.offending).toBe(offending);
  });

  test('a change near the beginning is not told as one at the end', async () => {
    const text = await encodeLink(link);
    const { message, offending } = await problemOf(`${text.slice(0, 6)}____${text.slice(10)}`);
    expect(message).not.toContain('end');
    expect(offending.slice(0, 10)).toBe(`${text.slice(0, 6)}____`);
    expect(text.endsWith(offending.slice(-30))).toBe(true);
  });

  test('what unpacks to more than a scenario could be is not unpacked', async () => {
    const huge = { ...link, scenario: { story: 'x'.repeat(5_000_000) } };
    expect((await problemOf(await packed(huge))).message).toContain('damaged or cut off');
  });
});

describe('what an address asks of the server', () => {
  test('is a file and an event of it, or a list', () => {
    const file = { kind: 'open', path: 'a/b c.trial', at: 17 };
    expect(readFileQuery('open=a/b+c.trial&at=17')).toEqual(file);
    expect(readFileQuery('list=files.json')).toEqual({ kind: 'list', path: 'files.json' });
    expect(readFileQuery('scenario=x&at=1')).toEqual({ kind: 'none' });
    expect(readFileQuery('')).toEqual({ kind: 'none' });
  });

  test.each([
    ['open=a.trial&at=xx', 'at must be an event number', 'at=xx'],
    ['open=a.trial&at=-5', 'at must be an event number', 'at=-5'],
    ['open=a.trial&open=b.trial', 'open= is given twice', 'open=b.trial'],
    ['open=a.trial&list=b', 'only open= and at= can be asked for', 'list=b'],
    ['open=', 'open= has no value', 'open='],
  ])('%s is refused', (query, message, offending) => {
    const read = readFileQuery(query);
    if (read.kind !== 'problem') throw new Error(`read as ${read.kind}`);
    expect(read.problem.message).toContain(message);
    expect(read.problem.offending).toBe(offending);
  });
});

test('a story of the gallery is named readably', async () => {
  const story = { name: 'acks-1-loses', seed: '7', at: 17 };
  expect(await readLink(galleryQuery(story))).toEqual({ kind: 'gallery', link: story });
  expect(galleryQuery({ name: 'x', seed: null, at: 0 })).toBe('?scenario=x');
});

test('a seed that the command line would refuse is refused', async () => {
  expect(await readLink('?scenario=x&seed=abc')).toMatchObject({ kind: 'problem' });
});

test('an address that asks for nothing is no link', async () => {
  for (const text of ['', 'https://example.org/', 'https://example.org/?', '#']) {
    expect(await readLink(text)).toEqual({ kind: 'none' });
  }
});
