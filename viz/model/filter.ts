/**
 * The filter language of the page: terms like `kind:isr.changed node:broker-2 tp:orders-0
 * off:40..45 t>12s msg:Fetch cause-of:18442 text:/NotEnough/`, joined by `and` (or nothing), `or`,
 * `not` and parentheses. A text that is no filter is refused with the place that is wrong.
 */
import { EventList } from './event-list.ts';
import { compile, type FilterTest } from './filter/compile.ts';
import { type FilterNode, parseFilter } from './filter/parse.ts';
import type { TraceStore } from './trace-store.ts';

export interface FilterProblem {
  /** Characters [from, to) of the text. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export type ParsedFilter =
  | { readonly filter: Filter; readonly problem?: undefined }
  | { readonly problem: FilterProblem; readonly filter?: undefined };

/** @param text empty: everything passes. */
export function filterOf(text: string, store: TraceStore): ParsedFilter {
  const parsed = parseFilter(text);
  if (parsed.problem !== undefined) return { problem: parsed.problem };
  const compiled = compile(parsed.node, store);
  if (compiled.problem !== undefined) return { problem: compiled.problem };
  return { filter: new Filter(text, { node: parsed.node, test: compiled.test, store }) };
}

export class Filter {
  readonly text: string;
  private readonly node: FilterNode | null;
  private readonly store: TraceStore;
  private passes: FilterTest;
  private found = new EventList();
  private done = 0;

  constructor(
    text: string,
    parts: { node: FilterNode | null; test: FilterTest; store: TraceStore },
  ) {
    this.text = text;
    this.node = parts.node;
    this.passes = parts.test;
    this.store = parts.store;
  }

  /** Everything passes. */
  get isEmpty(): boolean {
    return this.node === null;
  }

  test(event: number): boolean {
    return this.passes(event);
  }

  /** Every event so far that passes; looks only at those that came since it was asked last. */
  all(): EventList {
    const { count } = this.store;
    const { passes, found } = this;
    for (let event = this.done + 1; event <= count; event++) {
      if (passes(event)) found.push(event);
    }
    this.done = count;
    return found;
  }

  /** The next event in a direction that passes; 0 when there is none. */
  next(from: number, direction: 1 | -1): number {
    const { count } = this.store;
    for (let event = from + direction; event >= 1 && event <= count; event += direction) {
      if (this.passes(event)) return event;
    }
    return 0;
  }
}

/** The language in one line each, for help and for completion in the filter box. */
export const filterTerms: readonly { readonly term: string; readonly words: string }[] = [
  { term: 'kind:', words: 'events of a kind, `kind:isr.*` of a family' },
  { term: 'node:', words: 'events on a node: `node:broker-2`, `node:b2`, `node:lab`' },
  { term: 'tp:', words: 'events of a partition: `tp:orders-0`, of a topic: `tp:orders`' },
  { term: 'off:', words: 'events about an offset `off:41` or offsets `off:40..45`' },
  { term: 't>', words: 'later than: `t>12s`, `t<1.5s`, `t>=800ms` (scenario time)' },
  { term: 'ev>', words: 'events by number: `ev>18442`, `ev:100..200`' },
  { term: 'msg:', words: 'messages of an API: `msg:Fetch`' },
  { term: 'cause-of:', words: 'everything that led to an event' },
  { term: 'effect-of:', words: 'everything that an event led to' },
  {
    term: 'text:',
    words: 'sentences with a text, `text:"not enough"`, or an expression `text:/not.*/`',
  },
];
