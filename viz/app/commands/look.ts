/** What is shown and how: zoom, views, cone, marks, pins. */

import { lanesOf } from '../../model/lanes.ts';
import { type Command, type CommandGroup, hasRun, key, shift } from '../command.ts';
import type { Cone, InspectorTab, TimeRange, ViewName } from '../state.ts';
import type { AppStore } from '../store.ts';
import { clampRange, panned, zoomed } from '../viewport.ts';

const ZOOM = 1.5;
const PAN = 0.15;

export const VIEW_WORDS: Readonly<Record<ViewName, string>> = {
  lanes: 'Lanes',
  logs: 'Logs',
  groups: 'Clients & metrics',
  sequence: 'Sequence',
  table: 'Events',
};

export const TAB_WORDS: Readonly<Record<InspectorTab, string>> = {
  event: 'Event',
  state: 'State',
  diff: 'Diff',
  why: 'Why',
  config: 'Config',
};

export const lookCommands: readonly Command[] = [
  look('zoom-in', 'Zoom in', [key('KeyW')], (app) => zoom(app, 1 / ZOOM)),
  look('zoom-out', 'Zoom out', [key('KeyS')], (app) => zoom(app, ZOOM)),
  look('pan-left', 'Move the view to earlier', [key('KeyA')], (app) => pan(app, -PAN)),
  look('pan-right', 'Move the view to later', [key('KeyD')], (app) => pan(app, PAN)),
  look('focus', 'Focus the selection; again: the whole run', [key('KeyF')], focusSelection),
  look('fit', 'The whole run', [key('Digit0')], showWhole),
  ...view('lanes', 'Digit1'),
  ...view('logs', 'Digit2'),
  ...view('groups', 'Digit3'),
  ...view('sequence', 'Digit4'),
  ...view('table', 'Digit5'),
  look('cone', 'Causal cone: off, past, future, both', [key('KeyE')], nextCone),
  look('mark', 'Mark this event', [key('KeyM')], mark),
  look('mark-name', 'Mark this event under a name …', [shift('KeyM')], (app) =>
    app.update((draft) => {
      draft.overlay = 'mark';
    }),
  ),
  look('pin', 'Pin this lane to the top, or let it go', [key('KeyP')], pin),
  look('fold', 'Fold heartbeats and empty fetches, or unfold them', [key('KeyH')], (app) =>
    toggle(app, 'fold', 'heartbeats are folded', 'heartbeats are shown one by one'),
  ),
  look('show-lost', 'Show lost records everywhere, or only where they go', [key('KeyL')], (app) =>
    toggle(app, 'showLost', 'lost records stay', 'lost records only where they go'),
  ),
  tab('event', 'Digit1'),
  tab('state', 'Digit2'),
  tab('diff', 'Digit3'),
  tab('why', 'Digit4'),
  tab('config', 'Digit5'),
  look('lane-down', 'Select the lane below', [key('ArrowDown')], (app) => selectLane(app, 1)),
  look('lane-up', 'Select the lane above', [key('ArrowUp')], (app) => selectLane(app, -1)),
  look('partition-next', 'Select the next partition', [key('KeyQ')], selectPartition),
  look('clear', 'Select nothing', [key('Escape')], (app) =>
    app.update((draft) => {
      draft.selection.node = null;
      draft.selection.range = null;
      draft.selection.partition = null;
    }),
  ),
];

function look(
  id: string,
  words: string,
  keys: Command['keys'],
  run: Command['run'],
  group: CommandGroup = 'Look',
): Command {
  return { id, words, group, keys, available: hasRun, run };
}

function view(name: ViewName, code: string): Command[] {
  return [
    look(`view-${name}`, `View: ${VIEW_WORDS[name].toLowerCase()}`, [key(code)], (app) => {
      app.update((draft) => {
        draft.view = name;
      });
      app.say(`view ${VIEW_WORDS[name].toLowerCase()}`);
    }),
  ];
}

function tab(name: InspectorTab, code: string): Command {
  return look(`tab-${name}`, `Inspector: ${TAB_WORDS[name]}`, [shift(code)], (app) =>
    app.update((draft) => {
      draft.tab = name;
    }),
  );
}

function setViewport(app: AppStore, range: TimeRange): void {
  const endUs = app.slot?.store.endUs ?? 0;
  app.update((draft) => {
    draft.viewport = clampRange(range, endUs);
  });
}

/** Around the position when it is on screen, else around the middle. */
function zoom(app: AppStore, factor: number): void {
  const { viewport } = app.state;
  const at = timeOfPosition(app);
  const isShown = at >= viewport.fromUs && at <= viewport.toUs;
  const around = isShown ? at : (viewport.fromUs + viewport.toUs) / 2;
  setViewport(app, zoomed(viewport, factor, around));
}

function pan(app: AppStore, share: number): void {
  setViewport(app, panned(app.state.viewport, share));
}

function showWhole(app: AppStore): void {
  setViewport(app, { fromUs: 0, toUs: app.slot?.store.endUs ?? 0 });
}

const FOCUS_US = 20_000;

function focusSelection(app: AppStore): void {
  const { selection, viewport } = app.state;
  const at = timeOfPosition(app);
  const wanted = selection.range ?? { fromUs: at - FOCUS_US / 2, toUs: at + FOCUS_US / 2 };
  const focused = clampRange(wanted, app.slot?.store.endUs ?? 0);
  const isThere = focused.fromUs === viewport.fromUs && focused.toUs === viewport.toUs;
  if (isThere) showWhole(app);
  else setViewport(app, focused);
}

function timeOfPosition(app: AppStore): number {
  const { position } = app.state;
  return position === 0 ? 0 : (app.slot?.store.timeUs(position) ?? 0);
}

const CONES: readonly Cone[] = ['off', 'past', 'future', 'both'];

function nextCone(app: AppStore): void {
  const next = CONES[(CONES.indexOf(app.state.cone) + 1) % CONES.length] ?? 'off';
  app.update((draft) => {
    draft.cone = next;
  });
}

function mark(app: AppStore): void {
  const { position, marks } = app.state;
  const isMarked = marks.some((one) => one.event === position);
  app.update((draft) => {
    if (isMarked) draft.marks = draft.marks.filter((one) => one.event !== position);
    else draft.marks.push({ event: position, name: '' });
  });
  app.say(isMarked ? `mark at event ${position} taken off` : `event ${position} marked`);
}

function pin(app: AppStore): void {
  const { selection, position, pinned } = app.state;
  const node = selection.node ?? (position > 0 ? (app.slot?.store.node(position) ?? 0) : 0);
  app.update((draft) => {
    if (pinned.includes(node)) draft.pinned = draft.pinned.filter((one) => one !== node);
    else draft.pinned.push(node);
  });
}

function toggle(app: AppStore, what: 'fold' | 'showLost', on: string, off: string): void {
  app.update((draft) => {
    draft[what] = !draft[what];
  });
  app.say(app.state[what] ? on : off);
}

function selectLane(app: AppStore, by: number): void {
  const { slot } = app;
  if (slot === null) return;
  const order = lanesOf(slot.store, slot.timeline.facts, app.state.pinned).map((one) => one.node);
  const chosen = app.state.selection.node;
  const place = chosen === null ? (by > 0 ? -1 : order.length) : order.indexOf(chosen);
  const node = order[Math.max(0, Math.min(order.length - 1, place + by))] ?? 0;
  app.update((draft) => {
    draft.selection.node = node;
  });
  app.say(`lane ${slot.store.nodeName(node)}`);
}

function selectPartition(app: AppStore): void {
  const { slot, state } = app;
  if (slot === null) return;
  const names = Object.keys(slot.timeline.stateAt(state.position).partitions);
  const place = state.selection.partition === null ? -1 : names.indexOf(state.selection.partition);
  const next = names[(place + 1) % Math.max(1, names.length)];
  if (next === undefined) return;
  app.update((draft) => {
    draft.selection.partition = next;
  });
  app.say(`partition ${next}`);
}
