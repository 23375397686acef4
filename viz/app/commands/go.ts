/** Leaps: violations, faults, lanes, filter hits, causes and effects. */
import { type Command, hasRun, key, shift } from '../command.ts';
import { nextHit } from '../hits.ts';
import {
  type Direction,
  directCause,
  messageAfter,
  messageBefore,
  neighbour,
  nextFault,
  nextIn,
  verdictEvents,
} from '../navigation.ts';
import type { RunSlot } from '../services.ts';
import type { AppStore } from '../store.ts';

export const goCommands: readonly Command[] = [
  leap('next-violation', 'Next violation or allowed loss', [key('KeyV')], (_app, slot, at) =>
    nextIn(verdictEvents(slot.store), at, 1),
  ),
  leap(
    'previous-violation',
    'Previous violation or allowed loss',
    [shift('KeyV')],
    (_a, slot, at) => nextIn(verdictEvents(slot.store), at, -1),
  ),
  leap('next-fault', 'Next beginning or end of a fault', [key('KeyX')], (_app, slot, at) =>
    nextFault(slot.store, at, 1),
  ),
  leap('previous-fault', 'Previous beginning or end of a fault', [shift('KeyX')], (_a, slot, at) =>
    nextFault(slot.store, at, -1),
  ),
  leap('lane-next', 'Next event of this lane', [key('Period')], (app, slot, at) =>
    inLane(app, slot, at, 1),
  ),
  leap('lane-previous', 'Previous event of this lane', [key('Comma')], (app, slot, at) =>
    inLane(app, slot, at, -1),
  ),
  leap(
    'chosen-next',
    'Next event of the filter, else of the selected lane',
    [shift('ArrowRight')],
    (app, slot, at, later) => inFilterOrLane(app, slot, { at, direction: 1 }, later),
  ),
  leap(
    'chosen-previous',
    'Previous event of the filter, else of the selected lane',
    [shift('ArrowLeft')],
    (app, slot, at, later) => inFilterOrLane(app, slot, { at, direction: -1 }, later),
  ),
  leap('hit-next', 'Next hit of the filter', [key('KeyN')], (app, _slot, at, later) =>
    nextHit(app, at, 1, later),
  ),
  leap('hit-previous', 'Previous hit of the filter', [shift('KeyN')], (app, _slot, at, later) =>
    nextHit(app, at, -1, later),
  ),
  leap('message-back', 'Back along the message', [key('BracketLeft')], (_app, slot, at) =>
    messageBefore(slot.store, at),
  ),
  leap('message-on', 'On along the message', [key('BracketRight')], (_app, slot, at) =>
    messageAfter(slot.store, at),
  ),
  leap('cause', 'To the direct cause', [shift('BracketLeft')], (_app, slot, at) =>
    directCause(slot.store, at),
  ),
  {
    id: 'goto',
    words: 'Go to an event or a time …',
    group: 'Go to',
    keys: [key('KeyG')],
    available: hasRun,
    run: (app) =>
      app.update((draft) => {
        draft.overlay = 'goto';
      }),
  },
  {
    id: 'filter',
    words: 'Filter events …',
    group: 'Go to',
    keys: [key('Slash')],
    available: hasRun,
    run: (app) => app.request('focus-filter'),
  },
];

/** @returns an event, 0 = none; null: not known yet, `later` is told. */
type Find = (
  app: AppStore,
  slot: RunSlot,
  at: number,
  later: (event: number) => void,
) => number | null;

/** A command that moves the position to the event found, and says so when there is none. */
function leap(id: string, words: string, keys: Command['keys'], find: Find): Command {
  return {
    id,
    words,
    group: 'Go to',
    keys,
    available: hasRun,
    run: (app) => {
      const { slot } = app;
      if (slot === null) return;
      const land = (found: number): void => {
        if (found > 0) app.goTo(found);
        else app.say(`${words}: none from here`);
      };
      const found = find(app, slot, app.state.position, land);
      app.update((draft) => {
        draft.playing = false;
      });
      if (found === null) app.say(`${words}: looking …`);
      else land(found);
    },
  };
}

function inLane(app: AppStore, slot: RunSlot, at: number, direction: Direction): number {
  const { selection } = app.state;
  const node = selection.node ?? (at > 0 ? slot.store.node(at) : 1);
  return neighbour(slot.store.byNode(node), at, direction);
}

function inFilterOrLane(
  app: AppStore,
  slot: RunSlot,
  { at, direction }: { readonly at: number; readonly direction: Direction },
  later: (event: number) => void,
): number | null {
  if (app.state.filter !== '') return nextHit(app, at, direction, later);
  return inLane(app, slot, at, direction);
}
