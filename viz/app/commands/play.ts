/** Playing, and stepping by one event. */
import { type Command, hasRun, key, shift } from '../command.ts';
import { SPEEDS } from '../state.ts';
import type { AppStore } from '../store.ts';

export const playCommands: readonly Command[] = [
  {
    id: 'play',
    words: 'Play or pause',
    group: 'Play',
    keys: [key('Space')],
    available: hasRun,
    run: togglePlay,
  },
  {
    id: 'step-forward',
    words: 'One event on',
    group: 'Play',
    keys: [key('ArrowRight')],
    available: hasRun,
    run: (app) => step(app, 1),
  },
  {
    id: 'step-back',
    words: 'One event back',
    group: 'Play',
    keys: [key('ArrowLeft')],
    available: hasRun,
    run: (app) => step(app, -1),
  },
  {
    id: 'to-start',
    words: 'To the beginning of the run',
    group: 'Play',
    keys: [key('Home')],
    available: hasRun,
    run: (app) => app.goTo(0),
  },
  {
    id: 'to-end',
    words: 'To the end of the run',
    group: 'Play',
    keys: [key('End')],
    available: hasRun,
    run: (app) => app.goTo(app.state.run?.count ?? 0),
  },
  {
    id: 'faster',
    words: 'Play faster',
    group: 'Play',
    keys: [shift('Period')],
    available: hasRun,
    run: (app) => setSpeed(app, 1),
  },
  {
    id: 'slower',
    words: 'Play slower',
    group: 'Play',
    keys: [shift('Comma')],
    available: hasRun,
    run: (app) => setSpeed(app, -1),
  },
];

function togglePlay(app: AppStore): void {
  const atEnd = app.slot?.store.complete === true && app.state.position >= app.slot.store.count;
  if (!app.state.playing && atEnd) app.goTo(0);
  app.update((draft) => {
    draft.playing = !draft.playing;
  });
  app.say(app.state.playing ? 'playing' : `paused at event ${app.state.position}`);
}

function step(app: AppStore, by: number): void {
  app.update((draft) => {
    draft.playing = false;
  });
  app.goTo(app.state.position + by);
}

function setSpeed(app: AppStore, by: number): void {
  const place = (SPEEDS as readonly number[]).indexOf(app.state.speed);
  const next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place + by))] ?? 1;
  app.update((draft) => {
    draft.speed = next;
  });
  app.say(`speed ${speedWords(next)}`);
}

/** `1/16×`, `4×` */
export function speedWords(speed: number): string {
  return speed < 1 ? `1/${Math.round(1 / speed)}×` : `${speed}×`;
}
