import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anomalyCatalog, judgeHistory } from '../../sim/check/history/judge-history.ts';
import type { OperationLine } from '../../sim/check/history/recorded/format.ts';
import { HistoryReader } from '../../sim/check/history/recorded/history-reader.ts';
import { historyLines } from '../../sim/check/history/recorded/write-lines.ts';
import { found, judgeLines } from '../support/judge-lines.ts';
import { planted } from '../support/planted-anomalies.ts';
import { correctHistory, fileOf, type Line } from '../support/random-histories.ts';

test('a history without faults has no anomaly', () => {
  fc.assert(
    fc.property(correctHistory, (lines) => {
      const judgement = judgeLines(fileOf(lines));

      const seen = judgement.anomalies.filter((one) => one.violations + one.allowed > 0);
      expect(seen).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('every anomaly is planted somewhere', () => {
  const names = planted.flatMap((one) => [...one.violated, ...(one.allowed ?? [])]);

  expect(anomalyCatalog.map((one) => one.name).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(planted)('planted: $what', ({ violated, allowed = [], readUncommitted, lines }) => {
  test('is found among correct operations, and nothing else', () => {
    fc.assert(
      fc.property(correctHistory, fc.infiniteStream(fc.nat(9)), (correct, chance) => {
        const mixed = fileOf(mix(correct, lines, chance));
        const header = `{"history":1,"isolationLevel":"read_uncommitted"}`;
        const judgement = judgeLines(readUncommitted === true ? [header, ...mixed] : mixed);

        expect(found(judgement, 'violated')).toEqual(inOrder(violated));
        expect(found(judgement, 'allowed')).toEqual(inOrder(allowed));
        const planted = judgement.anomalies.filter((one) => one.verdict !== 'holds');
        for (const one of planted) expect(one.violations + one.allowed).toBe(1);
      }),
      { numRuns: 30 },
    );
  });
});

test('a value that is taken out of every poll is a lost write', () => {
  fc.assert(
    fc.property(correctHistory, fc.nat(), (lines, pick) => {
      const acknowledged = lines.flatMap((line) => (line.type === 'ok' ? sendsOf(line) : []));
      const [, logs] = lines.at(-1)!.value![0] as [string, Record<string, [number, string][]>];
      const candidates = acknowledged.filter((one) => logs[one.key]!.at(-1)![1] !== one.value);
      fc.pre(candidates.length > 0);
      const { key, value } = candidates[pick % candidates.length]!;

      const judgement = judgeLines(fileOf(lines.map((line) => without(line, value))));

      const lost = judgement.anomalies.find((one) => one.name === 'lost-write')!;
      expect(lost.violations).toBe(1);
      expect(lost.cases[0]!.explanation).toContain(`value "${value}" was acknowledged`);
      expect(lost.cases[0]!.key).toBe(key);
      expect(found(judgement, 'violated')).toContain('unseen');
    }),
    { numRuns: 200 },
  );
});

test('a history is judged the same after it was written and read again', () => {
  fc.assert(
    fc.property(correctHistory, fc.constantFrom(...planted), (correct, { lines }) => {
      const read = readAll(fileOf([...correct, ...lines]));
      const again = readAll(historyLines(read));

      const verdicts = (history: typeof read) =>
        judgeHistory(history).anomalies.map((one) => [one.name, one.violations, one.allowed]);
      expect(verdicts(again)).toEqual(verdicts(read));
      expect(judgeHistory(again).operations).toEqual(judgeHistory(read).operations);
    }),
    { numRuns: 200 },
  );
});

function readAll(lines: readonly string[]) {
  const reader = new HistoryReader();
  for (const line of lines) reader.read(line);
  return reader.end();
}

/** The order of each stays; the second comes from keys and processes of its own. */
function mix(one: readonly Line[], other: readonly Line[], chance: Iterable<number>): Line[] {
  const dice = chance[Symbol.iterator]();
  const left = [...one];
  const right = [...other];
  const mixed: Line[] = [];
  while (left.length > 0 || right.length > 0) {
    const takesRight = left.length === 0 || (right.length > 0 && dice.next().value === 0);
    mixed.push((takesRight ? right : left).shift()!);
  }
  return mixed;
}

function inOrder(names: readonly string[]): string[] {
  return anomalyCatalog.map((one) => one.name).filter((name) => names.includes(name));
}

type Micro = [string, string, [number, string]];

function sendsOf({ value }: Line): { key: string; value: string }[] {
  return ((value ?? []) as Micro[])
    .filter((one) => one[0] === 'send')
    .map(([, key, [, sent]]) => ({ key, value: sent }));
}

function without(line: Line, value: string): Line {
  if ((line.f !== 'poll' && line.f !== 'txn') || line.value === undefined) return line;
  const micros = (line.value ?? []).map((micro) => {
    const [verb, byKey] = micro as [string, Record<string, [number, string][]>];
    if (verb !== 'poll' || byKey === undefined) return micro;
    const kept = Object.entries(byKey).map(([key, records]) => [
      key,
      records.filter(([, one]) => one !== value),
    ]);
    return ['poll', Object.fromEntries(kept)];
  });
  return { ...line, value: micros as NonNullable<OperationLine['value']> };
}
