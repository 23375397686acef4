/**
 * The run as Chrome trace-event JSON, which Perfetto opens: a track for each node, steps as
 * slices, notable events as instants, messages as flows, faults on the laboratory's track. Times
 * are µs of the simulated clock.
 */
import { apiName } from '../model/api-names.ts';
import { legendOf, wordsOf } from '../model/legend.ts';
import type { TraceStore } from '../model/trace-store.ts';

const NOTABLE = 2;
/** Lines joined into one part, so that no string grows beyond what a browser takes. */
const LINES_PER_PART = 4_096;

/** The file in parts, to be written one after the other. */
export function perfettoParts(store: TraceStore): string[] {
  const parts: string[] = ['{"displayTimeUnit":"ms","traceEvents":[\n'];
  let lines: string[] = trackNames(store);
  const arrived = arrivals(store);
  for (let first = 1; first <= store.count; ) {
    const last = store.stepEnd(first);
    addStep(store, { first, last, arrived }, lines);
    if (lines.length >= LINES_PER_PART) {
      parts.push(`${lines.join(',\n')},\n`);
      lines = [];
    }
    first = last + 1;
  }
  lines.push(JSON.stringify({ ph: 'M', pid: 1, name: 'process_name', args: { name: 'Trial' } }));
  parts.push(`${lines.join(',\n')}\n]}\n`);
  return parts;
}

function trackNames(store: TraceStore): string[] {
  return ['lab', ...store.nodeNames].flatMap((name, tid) => [
    JSON.stringify({ ph: 'M', pid: 1, tid, name: 'thread_name', args: { name } }),
    JSON.stringify({ ph: 'M', pid: 1, tid, name: 'thread_sort_index', args: { sort_index: tid } }),
  ]);
}

/** By event that sent a message: the step that its last piece began; 0: it did not arrive. */
function arrivals(store: TraceStore): Uint32Array {
  const arrived = new Uint32Array(store.count + 1);
  for (let first = 1; first <= store.count; first = store.stepEnd(first) + 1) {
    arrived[store.parentA(first)] = first;
    arrived[store.parentB(first)] = first;
  }
  return arrived;
}

function addStep(
  store: TraceStore,
  { first, last, arrived }: { readonly first: number; readonly last: number; arrived: Uint32Array },
  lines: string[],
): void {
  const tid = store.node(first);
  const ts = store.timeUs(first);
  const dur = Math.max(1, store.timeUs(last) - ts);
  const name = store.kindName(first);
  lines.push(JSON.stringify({ ph: 'X', pid: 1, tid, ts, dur, name, args: { event: first } }));
  for (const parent of new Set([store.parentA(first), store.parentB(first)])) {
    if (parent === 0 || store.kindName(parent) !== 'frame.sent') continue;
    // What arrives in pieces is there with its last one: a flow has one end.
    if (arrived[parent] !== first) continue;
    const flow = { pid: 1, tid, ts, id: parent, cat: 'message', name: 'message' };
    lines.push(JSON.stringify({ ...flow, ph: 'f', bp: 'e' }));
  }
  for (let event = first; event <= last; event++) {
    // A flow that never ends is refused: messages that were lost or are under way have none.
    const isLost = store.kindName(event) === 'frame.sent' && arrived[event] === 0;
    if (!isLost) addEvent(store, event, lines);
  }
}

function addEvent(store: TraceStore, event: number, lines: string[]): void {
  const kind = store.kindName(event);
  const tid = store.node(event);
  const ts = store.timeUs(event);
  if (kind === 'frame.sent') {
    const { fields } = store.at(event);
    const args = { event, to: fields[0], what: `${apiName(Number(fields[2]))} ${fields[1]}` };
    const flow = { pid: 1, tid, ts, id: event, cat: 'message', name: 'message' };
    lines.push(JSON.stringify({ ...flow, ph: 's', args }));
    return;
  }
  if (legendOf(kind).weight < NOTABLE) return;
  const row = store.at(event);
  const args: Record<string, number | string> = { event, says: wordsOf(row, store.nodeNames) };
  store.kinds[store.kindId(event)]?.fieldNames.forEach((name, place) => {
    args[name] = row.fields[place] ?? '';
  });
  lines.push(JSON.stringify({ ph: 'i', s: 't', pid: 1, tid, ts, name: kind, args }));
}
