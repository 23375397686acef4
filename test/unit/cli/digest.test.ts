import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../cli/commands/digest.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { TraceRecorder } from '../../../sim/trace/recorder.ts';
import { fakeReport } from './fake-report.ts';

function run(labels: readonly string[], digest: string) {
  const recorder = new TraceRecorder('rows');
  for (const label of labels) recorder.emit('lab.action', 0, label);
  const report = fakeReport({ digest, traceHash: recorder.traceHash() });
  return { scenario: {} as Scenario, report, rows: recorder.rows };
}

describe('two runs are compared', () => {
  test('by digest and trace hash', () => {
    const comparison = compareRuns(run(['a', 'b'], 'x'), run(['a', 'b'], 'x'));

    expect(comparison).toMatchObject({ same: true, differsAt: null });
  });

  test('and the first event that differs is named', () => {
    const left = run(['a', 'b', 'c'], 'x');

    expect(compareRuns(left, run(['a', 'B', 'c'], 'y'))).toMatchObject({
      same: false,
      differsAt: 2,
    });
    expect(compareRuns(left, run(['a', 'b'], 'y'))).toMatchObject({ same: false, differsAt: 3 });
    expect(compareRuns(left, run(['a', 'b', 'c'], 'y'))).toMatchObject({
      same: false,
      differsAt: null,
    });
  });
});
