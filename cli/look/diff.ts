/** Two runs compared: where they part, how their clusters and outcomes differ in the end. */
import { type Change, treeChanges } from '../../sim/search/tree-changes.ts';
import { align, firstDifference } from '../../viz/model/align.ts';
import type { DiffJson } from '../report/look-schemas.ts';
import { type RunModel, wordsAt } from './run-model.ts';

/** Numbers of events and times in states: they differ after the first difference anyway. */
const PLACES: ReadonlySet<string> = new Set([
  ...['since', 'event', 'electedEvent', 'lastEvent', 'appendedEvent', 'untilUs', 'counters'],
]);

export function diffOf(left: RunModel, right: RunModel): DiffJson {
  const alignment = align(left.store, right.store);
  const first = firstDifference(left.store, right.store, alignment);
  const same =
    left.report.digest === right.report.digest && left.report.traceHash === right.report.traceHash;
  return {
    schema: 1,
    left: sideOf(left),
    right: sideOf(right),
    same,
    commonEvents: alignment.prefix,
    first:
      first === null
        ? null
        : { left: placeOf(left, first.left), right: placeOf(right, first.right) },
    onlyLeft: alignment.onlyLeft,
    onlyRight: alignment.onlyRight,
    state: treeChanges(endOf(left), endOf(right), PLACES).map(plain),
    outcome: treeChanges(outcomeOf(left), outcomeOf(right)).map(plain),
  };
}

function plain({ path, left, right }: Change): DiffJson['state'][number] {
  return { path, left: left ?? null, right: right ?? null };
}

function sideOf({ scenario, report }: RunModel): DiffJson['left'] {
  const { seed, digest, traceHash, events } = report;
  return { scenario: scenario.name, seed, digest, traceHash, events };
}

function placeOf(run: RunModel, event: number): NonNullable<DiffJson['first']>['left'] {
  if (event === 0) return null;
  const timeMs = run.store.timeUs(event) / 1_000 - run.report.story.warmUpMs;
  return { event, timeMs, words: wordsAt(run, event) };
}

function endOf({ timeline, store }: RunModel): unknown {
  return timeline.stateAt(store.count);
}

/** What a person compares: verdicts, counts, what clients saw. */
function outcomeOf({ report }: RunModel): unknown {
  const { verdicts, counts, expectations, story } = report;
  return {
    verdicts: Object.fromEntries(
      verdicts.map((one) => [
        one.name,
        one.allowedBy === null ? one.verdict : `${one.verdict} by ${one.allowedBy}`,
      ]),
    ),
    expectations: Object.fromEntries(
      expectations.map((one) => [one.name, one.met ? 'met' : `unmet: ${String(one.actual)}`]),
    ),
    counts,
    clients: Object.fromEntries(
      story.clients.map(({ name, unavailable, ...one }) => [
        name,
        { ...one, unavailableMs: spellMs(unavailable, story.convergedAtMs) },
      ]),
    ),
    restedAtMs: story.convergedAtMs,
  };
}

function spellMs(
  spells: readonly { readonly fromMs: number; readonly untilMs: number | null }[],
  endMs: number | null,
): number {
  return spells.reduce((sum, one) => sum + ((one.untilMs ?? endMs ?? one.fromMs) - one.fromMs), 0);
}
