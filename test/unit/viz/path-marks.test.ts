import { describe, expect, test } from 'vitest';
import { firstDifference } from '../../../viz/engine/prefix.ts';
import { isPath, partingOf, pathOf } from '../../../viz/model/path-marks.ts';
import { quietCluster, type VizRun, vizRun } from '../../support/viz-runs.ts';

const killedAt = (at: number): VizRun =>
  vizRun({ ...quietCluster, faults: [{ at, kill: 'broker-2' }] });
const whole = killedAt(1_400);
const other = killedAt(1_401);

describe('the marks of a run', () => {
  const differs = firstDifference(whole.store, other.store, whole.store.count);

  test('are the same for the same run, and fit into a line', () => {
    const path = pathOf(whole.store, 777);

    expect(pathOf(killedAt(1_400).store, 777)).toEqual(path);
    expect(path.marks).toMatch(/^[A-Za-z0-9_-]{99}$/);
    expect(isPath(path.marks)).toBe(true);
    expect(partingOf(whole.store, path)).toEqual({ same: whole.store.count, differsBy: 0 });
  });

  test('name a stretch, one in 32 of the run, that holds the first difference', () => {
    const parting = partingOf(other.store, pathOf(whole.store, 0))!;

    expect(differs).toBeGreaterThan(1_000);
    expect(parting.same).toBeLessThan(differs);
    expect(parting.differsBy).toBeGreaterThanOrEqual(differs);
    expect(parting.differsBy - parting.same).toBeLessThanOrEqual(
      Math.ceil(whole.store.count / 32) + 1,
    );
  });

  test('tell whether all up to the event pointed to is the same', () => {
    const at = (event: number) => partingOf(other.store, pathOf(whole.store, event))!;

    expect(at(differs - 1)).toMatchObject({ same: differs - 1 });
    expect(at(differs)).toMatchObject({ differsBy: differs });
  });

  test('do not call a run the same that ends early or begins differently', () => {
    const early = vizRun({ ...quietCluster, runFor: 1_000, faults: [] });
    const path = pathOf(whole.store, 0);
    const parting = partingOf(early.store, path)!;
    const found = firstDifference(whole.store, early.store, early.store.count);

    expect(parting.same).toBeLessThan(found === 0 ? early.store.count : found);
    expect(partingOf(vizRun(quietCluster, 2).store, path)!.same).toBe(0);
    expect(partingOf(whole.store, { ...path, marks: '' })).toBeNull();
  });
});
