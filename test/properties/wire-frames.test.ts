import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WireError } from '../../kafka/base/reader.ts';
import { Writer } from '../../kafka/base/writer.ts';
import { beginFrame, FrameReader, finishFrame } from '../../kafka/wire/frame.ts';

const LIMIT = 1_000_000;

function frameOf(body: Uint8Array): Uint8Array {
  const writer = new Writer();
  beginFrame(writer);
  writer.raw(body);
  return finishFrame(writer);
}

function take(frames: FrameReader): number[][] {
  const bodies: number[][] = [];
  while (frames.next()) bodies.push([...frames.bytes.subarray(frames.start, frames.end)]);
  return bodies;
}

/** Chunks of the stream, cut at the given places. */
function cut(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((p) => p % (stream.length + 1)), stream.length];
  sorted.sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => stream.slice(sorted[i], end));
}

const bodies = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 8 });
const places = fc.array(fc.nat({ max: 1000 }), { maxLength: 30 });

describe('a frame reader', () => {
  test('finds the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(bodies, places, (sent, cuts) => {
        const frames = new FrameReader(LIMIT);
        const received: number[][] = [];

        for (const chunk of cut(Buffer.concat(sent.map(frameOf)), cuts)) {
          frames.push(chunk);
          received.push(...take(frames));
        }

        expect(received).toEqual(sent.map((body) => [...body]));
        expect(frames.pendingBytes).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('loses nothing when chunks come before all frames were taken', () => {
    fc.assert(
      fc.property(bodies, places, fc.nat({ max: 3 }), (sent, cuts, takenPerChunk) => {
        const frames = new FrameReader(LIMIT);
        const received: number[][] = [];

        for (const chunk of cut(Buffer.concat(sent.map(frameOf)), cuts)) {
          frames.push(chunk);
          for (let i = 0; i < takenPerChunk && frames.next(); i++) {
            received.push([...frames.bytes.subarray(frames.start, frames.end)]);
          }
        }
        received.push(...take(frames));

        expect(received).toEqual(sent.map((body) => [...body]));
      }),
      { numRuns: 300 },
    );
  });

  test('hands out frames that lie whole in a chunk without copying them', () => {
    const chunk = Buffer.concat([Uint8Array.of(1, 2), Uint8Array.of(3)].map(frameOf));
    const frames = new FrameReader(LIMIT);

    frames.push(chunk);

    expect(frames.next()).toBe(true);
    expect(frames.bytes).toBe(chunk);
    expect([frames.start, frames.end]).toEqual([4, 6]);
    expect(frames.next()).toBe(true);
    expect([frames.start, frames.end]).toEqual([10, 11]);
    expect(frames.next()).toBe(false);
  });

  test('takes a frame of exactly the limit and refuses a larger or negative size', () => {
    const sizes = (size: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(size);
      return bytes;
    };
    const atLimit = new FrameReader(100);
    atLimit.push(Buffer.concat([sizes(100), Buffer.alloc(100)]));
    expect(atLimit.next()).toBe(true);

    for (const size of [101, -1, 2 ** 31 - 1, -(2 ** 31)]) {
      for (const chunks of [[sizes(size)], [...sizes(size)].map((byte) => Uint8Array.of(byte))]) {
        const frames = new FrameReader(100);
        expect(() => {
          for (const chunk of chunks) {
            frames.push(chunk);
            frames.next();
          }
        }).toThrow(WireError);
      }
    }
  });

  test('sets no memory aside for bytes that were only announced', () => {
    const announced = Buffer.alloc(5);
    announced.writeInt32BE(100 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;

    const readers = Array.from({ length: 100 }, () => new FrameReader(100 * 1024 * 1024));
    for (const frames of readers) {
      frames.push(announced);
      expect(frames.next()).toBe(false);
    }

    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    expect(readers.every((frames) => frames.pendingBytes === 5)).toBe(true);
  });

  test('puts a large frame together from single bytes', () => {
    const body = new Uint8Array(1_000_000).map((_, i) => i);
    const stream = frameOf(body);
    const frames = new FrameReader(LIMIT);

    for (let i = 0; i < stream.length - 1; i++) {
      frames.push(stream.subarray(i, i + 1));
      if (frames.next()) throw new Error(`a frame after ${i + 1} bytes`);
    }
    frames.push(stream.subarray(stream.length - 1));

    expect(frames.next()).toBe(true);
    expect(Buffer.compare(frames.bytes.subarray(frames.start, frames.end), body)).toBe(0);
  });
});
