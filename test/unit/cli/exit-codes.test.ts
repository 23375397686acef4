import { describe, expect, test } from 'vitest';
import { exitCodes, worstExitCode } from '../../../cli/exit-codes.ts';
import { exitCodeOf } from '../../../cli/simulate.ts';
import type { Verdict, VerdictKind } from '../../../sim/check/verdict.ts';
import { fakeReport } from './fake-report.ts';

const verdict = (kind: VerdictKind, name = 'acked-durable'): Verdict => ({
  name,
  verdict: kind,
  allowedBy: null,
  at: null,
  evidence: [],
  explanation: '',
});
const expected = (actual: unknown, met: boolean, name = 'acked-durable') => ({
  name,
  expected: 'holds',
  actual,
  met,
});

describe('a run ends with', () => {
  test('0 when everything came out as expected, an expected violation included', () => {
    expect(exitCodeOf(fakeReport())).toBe(0);
    expect(exitCodeOf(fakeReport({ verdicts: [verdict('allowed')] }))).toBe(0);
    const wanted = { verdicts: [verdict('violated')], expectations: [expected('violated', true)] };
    expect(exitCodeOf(fakeReport(wanted))).toBe(0);
  });

  test('1 for a violation, an unmet expectation and a fault that matched nothing', () => {
    expect(exitCodeOf(fakeReport({ verdicts: [verdict('violated')] }))).toBe(1);
    expect(exitCodeOf(fakeReport({ expectations: [expected('allowed', false)] }))).toBe(1);
    expect(exitCodeOf(fakeReport({ problems: ['fault 0 (cut) matched nothing'] }))).toBe(1);
  });

  test('2 for an unknown verdict that was asked for or that a whole run must know', () => {
    const unknown = [verdict('unknown')];
    const cut = { healedAtMs: null };
    expect(exitCodeOf(fakeReport({ verdicts: unknown }))).toBe(2);
    expect(exitCodeOf(fakeReport({ verdicts: unknown, story: cut }))).toBe(0);
    const asked = { verdicts: unknown, expectations: [expected('unknown', false)] };
    expect(exitCodeOf(fakeReport({ ...asked, story: cut }))).toBe(2);
  });

  test('70 when the code of a node broke, whatever else happened', () => {
    const broken = [{ node: 'broker-1', message: 'high watermark beyond log end', event: 3 }];

    expect(exitCodeOf(fakeReport({ broken, verdicts: [verdict('violated')] }))).toBe(70);
  });
});

test('of several runs the worst counts: 70, 3, 1, 2, 0', () => {
  expect(worstExitCode([0, 2, 1, 3, 70])).toBe(70);
  expect(worstExitCode([0, 2, 1, 3])).toBe(3);
  expect(worstExitCode([0, 2, 1])).toBe(1);
  expect(worstExitCode([2, 0])).toBe(2);
  expect(worstExitCode([0, 0])).toBe(0);
});

test('every code has its meaning in the table', () => {
  const codes = Object.keys(exitCodes).map(Number);

  expect(codes).toEqual([0, 1, 2, 3, 4, 64, 65, 70, 74, 130]);
});
