import fc from 'fast-check';
import { test } from 'vitest';
import { type Command, LogModel } from '../support/log-model.ts';

const style = fc.constantFrom('random', 'keep-prefix', 'drop-all', 'keep-all' as const);
const valueBytes = fc.oneof(fc.nat(60), fc.constantFrom(400, 3000));

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('lead' as const),
      records: fc.integer({ min: 1, max: 4 }),
      valueBytes,
      producer: fc.constantFrom(null, 1000, 2000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('follow' as const),
      batches: fc.integer({ min: 1, max: 6 }),
      valueBytes,
      newEpoch: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('elect' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('truncate' as const), back: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), ahead: fc.nat(9) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('endFlush' as const),
      choice: fc.nat(20),
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('highWatermark' as const), back: fc.nat(6) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logStart' as const), ahead: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retention' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(400) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      at: fc.nat(100),
      maxBytes: fc.nat(6000),
      minOneBatch: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('powerCut' as const), style }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('armCrash' as const),
      calls: fc.integer({ min: 1, max: 15 }),
      when: fc.constantFrom('before', 'after', 'torn' as const),
      powerCut: fc.option(style),
    }),
  },
);

const config = fc.record({
  segmentBytes: fc.constantFrom(600, 5000, 20_000),
  indexIntervalBytes: fc.constantFrom(0, 200, 4096),
  flushMessages: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
  retentionMs: fc.constantFrom(300, -1),
  fileDeleteDelayMs: fc.constantFrom(0, 200),
});

test('after any schedule of appends, cuts, flushes and crashes the log recovers to a valid prefix', () => {
  fc.assert(
    fc.property(
      config,
      fc.string({ minLength: 4, maxLength: 4 }),
      fc.array(command, { minLength: 5, maxLength: 60 }),
      (settings, seed, commands) => {
        const model = new LogModel({ ...settings, maxMessageBytes: 100_000 }, seed);
        for (const step of commands) model.run(step);
        model.run({ kind: 'powerCut', style: 'random' });
      },
    ),
    { numRuns: 300 },
  );
});
