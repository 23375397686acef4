/** Doing something to a run: never to the run itself, always to a branch with the same prefix. */
import { count } from '../../sim/run/words.ts';
import { linesOf } from './compare-runs.ts';
import type { FaultChoice } from './fault-menu.ts';
import { isTooSmall } from './small-screen.ts';
import type { AppStore } from './store.ts';

/** Shows the branch at the event it parts from; the run it came from stays open. */
export function performFault(app: AppStore, choice: FaultChoice): void {
  const { slot } = app;
  if (slot === null || isTooSmall(app)) return;
  app.update((draft) => {
    draft.playing = false;
  });
  app.services.branch(slot, choice.after, [choice.fault]).then(
    () => app.say(`branch after event ${count(choice.after)}: ${choice.words}`),
    (error: unknown) => app.notify('error', 'The branch did not come about', linesOf(error)),
  );
}
