import { expect, test } from 'vitest';
import { capWords } from '../../../cli/report/cap.ts';
import type { CapReport } from '../../../sim/run/report.ts';

const side = (node: string, acknowledged: number): CapReport['sides'][0] => ({
  targets: node,
  nodes: [node],
  brokers: node.startsWith('broker'),
  acknowledged,
  acknowledgedLost: 0,
  writable: acknowledged > 0,
});

function words(one: [string, number], other: [string, number], elsewhere = 0): string {
  return capWords({
    fault: '0',
    fromMs: 2000,
    untilMs: 3000,
    oneWay: false,
    sides: [side(...one), side(...other)],
    elsewhere: { acknowledged: elsewhere, acknowledgedLost: 0 },
    clients: [],
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
  expect(words(['controller-101', 0], ['controller-102', 0], 9)).toBe(
    'controller-101: no broker | controller-102: no broker | ' +
      'on neither side: writable (9 acknowledged, none lost) · ' +
      'writes went on, acknowledged data survived',
  );
});
