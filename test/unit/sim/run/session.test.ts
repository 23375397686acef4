import { describe, expect, test } from 'vitest';
import { runScenario } from '../../../../sim/run/runner.ts';
import { RunSession } from '../../../../sim/run/session.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { Scenario, ScenarioInput } from '../../../../sim/scenario/schema.ts';

const story: ScenarioInput = {
  name: 'short',
  cluster: { brokers: 3, topics: [{ name: 'orders' }] },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50 },
    { consumer: 'c1', topic: 'orders' },
  ],
  faults: [{ at: 500, pause: 'leader:orders-0', for: 300 }],
  runFor: 2_000,
};

function scenarioWith(more: Partial<ScenarioInput> = {}): Scenario {
  const { scenario, problems } = parseScenario({ ...story, ...more });
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return scenario;
}

const options = { seed: 3, store: 'rows' } as const;
const whole = runScenario(scenarioWith(), options);

describe('a run that is held now and then', () => {
  test('comes out as one that is not', () => {
    const session = new RunSession(scenarioWith(), options);

    for (let event = 1; !session.advanceTo(event); event += 97);

    expect(session.result!.report).toEqual(whole.report);
  });

  test('stands at the end of the step of its event', () => {
    const session = new RunSession(scenarioWith(), options);
    const { rows } = whole.world.trace;

    for (const event of [1, 700, 1_800, 2_222]) {
      expect(session.advanceTo(event)).toBe(false);
      expect(session.events).toBeGreaterThanOrEqual(event);
      if (session.events > event) {
        expect(rows!.at(session.events).step).toBe(rows!.at(event).step);
      }
    }
  });

  test('knows when scenario time 0 is once the warm-up is over', () => {
    const session = new RunSession(scenarioWith(), options);

    session.advanceTo(10);
    const before = session.originUs;
    session.finish();

    expect(before).toBe(0);
    expect(session.originUs).toBe(whole.report.story.warmUpMs * 1_000);
  });
});

describe('a fault after an event', () => {
  const after = 2_000;
  const scenario = scenarioWith({
    faults: [...story.faults!, { afterEvent: after, kill: 'leader:orders-0', restartAfter: 500 }],
  });
  const branch = runScenario(scenario, options);

  test('changes nothing before it strikes', () => {
    const struck = branch.report.story.timeline.find((one) => one.text.startsWith('kill'));
    const before = struck!.event;

    expect(before).toBeGreaterThanOrEqual(after);
    for (let event = 1; event < before; event += 1) {
      if (JSON.stringify(branch.world.trace.rows!.at(event)).includes('kill leader')) continue;
      expect(branch.world.trace.rows!.at(event)).toEqual(whole.world.trace.rows!.at(event));
    }
  });

  test('strikes at once', () => {
    const { rows } = branch.world.trace;
    const last = rows!.at(after);
    let next = after + 1;
    while (rows!.at(next).step === last.step) next += 1;

    expect(rows!.at(next)).toMatchObject({
      kind: 'lab.action',
      timeUs: last.timeUs,
      parents: [after],
      fields: ['fault 1: kill leader:orders-0'],
    });
    expect(rows!.at(next + 1).kind).toBe('fault.kill');
  });

  test('that lies in the warm-up or behind the end of the load never strikes', () => {
    const early = scenarioWith({ faults: [{ afterEvent: 5, kill: 'broker-1' }] });
    const late = scenarioWith({ faults: [{ afterEvent: 9_999_999, kill: 'broker-1' }] });

    for (const one of [early, late]) {
      const { report } = runScenario(one, { seed: 3 });
      expect(report.problems).toEqual(['fault 0 never struck: its event did not come']);
    }
  });
});

test('frames can be seen with their events, and seeing them changes nothing', () => {
  const seen: { event: number; size: number }[] = [];
  const { report, world } = runScenario(scenarioWith(), {
    ...options,
    prepare: (made) =>
      made.tapFrames((event, { bytes }) => seen.push({ event, size: bytes.length })),
  });

  expect(report.digest).toBe(whole.report.digest);
  expect(seen.length).toBeGreaterThan(1_000);
  for (const { event, size } of seen) {
    const row = world.trace.rows!.at(event);
    expect(row.kind).toBe('frame.sent');
    expect(row.fields[4]).toBe(size);
  }
});
