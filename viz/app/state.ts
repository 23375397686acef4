/**
 * What a person has chosen on the page: plain, immutable data under immer. Runs themselves (rows,
 * keyframes) are large and live beside it in `AppStore.slots`. All times are µs of the simulated
 * clock as the trace has them; the screen shows them from the run's origin.
 */
import type { Patch } from 'immer';

import type { Scenario, ScenarioInput } from '../../sim/scenario/schema.ts';

/** What of the run on screen is known so far; follows the slot as rows stream in. */
export interface RunFacts {
  /** Key of the slot in `AppStore.slots`. */
  readonly id: number;
  readonly name: string;
  readonly seed: string | number;
  /** Events that have arrived. */
  readonly count: number;
  readonly endUs: number;
  /** Scenario time 0; 0 until it is known. */
  readonly originUs: number;
  readonly complete: boolean;
  /** It stands still in its worker, short of its end. */
  readonly held: boolean;
  /** Empty until the run is complete. */
  readonly digest: string;
  readonly traceHash: string;
}

export interface TimeRange {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Selection {
  /** Event index, 1 is the first. */
  readonly event: number | null;
  /** 0 is the laboratory, n the n-th node, as in the rows of the trace. */
  readonly node: number | null;
  /** `orders-0` */
  readonly partition: string | null;
  /** Filters all panels. */
  readonly range: TimeRange | null;
}

export type ViewName = 'lanes' | 'logs' | 'groups' | 'sequence' | 'table';
export const VIEWS: readonly ViewName[] = ['lanes', 'logs', 'groups', 'sequence', 'table'];

export type Cone = 'off' | 'past' | 'future' | 'both';
export type Theme = 'dark' | 'light' | 'system';
export type InspectorTab = 'event' | 'state' | 'diff' | 'why' | 'config';

export interface Mark {
  readonly event: number;
  readonly name: string;
}

/** One step of undo: patches one way and the other. */
export interface Edit {
  readonly words: string;
  readonly patches: readonly Patch[];
  readonly inverse: readonly Patch[];
}

export interface EditorState {
  readonly open: boolean;
  /** The slot whose scenario is being edited; 0 = none. */
  readonly run: number;
  /** As it was when editing began: what the changes are shown against. */
  readonly base: ScenarioInput | Scenario | null;
  readonly scenario: ScenarioInput | Scenario | null;
  readonly seed: string | number;
  readonly undo: readonly Edit[];
  readonly redo: readonly Edit[];
}

export interface CompareState {
  /** Slots; `right` is the one that the page goes on showing. */
  readonly left: number;
  readonly right: number;
}

export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly title: string;
  /** Paths, offending text: one line each. */
  readonly details: readonly string[];
}

export interface AppState {
  readonly screen: 'gallery' | 'run';
  readonly run: RunFacts | null;
  /** 0 is the initial state, i the state after event i. */
  readonly position: number;
  readonly selection: Selection;
  readonly viewport: TimeRange;
  readonly playing: boolean;
  /** Simulated time per real time: 1/16 … 256. */
  readonly speed: number;
  /** In the language of `model/filter.ts`; empty: everything. */
  readonly filter: string;
  /** Events that the filter has been held against so far; grows while `app/hits.ts` looks. */
  readonly filtered: number;
  /** Filters kept as lanes. */
  readonly savedFilters: readonly string[];
  readonly view: ViewName;
  readonly theme: Theme;
  readonly cone: Cone;
  readonly tab: InspectorTab;
  readonly compare: CompareState | null;
  /** What share of the comparison has been worked out, 0 to 1; see `app/comparisons.ts`. */
  readonly compared: number;
  readonly marks: readonly Mark[];
  /** Node indices of pinned lanes. */
  readonly pinned: readonly number[];
  /** Fold heartbeats and empty fetches into counted beads. */
  readonly fold: boolean;
  /** Keep truncated records as ghosts at every position. */
  readonly showLost: boolean;
  readonly editor: EditorState;
  /** Which layer is over the page. */
  readonly overlay: 'none' | 'palette' | 'help' | 'goto' | 'share' | 'mark';
  readonly notices: readonly Notice[];
  /** Read aloud by the live region. */
  readonly announcement: string;
  readonly reducedMotion: boolean;
  /** A run is being started and nothing of it has arrived. */
  readonly starting: string | null;
  /** What the server of the page offers to open. */
  readonly files: readonly { readonly name: string; readonly href: string }[];
}

export const SPEEDS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

export const NOTHING_SELECTED: Selection = {
  event: null,
  node: null,
  partition: null,
  range: null,
};

export function initialState(): AppState {
  return {
    screen: 'gallery',
    run: null,
    position: 0,
    selection: NOTHING_SELECTED,
    viewport: { fromUs: 0, toUs: 1_000_000 },
    playing: false,
    speed: 1,
    filter: '',
    filtered: 0,
    savedFilters: [],
    view: 'lanes',
    theme: 'system',
    cone: 'off',
    tab: 'event',
    compare: null,
    compared: 0,
    marks: [],
    pinned: [],
    fold: true,
    showLost: false,
    editor: { open: false, run: 0, base: null, scenario: null, seed: '1', undo: [], redo: [] },
    overlay: 'none',
    notices: [],
    announcement: '',
    reducedMotion: false,
    starting: null,
    files: [],
  };
}
