/**
 * What the live region reads: each step in the words of the legend, with the verdicts that fall on
 * it. While the run plays only what is worth a mark of its own is read.
 */
import type { Highlighter } from '../canvas/highlight.ts';
import { wordsOf } from '../model/legend.ts';
import type { AppState } from './state.ts';
import type { AppStore } from './store.ts';
import { VERDICT_WORDS } from './words.ts';

/** Stepping fast, only the last step is read. */
const REST_MS = 120;

export class Speaker {
  private readonly app: AppStore;
  private readonly say: (words: string) => void;
  private readonly stop: () => void;
  /** Fetched with the first cone. */
  private highlighter: Highlighter | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: AppStore, say: (words: string) => void) {
    this.app = app;
    this.say = say;
    this.stop = app.subscribe((state, before) => this.heard(state, before));
  }

  end(): void {
    clearTimeout(this.timer);
    this.stop();
  }

  private heard(state: AppState, before: AppState): void {
    if (state.announcement !== before.announcement && state.announcement !== '') {
      this.later(() => state.announcement);
    } else if (state.cone !== before.cone) {
      this.later(() => this.coneWords(state));
    } else if (state.position !== before.position && !state.playing) {
      this.later(() => stepWords(this.app));
    } else if (state.run?.complete === true && before.run?.complete === false) {
      this.later(() => outcomeWords(this.app));
    }
  }

  /** `causes of event 2,310 about orders-0 41: 40 of 103,145 events` */
  private async coneWords({ cone }: AppState): Promise<string> {
    if (cone === 'off') return 'causal cone off';
    if (this.highlighter === null) {
      const { Highlighter } = await import('../canvas/highlight.ts');
      this.highlighter = new Highlighter();
    }
    return this.highlighter.of(this.app)?.words ?? 'no event is selected';
  }

  private later(words: () => string | Promise<string>): void {
    clearTimeout(this.timer);
    const timer = setTimeout(async () => {
      const said = await words();
      // Nothing that came meanwhile is talked over.
      if (timer === this.timer) this.say(said);
    }, REST_MS);
    this.timer = timer;
  }
}

/** `event 2310, b1 truncated orders-0 to 41; acked-durable: violated` */
export function stepWords(app: AppStore): string {
  const { slot, state } = app;
  if (slot === null) return '';
  const { position } = state;
  if (position === 0) return 'event 0, before the first event';
  const { store } = slot;
  const said = `event ${position}, ${wordsOf(store.at(position), store.nodeNames)}`;
  const verdicts = store.identity?.report?.verdicts ?? [];
  const here = verdicts.filter((one) => one.at === position && one.verdict !== 'holds');
  const judged = here.map((one) => `${one.name}: ${VERDICT_WORDS[one.verdict].toLowerCase()}`);
  return [said, ...judged].join('; ');
}

function outcomeWords(app: AppStore): string {
  const report = app.slot?.store.identity?.report ?? null;
  if (report === null) return 'the run is complete';
  const bad = report.verdicts.filter((one) => one.verdict !== 'holds');
  const words = bad.map((one) => `${one.name} ${VERDICT_WORDS[one.verdict].toLowerCase()}`);
  const held = report.verdicts.length - bad.length;
  return `the run is complete: ${[...words, `${held} checks hold`].join(', ')}`;
}
