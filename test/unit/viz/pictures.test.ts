/** The pictures of real runs, drawn as SVG: whole, finite, and true to what the trace says. */
import { describe, expect, test } from 'vitest';

import { scenarios } from '../../../scenarios/index.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { initialState } from '../../../viz/app/state.ts';
import { drawArrows } from '../../../viz/canvas/lane-arrows.ts';
import { drawFaults, drawLaneGround, drawNodeBands } from '../../../viz/canvas/lane-bands.ts';
import { drawMarks } from '../../../viz/canvas/lane-marks.ts';
import { drawOperations } from '../../../viz/canvas/lane-operations.ts';
import { drawQueues } from '../../../viz/canvas/lane-queue.ts';
import { drawReader } from '../../../viz/canvas/lane-reader.ts';
import { Hits, type LaneScene } from '../../../viz/canvas/lane-scene.ts';
import { lanesLayout } from '../../../viz/canvas/lanes-layout.ts';
import {
  followWindow,
  leaderWords,
  partitionPicture,
} from '../../../viz/canvas/partition-log-model.ts';
import { drawPartitionLog } from '../../../viz/canvas/partition-log-picture.ts';
import { SvgPen } from '../../../viz/canvas/svg-pen.ts';
import { timeScale } from '../../../viz/canvas/time-axis.ts';
import { capOf } from '../../../viz/model/cap.ts';
import { lanesOf } from '../../../viz/model/lanes.ts';
import { Timeline } from '../../../viz/model/timeline.ts';
import { TraceStore } from '../../../viz/model/trace-store.ts';

const size = { width: 1200, height: 420 };
/** Tokens stand for themselves, so that a test can look for them. */
const colours = { colour: (token: string) => token, sans: 'sans-serif', mono: 'monospace' };
const epochs = { fill: (epoch: number) => `epoch-${epoch}`, ink: () => 'ink' };

function opened(name: string) {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === name));
  const { world, report } = runScenario(scenario!, { seed: 1, store: 'rows' });
  const store = TraceStore.of(world.trace.rows!, {
    scenario: scenario!,
    seed: 1,
    digest: report.digest,
    traceHash: report.traceHash,
    report,
    originUs: Math.round(report.story.warmUpMs * 1_000),
  });
  return { store, timeline: new Timeline(store), report };
}

type Run = ReturnType<typeof opened>;

function lanes(run: Run, range: { fromUs: number; toUs: number }, at: number): string {
  const { store, timeline, report } = run;
  const place = { gutter: 136, scrollY: 0 };
  const layout = lanesLayout(lanesOf(store, timeline.facts), size, place);
  const scene: LaneScene = {
    store,
    index: timeline.index,
    range,
    first: store.eventAtTime(range.fromUs - 1e-3) + 1,
    last: store.eventAtTime(range.toUs),
    originUs: store.identity!.originUs,
    layout,
    scale: timeScale(range, layout.left, layout.right),
    kept: new Map(),
    epochs,
    fold: true,
    hits: new Hits(),
  };
  const pen = new SvgPen(colours);
  drawLaneGround(pen, scene, size.width);
  drawNodeBands(pen, scene);
  while (!drawQueues(pen, scene));
  drawFaults(pen, scene);
  drawArrows(pen, scene);
  drawMarks(pen, scene, drawOperations(pen, scene));
  const state = { ...initialState(), position: at, viewport: range };
  const cluster = timeline.stateAt(at);
  const look = { state, cluster, verdicts: report.verdicts, hovered: 0, highlight: null };
  drawReader(pen, scene, look, size.width);
  return pen.document(size, 'lanes');
}

const loss = opened('acks-1-loses-an-acknowledged-record');
const split = opened('partition-cp-refuses');

describe('the lanes', () => {
  const stretches: [string, number, number][] = [
    ['the whole run', 0, loss.store.endUs],
    ['two seconds', 20e6, 22e6],
    ['twenty milliseconds', 18.99e6, 19.01e6],
    ['fifty microseconds', 19.000_5e6, 19.000_55e6],
    ['nothing at all', loss.store.endUs + 1e6, loss.store.endUs + 2e6],
  ];
  test.each(stretches)('draw %s with finite numbers only', (_words, fromUs, toUs) => {
    const svg = lanes(loss, { fromUs, toUs }, 15_000);

    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg.split('<g').length).toBe(svg.split('</g>').length);
  });

  test('are as many shapes for a whole run as for a part of it, give or take', () => {
    const shapes = (fromUs: number, toUs: number) =>
      lanes(loss, { fromUs, toUs }, 0).split(/<(?:rect|path|line|text)/).length;

    expect(shapes(0, loss.store.endUs)).toBeLessThan(9_000);
    expect(shapes(20e6, 22e6)).toBeLessThan(9_000);
  });

  test('hatch a broker that lost power, and name why it is down', () => {
    const cut = loss.store.listOf('fault.powerCut').at(0);
    const timeUs = loss.store.timeUs(cut);
    const svg = lanes(loss, { fromUs: timeUs - 1e6, toUs: timeUs + 1e6 }, cut + 10);

    expect(svg).toContain('stroke="down"');
    expect(svg).toContain('>down: power cut<');
  });

  test('are as high as their brokers have requests in hand', () => {
    const { store } = loss;
    const cut = store.listOf('fault.powerCut').at(0);
    const start = store.listOf('input.started').after(cut);
    const queues = (range: { fromUs: number; toUs: number }) =>
      lanes(loss, range, cut).split('fill="queue"').length - 1;
    const [cutUs, startUs] = [store.timeUs(cut), store.timeUs(start)];
    const at = store.eventAtTime(cutUs - 1e6);

    expect(queues({ fromUs: cutUs - 2e6, toUs: cutUs - 1e6 })).toBeGreaterThan(20);
    const others = queues({ fromUs: cutUs + 5e5, toUs: startUs - 5e5 });
    expect(others).toBeGreaterThan(0);
    expect(lanes(loss, { fromUs: cutUs - 2e6, toUs: cutUs }, at).includes(' in hand<')).toBe(true);
  });

  test('put the two sides of a cut under brackets of one colour', () => {
    const cut = split.store.listOf('fault.cut').at(0);
    const timeUs = split.store.timeUs(cut);
    const svg = lanes(split, { fromUs: timeUs - 1e6, toUs: timeUs + 4e6 }, cut);

    expect(svg.split('>cut, side A<')).toHaveLength(3);
    expect(svg.split('>cut, side B<')).toHaveLength(6);
    expect(svg).toMatch(/stroke="fault-network" stroke-width="2"/);
  });

  test('end a promise of acks=1 with a hollow cap and one of acks=all with a filled one', () => {
    const near = (run: Run) => {
      const first = run.store.listOf('log.appended').after(run.store.eventAtTime(18e6));
      const timeUs = run.store.timeUs(first);
      return lanes(run, { fromUs: timeUs - 3e3, toUs: timeUs + 9e3 }, first);
    };
    const hollow = /<path [^>]*fill="none" stroke="ok"/;
    const filled = /<path [^>]*fill="ok"/;

    expect(near(loss)).toMatch(hollow);
    expect(near(loss)).not.toMatch(filled);
    expect(near(split)).toMatch(filled);
    expect(near(split)).not.toMatch(hollow);
  });

  test('end a message that never arrived in a cross', () => {
    const timeUs = split.store.timeUs(split.store.listOf('fault.cut').at(0));
    const svg = lanes(split, { fromUs: timeUs, toUs: timeUs + 60_000 }, 0);

    expect(svg).toMatch(/<line [^>]*stroke="fault-network"/);
  });
});

describe('the partition log', () => {
  function log(run: Run, at: number): string {
    const picture = partitionPicture(run.timeline.stateAt(at), 'orders-0', (one) => one.ghosts);
    const pen = new SvgPen(colours);
    const window = followWindow(picture!, 40);
    const look = { window, epochs, gutter: 136, batchEnds: () => [], spoken: null };
    drawPartitionLog(pen, size, picture!, look);
    return pen.document(size, 'log');
  }

  test('is dashed above the high watermark of a leader that is cut off', () => {
    const cut = loss.store.listOf('fault.cut').at(0);
    const later = loss.store.eventAtTime(loss.store.timeUs(cut) + 50_000);

    const dashed = (at: number) => log(loss, at).split('stroke-dasharray="3 2"').length - 1;

    expect(dashed(cut)).toBeLessThanOrEqual(4);
    expect(dashed(later)).toBeGreaterThan(8);
  });

  test('shows what a returning leader had to give up as a ghost, counted', () => {
    const end = log(loss, loss.store.count);

    expect(end).toMatch(/>✕ \d+ lost</);
    expect(end).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('keeps every text readable in the height that a small window leaves', () => {
    const shrink = loss.store.listOf('isr.changed').at(0);
    const picture = partitionPicture(loss.timeline.stateAt(shrink), 'orders-0', () => [])!;
    const readers = [{ name: 'c1', position: 100, committed: -1 }];
    for (let height = 118; height <= 260; height++) {
      const pen = new SvgPen(colours);
      const window = followWindow(picture, 40);
      const look = { window, epochs, gutter: 136, batchEnds: () => [], spoken: null };
      const low = { width: 934, height };
      drawPartitionLog(pen, low, { ...picture, readers }, look);
      const texts = textsOf(pen.document(low, 'log'));
      const beside = texts.filter(({ left }) => left < 130 || left > 770);
      expect(beside.length).toBeGreaterThan(8);
      for (const [place, one] of beside.entries()) {
        for (const other of beside.slice(0, place)) {
          expect([height, one.words, other.words, overlaps(one, other)]).toContain(false);
        }
      }
      for (const { words, bottom } of texts) {
        expect([height, words, bottom <= height]).toContain(true);
      }
    }
  });

  interface DrawnText {
    readonly words: string;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }

  function textsOf(svg: string): DrawnText[] {
    const pattern = /<text x="([-\d.]+)" y="([-\d.]+)" [^>]*font-size="(\d+)"([^>]*)>([^<]*)</g;
    return [...svg.matchAll(pattern)].map(([, x, y, px, rest = '', words = '']) => {
      const letter = Number(px);
      const wide = new SvgPen(colours).textWidth(words, { size: letter });
      const share = rest.includes('"end"') ? 1 : rest.includes('"middle"') ? 0.5 : 0;
      const left = Number(x) - share * wide;
      const half = 0.45 * letter;
      return { words, left, right: left + wide, top: Number(y) - half, bottom: Number(y) + half };
    });
  }

  function overlaps(a: DrawnText, b: DrawnText): boolean {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  test('says why a replica is out of sync', () => {
    const shrink = loss.store.listOf('isr.changed').at(0);
    const picture = partitionPicture(loss.timeline.stateAt(shrink), 'orders-0', () => []);
    const out = picture!.rows.filter((row) => !row.inSync);

    expect(out).toHaveLength(1);
    expect(out[0]!.out!.why).not.toBe('');
  });

  test('tells from an election on who leads, what is lost and why the former leader is out', () => {
    const { store, timeline } = loss;
    const elected = store.listOf('leader.elected').at(store.listOf('leader.elected').count - 1);
    const state = timeline.stateAt(elected);
    const picture = partitionPicture(state, 'orders-0', () => [])!;
    expect(leaderWords(picture)).toBe('broker-3 elected for epoch 1, not leading yet');
    expect(capOf(state, picture.partition)).toMatchObject({
      write: 'no leader',
      durability: 'lost',
    });
    const out = picture.rows.find((row) => row.node === 'broker-2')!.out!;
    expect(out.why).toBe('its session with the controller timed out');

    const started = store.listOf('leader.started').after(elected);
    const leads = partitionPicture(timeline.stateAt(started), 'orders-0', () => [])!;
    expect(leaderWords(leads)).toBe('broker-3 leads in epoch 1');
    expect(leads.epochs).toEqual([
      { baseOffset: 0, endOffset: 400, leaderEpoch: 0 },
      { baseOffset: 400, endOffset: leads.highestEnd, leaderEpoch: 1 },
    ]);
    expect(leads.rows.find((row) => row.node === 'broker-2')!.diverged).toBe(true);
  });
});
