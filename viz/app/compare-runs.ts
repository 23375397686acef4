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

/** Runs the changed scenario and puts it beside the run that was on screen, at the same time. */
export async function runBeside(app: AppStore, next: () => Promise<RunSlot>): Promise<void> {
  const before = app.slot;
  const timeUs = scenarioTime(app);
  try {
    const slot = await next();
    if (before === null || app.slot?.id !== slot.id) return;
    compareWith(app, before);
    await app.services.whole(slot);
    const isUntouched = app.slot?.id === slot.id && app.state.position === 0;
    if (!isUntouched) return;
    const { identity } = slot.store;
    app.goTo(slot.store.eventAtTime(timeUs + (identity?.originUs ?? 0)));
  } catch (error) {
    app.notify('error', 'The run did not start', linesOf(error));
  }
}

/** Where the page stands, in µs of scenario time. */
function scenarioTime({ slot, state }: AppStore): number {
  if (slot === null || state.position === 0) return 0;
  return slot.store.timeUs(state.position) - (slot.store.identity?.originUs ?? 0);
}

export function linesOf(error: unknown): string[] {
  return (error instanceof Error ? error.message : String(error)).split('\n');
}
