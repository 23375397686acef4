/**
 * The messages around a position as a sequence diagram needs them: what was sent, from whom to
 * whom, when it arrived, and the notable events between. Routine is left out while it is folded.
 */
import { apiName } from '../model/api-names.ts';
import { legendOf, wordsOf } from '../model/legend.ts';
import type { Messages } from '../model/messages.ts';
import type { Routine } from '../model/routine.ts';
import type { TraceStore } from '../model/trace-store.ts';

export interface SequenceRow {
  readonly event: number;
  readonly timeUs: number;
  readonly from: number;
  /** The receiver; 0: an event on one node. */
  readonly to: number;
  /** 0: it never arrived (yet). */
  readonly receivedEvent: number;
  readonly receivedUs: number;
  /** `Produce request`, `broker-1 truncated orders-0 to 41` */
  readonly words: string;
}

export interface SequenceParts {
  readonly store: TraceStore;
  readonly messages: Messages;
  readonly routine: Routine;
  readonly isFolded: boolean;
}

const NOTABLE = 2;
/** Events that are looked at on each side before giving up on more rows. */
const FARTHEST = 60_000;

/** At most `limit` rows, about as many before the position as after it. */
export function sequenceAround(
  parts: SequenceParts,
  position: number,
  limit: number,
): SequenceRow[] {
  const { store } = parts;
  const before: SequenceRow[] = [];
  const first = Math.max(1, position - FARTHEST);
  for (let event = position; event >= first && before.length < limit / 2; event--) {
    const row = rowOf(parts, event);
    if (row !== null) before.push(row);
  }
  const after: SequenceRow[] = [];
  const last = Math.min(store.count, position + FARTHEST);
  for (let event = position + 1; event <= last && after.length < limit / 2; event++) {
    const row = rowOf(parts, event);
    if (row !== null) after.push(row);
  }
  return [...before.reverse(), ...after];
}

/** Those of a stretch of events, the first `limit`. */
export function sequenceBetween(
  parts: SequenceParts,
  stretch: { readonly from: number; readonly to: number },
  limit: number,
): SequenceRow[] {
  const rows: SequenceRow[] = [];
  for (let event = Math.max(1, stretch.from); event <= stretch.to && rows.length < limit; event++) {
    const row = rowOf(parts, event);
    if (row !== null) rows.push(row);
  }
  return rows;
}

function rowOf(parts: SequenceParts, event: number): SequenceRow | null {
  const { store, messages, routine, isFolded } = parts;
  const kind = store.kindName(event);
  const from = store.node(event);
  const timeUs = store.timeUs(event);
  if (kind === 'frame.sent') {
    if (isFolded && routine.isRoutine(event)) return null;
    const { fields } = store.at(event);
    const arrival = messages.arrivalOf(event);
    const to = store.nodeOf(String(fields[0]));
    return {
      event,
      timeUs,
      from,
      to: Math.max(to, 0),
      receivedEvent: arrival?.receivedEvent ?? 0,
      receivedUs: arrival?.receivedUs ?? 0,
      words: `${apiName(Number(fields[2]))} ${fields[1]}`,
    };
  }
  if (legendOf(kind).weight < NOTABLE) return null;
  const words = wordsOf(store.at(event), store.nodeNames);
  return { event, timeUs, from, to: 0, receivedEvent: 0, receivedUs: 0, words };
}
