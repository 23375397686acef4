import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../cli/commands/digest.ts';
import { Hash128 } from '../../../sim/engine/hash.ts';
import { StepLog } from '../../../sim/engine/step-log.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { TraceRecorder } from '../../../sim/trace/recorder.ts';
import { fakeReport } from './fake-report.ts';

/** A run of one step for each label; `bytes` of a step go into the digest only. */
function run(labels: readonly string[], bytes: readonly number[] = []) {
  const recorder = new TraceRecorder('rows');
  const digest = new Hash128();
  const stepLog = new StepLog();
  labels.forEach((label, index) => {
    recorder.step = index + 1;
    recorder.emit('lab.action', 0, label);
    digest.add(index, bytes[index] ?? 0, 0, 0);
    stepLog.note(digest);
  });
  const report = fakeReport({ digest: digest.hex(), traceHash: recorder.traceHash() });
  const rows = recorder.rows!;
  return { scenario: {} as Scenario, report, rows, stepLog, interrupted: false };
}

describe('two runs are compared', () => {
  const run3 = run(['a', 'b', 'c']);

  test('by digest and trace hash', () => {
    expect(compareRuns(run3, run(['a', 'b', 'c']))).toMatchObject({ same: true, differsAt: null });
  });

  test('and the first event that was told otherwise is named', () => {
    expect(compareRuns(run3, run(['a', 'B', 'c']))).toMatchObject({ same: false, differsAt: 2 });
    expect(compareRuns(run3, run(['a', 'b']))).toMatchObject({ same: false, differsAt: 3 });
  });

  test('and the first event of a step with other bytes', () => {
    const other = run(['a', 'b', 'c'], [0, 1]);

    expect(compareRuns(run3, other)).toMatchObject({ same: false, differsAt: 2 });
  });
});
