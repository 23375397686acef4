/**
 * The filters that are kept as lanes, each with what passes it so far. At a million events a
 * filter on words takes half a second: it is looked for in slices of a few milliseconds, and the
 * lanes are drawn anew now and then meanwhile.
 */
import { EventList } from '../model/event-list.ts';
import { type Filter, filterOf } from '../model/filter.ts';
import type { TraceStore } from '../model/trace-store.ts';

const SLICE_MS = 8;
/** Events between two looks at the clock. */
const BATCH = 2_048;
/** Lanes are drawn anew this often while more is being found. */
const DRAWN_EVERY_MS = 120;

export class FilterLanes {
  private readonly grown: () => void;
  /** null: the text is no filter. */
  private readonly filters = new Map<string, Filter | null>();
  private store: TraceStore | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawnMs = 0;

  /** @param grown called when there is more to draw. */
  constructor(grown: () => void) {
    this.grown = grown;
  }

  /** By text what passes so far; nothing for a text that is no filter. */
  lists(texts: readonly string[], store: TraceStore): EventList[] {
    if (store !== this.store) this.filters.clear();
    this.store = store;
    for (const text of this.filters.keys()) if (!texts.includes(text)) this.filters.delete(text);
    return texts.map((text) => {
      if (!this.filters.has(text)) this.filters.set(text, filterOf(text, store).filter ?? null);
      const filter = this.filters.get(text) ?? null;
      if (filter?.look(0) === false) this.timer ??= setTimeout(() => this.goOn());
      return filter?.found ?? NOTHING;
    });
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private goOn(): void {
    this.timer = undefined;
    const beganMs = performance.now();
    const waiting = [...this.filters.values()].filter((one) => one?.look(0) === false);
    let filter = waiting.pop();
    while (filter !== undefined && filter !== null && performance.now() < beganMs + SLICE_MS) {
      if (filter.look(BATCH)) filter = waiting.pop();
    }
    const isDone = filter === undefined;
    if (!isDone) this.timer = setTimeout(() => this.goOn());
    if (!isDone && beganMs < this.drawnMs + DRAWN_EVERY_MS) return;
    this.drawnMs = beganMs;
    this.grown();
  }
}

const NOTHING = new EventList();
