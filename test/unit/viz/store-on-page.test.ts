import { beforeEach, describe, expect, test, vi } from 'vitest';
import { allHits, hitsOf, nextHit, rowsOf } from '../../../viz/app/hits.ts';
import {
  directCause,
  messageAfter,
  messageBefore,
  nextFault,
  verdictEvents,
} from '../../../viz/app/navigation.ts';
import { parsePlace } from '../../../viz/app/place.ts';
import type { RunSlot } from '../../../viz/app/services.ts';
import { AppStore } from '../../../viz/app/store.ts';
import { storyRun } from '../../support/viz-runs.ts';

const run = storyRun('acks-1-loses-an-acknowledged-record');
const { store } = run;
const slot: RunSlot = {
  id: 1,
  spec: { scenario: run.scenario, seed: 1 },
  store,
  timeline: run.timeline,
  parent: null,
  isHeld: () => false,
};
let app = new AppStore();
beforeEach(() => {
  app = new AppStore();
  app.show(slot);
});

describe('the store of the page', () => {
  test('tells listeners only what changed, with the state before', () => {
    const heard: [number, number][] = [];
    app.subscribe((state, before) => heard.push([before.position, state.position]));

    app.goTo(10);
    app.goTo(10);
    app.goTo(11);

    expect(heard).toEqual([
      [0, 10],
      [10, 11],
    ]);
  });

  test('keeps a position inside the run', () => {
    app.goTo(store.count + 99);
    expect(app.state.position).toBe(store.count);
    app.goTo(-3);
    expect(app.state.position).toBe(0);
    expect(app.state.selection.event).toBeNull();
  });

  test('moves the viewport to a position that it does not show, and keeps its span', () => {
    app.update((draft) => {
      draft.viewport = { fromUs: 0, toUs: 1_000_000 };
    });

    app.goTo(store.count);

    const { fromUs, toUs } = app.state.viewport;
    expect(toUs - fromUs).toBe(1_000_000);
    expect(store.timeUs(store.count)).toBeGreaterThanOrEqual(fromUs);
    expect(store.timeUs(store.count)).toBeLessThanOrEqual(toUs);
  });

  test('forgets marks, range and comparison with the run that they belong to', () => {
    app.goTo(500);
    app.update((draft) => {
      draft.marks.push({ event: 500, name: 'here' });
      draft.selection.range = { fromUs: 1, toUs: 2 };
      draft.compare = { left: 7, right: 1 };
    });

    app.show({ ...slot, id: 2 });

    expect(app.state.marks).toEqual([]);
    expect(app.state.selection.range).toBeNull();
    expect(app.state.compare).toBeNull();
    expect(app.state.position).toBe(0);
  });
});

describe('leaps', () => {
  test('go through everything that a check found, in order', () => {
    const events = verdictEvents(store);
    expect(events.length).toBeGreaterThan(0);
    expect(events).toEqual([...events].sort((a, b) => a - b));
  });

  test('find every fault boundary, in both directions', () => {
    const onwards: number[] = [];
    for (let at = nextFault(store, 0, 1); at > 0; at = nextFault(store, at, 1)) onwards.push(at);
    const back: number[] = [];
    const end = store.count + 1;
    for (let at = nextFault(store, end, -1); at > 0; at = nextFault(store, at, -1)) back.push(at);

    expect(onwards).toEqual(back.reverse());
    expect(onwards.map((one) => store.kindName(one).split('.')[0])).toEqual(
      onwards.map(() => 'fault'),
    );
    expect(onwards.map((one) => store.kindName(one))).toContain('fault.powerCut');
  });

  test('along a message and back come to where they started', () => {
    const sent = store.listOf('frame.sent').at(200);

    const received = messageAfter(store, sent);

    expect(store.kindName(received)).toBe('input.received');
    expect(messageBefore(store, received)).toBe(sent);
  });

  test('to the direct cause always lead to an earlier event', () => {
    for (let event = 2; event < store.count; event += 997) {
      expect(directCause(store, event)).toBeLessThan(event);
    }
  });
});

describe('the list of events', () => {
  test('holds every event without a filter', () => {
    expect(hitsOf(app).count).toBe(store.count);
    expect(hitsOf(app).at(0)).toBe(1);
  });

  test('holds what the filter lets through, and next goes along it', () => {
    app.update((draft) => {
      draft.filter = 'kind:leader.elected';
    });

    const next = nextHit(app, 0, 1);
    const hits = allHits(app);
    const found = Array.from({ length: hits.count }, (_, place) => hits.at(place));

    expect(found).toEqual(
      Array.from({ length: found.length }, (_, place) => store.listOf('leader.elected').at(place)),
    );
    expect(next).toBe(found[0]);
    expect(nextHit(app, 0, 1)).toBe(found[0]);
    expect(nextHit(app, found[0]!, 1)).toBe(found[1]);
    expect(nextHit(app, found[1]!, -1)).toBe(found[0]);
  });

  test('finds the next hit later when looking for it takes a while', async () => {
    const wanted = store.count;
    app.update((draft) => {
      draft.filter = `ev:${wanted} or text:/no sentence says this/`;
    });
    let elapsedMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (elapsedMs += 100));

    const found = await new Promise<number | null>((resolve) => {
      const now = nextHit(app, 0, 1, resolve);
      if (now !== null) resolve(-1);
    });

    clock.mockRestore();
    expect(found).toBe(wanted);
  });

  test('tells a count as final only when everything has been looked at', () => {
    app.update((draft) => {
      draft.filter = 'text:/no sentence says that/';
    });
    let elapsedMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (elapsedMs += 100));
    const early = hitsOf(app).isDone;
    clock.mockRestore();

    expect(early).toBe(false);
    expect(allHits(app).isDone).toBe(true);
  });

  test('holds nothing and says where the filter is wrong', () => {
    app.update((draft) => {
      draft.filter = 'kind:leader.elected nonsense:1';
    });
    expect(hitsOf(app).count).toBe(0);
    expect(hitsOf(app).problem).toMatchObject({ from: 20 });
  });

  test('is cut to the selected range', () => {
    app.update((draft) => {
      draft.selection.range = { fromUs: 18_000_000, toUs: 18_500_000 };
    });
    const hits = allHits(app);
    for (const place of [0, hits.count - 1]) {
      const timeUs = store.timeUs(hits.at(place));
      expect(timeUs).toBeGreaterThanOrEqual(18_000_000);
      expect(timeUs).toBeLessThanOrEqual(18_500_000);
    }
  });

  test('folds routine into beads that together hold every event once', () => {
    const rows = rowsOf(app);
    let next = 1;
    let whole = 0;
    for (let row = 0; row < rows.count; row++) {
      const { first, last, count } = rows.at(row);
      if (first === next && last - first + 1 === count) whole += 1;
      next = last + 1;
    }
    expect(whole).toBe(rows.count);
    expect(next).toBe(store.count + 1);
    expect(rows.count).toBeLessThan(store.count);
  });
});

describe('a place as people write it', () => {
  test.each([
    ['18442', 18_442],
    ['18,442', 18_442],
    ['event 12', 12],
    ['0', 0],
  ])('%s is an event number', (text, event) => {
    expect(parsePlace(text, store)).toEqual({ event });
  });

  test.each(['4s', '4.0s', '4000ms', 't=4s'])('%s is scenario time', (text) => {
    const { originUs } = store.identity!;
    expect(parsePlace(text, store)).toEqual({ event: store.eventAtTime(originUs + 4_000_000) });
  });

  test('a number beyond the run or a word is refused in words', () => {
    expect(parsePlace('99999999', store)).toHaveProperty('problem');
    expect(parsePlace('soon', store)).toHaveProperty('problem');
  });
});
