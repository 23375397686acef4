import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROWS_PER_CHUNK, TraceChunk } from '../../../sim/trace/rows.ts';
import { TraceStore } from '../../../viz/model/trace-store.ts';
import { storyRun } from '../../support/viz-runs.ts';

const run = storyRun('lost-ack-duplicates');

/** Rows [from, end) of the run, as a worker would send them. */
function piece(from: number, end: number): TraceChunk {
  const chunk = new TraceChunk(end - from, 0);
  let filled = 0;
  const payloads: number[] = [];
  for (let row = from; row < end; row++, filled++) {
    const source = run.store.rows.chunks[Math.floor(row / ROWS_PER_CHUNK)] as TraceChunk;
    const at = row % ROWS_PER_CHUNK;
    chunk.timeUs[filled] = source.timeUs[at] as number;
    chunk.step[filled] = source.step[at] as number;
    chunk.parentA[filled] = source.parentA[at] as number;
    chunk.parentB[filled] = source.parentB[at] as number;
    chunk.subject[filled] = source.subject[at] as number;
    chunk.kind[filled] = source.kind[at] as number;
    chunk.node[filled] = source.node[at] as number;
    chunk.payloadAt[filled] = payloads.length;
    const last = at + 1 < source.rows ? (source.payloadAt[at + 1] as number) : source.payloadSize;
    payloads.push(...source.payload.subarray(source.payloadAt[at] as number, last));
  }
  chunk.rows = filled;
  chunk.payload = Uint8Array.from(payloads);
  chunk.payloadSize = payloads.length;
  return chunk;
}

test('rows that stream in in pieces of any size are the rows of the run', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 12 }), (sizes) => {
      const { rows, count } = run.store;
      const store = new TraceStore(rows.kinds);
      store.append(null, { texts: rows.texts, nodeNames: rows.nodeNames });
      let from = 0;
      for (const size of [...sizes, count]) {
        const end = Math.min(count, from + size);
        if (end > from) store.append(piece(from, end));
        from = end;
      }
      expect(store.count).toBe(count);
      for (let event = 1; event <= count; event += 97) {
        expect(store.at(event)).toEqual(run.store.at(event));
      }
      expect(store.at(count)).toEqual(run.store.at(count));
      for (let node = 0; node <= store.nodeNames.length; node++) {
        expect(store.byNode(node).count).toBe(run.store.byNode(node).count);
      }
    }),
    { numRuns: 15 },
  );
});

test('the event at a time is the last one not after it', () => {
  const { store } = run;
  expect(store.eventAtTime(-1)).toBe(0);
  expect(store.eventAtTime(store.endUs)).toBe(store.count);
  for (let event = 500; event < store.count; event += 1_009) {
    const found = store.eventAtTime(store.timeUs(event));
    expect(found).toBeGreaterThanOrEqual(event);
    expect(store.timeUs(found)).toBe(store.timeUs(event));
    if (found < store.count) expect(store.timeUs(found + 1)).toBeGreaterThan(store.timeUs(event));
  }
});

test('lists by node and by kind hold every event once, in order', () => {
  const { store } = run;
  let ofNodes = 0;
  for (let node = 0; node <= store.nodeNames.length; node++) ofNodes += store.byNode(node).count;
  expect(ofNodes).toBe(store.count);
  const sent = store.listOf('frame.sent');
  const place = Math.floor(sent.count / 2);
  const event = sent.at(place);
  expect(store.kindName(event)).toBe('frame.sent');
  expect(sent.before(event)).toBe(sent.at(place - 1));
  expect(sent.after(event)).toBe(sent.at(place + 1));
  expect(sent.after(sent.at(sent.count - 1))).toBe(0);
  expect(sent.before(sent.at(0))).toBe(0);
});

test('a field read by itself is the field of the unpacked event', () => {
  const { store } = run;
  for (let event = 1; event <= store.count; event += 53) {
    const { fields } = store.at(event);
    const types = store.kinds[store.kindId(event)]?.fieldTypes ?? [];
    fields.forEach((value, place) => {
      const raw = store.rawField(event, place);
      expect(types[place] === 'text' ? store.texts[raw] : raw).toBe(value);
    });
    expect(store.rawField(event, fields.length)).toBe(-1);
  }
});

test('a step begins with its input and ends before the next one', () => {
  const { store } = run;
  for (let event = 1; event <= store.count; event += 101) {
    const first = store.stepStart(event);
    const last = store.stepEnd(event);
    expect(store.stepOf(first)).toBe(store.stepOf(event));
    expect(store.stepOf(last)).toBe(store.stepOf(event));
    if (first > 1) expect(store.stepOf(first - 1)).toBeLessThan(store.stepOf(event));
    if (last < store.count) expect(store.stepOf(last + 1)).toBeGreaterThan(store.stepOf(event));
  }
});
