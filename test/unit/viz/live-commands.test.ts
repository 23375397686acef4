import { beforeEach, expect, test } from 'vitest';
import { liveCommands } from '../../../viz/app/commands/live.ts';
import type { RunShow, RunSlot, RunSpec, Services } from '../../../viz/app/services.ts';
import { AppStore } from '../../../viz/app/store.ts';
import { Timeline } from '../../../viz/model/timeline.ts';
import { TraceStore } from '../../../viz/model/trace-store.ts';
import { storyRun } from '../../support/viz-runs.ts';

const run = storyRun('acks-1-loses-an-acknowledged-record');
const all = run.store.rows;

/** A run of which `known` events have come, and an engine that notes what it is asked for. */
let held = false;
let asked: string[] = [];
let slot: RunSlot;
let app: AppStore;

beforeEach(() => {
  held = false;
  asked = [];
  const store = new TraceStore(all.kinds);
  store.append(all.chunks[0]!, { texts: all.texts, nodeNames: all.nodeNames });
  const spec = { scenario: run.scenario, seed: 1 };
  slot = { id: 1, spec, store, timeline: new Timeline(store), parent: null, isHeld: () => held };
  app = new AppStore();
  app.provide({
    hold: async () => {
      asked.push('hold');
      held = true;
      app.grown(slot);
    },
    stepOn: async () => {
      asked.push('step');
    },
    letGo: () => {
      asked.push('let go');
      held = false;
      app.grown(slot);
    },
    open: async (_spec: RunSpec, show: RunShow) => {
      asked.push(`open at ${show.at}, held at ${show.holdAt}`);
      return slot;
    },
  } as unknown as Services);
  app.show(slot);
});

/** As a key or a button does: nothing happens when the command is not available. */
function press(id: string): void {
  const command = liveCommands.find((one) => one.id === id)!;
  if (command.available!(app)) command.run(app);
}

test('a run is held, goes on by steps and is let go, and the page stands at its newest event', async () => {
  press('step-on');
  press('hold');
  await Promise.resolve();
  await Promise.resolve();
  const at = app.state.position;
  press('step-on');
  press('hold');

  expect(asked).toEqual(['hold', 'step', 'let go']);
  expect(at).toBe(slot.store.count);
  expect(app.state.run?.held).toBe(false);
});

test('a run that is over is not held, but can be run again up to where the page stands', () => {
  slot.store.finish();
  app.grown(slot);
  app.goTo(500);

  press('hold');
  press('hold-here');

  expect(asked).toEqual(['open at 500, held at 500']);
});
