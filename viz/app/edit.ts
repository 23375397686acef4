/**
 * Editing a scenario: every change is one step of undo, kept as immer patches. The run on screen
 * is never changed by it; the edited scenario becomes another run.
 */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import type { Edit } from './state.ts';
import type { AppStore } from './store.ts';
import { wholeScenario } from './whole-scenario.ts';

enablePatches();

/** Steps of undo that are kept. */
const REMEMBERED = 200;

export function openEditor(app: AppStore): void {
  const { slot } = app;
  if (slot === null) return;
  const isSame = app.state.editor.run === slot.id;
  app.update((draft) => {
    draft.editor.open = true;
    draft.playing = false;
  });
  if (isSame) return;
  const scenario = wholeScenario(slot.spec);
  setEditor(app, {
    run: slot.id,
    base: scenario,
    scenario,
    seed: slot.spec.seed,
    undo: [],
    redo: [],
  });
}

export function closeEditor(app: AppStore): void {
  app.update((draft) => {
    draft.editor.open = false;
  });
}

/** Changes the scenario to `next` as one step, told in `words`; the same thing is no step. */
export function edit(app: AppStore, next: unknown, words: string): void {
  const { scenario, undo } = app.state.editor;
  if (scenario === null) return;
  const [changed, patches, inverse] = produceWithPatches(
    { root: scenario as unknown },
    (draft: { root: unknown }) => {
      if (isTree(draft.root) && isTree(next)) become(draft.root, next);
      else draft.root = next;
    },
  );
  if (patches.length === 0) return;
  const step: Edit = { words, patches, inverse };
  setEditor(app, {
    scenario: changed.root as ScenarioInput,
    undo: [...undo, step].slice(-REMEMBERED),
    redo: [],
  });
}

export function undoEdit(app: AppStore): void {
  const { undo, redo } = app.state.editor;
  const step = undo.at(-1);
  if (step === undefined) return;
  applyStep(app, step.inverse);
  setEditor(app, { undo: undo.slice(0, -1), redo: [...redo, step] });
  app.say(`undone: ${step.words}`);
}

export function redoEdit(app: AppStore): void {
  const { undo, redo } = app.state.editor;
  const step = redo.at(-1);
  if (step === undefined) return;
  applyStep(app, step.patches);
  setEditor(app, { undo: [...undo, step], redo: redo.slice(0, -1) });
  app.say(`done again: ${step.words}`);
}

function applyStep(app: AppStore, patches: readonly Patch[]): void {
  const { scenario } = app.state.editor;
  const changed = applyPatches({ root: scenario }, patches);
  setEditor(app, { scenario: changed.root as ScenarioInput });
}

/** Past immer's drafts: a scenario is a whole value, and its type is too deep for `Draft`. */
function setEditor(app: AppStore, change: Partial<AppStore['state']['editor']>): void {
  app.update((draft) => {
    Object.assign(draft.editor, change);
  });
}

type Tree = Record<string, unknown> | unknown[];

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** Makes `draft` equal to `next`, touching only what differs, so that the patches are small. */
function become(draft: Tree, next: Tree): void {
  if (Array.isArray(draft) && Array.isArray(next)) {
    next.forEach((value, index) => {
      draft[index] = merged(draft[index], value);
    });
    if (draft.length > next.length) draft.splice(next.length);
    return;
  }
  const from = draft as Record<string, unknown>;
  const to = next as Record<string, unknown>;
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) delete from[key];
  for (const [key, value] of Object.entries(to)) from[key] = merged(from[key], value);
}

function merged(old: unknown, value: unknown): unknown {
  const areAlike = isTree(old) && isTree(value) && Array.isArray(old) === Array.isArray(value);
  if (!areAlike) return value;
  become(old, value);
  return old;
}

/** What two scenarios differ in, as paths and values: shown above a comparison. */
export function differences(
  left: unknown,
  right: unknown,
): { readonly path: string; readonly left: unknown; readonly right: unknown }[] {
  if (Object.is(left, right)) return [];
  if (!isTree(left) || !isTree(right) || Array.isArray(left) !== Array.isArray(right)) {
    return [{ path: '', left, right }];
  }
  const a = left as Record<string, unknown>;
  const b = right as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) =>
    differences(a[key], b[key]).map((one) => ({
      ...one,
      path: joined(Array.isArray(left) ? `[${key}]` : key, one.path),
    })),
  );
}

function joined(head: string, tail: string): string {
  if (tail === '') return head;
  return tail.startsWith('[') ? `${head}${tail}` : `${head}.${tail}`;
}
