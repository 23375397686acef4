/**
 * Copies of an idempotent producer's records: which of them come from the holes that Kafka leaves,
 * as is seen in what was loaded and refused, and which do not.
 */
import { expect, test } from 'vitest';
import { ProducerStateManager } from '../../../../../kafka/log/producer-state-manager.ts';
import { ErrorCode } from '../../../../../kafka/wire/errors.ts';
import lostAnswers from '../../../../../scenarios/lost-ack-idempotent-does-not-duplicate.ts';
import restartBehindLostAnswers from '../../../../../scenarios/restart-behind-lost-answers-duplicates.ts';
import type { Verdict } from '../../../../../sim/check/verdict.ts';
import { runScenario } from '../../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../../sim/scenario/schema.ts';
import { type Lie, lie, withLies } from '../../../../canaries/lie.ts';

function judged(input: ScenarioInput, lies: readonly Lie[] = []) {
  const { scenario } = parseScenario(input);
  const run = () => runScenario(scenario!, { seed: 1, store: 'rows' });
  const { report, world } = withLies(lies, run);
  const verdict = report.verdicts.find((one) => one.name === 'no-dup') as Verdict;
  const kinds = verdict.evidence.map((event) => world.trace.rows!.at(event).kind);
  return { verdict, kinds };
}

/** A leader refuses the first batch that comes again, although it knows it. */
const aRepeatIsTakenForAGap = lie(ProducerStateManager, 'checkClientBatch', (honest) => {
  let isTold = false;
  return (self, bytes, at) => {
    const known = honest(self, bytes, at);
    if (known.kind !== 'duplicate' || isTold) return known;
    isTold = true;
    return {
      kind: 'refused',
      error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      message: 'a lie',
    };
  };
});

const withProducer = (config: Record<string, string>): ScenarioInput => ({
  ...restartBehindLostAnswers,
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: 'all', ...config } },
  ],
});

test('a copy behind a snapshot that its leader had loaded is allowed, and names the load', () => {
  const { verdict, kinds } = judged(restartBehindLostAnswers);

  expect(verdict).toMatchObject({
    verdict: 'allowed',
    allowedBy: 'producer snapshots that keep one batch',
  });
  expect(kinds).toEqual(['log.appended', 'log.recovered', 'produce.refused', 'log.appended']);
});

test('the same copy without a load is violated', () => {
  const { verdict } = judged(lostAnswers, [aRepeatIsTakenForAGap]);

  expect(verdict.explanation).toContain('(producer epoch 0, then 1)');
  expect(verdict.verdict).toBe('violated');
});

test('one batch alone waits for its answer: the snapshot names it, and nothing is written twice', () => {
  const { verdict } = judged(withProducer({ 'max.in.flight.requests.per.connection': '1' }));

  expect(verdict.verdict).toBe('holds');
});

test('a copy of the batch that the loaded snapshot names is violated', () => {
  const config = { 'max.in.flight.requests.per.connection': '1' };
  const { verdict } = judged(withProducer(config), [aRepeatIsTakenForAGap]);

  expect(verdict.explanation).toContain('(producer epoch 0, then 1)');
  expect(verdict.verdict).toBe('violated');
});

test('a copy under the same epoch is violated, whatever was loaded', () => {
  const everySequenceIsTaken = lie(ProducerStateManager, 'checkClientBatch', () => {
    return () => ({ kind: 'ok' });
  });

  const { verdict } = judged(restartBehindLostAnswers, [everySequenceIsTaken]);

  expect(verdict.verdict).toBe('violated');
});
