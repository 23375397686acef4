import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAdded } from '../../../../cli/tools/configs/alter.ts';
import { Formatter } from '../../../../cli/tools/consume/formatter.ts';
import { readResetPlan } from '../../../../cli/tools/groups/reset-plan.ts';
import { parseDateTime, parseDuration } from '../../../../cli/tools/groups/times.ts';
import { byteLines, bytesOf } from '../../../../cli/tools/produce/byte-lines.ts';

test('bytes are cut into lines wherever the chunks end, and nothing is changed', async () => {
  const line = fc.uint8Array({ maxLength: 12 }).map((bytes) => bytes.map((b) => (b < 14 ? 65 : b)));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
      const all = Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\n')]));
      async function* chunks() {
        for (let i = 0; i < all.length; i += size) yield all.subarray(i, i + size);
      }

      const read: Uint8Array[] = [];
      for await (const one of byteLines(chunks())) read.push(bytesOf(one));

      expect(read).toEqual(lines.map((one) => new Uint8Array(one)));
    }),
  );
});

test('the last line needs no end, and a carriage return belongs to the end', async () => {
  async function* chunks() {
    yield Buffer.from('a\r\nb\n\nc');
  }
  const lines: string[] = [];
  for await (const one of byteLines(chunks())) lines.push(one);
  expect(lines).toEqual(['a', 'b', '', 'c']);
});

test('numbers are shown as Kafka’s deserializers show them', () => {
  const shown = (deserializer: string, bytes: number[]) => {
    const record = {
      ...{ topic: 't', partition: 0, offset: 0, timestampMs: 7, leaderEpoch: 0, key: null },
      ...{ timestampType: 'LogAppendTime' as const, value: new Uint8Array(bytes), headers: [] },
    };
    const properties = { 'print.timestamp': 'true', 'value.deserializer': deserializer };
    return Buffer.concat(new Formatter(properties).pieces(record)).toString();
  };

  const long = 'org.apache.kafka.common.serialization.LongDeserializer';
  expect(shown(long, [0, 0, 0, 0, 0, 0, 1, 2])).toBe('LogAppendTime:7\t258\n');
  expect(shown('Integer', [255, 255, 255, 254])).toBe('LogAppendTime:7\t-2\n');
  expect(shown('Double', [63, 240, 0, 0, 0, 0, 0, 0])).toBe('LogAppendTime:7\t1.0\n');
  expect(shown('Float', [61, 204, 204, 205])).toBe('LogAppendTime:7\t0.1\n');
  expect(() => shown('Short', [1])).toThrow('1 bytes where 2 are expected');
});

test('commas in brackets belong to the value of a setting', () => {
  expect(parseAdded('a=1, b = [x,y] ,c=')).toEqual({ a: '1', b: 'x,y', c: '' });
  expect(() => parseAdded('a')).toThrow('expected key=value');
});

test('a plan of offsets is read with groups and without, with quotes and without', () => {
  const planned = (text: string) => readResetPlan(text, 'plan.csv', 'g');
  expect(planned('t,0,5\n"u",1,6\n')).toEqual([
    { topic: 't', partition: 0, offset: 5 },
    { topic: 'u', partition: 1, offset: 6 },
  ]);
  expect(planned('g,t,0,5\nh,t,0,9\n')).toEqual([{ topic: 't', partition: 0, offset: 5 }]);
  expect(() => planned('t,0\n')).toThrow('plan.csv:1: expected topic,partition,offset');
  expect(() => planned('h,t,0,9\n')).toThrow('no reset plan for group g');
});

describe('times', () => {
  test.each([
    ['2026-11-21T12:00:00.000', Date.UTC(2026, 10, 21, 12)],
    ['2026-11-21T12:00:00.000Z', Date.UTC(2026, 10, 21, 12)],
    ['2026-11-21T12:00:00.000+02', Date.UTC(2026, 10, 21, 10)],
    ['2026-11-21T12:00:00.000-0130', Date.UTC(2026, 10, 21, 13, 30)],
  ])('%s', (text, atMs) => expect(parseDateTime(text)).toBe(atMs));

  test.each([
    ['P1D', 86_400_000],
    ['PT2H30M', 9_000_000],
    ['P1DT0.5S', 86_400_500],
    ['-PT1M', -60_000],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['yesterday', '2026-11-21', '2026-13-01T00:00:00.000'])('no time: %s', (text) => {
    expect(() => parseDateTime(text)).toThrow('such as');
  });
  test.each(['P', 'PT', '1h', 'P1H'])('no duration: %s', (text) => {
    expect(() => parseDuration(text)).toThrow('such as');
  });
});
