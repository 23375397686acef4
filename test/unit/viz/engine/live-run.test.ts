import { describe, expect, test } from 'vitest';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { branchProblem } from '../../../../viz/engine/branch.ts';
import { LiveRun } from '../../../../viz/engine/live-run.ts';
import { firstDifference } from '../../../../viz/engine/prefix.ts';
import type { RunMessage, RunRequest } from '../../../../viz/engine/protocol.ts';
import { TraceStore } from '../../../../viz/model/trace-store.ts';

const scenario = {
  name: 'short',
  cluster: { brokers: 3, topics: [{ name: 'orders' }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 100 }],
  runFor: 3_000,
};
const request: RunRequest = { scenario, seed: 5, actions: [] };

interface Heard {
  readonly store: TraceStore;
  readonly messages: RunMessage[];
}

/** Runs it as the worker does; time passes by itself, `talk` is said at every breath. */
async function live(
  asked: RunRequest,
  hold = Number.POSITIVE_INFINITY,
  talk: (run: LiveRun, heard: Heard) => void = () => {},
): Promise<Heard> {
  const messages: RunMessage[] = [];
  let store: TraceStore | null = null;
  let nowMs = 0;
  const run: LiveRun = new LiveRun({
    // A structured clone, as a message is.
    post: (message, buffers) => {
      const got = structuredClone(message, { transfer: buffers });
      messages.push(got);
      if (got.kind === 'head') {
        store = new TraceStore(got.head.kinds);
        store.identity = {
          ...{ scenario: got.head.scenario, seed: got.head.seed, digest: '', traceHash: '' },
          ...{ report: null, originUs: 0 },
        };
      }
      if (got.kind === 'rows') store?.append(got.chunk, got.added);
      if (got.kind === 'held') setTimeout(() => talk(run, { store: store!, messages }));
    },
    breathe: () => Promise.resolve(),
    nowMs: () => {
      nowMs += 5;
      return nowMs;
    },
  });
  run.holdAt(hold);
  await run.run(asked);
  return { store: store!, messages };
}

const whole = runScenario(parseScenario(scenario).scenario!, { seed: 5, store: 'rows' });

describe('a run in the worker', () => {
  test('sends all its rows, in pieces, and its report', async () => {
    const { store, messages } = await live(request);

    const done = messages.at(-1)!;
    expect(done.kind === 'done' && done.report?.digest).toBe(whole.report.digest);
    expect(messages.filter((one) => one.kind === 'rows').length).toBeGreaterThan(1);
    expect(store.count).toBe(whole.report.events);
    for (const event of [1, 2, 1_000, 5_000, store.count]) {
      expect(store.at(event)).toEqual(whole.world.trace.rows!.at(event));
    }
  });

  test('stands still where it is told to, goes a step on, and ends as ever', async () => {
    const stops: number[] = [];
    const { messages } = await live(request, 2_000, (run, { store, messages: heard }) => {
      const held = heard.at(-1)!;
      stops.push(held.kind === 'held' ? held.event : 0);
      expect(store.count).toBe(stops.at(-1));
      run.holdAt(stops.length < 3 ? store.count + 1 : Number.POSITIVE_INFINITY);
    });

    expect(stops).toHaveLength(3);
    expect(stops[0]).toBeGreaterThanOrEqual(2_000);
    expect(stops[1]).toBeGreaterThan(stops[0]!);
    const done = messages.at(-1)!;
    expect(done.kind === 'done' && done.report?.digest).toBe(whole.report.digest);
  });

  test('can be ended', async () => {
    const { messages } = await live(request, 1_000, (run) => run.stop());

    expect(messages.at(-1)!.kind).toBe('held');
  });

  test('without rows tells the same hashes', async () => {
    const { messages } = await live({ ...request, quiet: true });

    expect(messages.map((one) => one.kind)).toEqual(['head', 'done']);
    const done = messages[1]!;
    expect(done.kind === 'done' && done.report?.traceHash).toBe(whole.report.traceHash);
  });

  test('says what is wrong with a scenario, with every place', async () => {
    const broken = { ...scenario, runFor: 'soon', faults: [{ at: 1, kill: 'broker-9' }] };
    const { messages } = await live({ ...request, scenario: broken });

    const [failed] = messages;
    expect(failed?.kind === 'failed' && failed.problem.details.join('\n')).toContain('runFor');
  });
});

describe('a branch', () => {
  const after = 4_000;
  const actions = [{ after, fault: { kill: 'leader:orders-0' } }];

  test('is the same run up to its event, and another one then', async () => {
    const base = await live(request);
    const branch = await live({ ...request, actions });

    expect(firstDifference(base.store, branch.store, after)).toBe(0);
    const both = Math.min(base.store.count, branch.store.count);
    const differs = firstDifference(base.store, branch.store, both);
    expect(differs).toBeGreaterThan(after);
    expect(branch.store.at(differs).fields).toEqual(['fault 0: kill leader:orders-0']);
  });

  test('can be made only while the load runs', async () => {
    const { store, messages } = await live(request);
    const done = messages.at(-1)!;
    const originUs = done.kind === 'done' ? done.originUs : 0;
    store.identity = { ...store.identity!, originUs };
    const first = store.eventAtTime(originUs);
    const last = store.eventAtTime(originUs + scenario.runFor * 1_000);

    expect(branchProblem(store, 10)).toContain('still coming up');
    expect(branchProblem(store, first + 1)).toBeNull();
    expect(branchProblem(store, last)).toBeNull();
    expect(branchProblem(store, store.count)).toContain(`Branch at event ${last} or before`);
    expect(branchProblem(store, store.count + 1)).toContain('no event');
  });
});
