import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimise, smallest, type Try } from '../../../sim/search/shrink/minimise.ts';

function finished<T>(course: Generator<void, T>): T {
  for (;;) {
    const { done, value } = course.next();
    if (done === true) return value;
  }
}

const asked = <T>(isEnough: (left: readonly T[]) => boolean): Try<T> =>
  function* (left) {
    yield;
    return isEnough(left);
  };

test('of a list exactly the elements stay that are needed together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.array(fc.nat(39)), (size, wanted) => {
      const needed = new Set(wanted.filter((one) => one < size));
      const all = Array.from({ length: size }, (_, i) => i);

      const left = finished(
        minimise(
          all,
          asked((some) => [...needed].every((one) => some.includes(one))),
        ),
      );

      expect(left).toEqual([...needed].sort((a, b) => a - b));
    }),
  );
});

test('of a list none can go any more where either of two is enough', () => {
  const all = Array.from({ length: 30 }, (_, i) => i);

  const left = finished(
    minimise(
      all,
      asked((some) => some.includes(3) || some.includes(20)),
    ),
  );

  expect(left).toHaveLength(1);
});

test('a number becomes the least that is enough, or nearly so', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (value, wanted) => {
      const needed = Math.min(value, wanted);

      const found = finished(
        smallest(value, 0, function* (one) {
          yield;
          return one >= needed;
        }),
      );

      expect(found).toBeGreaterThanOrEqual(needed);
      expect(found - needed).toBeLessThanOrEqual(Math.max(1, found / 16));
    }),
  );
});
