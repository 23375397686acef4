import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WireError } from '../../kafka/base/reader.ts';
import { FrameReader } from '../../kafka/wire/frame.ts';

const LIMIT = 4096;

function framed(bodies: Uint8Array[]): Uint8Array {
  const size = bodies.reduce((sum, body) => sum + 4 + body.length, 0);
  const stream = new Uint8Array(size);
  const view = new DataView(stream.buffer);
  let at = 0;
  for (const body of bodies) {
    view.setInt32(at, body.length);
    stream.set(body, at + 4);
    at += 4 + body.length;
  }
  return stream;
}

function read(chunks: Uint8Array[]): Uint8Array[] {
  const frames = new FrameReader(LIMIT);
  const bodies: Uint8Array[] = [];
  for (const chunk of chunks) {
    frames.push(chunk);
    while (frames.next()) bodies.push(frames.bytes.slice(frames.start, frames.end));
  }
  return bodies;
}

const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });

test('any split of a stream yields the same frames', () => {
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(), { maxLength: 20 }), (wanted, cuts) => {
      const stream = framed(wanted);
      const at = cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b);
      const chunks = [0, ...at].map((from, i) => stream.slice(from, at[i] ?? stream.length));

      expect(read(chunks)).toEqual(wanted);
    }),
    { numRuns: 500 },
  );
});

test('a frame that comes byte by byte is read', () => {
  const wanted = [new Uint8Array(300).fill(7), new Uint8Array(0), new Uint8Array([1])];

  expect(read([...framed(wanted)].map((byte) => new Uint8Array([byte])))).toEqual(wanted);
});

test.each([
  ['negative', [0xff, 0xff, 0xff, 0xff]],
  ['above the limit', [0, 0, 0x10, 0x01]],
])('a %s size is a typed error, also when it comes in pieces', (_name, prefix) => {
  expect(() => read([new Uint8Array(prefix)])).toThrow(WireError);
  expect(() => read(prefix.map((byte) => new Uint8Array([byte])))).toThrow(WireError);
});

test('a frame as large as the limit is read', () => {
  const body = new Uint8Array(LIMIT).fill(3);

  expect(read([framed([body])])).toEqual([body]);
});
