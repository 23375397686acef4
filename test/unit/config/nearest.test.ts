import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysOfLevel } from '../../../kafka/config/levels.ts';
import { editDistance, nearestName } from '../../../kafka/config/nearest.ts';

const brokerKeys = Object.keys(keysOfLevel('broker'));

test.each([
  ['min.isr', 'min.insync.replicas'],
  ['min.insync.replica', 'min.insync.replicas'],
  ['retention.ms', 'log.retention.ms'],
  ['replica.lag.time', 'replica.lag.time.max.ms'],
  ['unclean.leader.elecion.enable', 'unclean.leader.election.enable'],
  ['MIN.INSYNC.REPLICAS', 'min.insync.replicas'],
])('%s is taken for %s', (word, name) => {
  expect(nearestName(word, brokerKeys)).toBe(name);
});

test.each(['', 'x', '2', 'completely different'])('%j is near nothing', (word) => {
  expect(nearestName(word, brokerKeys)).toBeNull();
});

test('edit distance is a symmetric distance, 1 for swapped neighbours', () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
  expect(editDistance('acks', 'akcs')).toBe(1);
  fc.assert(
    fc.property(word, word, (left, right) => {
      const edits = editDistance(left, right);
      expect(edits).toBe(editDistance(right, left));
      expect(edits === 0).toBe(left === right);
      expect(edits).toBeLessThanOrEqual(Math.max(left.length, right.length));
    }),
  );
});
