/** Holding a run in its worker while it is being computed, and letting it go on step by step. */
import { count } from '../../../sim/run/words.ts';
import { type Command, hasRun, key, shift } from '../command.ts';
import { linesOf } from '../compare-runs.ts';
import type { AppStore } from '../store.ts';

export const liveCommands: readonly Command[] = [
  {
    id: 'hold',
    words: 'Hold the run that is being computed, or let it go on',
    group: 'Play',
    keys: [key('KeyR')],
    available: (app) => hasRun(app) && app.state.run?.complete === false,
    run: (app) => void holdOrLetGo(app),
  },
  {
    id: 'step-on',
    words: 'Let the held run go on by one step',
    group: 'Play',
    keys: [shift('KeyR')],
    available: (app) => hasRun(app) && app.state.run?.held === true,
    run: (app) => void stepOn(app),
  },
  {
    id: 'hold-here',
    words: 'Run it again, held at this event',
    group: 'Play',
    keys: [key('KeyJ')],
    available: hasRun,
    run: holdHere,
  },
];

async function holdOrLetGo(app: AppStore): Promise<void> {
  const { slot } = app;
  if (slot === null) return;
  if (slot.isHeld()) {
    app.services.letGo(slot);
    app.say('the run goes on');
    return;
  }
  await app.services.hold(slot);
  goToNewest(app, slot.id);
  app.say(slot.isHeld() ? `the run is held after event ${count(slot.store.count)}` : 'it is over');
}

async function stepOn(app: AppStore): Promise<void> {
  const { slot } = app;
  if (slot === null) return;
  await app.services.stepOn(slot);
  goToNewest(app, slot.id);
}

/** What is new is at the end of what has come. */
function goToNewest(app: AppStore, id: number): void {
  if (app.state.run?.id !== id) return;
  app.update((draft) => {
    draft.playing = false;
  });
  app.goTo(app.state.run.count);
}

function holdHere(app: AppStore): void {
  const { slot, state } = app;
  if (slot === null) return;
  const at = Math.max(1, state.position);
  app.services.open(slot.spec, { at, holdAt: at }).then(
    () => app.say(`held at event ${count(at)}`),
    (error: unknown) => app.notify('error', 'The run did not start', linesOf(error)),
  );
}
