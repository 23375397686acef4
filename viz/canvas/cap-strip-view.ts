/**
 * `<trial-cap-strip>`: for a partition over time, whether a client with acks=all could write, a
 * reader could read what is committed, and what was acknowledged was durable. Good is thin and
 * quiet, bad is tall and says its word; below the time axis of the lanes, at the same scale.
 */
import { count } from '../../sim/run/words.ts';
import type { AppState } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import {
  type CapState,
  type CapValue,
  capOf,
  decodeCap,
  durabilityStates,
  readStates,
  writeStates,
} from '../model/cap.ts';
import { CanvasPanel } from './canvas-panel.ts';
import { epochColours } from './epoch-colour.ts';
import { drawFaultStrip } from './fault-strip.ts';
import type { Pen, Size, Token } from './pen.ts';
import { fitting } from './short-names.ts';
import { type TimeScale, timeScale } from './time-axis.ts';
import { TimeZoom } from './time-zoom.ts';
import { visitRuns, worstByColumn } from './track-columns.ts';

/** Height of one partition: its leaders and three rows. */
const GROUP = 56;
const ROW = 14;
const FAULT_HEIGHT = 2;

interface Row {
  readonly title: string;
  readonly states: readonly string[];
  readonly of: (cap: CapValue) => string;
}

const ROWS: readonly Row[] = [
  { title: 'write', states: writeStates, of: (cap) => cap.write },
  { title: 'read', states: readStates, of: (cap) => cap.read },
  { title: 'data', states: durabilityStates, of: (cap) => cap.durability },
];

const LOOKS: Readonly<Record<string, { colour: Token; height: number; alpha: number }>> = {
  ok: { colour: 'good', height: 4, alpha: 0.75 },
  durable: { colour: 'good', height: 4, alpha: 0.75 },
  waits: { colour: 'so-so', height: 9, alpha: 0.85 },
  stale: { colour: 'so-so', height: 9, alpha: 0.85 },
  'at risk': { colour: 'so-so', height: 9, alpha: 0.85 },
  unknown: { colour: 'so-so', height: 9, alpha: 0.85 },
  refused: { colour: 'bad', height: 12, alpha: 0.95 },
  'no leader': { colour: 'bad', height: 12, alpha: 0.95 },
  lost: { colour: 'bad', height: 12, alpha: 0.95 },
};

/** Where there is no room for the word. */
const SHORT: Readonly<Record<string, string>> = {
  durable: 'ok',
  'at risk': 'risk',
  unknown: '?',
  refused: 'no',
  'no leader': 'none',
};

class CapStripView extends CanvasPanel {
  protected override readonly layerNames = ['run', 'reader'];
  private zoom: TimeZoom | null = null;

  protected override stateChanged(state: AppState, before: AppState): void {
    if (state.run !== before.run || state.viewport !== before.viewport) {
      this.zoom?.follow();
      this.invalidate();
    } else if (state.selection.partition !== before.selection.partition) this.invalidate();
    else if (state.position !== before.position || state.selection !== before.selection) {
      this.invalidate('reader');
    }
  }

  protected override resized(_size: Size): void {
    this.zoom?.follow();
  }

  protected override pictureTitle(): string {
    return `${this.app?.state.run?.name ?? 'no run'}: what CAP means for its partitions`;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const { stage } = this;
    if (stage === null) return;
    this.zoom = new TimeZoom(stage, {
      app: () => this.app,
      place: () => ({ left: this.gutter, right: this.size.width - 8 }),
      allows: (event) => event.button === 0 && !event.shiftKey,
    });
    this.zoom.follow();
    stage.addEventListener('click', (event) => this.clicked(event));
    stage.addEventListener('pointermove', (event) => this.hover(event));
    stage.addEventListener('pointerleave', () => this.tip(null));
  }

  protected override draw(layer: string, pen: Pen, size: Size): void {
    const { app } = this;
    if (app === null || app.slot === null) return;
    const names = this.shown(app, size);
    const scale = this.scale(size);
    names.forEach((name, place) => {
      const y = place * GROUP;
      if (layer === 'run') this.drawPartition(pen, app, { name, y, scale, size });
      else this.drawNow(pen, app, { name, y });
    });
    if (layer === 'reader') return this.drawCursor(pen, app, scale, size);
    const [left = 0, right = 0] = scale.range();
    const area = { x: left, y: 0, width: right - left, height: FAULT_HEIGHT };
    const { store, timeline } = app.slot;
    drawFaultStrip(pen, timeline.index.bands.faults, { area, scale, endUs: store.endUs });
  }

  private scale(size: Size): TimeScale {
    const viewport = this.app?.state.viewport ?? { fromUs: 0, toUs: 1 };
    return timeScale(viewport, this.gutter, size.width - 8);
  }

  /** The selected partition first, as many as have room. */
  private shown(app: AppStore, size: Size): string[] {
    const all = app.slot?.timeline.index.bands.partitions() ?? [];
    const own = all.filter((name) => !name.startsWith('__'));
    const names = own.length > 0 ? own : all;
    const { partition } = app.state.selection;
    const first = partition !== null && all.includes(partition) ? partition : names[0];
    if (first === undefined) return [];
    const rest = names.filter((name) => name !== first);
    return [first, ...rest].slice(0, Math.max(1, Math.floor(size.height / GROUP)));
  }

  private drawPartition(
    pen: Pen,
    app: AppStore,
    at: { name: string; y: number; scale: TimeScale; size: Size },
  ): void {
    const { slot, state } = app;
    if (slot === null) return;
    const { scale, y, name, size } = at;
    const left = this.gutter;
    const width = size.width - 8 - left;
    const track = slot.timeline.index.caps.of(name);
    const untilUs = slot.store.endUs;
    this.drawLeaders(pen, app, { name, y, scale });
    ROWS.forEach((row, place) => {
      const floor = y + ROW * (place + 2) - 1;
      const worst = worstByColumn(track, state.viewport, {
        columns: Math.max(1, width),
        untilUs,
        rank: (value) => row.states.indexOf(row.of(decodeCap(value))),
      });
      visitRuns(worst, (rank, from, to) => {
        const words = row.states[rank];
        const look = LOOKS[words ?? ''];
        if (words === undefined || look === undefined) return;
        const x = left + from;
        pen.box(x, floor - look.height, to - from, look.height, look.colour, look.alpha);
        if (look.colour === 'bad') {
          const area = { x, y: floor - look.height, width: to - from, height: look.height };
          pen.hatch(area, 'panel', 0.35);
        }
        if (look.colour === 'good' || to - from < 30) return;
        const style = { size: 10, strong: true } as const;
        const textWidth = pen.textWidth(words, style);
        if (to - from < textWidth + 8) return;
        pen.box(x + 2, floor - 12, textWidth + 4, 12, 'panel', 0.9);
        pen.text(words, x + 4, floor - 6, 'text', style);
      });
    });
    pen.box(0, y + GROUP - 1, size.width, 1, 'line', 0.6);
  }

  private drawLeaders(
    pen: Pen,
    app: AppStore,
    at: { name: string; y: number; scale: TimeScale },
  ): void {
    const { slot, state } = app;
    const { palette } = this;
    if (slot === null || palette === null) return;
    const { bands, caps } = slot.timeline.index;
    const epochs = epochColours(palette);
    const track = bands.leader(at.name);
    const { viewport } = state;
    for (
      let place = Math.max(0, track.placeAtTime(viewport.fromUs));
      place < track.count;
      place++
    ) {
      const fromUs = track.timesUs[place] as number;
      if (fromUs > viewport.toUs) return;
      const untilUs = Math.min(track.untilUs(place, slot.store.endUs), viewport.toUs);
      const x = at.scale(Math.max(fromUs, viewport.fromUs));
      const width = at.scale(untilUs) - x;
      const event = track.events[place] as number;
      const leader = track.values[place] as number;
      const epoch = bands.leaderEpoch(at.name).valueAt(event, -1);
      const cap = decodeCap(caps.of(at.name).valueAt(event, 0));
      const unclean = cap.election === 'unclean' ? ', unclean' : '';
      if (leader < 0) {
        pen.hatch({ x, y: at.y + 1, width, height: ROW - 2 }, 'bad', 0.7);
        continue;
      }
      pen.box(x, at.y + 1, width, ROW - 2, epochs.fill(epoch));
      pen.text(
        `broker-${leader} leads, epoch ${epoch}${unclean}`,
        x + 4,
        at.y + ROW / 2,
        epochs.ink(epoch),
        {
          size: 10,
          maxWidth: width - 6,
        },
      );
      if (unclean !== '') pen.hatch({ x, y: at.y + 1, width, height: ROW - 2 }, 'bad', 0.6);
    }
  }

  /** Left of time: what holds at the position. */
  private drawNow(pen: Pen, app: AppStore, at: { name: string; y: number }): void {
    const cap = this.capAt(app, at.name);
    const left = this.gutter;
    pen.text(at.name, 12, at.y + ROW / 2, 'text', { strong: true, maxWidth: left - 18 });
    ROWS.forEach((row, place) => {
      const y = at.y + ROW * (place + 1.5);
      const words = cap === null ? '–' : row.of(cap);
      const look = LOOKS[words];
      const ink = look === undefined || look.colour === 'good' ? 'text-2' : INKS[look.colour];
      const isLoud = look !== undefined && look.colour !== 'good';
      const isNarrow = left < 90;
      const from = isNarrow ? 36 : 44;
      const maxWidth = left - from - 3;
      pen.text(row.title, isNarrow ? 6 : 12, y, 'text-3');
      const said = fitting(pen, [words, SHORT[words] ?? words], maxWidth, isLoud);
      pen.text(said, from, y, ink ?? 'text-2', { strong: isLoud, maxWidth });
    });
  }

  private capAt(app: AppStore, name: string): CapState | null {
    const { slot, state } = app;
    const cluster = slot?.timeline.stateAt(state.position);
    const partition = cluster?.partitions[name];
    if (cluster === undefined || partition === undefined) return null;
    return capOf(cluster, partition);
  }

  private drawCursor(pen: Pen, app: AppStore, scale: TimeScale, size: Size): void {
    const { slot, state } = app;
    if (slot === null) return;
    const left = this.gutter;
    pen.clip({ x: left, y: 0, width: size.width - 8 - left, height: size.height }, () => {
      const { range } = state.selection;
      if (range !== null) {
        const x = scale(range.fromUs);
        pen.box(x, 0, Math.max(1, scale(range.toUs) - x), size.height, 'range');
      }
      const { position } = state;
      const at = Math.min(position, slot.store.count);
      const x = scale(at === 0 ? 0 : slot.store.timeUs(at));
      pen.line(x, 0, x, size.height, 'cursor', { width: 1.5 });
    });
    pen.box(left - 1, 0, 1, size.height, 'line-strong');
  }

  private clicked(event: MouseEvent): void {
    const { app } = this;
    if (app === null || app.slot === null) return;
    const corner = this.stage?.getBoundingClientRect();
    const x = event.clientX - (corner?.left ?? 0);
    const name = this.nameAt(app, event.clientY - (corner?.top ?? 0));
    if (x > this.gutter) app.goTo(app.slot.store.eventAtTime(this.scale(this.size).invert(x)));
    app.update((draft) => {
      draft.selection.partition = name;
    });
  }

  private nameAt(app: AppStore, y: number): string | null {
    return this.shown(app, this.size)[Math.floor(y / GROUP)] ?? null;
  }

  private hover(event: PointerEvent): void {
    const { app } = this;
    const corner = this.stage?.getBoundingClientRect();
    if (app === null || app.slot === null || corner === undefined) return;
    const x = event.clientX - corner.left;
    const y = event.clientY - corner.top;
    const name = this.nameAt(app, y);
    if (name === null || x < this.gutter) return this.tip(null);
    const track = app.slot.timeline.index.caps.of(name);
    const place = track.placeAtTime(this.scale(this.size).invert(x));
    if (place < 0) return this.tip(null);
    const cap = decodeCap(track.values[place] as number);
    const words = [
      `${name} from event ${count(track.events[place] as number)} on`,
      `writes with acks=all: ${cap.write}`,
      `reads of what is committed: ${cap.read}`,
      `acknowledged records: ${DURABILITY_WORDS[cap.durability] ?? cap.durability}`,
    ];
    this.tip(words.join('\n'), x, y);
  }
}

const DURABILITY_WORDS: Readonly<Record<string, string>> = {
  unknown:
    'unknown (sent with acks=0: nobody tells; or all who had them lost power: told at recovery)',
};

const INKS: Readonly<Record<string, Token>> = { 'so-so': 'allowed-ink', bad: 'violated-ink' };

customElements.define('trial-cap-strip', CapStripView);
