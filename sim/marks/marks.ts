/** All marks, and a watch that notes in a run which of them it reached. */
import type { RunReport } from '../run/report.ts';
import type { FieldValue, TraceKind } from '../trace/table.ts';
import { kindOf } from '../trace/table.ts';
import type { World } from '../world.ts';
import { clientMarks } from './client-marks.ts';
import { clusterMarks } from './cluster-marks.ts';
import { logMarks } from './log-marks.ts';
import type { Mark } from './mark.ts';
import { messageMarks } from './message-marks.ts';
import { verdictMarks } from './verdict-marks.ts';

export const marks: readonly Mark[] = [
  ...clusterMarks,
  ...logMarks,
  ...clientMarks,
  ...messageMarks,
  ...verdictMarks,
];

interface Wait {
  readonly place: number;
  readonly tests: readonly {
    readonly field: number;
    readonly passes: (v: FieldValue) => boolean;
  }[];
}

/** Create it before anything is started. Nothing that it does changes the run. */
export class MarkWatch {
  /** By place in `marks`. */
  private readonly reached: boolean[] = marks.map(() => false);

  constructor(world: World) {
    const waits = new Map<TraceKind, Wait[]>();
    marks.forEach(({ sight }, place) => {
      if (!('kind' in sight)) return;
      const { fieldNames } = kindOf(sight.kind);
      const tests = Object.entries(sight.fields).map(([name, wanted]) => ({
        field: fieldNames.indexOf(name),
        passes: typeof wanted === 'function' ? wanted : (value: FieldValue) => value === wanted,
      }));
      const list = waits.get(sight.kind);
      if (list === undefined) waits.set(sight.kind, [{ place, tests }]);
      else list.push({ place, tests });
    });
    for (const [kind, list] of waits) this.watch(world, kind, list);
    this.watchFrames(world);
  }

  /** Names, in the order of the table. */
  names(report: RunReport): string[] {
    marks.forEach(({ sight }, place) => {
      if (!('allowedBy' in sight)) return;
      const isSaid = report.verdicts.some((one) => sight.allowedBy.test(one.allowedBy ?? ''));
      if (isSaid) this.reached[place] = true;
    });
    return marks.filter((_, place) => this.reached[place]).map((one) => one.name);
  }

  private watch(world: World, kind: TraceKind, waits: readonly Wait[]): void {
    let left = waits;
    world.trace.subscribe(kind, (_event, _timeUs, _node, ...fields) => {
      if (left.length === 0) return;
      const now = left.filter(({ tests }) =>
        tests.every(({ field, passes }) => passes(fields[field])),
      );
      if (now.length === 0) return;
      for (const { place } of now) this.reached[place] = true;
      left = left.filter((one) => !now.includes(one));
    });
  }

  /** The commonest event of all: one look into a table for each. */
  private watchFrames(world: World): void {
    const byApi = new Map<number, number>();
    marks.forEach(({ sight }, place) => {
      if ('api' in sight) byApi.set(sight.api, place);
    });
    const { fieldNames } = kindOf('frame.sent');
    const isInOrder = fieldNames[1] === 'role' && fieldNames[2] === 'api';
    if (!isInOrder) throw new Error('frame.sent has other fields than the marks expect');
    world.trace.subscribe('frame.sent', (_event, _timeUs, _node, _to, role, api) => {
      const place = byApi.get(api as number);
      if (place !== undefined && role === 'request') this.reached[place] = true;
    });
  }
}
