/** An event that was asked for and that the run does not have: said, with what is shown instead. */
import type { RunSlot } from '../app/services.ts';
import type { AppStore } from '../app/store.ts';

/** @param asker what asks, as a sentence begins with it: `The link`. The run must be complete. */
export function tellIfTooFar(app: AppStore, slot: RunSlot, at: number, asker: string): void {
  const { count } = slot.store;
  if (at <= count) return;
  const details = [`The run has ${count} events; its end is shown.`];
  app.notify('error', `${asker} asks for event ${at}`, details);
}
