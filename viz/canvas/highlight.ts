/**
 * The events that stand out on the lanes while all others step back: the causal cone of the
 * selected event, else what the filter lets through. Kept until something that it rests on
 * changes; at a million events a cone takes some tens of milliseconds.
 */
import { count } from '../../sim/run/words.ts';
import { hitsOf } from '../app/hits.ts';
import type { RunSlot } from '../app/services.ts';
import type { AppStore } from '../app/store.ts';
import { EventList } from '../model/event-list.ts';
import { offsetsOf } from '../model/offsets.ts';
import { type Relevance, sliceOf } from '../model/slice.ts';
import type { TraceStore } from '../model/trace-store.ts';
import { faultsBehind } from '../model/why.ts';
import type { Token } from './pen.ts';

export interface Highlight {
  readonly kind: 'cone' | 'filter';
  readonly list: EventList;
  readonly colour: Token;
  readonly words: string;
}

export class Highlighter {
  private key = '';
  private kept: Highlight | null = null;

  /** null: nothing stands out. */
  of(app: AppStore): Highlight | null {
    const { state, slot } = app;
    if (slot === null) return null;
    const { event } = state.selection;
    if (state.cone !== 'off' && event !== null && !state.playing) {
      return this.keep(`${slot.id} ${slot.store.version} ${state.cone} ${event}`, () =>
        cone(slot, event, state.cone),
      );
    }
    if (state.filter.trim() === '') return null;
    const hits = hitsOf(app);
    if (hits.list === null || hits.problem !== null) return null;
    const words = `${count(hits.count)} of ${total(slot.store)} pass the filter`;
    return { kind: 'filter', list: hits.list, colour: 'accent', words };
  }

  private keep(key: string, make: () => Highlight): Highlight {
    if (this.kept === null || key !== this.key) {
      this.kept = make();
      this.key = key;
    }
    return this.kept;
  }
}

function total(store: TraceStore): string {
  return `${count(store.count)} events`;
}

function cone({ store, timeline }: RunSlot, event: number, direction: string): Highlight {
  const relevance = relevanceOf(store, event);
  const list = new EventList();
  const cut = relevance === null ? {} : { relevance };
  for (const one of ['past', 'future'] as const) {
    if (direction !== one && direction !== 'both') continue;
    const also = one === 'past' ? faultsBehind(store, timeline, event) : [];
    const { events } = sliceOf(store, { event, direction: one, also, ...cut });
    for (let place = 0; place < events.count; place++) {
      const found = events.at(place);
      if (found > list.at(list.count - 1)) list.push(found);
    }
  }
  const sides = direction === 'past' ? 'causes' : direction === 'future' ? 'effects' : 'cone';
  const about = relevance === null ? '' : ` about ${aboutWords(relevance)}`;
  const share = `${count(list.count)} of ${total(store)}`;
  const words = `${sides} of event ${count(event)}${about}: ${share}`;
  return { kind: 'cone', list, colour: 'cone', words };
}

function aboutWords({ partition, offsets }: Relevance): string {
  if (offsets === null) return partition;
  const { from, to } = offsets;
  return `${partition} ${from === to ? from : `${from}–${to}`}`;
}

/**
 * What a cone is cut down to: the partition and offsets that the event speaks of; of a check's
 * finding, those that its evidence speaks of. null: the event speaks of none.
 */
function relevanceOf(store: TraceStore, event: number): Relevance | null {
  const verdicts = store.identity?.report?.verdicts ?? [];
  const finding = verdicts.find((one) => one.verdict !== 'holds' && one.at === event);
  const spoken = [event, ...(finding?.evidence ?? [])].map((one) => subjectOf(store, one));
  const partition = spoken.find((one) => one !== null)?.partition;
  if (partition === undefined) return null;
  let offsets: { from: number; to: number } | null = null;
  for (const one of spoken) {
    if (one?.partition !== partition || one.offsets === null) continue;
    if (offsets === null || one.offsets.to - one.offsets.from < offsets.to - offsets.from) {
      offsets = one.offsets;
    }
  }
  return { partition, offsets };
}

function subjectOf(store: TraceStore, event: number): Relevance | null {
  if (event < 1 || event > store.count) return null;
  const kind = store.kinds[store.kindId(event)];
  const field = kind?.fieldNames.indexOf('partition') ?? -1;
  if (kind === undefined || field < 0) return null;
  const { fields } = store.at(event);
  const partition = String(fields[field]);
  if (partition === '') return null;
  const span = offsetsOf.get(kind.name)?.(fields) ?? null;
  return { partition, offsets: span !== null && span.from >= 0 ? span : null };
}
