/** When a consumer waited, against a model that looks at every microsecond. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClientHistory, Outcome } from '../../sim/check/history/history.ts';
import type { Reading } from '../../sim/run/cap-reading.ts';
import type { ReaderMove } from '../../sim/run/reader-moves.ts';
import { AcknowledgedRecords, waitsOf } from '../../sim/run/reader-waits.ts';

const END = 40;
const NAMES = ['orders-0', 'orders-1'];
const time = fc.integer({ min: 0, max: END - 1 });

const moves = fc.array(
  fc.record({
    timeUs: time,
    what: fc.oneof(
      fc.record({
        kind: fc.constant('owns' as const),
        partitions: fc.subarray(NAMES),
        gained: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('stands' as const),
        partition: fc.constantFrom(...NAMES),
        offset: fc.integer({ min: 0, max: 6 }),
        anew: fc.boolean(),
      }),
      fc.record({
        kind: fc.constantFrom(...(['began', 'died', 'joined', 'closed'] as const)),
      }),
    ),
  }),
  { maxLength: 8 },
);
/** Offset n of a partition is acknowledged then; null: never. */
const acknowledged = fc.tuple(
  ...NAMES.map(() => fc.array(fc.option(time), { minLength: 7, maxLength: 7 })),
);
/** Pauses before polls, their lengths, and what they give. */
const polls = fc.array(
  fc.record({
    pause: fc.integer({ min: 0, max: 4 }),
    lasts: fc.integer({ min: 1, max: 8 }),
    gives: fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 })), {
      maxLength: 2,
    }),
  }),
  { maxLength: 8 },
);

interface Poll {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly gives: readonly (readonly [number, number])[];
}

/** By time: whether something was waited for in the microsecond that begins then. */
function naive(
  all: { moves: readonly ReaderMove[]; since: readonly (number | null)[][]; polls: Poll[] },
  { startsAt, isMember }: { startsAt: number; isMember: boolean },
): boolean[] {
  const waits = Array.from({ length: END }, () => false);
  if (isMember) {
    let isOut = false;
    for (let t = 0; t < END; t++) {
      for (const move of all.moves) {
        if (move.timeUs !== t) continue;
        if (move.kind === 'began') isOut = true;
        else if (move.kind !== 'owns') isOut = isOut && move.kind === 'stands';
        else if (move.gained) isOut = false;
        else isOut = isOut || move.partitions.length === 0;
      }
      waits[t] = isOut;
    }
  }
  NAMES.forEach((name, partition) => {
    let held: { from: number; start: number } | null = null;
    const close = (until: number): void => {
      if (held === null) return;
      const { from, start } = held;
      all.since[partition]!.forEach((since, offset) => {
        if (since === null || (start >= 0 && offset < start)) return;
        const got = all.polls.find(
          (one) =>
            one.untilUs >= from &&
            one.untilUs <= until &&
            one.gives.some(([where, what]) => where === partition && what === offset),
        );
        if (got === undefined && start < 0 && since < from) return;
        for (let t = Math.max(since, from); t < (got?.untilUs ?? until); t++) waits[t] = true;
      });
      held = null;
    };
    for (const move of all.moves) {
      if (move.kind === 'owns') {
        const has = move.partitions.includes(name);
        if (!has) close(move.timeUs);
        else held ??= { from: move.timeUs, start: startsAt };
      } else if (move.kind === 'stands') {
        if (move.partition !== name || held === null) continue;
        const { from, start } = held as { from: number; start: number };
        const hasRead = all.polls.some(
          ({ untilUs, gives }) =>
            untilUs >= from && untilUs <= move.timeUs && gives.some(([one]) => one === partition),
        );
        if (start < 0 || (!move.anew && !hasRead)) {
          (held as { start: number }).start = move.offset;
        } else {
          close(move.timeUs);
          held = { from: move.timeUs, start: move.offset };
        }
      } else if (move.kind !== 'joined') close(move.timeUs);
    }
    close(END);
  });
  return waits;
}

/** As it is told: cut where a poll gave something, begun by polls, ended by the last one. */
function stretches(waits: readonly boolean[], polls: readonly Poll[]): [number, number][] {
  const found: [number, number][] = [];
  const gave = new Set(polls.filter(({ gives }) => gives.length > 0).map((one) => one.untilUs));
  const end = polls.at(-1)?.untilUs ?? 0;
  let from = -1;
  let begun = false;
  for (let t = 0; t <= END; t++) {
    if (from >= 0 && (gave.has(t) || t === end || waits[t] !== true)) {
      if (begun) found.push([from, t]);
      from = -1;
      begun = false;
    }
    if (waits[t] !== true || t >= end) continue;
    const isPolling = polls.some((one) => one.fromUs <= t && t < one.untilUs);
    if (from < 0 && isPolling) {
      from = t;
      begun = true;
    }
  }
  return found;
}

test('is what it is when every microsecond is looked at', () => {
  fc.assert(
    fc.property(
      moves,
      acknowledged,
      polls,
      fc.constantFrom(-1, 0),
      fc.boolean(),
      (asMoves, since, asPolls, startsAt, isMember) => {
        const history = new ClientHistory();
        NAMES.forEach((_name, partition) => {
          const sends = history.addProducer({
            ...{ name: `p${partition}`, topic: 'orders', acks: -1, idempotent: true },
          });
          since[partition]!.forEach((timeUs, offset) => {
            const row = sends.invoked(1, 0);
            if (timeUs === null) return;
            sends.answered(row, { event: 1, timeUs }, Outcome.ok);
            sends.landed(row, partition, offset);
          });
        });
        const lost = history.sends.map((one) => new Uint8Array(one.count));
        const reader = history.addConsumer('c1', 'orders');
        const made: Poll[] = [];
        let now = 0;
        for (const { pause, lasts, gives } of asPolls) {
          const fromUs = now + pause;
          const untilUs = fromUs + lasts;
          if (untilUs > END) break;
          const poll = reader.invoked(1, fromUs);
          reader.answered(poll, { event: 1, timeUs: untilUs }, true);
          for (const [partition, offset] of gives) {
            reader.event.push(1);
            reader.timeUs.push(untilUs);
            reader.partition.push(partition);
            reader.offset.push(offset);
            reader.record.push(-1);
          }
          made.push({ fromUs, untilUs, gives });
          now = untilUs;
        }
        const inOrder: ReaderMove[] = asMoves
          .sort((a, b) => a.timeUs - b.timeUs)
          .map(({ timeUs, what }, event) => ({ ...what, timeUs, event }));
        const reading: Reading = {
          ...{ client: 'c1', group: isMember ? 'g' : null },
          ...{ histories: [reader], moves: inOrder, startsAt },
        };

        const found = waitsOf(reading, new AcknowledgedRecords(history, lost), END);

        const waits = naive({ moves: inOrder, since, polls: made }, { startsAt, isMember });
        expect(found.map((one) => [one.fromUs, one.untilUs])).toEqual(stretches(waits, made));
      },
    ),
    { numRuns: 2_000 },
  );
});
