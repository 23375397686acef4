import { describe, expect, test } from 'vitest';
import { alignedRows } from '../../../viz/app/aligned-rows.ts';
import { comparisonOf, partnerBefore } from '../../../viz/app/comparisons.ts';
import { outcomes } from '../../../viz/app/outcomes.ts';
import { sequenceAround } from '../../../viz/app/sequence-rows.ts';
import type { Services } from '../../../viz/app/services.ts';
import { AppStore } from '../../../viz/app/store.ts';
import { mermaidText } from '../../../viz/export/mermaid.ts';
import { ndjsonParts } from '../../../viz/export/ndjson.ts';
import { perfettoParts } from '../../../viz/export/perfetto.ts';
import { shivizLog } from '../../../viz/export/shiviz.ts';
import { align } from '../../../viz/model/align.ts';
import { quietCluster, vizRun } from '../../support/viz-runs.ts';

const { store, timeline } = vizRun(quietCluster);

describe('the Perfetto file', () => {
  interface TraceEvent {
    readonly ph: string;
    readonly tid: number;
    readonly id?: number;
    readonly ts?: number;
    readonly args?: { readonly name?: string };
  }
  const { traceEvents } = JSON.parse(perfettoParts(store).join('')) as {
    traceEvents: readonly TraceEvent[];
  };

  test('has a named track for every node', () => {
    const names = traceEvents.flatMap(({ ph, args }) => (ph === 'M' ? [args?.name] : []));
    expect(names).toEqual(expect.arrayContaining(['lab', ...store.nodeNames]));
  });

  test('has a slice for every step, in the order of time', () => {
    const slices = traceEvents.filter((one) => one.ph === 'X');
    const steps = new Set(Array.from({ length: store.count }, (_, at) => store.stepOf(at + 1)));
    expect(slices).toHaveLength(steps.size);
    const times = slices.map((one) => one.ts ?? 0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('ends every flow at a message that was sent', () => {
    const begun = flows(traceEvents, 's');
    const ended = flows(traceEvents, 'f');
    expect(ended.length).toBeGreaterThan(100);
    expect(ended.toSorted()).toEqual(begun.toSorted());
  });

  test('ends the flow of a message that comes in pieces once', () => {
    const many = vizRun({
      ...quietCluster,
      workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 100, valueBytes: 60_000 }],
    });
    const events = (
      JSON.parse(perfettoParts(many.store).join('')) as { traceEvents: readonly TraceEvent[] }
    ).traceEvents;
    const brought = new Map<number, number>();
    for (const parent of inputParents(many.store)) {
      brought.set(parent, (brought.get(parent) ?? 0) + 1);
    }
    expect(Math.max(...brought.values())).toBeGreaterThan(1);
    expect(flows(events, 'f').toSorted()).toEqual(flows(events, 's').toSorted());
    expect(new Set(flows(events, 'f')).size).toBe(flows(events, 'f').length);
  });

  function flows(events: readonly TraceEvent[], ph: string): string[] {
    return events.flatMap((one) => (one.ph === ph ? [String(one.id)] : []));
  }

  function inputParents(of: typeof store): number[] {
    const received = of.listOf('input.received');
    return Array.from({ length: received.count }, (_, at) => received.at(at))
      .flatMap((event) => [of.parentA(event), of.parentB(event)])
      .filter((parent) => parent > 0 && of.kindName(parent) === 'frame.sent');
  }
});

describe('the JSON lines', () => {
  const lines = ndjsonParts(store).join('').trimEnd().split('\n');

  test('hold every event under its number with named fields', () => {
    expect(lines).toHaveLength(store.count);
    const sent = store.listOf('frame.sent').at(3);
    const { fields } = store.at(sent);
    expect(JSON.parse(lines[sent - 1]!)).toMatchObject({
      event: sent,
      kind: 'frame.sent',
      fields: { to: fields[0], role: fields[1] },
    });
  });
});

describe('the ShiViz log', () => {
  const isChosen = (event: number): boolean =>
    ['frame.sent', 'input.received'].includes(store.kindName(event));
  const lines = shivizLog(store, isChosen).trimEnd().split('\n');
  const clocks = lines.flatMap((line, place) => {
    if (place % 2 === 1) return [];
    const [host = '', clock = ''] = [
      line.slice(0, line.indexOf(' ')),
      line.slice(line.indexOf('{')),
    ];
    return [{ host, clock: JSON.parse(clock) as Record<string, number> }];
  });

  test("counts each host's own events from 1 without a gap", () => {
    const seen: Record<string, number> = {};
    for (const { host, clock } of clocks) {
      expect(clock[host]).toBe((seen[host] ?? 0) + 1);
      seen[host] = clock[host]!;
    }
  });

  test('never lets a clock know more of another host than has happened there', () => {
    const seen: Record<string, number> = {};
    for (const { host, clock } of clocks) {
      seen[host] = clock[host]!;
      for (const [other, known] of Object.entries(clock)) {
        expect(known).toBeLessThanOrEqual(seen[other] ?? 0);
      }
    }
  });
});

test('the Mermaid diagram names its nodes and keeps to its limit of rows', () => {
  const { messages, routine } = timeline.index;
  const parts = { store, messages, routine, isFolded: true };
  const rows = sequenceAround(parts, Math.floor(store.count / 2), 300);

  const lines = mermaidText(store, rows, 0).trimEnd().split('\n');

  expect(lines[0]).toBe('sequenceDiagram');
  expect(lines.filter((line) => /->>|-x|Note over/.test(line)).length).toBeLessThanOrEqual(200);
  expect(lines.some((line) => line.includes('participant') && line.includes('broker-1'))).toBe(
    true,
  );
  expect(rows.map((row) => row.event)).toEqual(rows.map((row) => row.event).sort((a, b) => a - b));
});

describe('two runs in one list', () => {
  const other = vizRun(quietCluster, 2);
  const alignment = align(store, other.store);
  const stores = { left: store, right: other.store };
  const { rows, isCut, tally } = alignedRows(stores, alignment, () => true);

  test('hold every event behind the common beginning once', () => {
    const lefts = rows.flatMap((row) => (row.left === 0 ? [] : [row.left]));
    const rights = rows.flatMap((row) => (row.right === 0 ? [] : [row.right]));
    expect(lefts).toHaveLength(store.count - alignment.prefix);
    expect(new Set(lefts).size).toBe(lefts.length);
    expect(rights).toHaveLength(other.store.count - alignment.prefix);
    expect(new Set(rights).size).toBe(rights.length);
  });

  test('count every event, however many of them the list holds', () => {
    const { onlyLeft, onlyRight } = alignment;
    expect(tally).toMatchObject({ 'only-left': onlyLeft, 'only-right': onlyRight });
    const none = alignedRows(stores, alignment, () => false);
    expect(none).toEqual({ rows: [], isCut: false, tally });
    expect(isCut).toBe(false);
  });

  test('are shown when they are there, however far the work was said to be', async () => {
    const slotOf = (id: number, run: { store: typeof store; timeline: typeof timeline }) => {
      const spec = { scenario: quietCluster, seed: id };
      return { id, spec, ...run, parent: null, isHeld: () => false };
    };
    const [left, right] = [slotOf(1, { store, timeline }), slotOf(2, other)];
    const found = { alignment, aligned: { rows, isCut, tally } };
    const app = new AppStore();
    app.provide({
      compare: async (_left: unknown, _right: unknown, told: (share: number) => void) => {
        told(1);
        return found;
      },
    } as unknown as Services);

    const shown: unknown[] = [comparisonOf(app, left, right)];
    await new Promise<void>((resolve) => {
      app.subscribe(({ compared }) => {
        shown.push(comparisonOf(app, left, right));
        if (compared === 1) resolve();
      });
    });

    expect(shown.at(0)).toBeNull();
    expect(shown.at(-1)).toBe(found);
  });

  test('stand by the time of the left run, and by that of the right one where it is alone', () => {
    const timeOf = (row: (typeof rows)[number]) =>
      row.left > 0
        ? store.timeUs(row.left) - store.identity!.originUs
        : other.store.timeUs(row.right) - other.store.identity!.originUs;
    const times = rows.map(timeOf);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('stand in the order of scenario time', () => {
    const onlyRight = rows.findIndex((row) => row.likeness === 'only-right');
    const lastLeft = rows.findLastIndex((row) => row.left > 0);
    expect(onlyRight).toBeGreaterThanOrEqual(0);
    expect(onlyRight).toBeLessThan(lastLeft);
  });

  test('lead from any event to the nearest partner before it', () => {
    for (let event = 1; event <= store.count; event += 331) {
      const partner = partnerBefore(alignment.toRight, event);
      if (alignment.toRight[event] !== 0) expect(partner).toBe(alignment.toRight[event]);
      else expect(partner).toBeGreaterThanOrEqual(0);
    }
  });

  test('tell what came out of each beside the other', () => {
    const a = store.identity!.report!;
    const b = other.store.identity!.report!;
    const sent = outcomes(a, b).find((one) => one.name === 'records sent');
    expect(sent).toMatchObject({ left: String(a.counts.sent), right: String(b.counts.sent) });
    expect(outcomes(a, a).filter((one) => one.differs)).toEqual([]);

    const producers = a.story.clients.filter((one) => one.kind === 'producer');
    const slowest = Math.max(...producers.map((one) => one.latencyMs?.max ?? 0));
    const told = outcomes(a, b).find((one) => one.name === 'slowest acknowledgement');
    expect(Number.parseFloat(told!.left)).toBeCloseTo(slowest, 1);
  });
});
