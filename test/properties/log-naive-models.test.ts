import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LeaderEpochCache } from '../../kafka/log/leader-epoch-cache.ts';
import { append, batchOf, LogLab } from '../support/log-lab.ts';

describe('leader epoch cache', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), records: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('elect' as const), by: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('truncate' as const), back: fc.nat(10) }),
  );

  test('endOffsetFor answers like a look at every record', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(30), (steps, asked) => {
        const cache = new LeaderEpochCache(null);
        let epochs: number[] = [];
        let epoch = 0;
        for (const { kind, ...what } of steps) {
          if (kind === 'append') {
            const records = (what as { records: number }).records;
            cache.assign(epoch, epochs.length);
            epochs.push(...new Array<number>(records).fill(epoch));
          } else if (kind === 'elect') epoch += (what as { by: number }).by;
          else {
            epochs = epochs.slice(0, Math.max(0, epochs.length - (what as { back: number }).back));
            cache.truncateFromEnd(epochs.length);
          }
        }
        expect(cache.endOffsetFor(asked, epochs.length)).toEqual(naiveEnd(epochs, asked));
        epochs.forEach((written, offset) => {
          expect(cache.epochForOffset(offset)).toBe(written);
        });
      }),
    );
  });

  /** By KIP-101's words: the start of the first epoch above, or the log end for the last one. */
  function naiveEnd(
    epochs: readonly number[],
    asked: number,
  ): { epoch: number; endOffset: number } {
    const latest = epochs.at(-1);
    if (latest === undefined || asked > latest) return { epoch: -1, endOffset: -1 };
    if (asked === latest) return { epoch: asked, endOffset: epochs.length };
    const above = epochs.findIndex((epoch) => epoch > asked);
    return { epoch: above === 0 ? asked : (epochs[above - 1] as number), endOffset: above };
  }
});

describe('idempotent producers', () => {
  const sending = fc.record({
    producer: fc.constantFrom(1, 2),
    epoch: fc.constantFrom(0, 0, 0, 1),
    sequence: fc.nat(12),
    count: fc.integer({ min: 1, max: 3 }),
  });

  test('accepts, repeats and refuses like a model that keeps every batch', () => {
    fc.assert(
      fc.property(fc.array(sending, { maxLength: 40 }), (sendings) => {
        const log = new LogLab().log();
        const kept = new Map<number, { epoch: number; batches: [number, number, number][] }>();
        for (const { producer, epoch, sequence, count } of sendings) {
          const batch = batchOf(count, {
            producerId: producer,
            producerEpoch: epoch,
            baseSequence: sequence,
          });
          const state = kept.get(producer);
          const last = state?.batches.at(-1);
          const repeated = state?.batches
            .slice(-5)
            .find(([first, size]) => state.epoch === epoch && first === sequence && size === count);
          const appended = log.appendAsLeader(batch, 0, 'client');
          if (repeated !== undefined) {
            expect(appended).toMatchObject({ error: 0, duplicate: true, baseOffset: repeated[2] });
          } else if (state !== undefined && epoch < state.epoch) expect(appended.error).toBe(47);
          else if (state !== undefined && epoch > state.epoch && sequence !== 0) {
            expect(appended.error).toBe(45);
          } else if (
            state !== undefined &&
            last !== undefined &&
            epoch === state.epoch &&
            sequence !== last[0] + last[1]
          ) {
            expect(appended.error).toBe(45);
          } else {
            expect(appended).toMatchObject({ error: 0, duplicate: false });
            const entry: [number, number, number] = [sequence, count, appended.baseOffset];
            if (state === undefined || epoch > state.epoch) {
              kept.set(producer, { epoch, batches: [entry] });
            } else state.batches.push(entry);
          }
        }
      }),
    );
  });
});

describe('reading', () => {
  test('returns what was appended, from any offset, in any piece size, over any segments', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(300)), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.constantFrom(500, 3000, 100_000),
        fc.constantFrom(0, 500, 4096),
        fc.nat(2000),
        fc.nat(150),
        (batches, segmentBytes, indexIntervalBytes, maxBytes, from) => {
          const lab = new LogLab({ segmentBytes: segmentBytes + 700, indexIntervalBytes });
          lab.manager.load();
          const sent: Uint8Array[] = [];
          for (const [count, valueBytes] of batches) {
            const batch = batchOf(count, { valueBytes, fill: sent.length & 127 });
            append(lab.log(), 0, batch);
            sent.push(batch);
          }
          for (const reboot of [false, true]) {
            if (reboot) {
              lab.stop();
              lab.boot();
            }
            const log = lab.log();
            let offset = from % log.logEndOffset;
            const pieces: number[] = [];
            while (offset < log.logEndOffset) {
              const { error, records } = log.read(offset, maxBytes, 'log_end', true);
              expect(error).toBe(0);
              expect(records.length).toBeGreaterThan(0);
              for (let at = 0; at < records.length; ) {
                const expected = sent.find((batch) => starts(batch, records, at));
                expect(expected).toBeDefined();
                offset = lastOf(records, at) + 1;
                at += (expected as Uint8Array).length;
                pieces.push(offset);
              }
            }
            expect(offset).toBe(log.logEndOffset);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  function starts(batch: Uint8Array, records: Uint8Array, at: number): boolean {
    return batch.every((byte, i) => records[at + i] === byte);
  }

  function lastOf(records: Uint8Array, at: number): number {
    const view = new DataView(records.buffer, records.byteOffset + at);
    return Number(view.getBigInt64(0)) + view.getInt32(23);
  }
});
