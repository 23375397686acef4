/** Evidence names events that a reader can go to: what was written, what struck. */
import { expect, test } from 'vitest';
import { ReplicaFetcher } from '../../../../kafka/replication/replica-fetcher.ts';
import lostAckDuplicates from '../../../../scenarios/lost-ack-duplicates.ts';
import partitionApLoses from '../../../../scenarios/partition-ap-loses.ts';
import powerLossOfAllReplicas from '../../../../scenarios/power-loss-of-all-replicas-loses-unflushed.ts';
import { allowed, verdictOf } from '../../../../sim/check/verdict.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';
import type { TraceEvent } from '../../../../sim/trace/rows.ts';
import { cluster, quiet } from '../../../canaries/canary.ts';
import { type Lie, lie, withLies } from '../../../canaries/lie.ts';

function evidenceOf(check: string, input: ScenarioInput, lies: readonly Lie[] = []): TraceEvent[] {
  const { scenario } = parseScenario(input);
  const { report, world } = withLies(lies, () =>
    runScenario(scenario!, { seed: 1, store: 'rows' }),
  );
  const { evidence = [] } = report.verdicts.find((one) => one.name === check) ?? {};
  return evidence.map((event) => world.trace.rows!.at(event));
}

test('no-dup names the two appends of a record', () => {
  const [first, second] = evidenceOf('no-dup', lostAckDuplicates);

  expect([first?.kind, second?.kind]).toEqual(['log.appended', 'log.appended']);
  expect(first!.event).toBeLessThan(second!.event);
});

test('follower-progress names the last that a stuck follower wrote', () => {
  const aFetcherStops = lie(ReplicaFetcher, 'fetch', (honest) => {
    const calls = new Map<unknown, number>();
    return (self) => {
      const count = (calls.get(self) ?? 0) + 1;
      calls.set(self, count);
      if (count < 50) honest(self);
    };
  });

  const [last] = evidenceOf('follower-progress', quiet, [aFetcherStops]);

  expect(last?.kind).toBe('log.appended');
});

test('a loss is found at the event that took the last copy, not before it', () => {
  const { scenario } = parseScenario(powerLossOfAllReplicas);
  const { report, world } = runScenario(scenario!, { seed: 1, store: 'rows' });
  const verdict = report.verdicts.find((one) => one.name === 'committed-somewhere')!;

  const kinds = verdict.evidence.map((event) => world.trace.rows!.at(event).kind);
  expect(kinds).toEqual(['fault.powerCut', 'fault.powerCut', 'fault.powerCut']);
  expect(verdict.at).toBe(verdict.evidence.at(-1));
});

test('what a follower cut away was lost at the event that tells of the cut', () => {
  const { scenario } = parseScenario(partitionApLoses);
  const { report, world } = runScenario(scenario!, { seed: 1, store: 'rows' });
  const verdict = report.verdicts.find((one) => one.name === 'offset-unique')!;

  const kinds = verdict.evidence.map((event) => world.trace.rows!.at(event).kind);
  expect(kinds).toContain('log.truncated');
});

test('an event that took a record away and at which that was found is named once', () => {
  const finding = { allowedBy: 'acks=1', at: 9, evidence: [9, 7, 9], explanation: 'it is gone' };

  expect(verdictOf('candidate-complete', [finding], 'all is there').evidence).toEqual([7, 9]);
  expect(allowed('candidate-complete', finding).evidence).toEqual([7, 9]);
});

test.each([
  ['a part of its log', 20],
  ['all of its log', Number.POSITIVE_INFINITY],
])('who cuts %s is found behind the cut that makes it incomplete', (_what, records) => {
  const anInSyncFollowerCuts = lie(ReplicaFetcher, 'append', (honest) => {
    let hasCut = false;
    return (self, entry, log, answer) => {
      const result = honest(self, entry, log, answer);
      if (log.name !== 'orders-0' || hasCut || log.highWatermark < 50) return result;
      hasCut = true;
      log.truncateTo(Math.max(0, log.highWatermark - records));
      (self as unknown as { moveTo(entry: unknown, log: unknown): void }).moveTo(entry, log);
      return result;
    };
  });
  const { scenario } = parseScenario(cluster({ runFor: 4_000 }));

  const { report, world } = withLies([anInSyncFollowerCuts], () =>
    runScenario(scenario!, { seed: 1, store: 'rows' }),
  );

  const verdict = report.verdicts.find((one) => one.name === 'candidate-complete')!;
  expect(verdict.verdict).toBe('violated');
  expect(world.trace.rows!.at(verdict.at!).kind).toBe('log.truncated');
});
