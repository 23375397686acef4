import { describe, expect, test } from 'vitest';
import { compareForReal } from '../../../real/comparable.ts';

describe('in the real world', () => {
  test.each([
    ['acked-durable', 'holds', 'holds'],
    ['acked-durable', 'allowed', ['holds', 'allowed']],
    ['no-dup', ['allowed', 'violated'], ['holds', 'allowed', 'violated']],
    ['no-dup', 'violated', 'violated'],
    ['counts.acknowledgedLost', 0, 0],
    ['clients.p1.acknowledged', { atLeast: 100 }, { atLeast: 100 }],
    ['groups.billing.rebalances', { atLeast: 2, atMost: 9 }, { atLeast: 2, atMost: 9 }],
    ['clients.p1.longestUnavailableMs', { atLeast: 5, atMost: 9 }, { atLeast: 5 }],
    ['clients.p1.duplicated', { atLeast: 1, atMost: 9 }, { atMost: 9 }],
    ['events.produce.duplicate.count', { atLeast: 1 }, { atLeast: 1 }],
    ['operations.move.error', 'NONE', 'NONE'],
    ['run.converged', true, true],
  ] as const)('%s: %o is compared as %o', (name, expected, compared) => {
    expect(compareForReal(name, expected as never)).toEqual({ expected: compared });
  });

  test.each([
    ['log-match', 'holds'],
    ['clients.p1.acknowledged', 400],
    ['counts.acknowledgedLost', { atLeast: 1 }],
    ['clients.p1.latencyMs.p95', { atMost: 20 }],
    ['clients.p1.longestUnavailableMs', 0],
    ['events.leader.elected.firstAt', { atMost: 9000 }],
    ['events.isr.changed.afterFault.cut', { atMost: 9000 }],
    ['events.frame.sent[node=p1,role=request,api=0].count', 0],
    ['cap.split.survived', false],
    ['cap.split.sides.0.writable', true],
  ] as const)('%s: %o is not compared, with a reason', (name, expected) => {
    const compared = compareForReal(name, expected as never);

    expect(compared).toHaveProperty('notCompared');
  });
});
