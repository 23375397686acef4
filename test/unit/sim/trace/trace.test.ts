import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readTraceFile,
  TRACE_FILE_VERSION,
  TraceFileError,
  writeTraceFile,
} from '../../../../sim/trace/file.ts';
import { TraceRecorder } from '../../../../sim/trace/recorder.ts';
import { ROWS_PER_CHUNK } from '../../../../sim/trace/rows.ts';
import { traceKinds } from '../../../../sim/trace/table.ts';

const header = {
  scenario: { name: 'x', faults: [{ at: 1 }] },
  seed: '42',
  digest: '0123456789abcdef0123456789abcdef',
  traceHash: 'fedcba9876543210fedcba9876543210',
};

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function recorded(events: number): TraceRecorder {
  const recorder = new TraceRecorder('rows');
  recorder.nodeNames.push('broker-1', 'broker-2');
  for (let i = 1; i <= events; i++) {
    recorder.timeUs = i * 10;
    recorder.step = Math.ceil(i / 3);
    if (i > 5) recorder.causedBy(i - 3, i % 2 === 0 ? i - 5 : 0);
    recorder.emit('hw.advanced', (i % 2) + 1, `orders-${i % 3}`, i * 1_000, i % 7, 'leader');
  }
  return recorder;
}

describe('the recorder', () => {
  test('keeps what was emitted', () => {
    const recorder = recorded(8);
    expect(recorder.rows?.at(8)).toEqual({
      event: 8,
      timeUs: 80,
      step: 3,
      node: 1,
      kind: 'hw.advanced',
      parents: [5, 3],
      fields: ['orders-2', 8_000, 1, 'leader'],
    });
    expect(() => recorder.rows?.at(9)).toThrow(RangeError);
    expect(() => recorder.rows?.at(0)).toThrow(RangeError);
  });

  test('tells subscribers of a kind, with the fields', () => {
    const recorder = new TraceRecorder('none');
    const seen: unknown[] = [];
    recorder.subscribe('broker.fenced', (...told) => seen.push(told.slice(0, 5)));
    recorder.emit('broker.unfenced', 1, 3);
    recorder.emit('broker.fenced', 2, 3, 'timeout');
    expect(seen).toEqual([[2, 0, 2, 3, 'timeout']]);
  });

  test('keeps any safe integer and any text', () => {
    const wide = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(-0, 2 ** 53 - 1));
    const property = fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), wide, wide)),
      (all) => {
        const recorder = new TraceRecorder('rows');
        for (const [text, x, y] of all) recorder.emit('hw.advanced', 0, text, x, y, text);
        const file = readTraceFile(join(writeTraceFile(header, recorder.rows!)));
        all.forEach(([text, x, y], i) => {
          const wanted = [text, x + 0, y + 0, text];
          expect(recorder.rows!.at(i + 1).fields).toEqual(wanted);
          expect(file.rows.at(i + 1).fields).toEqual(wanted);
        });
      },
    );
    fc.assert(property, { numRuns: 50 });
  });

  test('refuses a fraction', () => {
    const recorder = new TraceRecorder('none');
    expect(() => recorder.emit('broker.fenced', 1, 0.5, 'x')).toThrow('no safe integer');
  });

  test('hashes every part of a row', () => {
    const hashOf = (change: (recorder: TraceRecorder) => void) => {
      const recorder = new TraceRecorder('none');
      recorder.emit('broker.fenced', 1, 2, 'x');
      change(recorder);
      return recorder.traceHash();
    };
    const hashes = [
      () => {},
      (r: TraceRecorder) => void r.emit('broker.fenced', 1, 2, 'x'),
      (r: TraceRecorder) => void r.emit('broker.fenced', 2, 2, 'x'),
      (r: TraceRecorder) => void r.emit('broker.fenced', 1, 3, 'x'),
      (r: TraceRecorder) => void r.emit('broker.fenced', 1, 2, 'y'),
      (r: TraceRecorder) => void r.emit('broker.fenced', 1, 2, 'z'),
      (r: TraceRecorder) => {
        r.timeUs = 1;
        r.emit('broker.fenced', 1, 2, 'x');
      },
      (r: TraceRecorder) => {
        r.causedBy(1);
        r.emit('broker.fenced', 1, 2, 'x');
      },
    ].map(hashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('a .trial file', () => {
  test('gives back what was written, over several chunks', () => {
    const rows = recorded(ROWS_PER_CHUNK * 2 + 5).rows!;
    const file = readTraceFile(join(writeTraceFile(header, rows)));
    expect(file).toMatchObject(header);
    expect(file.rows.count).toBe(rows.count);
    expect(file.rows.nodeNames).toEqual(['broker-1', 'broker-2']);
    for (let event = 1; event <= rows.count; event += 997) {
      expect(file.rows.at(event)).toEqual(rows.at(event));
    }
    expect(file.rows.at(rows.count)).toEqual(rows.at(rows.count));
    expect(file.rows.kinds).toEqual(traceKinds);
  });

  test('costs few bytes an event', () => {
    const rows = recorded(ROWS_PER_CHUNK).rows!;
    expect(join(writeTraceFile(header, rows)).length / rows.count).toBeLessThan(16);
  });

  test('cut anywhere is truncated, never half read', () => {
    const bytes = join(writeTraceFile(header, recorded(20).rows!));
    for (let length = 0; length < bytes.length; length++) {
      const read = () => readTraceFile(bytes.slice(0, length));
      expect(read).toThrow(TraceFileError);
      const words = length < 10 ? 'not a .trial file' : `ends too early: it has ${length} bytes`;
      expect(read).toThrow(words);
    }
  });

  test('with any byte changed is refused', () => {
    const bytes = join(writeTraceFile(header, recorded(20).rows!));
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x21;
      expect(() => readTraceFile(damaged), `byte ${at}`).toThrow(TraceFileError);
    }
  });

  test('of a newer format says which', () => {
    const bytes = join(writeTraceFile(header, recorded(1).rows!));
    bytes[13] = TRACE_FILE_VERSION + 1;
    expect(() => readTraceFile(bytes)).toThrow('format version 2');
  });
});
