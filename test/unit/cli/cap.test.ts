import { describe, expect, test } from 'vitest';
import { capClientWords, capWords } from '../../../cli/report/cap.ts';
import type { CapClient, CapReads, CapReport, CapWrites } from '../../../sim/run/report.ts';

type Tally = CapReport['meanwhile'];
const tally = (acknowledged: number, acknowledgedLost = 0, more: Partial<Tally> = {}): Tally => ({
  acknowledged,
  acknowledgedLost,
  lostUnsure: 0,
  lostOtherwise: 0,
  ...more,
});

/** @param acknowledged null: nobody tried. */
const side = (node: string, acknowledged: number | null): CapReport['sides'][0] => ({
  targets: node,
  nodes: [node],
  brokers: node.startsWith('broker'),
  ...tally(acknowledged ?? 0),
  writable: acknowledged === null ? null : acknowledged > 0,
});

function words(
  one: [string, number | null],
  other: [string, number | null],
  more: {
    elsewhere?: number;
    unplaced?: Tally;
    attempted?: number;
    earlier?: Tally;
    later?: Tally;
    others?: CapReport['others'];
  } = {},
): string {
  const { elsewhere = 0, unplaced = tally(0), attempted = 9 } = more;
  const { earlier = tally(0), later = tally(0), others = [] } = more;
  const placed = (one[1] ?? 0) + (other[1] ?? 0) + elsewhere;
  return capWords({
    fault: '0',
    fromMs: 2000,
    untilMs: 3000,
    wholeMs: 3000,
    oneWay: false,
    sides: [side(...one), side(...other)],
    elsewhere: tally(elsewhere),
    attempted,
    meanwhile: { ...unplaced, acknowledged: placed + unplaced.acknowledged },
    earlier,
    later,
    clients: [],
    others,
    survived: true,
  }).replace(/^.*? · /, '');
}

test('sides are called available or not only where both could serve', () => {
  expect(words(['broker-1', 0], ['broker-2', 7])).toBe(
    'broker-1: not writable | broker-2: writable (7 acknowledged, none lost) · ' +
      'one side available, acknowledged data survived',
  );
  expect(words(['broker-1', 7], ['controller-101', 0])).toBe(
    'broker-1: writable (7 acknowledged, none lost) | controller-101: no broker · ' +
      'writes went on, acknowledged data survived',
  );
  expect(words(['broker-1', 0], ['controller-101', 0])).toContain('no write went through');
});

test('controllers parted from each other are not said to stop the clients', () => {
  expect(words(['controller-101', 0], ['controller-102', 0], { elsewhere: 9 })).toBe(
    'controller-101: no broker | controller-102: no broker | ' +
      'on neither side: writable (9 acknowledged, none lost) · ' +
      'writes went on, acknowledged data survived',
  );
});

test('what nobody tried is not said to be impossible', () => {
  expect(words(['broker-1', null], ['broker-2', null], { attempted: 0 })).toBe(
    'broker-1: not tried | broker-2: not tried · ' +
      'nobody tried to write, nothing had been acknowledged that could be lost',
  );
  expect(words(['broker-1', null], ['broker-2', 0])).toContain(
    'broker-2: not writable · not available where it was tried',
  );
  expect(words(['broker-1', null], ['p1', 0], { attempted: 0 })).toContain('nobody tried to write');
});

test('what was sent without waiting for answers is told apart from what a leader took', () => {
  const unplaced = tally(8, 3);
  expect(words(['broker-1', null], ['broker-2', null], { attempted: 0, unplaced })).toBe(
    'broker-1: not tried | broker-2: not tried | nobody tells where: 8 acknowledged, 3 lost · ' +
      'nobody who wrote waited for an answer, acknowledged data was LOST',
  );
});

test('what was acknowledged earlier is judged, too, and told where nothing else was', () => {
  const lost = { earlier: tally(500, 40) };
  expect(words(['broker-1', 0], ['broker-2', 0], lost)).toContain(
    'nothing was acknowledged meanwhile, 40 of 500 acknowledged earlier were LOST with it',
  );
  expect(words(['broker-1', 0], ['broker-2', 0], { earlier: tally(500) })).toContain(
    'nothing was acknowledged meanwhile, none of 500 acknowledged earlier was lost with it',
  );
  expect(words(['broker-1', 7], ['broker-2', 0], lost)).toContain(
    'what was acknowledged meanwhile survived, 40 of 500 acknowledged earlier were LOST with it',
  );
});

test('what was acknowledged only afterwards and lost with it is told, whatever else was', () => {
  const more = { earlier: tally(100), later: tally(1_150, 1_150) };
  expect(words(['broker-1', 0], ['broker-2', 0], more)).toContain(
    'nothing was acknowledged meanwhile, none of 100 acknowledged earlier was lost with it, ' +
      '1,150 of 1,150 acknowledged later were LOST with it',
  );
  expect(words(['broker-1', 0], ['broker-2', 0], { later: tally(9, 1) })).toContain(
    'nothing was acknowledged meanwhile, 1 of 9 acknowledged later was LOST with it',
  );
  expect(words(['broker-1', 7], ['broker-2', 0], { later: tally(9, 2) })).toContain(
    'what was acknowledged meanwhile survived, 2 of 9 acknowledged later were LOST with it',
  );
  expect(words(['broker-1', 0], ['broker-2', 0], { later: tally(9) })).toContain(
    'nothing had been acknowledged that could be lost',
  );
});

describe('what another fault took, or may have', () => {
  const others: CapReport['others'] = [
    { fault: '0', verb: 'cut' },
    { fault: 'crash', verb: 'powerCut' },
  ];
  const ending = (more: Parameters<typeof words>[2]): string =>
    words(['broker-1', 0], ['broker-2', 0], more).split(' · ').at(-1) as string;

  test('is told with their names', () => {
    const unsure = { lostUnsure: 40 };
    const one = others.slice(0, 1);
    expect(ending({ earlier: tally(500, 40, unsure), others: one })).toBe(
      'none available, nothing was acknowledged meanwhile, ' +
        '40 of 500 acknowledged earlier were LOST with it or with fault 0 (cut)',
    );
    expect(ending({ later: tally(500, 50, unsure), others })).toContain(
      '10 of 500 acknowledged later were LOST with it, 40 of 500 acknowledged later were LOST ' +
        'with it or with fault 0 (cut) or crash (power cut)',
    );
    expect(ending({ unplaced: tally(50, 40, unsure), others: one })).toBe(
      'none available, 40 of 50 acknowledged meanwhile were LOST with it or with fault 0 (cut)',
    );
    expect(ending({ unplaced: tally(50, 50, unsure), others: one })).toContain(
      'acknowledged data was LOST, 40 of 50 acknowledged meanwhile were LOST with it or with',
    );
  });

  test('is not said to be lost with the partition, nor to have survived', () => {
    const gone = { lostOtherwise: 1 };
    expect(ending({ unplaced: tally(50, 0, gone), earlier: tally(9, 0, gone) })).toBe(
      'none available, 1 of 50 acknowledged meanwhile was lost, not known to be with it, ' +
        '1 of 9 acknowledged earlier was lost, not known to be with it',
    );
    const unplaced = tally(50, 0, { lostOtherwise: 50 });
    expect(words(['broker-1', 0], ['broker-2', 0], { unplaced })).toContain(
      'nobody tells where: 50 acknowledged, 50 lost',
    );
  });
});

test('what was joined before all of it was whole is said to last in part', () => {
  const cap: CapReport = {
    fault: '0',
    fromMs: 2000,
    untilMs: 3000,
    wholeMs: 9000,
    oneWay: true,
    sides: [side('broker-1', 1), side('broker-2', 0)],
    elsewhere: tally(0),
    attempted: 1,
    meanwhile: tally(1),
    earlier: tally(0),
    later: tally(0),
    clients: [],
    others: [],
    survived: true,
  };

  expect(capWords(cap)).toMatch(/^2\.000 s to 3\.000 s, in part to 9\.000 s, one way · /);
  expect(capWords({ ...cap, wholeMs: null })).toMatch(
    /^2\.000 s to 3\.000 s, in part to the end, /,
  );
  expect(capWords({ ...cap, untilMs: null, wholeMs: null })).toMatch(/^2\.000 s to the end, one/);
});

describe('of a client', () => {
  const client: CapClient = {
    name: 'c1',
    kind: 'consumer',
    group: null,
    topic: 'orders',
    side: null,
    operations: 9,
    answered: 9,
    answeredMeanwhile: 9,
    share: 1,
    longestGapMs: 0,
    writes: null,
    reads: null,
    promise: { survives: true, because: 'so', answered: 'somewhere' },
    kept: null,
  };
  const reads: CapReads = {
    records: 0,
    takenBack: 0,
    takenBackUnsure: 0,
    takenBackOtherwise: 0,
    leftOut: 0,
    again: 0,
    prefix: true,
    stalePolls: 0,
    stalestMs: 0,
    linearizable: true,
    earlier: 0,
    earlierTakenBack: 0,
    earlierTakenBackUnsure: 0,
    earlierTakenBackOtherwise: 0,
    others: [],
  };
  const read = (some: Partial<CapReads>, kept: boolean | null = true): string =>
    capClientWords({ ...client, reads: { ...reads, ...some }, kept });

  test('that was told nothing no promise is said to be kept', () => {
    expect(read({}, null)).toMatch(/ · 0 records · may be answered .*: nothing to judge it by$/);
    expect(read({ earlier: 3 })).toContain('0 records, none of 3 read earlier taken back');
  });

  test('reads that were taken back are not said to be linearizable', () => {
    const taken = read({ records: 4, takenBack: 4, prefix: false, linearizable: false });
    expect(taken).toContain('4 records, 4 TAKEN BACK later · ');
    expect(taken).toContain('(not linearizable, which is not promised)');
    expect(taken).not.toContain('never stale');
    expect(read({ records: 4, earlier: 9, earlierTakenBack: 2 })).toContain(
      '4 records, all of one log, 2 of 9 read earlier TAKEN BACK',
    );
  });

  test('reads that another fault took back, or may have, are told with its name', () => {
    const others: CapReads['others'] = [{ fault: '1', verb: 'kill' }];
    const unsure = { takenBack: 3, takenBackUnsure: 2, takenBackOtherwise: 1, others };
    expect(read({ records: 4, prefix: false, ...unsure })).toContain(
      '4 records, 1 TAKEN BACK later, 2 TAKEN BACK later with it or with fault 1 (kill), ' +
        '1 taken back later, not known to be with it · ',
    );
    const earlier = { earlierTakenBack: 2, earlierTakenBackUnsure: 2, others };
    expect(read({ earlier: 9, ...earlier })).toContain(
      '0 records, 2 of 9 read earlier TAKEN BACK with it or with fault 1 (kill) · ',
    );
    expect(read({ earlier: 9, earlierTakenBackOtherwise: 2 })).toContain(
      '0 records, 2 of 9 read earlier taken back, not known to be with it · ',
    );
  });

  const nothing: CapWrites = {
    acknowledged: 0,
    lost: 0,
    lostUnsure: 0,
    lostOtherwise: 0,
    earlier: 0,
    earlierLost: 0,
    earlierLostUnsure: 0,
    earlierLostOtherwise: 0,
    later: 0,
    laterLost: 0,
    laterLostUnsure: 0,
    laterLostOtherwise: 0,
    others: [],
  };

  test('writes that another fault took, or may have, are told with its name', () => {
    const writes: CapWrites = {
      ...nothing,
      acknowledged: 6,
      lost: 3,
      lostUnsure: 2,
      lostOtherwise: 1,
      earlier: 9,
      earlierLostOtherwise: 4,
      later: 8,
      laterLost: 8,
      laterLostUnsure: 8,
      others: [{ fault: '1', verb: 'powerCut' }],
    };
    expect(capClientWords({ ...client, kind: 'producer', writes })).toContain(
      '6 acknowledged, 1 of them LOST, 2 of them LOST with it or with fault 1 (power cut), ' +
        '1 of them lost, not known to be with it, 4 of 9 earlier lost, not known to be with it, ' +
        '8 of 8 later LOST with it or with fault 1 (power cut) · ',
    );
  });

  test('earlier writes are told where they were lost, and where there are no others', () => {
    const wrote = (acknowledged: number, earlierLost: number): string => {
      const writes = { ...nothing, acknowledged, earlier: 9, earlierLost, later: 7 };
      return capClientWords({ ...client, kind: 'producer', writes });
    };
    expect(wrote(0, 0)).toContain('0 acknowledged, none of 9 earlier lost');
    expect(wrote(0, 2)).toContain('0 acknowledged, 2 of 9 earlier LOST');
    expect(wrote(5, 2)).toContain('5 acknowledged, all of them survived, 2 of 9 earlier LOST');
    expect(wrote(5, 0)).toContain('5 acknowledged, all of them survived · ');
  });

  test('writes that were acknowledged only afterwards are told where they were lost', () => {
    const wrote = (acknowledged: number, laterLost: number): string => {
      const writes = { ...nothing, acknowledged, later: 7, laterLost };
      return capClientWords({ ...client, kind: 'producer', writes });
    };

    expect(wrote(0, 7)).toContain(' · 0 acknowledged, 7 of 7 later LOST · ');
    expect(wrote(5, 2)).toContain('5 acknowledged, all of them survived, 2 of 7 later LOST');
    expect(wrote(0, 0)).toContain(' · 0 acknowledged · ');
    expect(wrote(0, 0)).toMatch(/nothing to judge it by$/);
    expect(wrote(0, 7)).toMatch(/void or not to be told$/);
  });
});
