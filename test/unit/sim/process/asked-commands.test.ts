import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommandResult } from '../../../../kafka/client/commands.ts';
import { AskedCommands } from '../../../../sim/process/asked-commands.ts';

interface Told {
  readonly command: number;
  readonly place: number;
  readonly partition: number;
  readonly offset: number;
}

const PARTITION = 3;
const client = {};

function sent(offset: number): CommandResult {
  return { kind: 'sent', partition: PARTITION, offset, timestampMs: 0 };
}

/** Commands of these sizes, and everything that is told about their sends, one by one. */
function ask(sizes: readonly number[]) {
  const asked = new AskedCommands();
  const told: Told[] = [];
  let nextId = 1;
  sizes.forEach((count, command) => {
    asked.add(client, nextId, count, (result, _event, first, answers) => {
      if (result.kind !== 'sent') throw new Error('another answer than was given');
      for (let i = 0; i < answers; i++) {
        const offset = result.offset < 0 ? -1 : result.offset + i;
        told.push({ command, place: first + i, partition: result.partition, offset });
      }
    });
    nextId += count;
  });
  return { asked, told, ids: nextId - 1 };
}

const byPlace = (a: Told, b: Told) => a.command - b.command || a.place - b.place;
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 });

test('runs of answers reach the same sends as single answers, wherever commands begin', () => {
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.integer({ min: 1, max: 20 })), (counts, lengths) => {
      const one = ask(counts);
      for (let id = 1; id <= one.ids; id++) one.asked.completed(id, 1, sent(100 + id), 7);
      const runs: { id: number; count: number }[] = [];
      const many = ask(counts);
      for (let id = 1; id <= many.ids; ) {
        const count = Math.min(lengths.next().value as number, many.ids - id + 1);
        runs.push({ id, count });
        id += count;
      }
      for (const { id, count } of runs.reverse()) {
        many.asked.completed(id, count, sent(100 + id), 7);
      }

      expect(many.told.sort(byPlace)).toEqual(one.told.sort(byPlace));
    }),
  );
});

test('an offset that was not told stays untold along a run', () => {
  const { asked, told } = ask([2, 2]);

  asked.completed(1, 4, sent(-1), 7);

  expect(told.map(({ offset }) => offset)).toEqual([-1, -1, -1, -1]);
});

test('an answer to a client that died, or a second one, is told to nobody', () => {
  const { asked, told } = ask([2, 2]);
  asked.completed(1, 2, sent(0), 7);
  asked.completed(1, 2, sent(0), 7);
  expect(told).toHaveLength(2);

  asked.forget(client);
  asked.completed(3, 2, sent(0), 7);

  expect(told).toHaveLength(2);
});
