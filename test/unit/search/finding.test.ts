import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { ExpectationResult, RunReport } from '../../../sim/run/report.ts';
import {
  type Finding,
  findingWords,
  signatureOf,
  unmetFindings,
  verdictOn,
} from '../../../sim/search/finding.ts';

function violated(check: string, explanation: string): Finding {
  return { kind: 'violated', check, at: 7, explanation };
}

test('members of a group with other random ids are the same mistake', () => {
  const owners = [
    'member4-a605bd69-082b-4db5-90a1-6e67e140cb3a and member3-2f597efd-6ed8-4d3a-a15c-29bbe7c1f117',
    'member2-284de035-a43a-4195-85da-1170e88a03fa and member2-068fc0bb-43a9-4c9c-8cf7-12f3bb1a41e8',
    'member2-537d8157-f9c1-4a3f-a542-e2f169e421ae and member3-7fb4f1f3-0773-4b43-aa6b-3b5a0df8413c',
  ];

  const signatures = owners.map((both, place) =>
    signatureOf(
      violated(
        'single-owner',
        `in generation ${place} of group group1, orders-${place} was assigned to ${both}` +
          ` (and ${place} more)`,
      ),
    ),
  );

  expect(new Set(signatures)).toEqual(
    new Set([
      'single-owner violated: in generation <n> of group group<n>, <name> was assigned to ' +
        'member<n>-<uuid> and member<n>-<uuid>',
    ]),
  );
});

test('ids in base64 and hashes are random, too', () => {
  const ofId = (id: string) => signatureOf(violated('', `no topic '${id}' in directory ${id}`));
  const differing = (a: string, b: string) =>
    signatureOf({
      kind: 'not-deterministic',
      check: '',
      at: null,
      explanation: `not deterministic: ${a}, run again ${b}`,
    });

  expect(ofId('VJ2yK-hYQf_aQ3hdTzmNfQ')).toBe("violated: no topic '<uuid>' in directory <uuid>");
  expect(ofId('xWpFA1jGQdCrcaNnUcyGkw')).toBe(ofId('-_bcdefghijKlmnopqrstA'));
  expect(differing('59b55c307caf1637214a5b7dda85eb1c', '7326facf4acb5c9a6d673d077ca58bca')).toBe(
    'not-deterministic: not deterministic: <hash>, run again <hash>',
  );
});

test('words that are as long as an id are words', () => {
  const words = 'leader-complete-review stays';
  expect('leader-complete-review').toHaveLength('VJ2yK-hYQf_aQ3hdTzmNfQ'.length);

  expect(signatureOf(violated('log-match', words))).toBe(`log-match violated: ${words}`);
});

test('other checks and other words are other mistakes', () => {
  const one = signatureOf(violated('single-owner', 'orders-1 was assigned to p1'));

  expect(one).not.toBe(signatureOf(violated('single-owner', 'orders-1 was lost to p1')));
  expect(one).not.toBe(signatureOf(violated('commit-latest', 'orders-1 was assigned to p1')));
});

function allowed(name: string, at: number | null, explanation: string): Verdict {
  return { name, verdict: 'allowed', allowedBy: 'acks=1', at, evidence: [], explanation };
}

const verdicts: readonly Verdict[] = [
  allowed('acked-durable', 31, 'record p1-4 was acknowledged to p1 (acks=1) and is in no log'),
  allowed('no-dup', 32, 'record p1-4 is at orders-0 offset 2 and 9'),
  allowed('producer-order', 33, 'record p1-4 stands behind p1-5'),
  allowed('at-least-once', null, 'the record at orders-0 offset 3 was passed by group billing and'),
];

function reportOf(one: Omit<ExpectationResult, 'met'>, told = verdicts): RunReport {
  return { verdicts: told, expectations: [{ ...one, met: false }] } as never;
}

describe('a number that is not as expected', () => {
  test.each([
    ['counts.acknowledgedLost', 'acked-durable', 31],
    ['clients.p1.acknowledgedLost', 'acked-durable', 31],
    ['counts.duplicated', 'no-dup', 32],
    ['counts.reordered', 'producer-order', 33],
    ['groups.billing.missed', 'at-least-once', null],
  ])('%s is of the event of %s, which counts it', (name, check, at) => {
    const report = reportOf({ name, expected: 0, actual: 5 });

    const [finding] = unmetFindings(report);

    expect(finding).toMatchObject({ kind: 'unmet', check: name, at });
    expect(verdictOn(report, finding!)?.name).toBe(check);
    // The words, and with them the signature, are the number's own.
    expect(findingWords(finding!)).toBe(`${name} came out as 5, not 0`);
    expect(signatureOf(finding!)).toBe(`${name} unmet: came out as <n>, not <n>`);
  });

  test.each([
    ['counts too little', { name: 'counts.duplicated', expected: { atLeast: 9 }, actual: 5 }],
    ['counts nothing', { name: 'counts.duplicated', expected: 4, actual: 0 }],
    ['is of another client', { name: 'clients.p2.acknowledgedLost', expected: 0, actual: 5 }],
    ['is of another group', { name: 'groups.bill.missed', expected: 0, actual: 5 }],
    ['is counted by no check', { name: 'counts.consumed', expected: 0, actual: 5 }],
    ['names several things', { name: 'counts.sent.duplicated', expected: 0, actual: 5 }],
  ])('is of no event when it %s', (_why, one) => {
    const report = reportOf(one);

    const [finding] = unmetFindings(report);

    expect(finding?.at).toBeNull();
    expect(verdictOn(report, finding!)).toBeNull();
  });

  test('is of no event when its check holds', () => {
    const held = verdicts.map((one): Verdict => ({ ...one, verdict: 'holds', at: null }));

    const [finding] = unmetFindings(
      reportOf({ name: 'counts.acknowledgedLost', expected: 0, actual: 5 }, held),
    );

    expect(finding?.at).toBeNull();
  });
});
