import { describe, expect, test } from 'vitest';
import { append, batchOf, LogLab } from '../../support/log-lab.ts';

describe('flush.messages', () => {
  test('an append is acknowledged only after the flush it owes', () => {
    const lab = new LogLab({ flushMessages: 1 });
    const log = lab.log();
    const outcomes: string[] = [];
    const first = log.appendAsLeader(batchOf(2), 0, 'client');
    const second = log.appendAsLeader(batchOf(2), 0, 'client');
    expect([first.acknowledged, second.acknowledged]).toEqual([false, false]);
    expect(log.acknowledgedEndOffset).toBe(0);
    log.whenAcknowledged(2, (outcome) => outcomes.push(`first ${outcome}`));
    log.whenAcknowledged(4, (outcome) => outcomes.push(`second ${outcome}`));

    lab.endFlushes();
    expect(outcomes).toEqual(['first durable', 'second durable']);
    expect([log.acknowledgedEndOffset, log.recoveryPoint]).toEqual([4, 4]);
  });

  test('records that are cut before their flush ends are never acknowledged', () => {
    const lab = new LogLab({ flushMessages: 1 });
    const log = lab.log();
    const outcomes: string[] = [];
    append(log, 0, batchOf(2));
    log.whenAcknowledged(2, (outcome) => outcomes.push(outcome));
    log.truncateTo(0);
    append(log, 1, batchOf(2));
    lab.endFlushes();
    expect(outcomes).toEqual(['truncated']);
  });

  test('a log that is given up flushes nothing any more of what it owes', () => {
    const lab = new LogLab({ flushMessages: 1 });
    const log = lab.log();
    const outcomes: string[] = [];
    append(log, 0, batchOf(2));
    append(log, 0, batchOf(2));
    log.whenAcknowledged(4, (outcome) => outcomes.push(outcome));

    log.close();
    lab.endFlushes();

    expect(outcomes).toEqual(['failed']);
  });

  test('without the policy everything is acknowledged at once', () => {
    const log = new LogLab().log();
    expect(log.appendAsLeader(batchOf(1), 0, 'client').acknowledged).toBe(true);
    expect(log.acknowledgedEndOffset).toBe(1);
  });
});
