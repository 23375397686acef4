/**
 * The filter language of the page: terms like `kind:isr.changed node:broker-2 tp:orders-0
 * off:40..45 t>12s msg:Fetch cause-of:18442 text:/NotEnough/`, joined by `and` (or nothing), `or`,
 * `not` and parentheses. A text that is no filter is refused with the place that is wrong.
 */
import { EventList } from './event-list.ts';
import { compile } from './filter/compile.ts';
import { type FilterNode, parseFilter } from './filter/parse.ts';
import { type FilterTest, kindAliases, terms } from './filter/terms.ts';
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
  private readonly list = new EventList();
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

  /** What has been found so far; `look` makes it grow. */
  get found(): EventList {
    return this.list;
  }

  /** Looks at up to `most` of the events that came since. @returns whether none is left. */
  look(most: number): boolean {
    const { count } = this.store;
    const { passes, list } = this;
    const end = Math.min(count, this.done + most);
    for (let event = this.done + 1; event <= end; event++) {
      if (passes(event)) list.push(event);
    }
    this.done = end;
    return end === count;
  }

  /** Every event so far that passes. */
  all(): EventList {
    this.look(this.store.count);
    return this.list;
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

/** The language in one line each, with every short form of a value: for help. */
export const filterTerms: readonly { readonly term: string; readonly words: string }[] =
  terms.flatMap(({ key, written, words }) => [
    { term: written, words },
    ...(key === 'kind' ? Object.entries(kindAliases) : []).map(([alias, one]) => ({
      term: `${written}${alias}`,
      words: one.words,
    })),
  ]);
