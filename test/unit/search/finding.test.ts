import { expect, test } from 'vitest';
import { type Finding, signatureOf } from '../../../sim/search/finding.ts';

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
