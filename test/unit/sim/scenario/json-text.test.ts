import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonText } from '../../../../sim/scenario/json-text.ts';

const mistake = (text: string) => {
  const read = parseJsonText(text);
  return read.ok ? 'fine' : `${read.line}:${read.column} ${read.message}`;
};

describe('not-JSON is placed and named:', () => {
  test.each([
    ['', '1:1 the file is empty'],
    ['  \n ', '2:2 the file is empty'],
    ['{"a": 1,}', '1:8 a comma after the last entry'],
    ['[1, 2,\n]', '1:6 a comma after the last entry'],
    ['{a: 1}', '1:2 expected a key in double quotes, found "a"'],
    ["{'a': 1}", '1:2 expected a key in double quotes, found "\'"'],
    ['{"a" 1}', '1:6 expected ":" after the key "a", found "1"'],
    ['{"a": 1 "b": 2}', '1:9 expected "," or "}", found """'],
    ['{"a": 1', '1:8 expected "," or "}", found the end of the file'],
    ['{\n  "a": tru\n}', '2:8 expected a value, found "tru"'],
    ['{"a": NaN}', '1:7 expected a value, found "NaN"'],
    ['{"a": 01}', '1:8 expected "," or "}", found "1"'],
    ['{"a": "x\ny"}', '1:7 this text in quotes does not end, or has a wrong escape in it'],
    ['{"a": 1, "a": 2}', '1:10 the key "a" is repeated'],
    ['{} {}', '1:4 "{" after the end of the value'],
    ['// no\n{}', '1:1 expected a value, found a comment or "/", which JSON does not have'],
    ['hello', '1:1 expected a value, found "hello"'],
    ['['.repeat(100_000), '1:102 nested too deeply'],
  ])('%j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});

test('JSON.parse and we agree on what is JSON, and on its value', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '{', '}', ']', '0', 'e', ' '))
    .map(([json, at, char]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + char + json.slice(cut + (at % 2));
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken), (text) => {
      const read = parseJsonText(text);
      if (!read.ok && / repeated|nested/.test(read.message)) return;
      let expected: { value: unknown } | null = null;
      try {
        expected = { value: JSON.parse(text) };
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
      expect(read.ok).toBe(expected !== null);
      if (read.ok) expect(read.value).toEqual(expected?.value);
    }),
    { numRuns: 500 },
  );
});

test('a byte order mark in front does not matter', () => {
  expect(parseJsonText('\uFEFF{"a":1}')).toMatchObject({ ok: true, value: { a: 1 } });
});

describe('a path is found', () => {
  const text = '{\n  "cluster": {\n    "config": { "min.isr": "2" },\n    "topics": [ {} ]\n  }\n}';
  const read = parseJsonText(text);

  test.each([
    ['cluster', ':2:3'],
    ['cluster.config["min.isr"]', ':3:17'],
    ['cluster.topics[0]', ':4:17'],
    ['cluster.topics[0].replicationFactor', ':4:17'],
    ['runFor', ':1:1'],
    ['', ':1:1'],
  ])('%s', (path, place) => {
    expect(read.ok && read.locate(path)).toBe(place);
  });
});
