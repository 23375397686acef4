/** Which two runs stand side by side. Left is what was, right is what the page goes on showing. */
import type { RunSlot } from './services.ts';
import type { AppStore } from './store.ts';

/** With the run's parent, else the run opened last before it; without any a choice is offered. */
export function openCompare(app: AppStore): void {
  const right = app.slot;
  if (right === null) return;
  const left = partnerOf(app, right);
  app.update((draft) => {
    draft.compare = { left: left?.id ?? 0, right: right.id };
    draft.playing = false;
  });
}

export function compareWith(app: AppStore, left: RunSlot): void {
  const right = app.slot;
  if (right === null || left.id === right.id) return;
  app.update((draft) => {
    draft.compare = { left: left.id, right: right.id };
  });
}

export function closeCompare(app: AppStore): void {
  app.update((draft) => {
    draft.compare = null;
  });
  app.say('comparison ended');
}

function partnerOf(app: AppStore, run: RunSlot): RunSlot | null {
  const parent = run.parent === null ? undefined : app.slots.get(run.parent.id);
  if (parent !== undefined) return parent;
  const others = [...app.slots.values()].filter((one) => one.id !== run.id);
  return others.at(-1) ?? null;
}

/** Runs the changed scenario and puts it beside the run that was on screen. */
export async function runBeside(app: AppStore, next: () => Promise<RunSlot>): Promise<void> {
  const before = app.slot;
  try {
    const slot = await next();
    if (before !== null && app.slot?.id === slot.id) compareWith(app, before);
  } catch (error) {
    app.notify('error', 'The run did not start', linesOf(error));
  }
}

export function linesOf(error: unknown): string[] {
  return (error instanceof Error ? error.message : String(error)).split('\n');
}
