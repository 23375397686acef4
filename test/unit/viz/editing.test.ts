import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { allScenarios } from '../../../scenarios/all.ts';
import { scenarios } from '../../../scenarios/index.ts';
import { zoo } from '../../../scenarios/zoo/index.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { pathParts } from '../../../sim/scenario/problems.ts';
import type { ScenarioInput } from '../../../sim/scenario/schema.ts';
import { claimGroups } from '../../../viz/app/claims.ts';
import { differences, edit, openEditor, redoEdit, undoEdit } from '../../../viz/app/edit.ts';
import { faultChoices } from '../../../viz/app/fault-menu.ts';
import { cards } from '../../../viz/app/gallery-cards.ts';
import { nextSeed } from '../../../viz/app/next-seed.ts';
import { problemsOf } from '../../../viz/app/scenario-check.ts';
import { AppStore } from '../../../viz/app/store.ts';
import { valueAt, withValue } from '../../../viz/app/tree-path.ts';
import { tryInstead } from '../../../viz/app/try-changes.ts';
import { wholeScenario } from '../../../viz/app/whole-scenario.ts';
import { storyRun } from '../../support/viz-runs.ts';

const run = storyRun('acks-1-loses-an-acknowledged-record');
const input = scenarios.find((one) => one.name === run.scenario.name) as ScenarioInput;
let app = new AppStore();
beforeEach(() => {
  app = new AppStore();
  app.show({
    id: 1,
    spec: { scenario: input, seed: 1 },
    store: run.store,
    timeline: run.timeline,
    parent: null,
    isHeld: () => false,
  });
  openEditor(app);
});

const minInSync = ['cluster', 'topics', 0, 'config', 'min.insync.replicas'] as const;

describe('the editor', () => {
  test('keeps a change as the patches of what differs only', () => {
    edit(app, withValue(input, minInSync, '1'), 'min.insync.replicas 1');

    const [step] = app.state.editor.undo;
    expect(step?.patches).toEqual([{ op: 'replace', path: ['root', ...minInSync], value: '1' }]);
  });

  test('takes a whole new text for what differs in it', () => {
    const text = JSON.stringify({ ...input, runFor: '20s' });
    edit(app, JSON.parse(text), 'typing');
    expect(app.state.editor.undo[0]?.patches).toHaveLength(1);
  });

  test('never changes the run on screen', () => {
    const before = JSON.stringify(input);
    edit(app, withValue(input, minInSync, '1'), 'x');
    expect(JSON.stringify(app.slot?.spec.scenario)).toBe(before);
  });

  test('undoes and does again any edits, to the letter', () => {
    const values = fc.oneof(fc.string(), fc.integer(), fc.constant(undefined));
    const paths = fc.constantFrom(
      minInSync,
      ['faults', 1] as const,
      ['workload', 0, 'config', 'acks'] as const,
      ['runFor'] as const,
      ['cluster', 'topics', 0, 'partitions'] as const,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(paths, values), { maxLength: 8 }), (edits) => {
        openEditor(app);
        const states = [JSON.stringify(app.state.editor.scenario)];
        for (const [path, value] of edits) {
          const before = app.state.editor.undo.length;
          edit(app, withValue(app.state.editor.scenario, path, value), 'edit');
          const isStep = app.state.editor.undo.length > before;
          if (isStep) states.push(JSON.stringify(app.state.editor.scenario));
        }
        for (const state of [...states].reverse()) {
          expect(JSON.parse(JSON.stringify(app.state.editor.scenario))).toEqual(JSON.parse(state));
          undoEdit(app);
        }
        for (const state of states) {
          expect(JSON.parse(JSON.stringify(app.state.editor.scenario))).toEqual(JSON.parse(state));
          redoEdit(app);
        }
        while (app.state.editor.undo.length > 0) undoEdit(app);
      }),
      { numRuns: 50 },
    );
  });

  test('names what two scenarios differ in, with both values', () => {
    const other = withValue(withValue(input, minInSync, '1'), ['runFor'], '20s');
    expect(differences(input, other)).toEqual([
      { path: 'cluster.topics[0].config.min.insync.replicas', left: '2', right: '1' },
      { path: 'runFor', left: '40s', right: '20s' },
    ]);
  });

  test('places a problem where it is', () => {
    const wrong = withValue(input, ['cluster', 'topics', 0, 'config', 'min.insync'], '1');
    const [problem] = problemsOf(wrong);
    expect(valueAt(wrong, problem?.parts ?? [])).toBe('1');
    expect(problem?.words).toContain('min.insync.replicas');
  });

  test('places both problems of a fault, one of its form and one of its meaning', () => {
    const wrong = withValue(input, ['faults', 0], { at: -5, kill: 'broker-9' });
    const problems = problemsOf(wrong);
    expect(problems.map((one) => valueAt(wrong, one.parts))).toEqual([-5, 'broker-9']);
  });

  test('reads the paths that problems have', () => {
    expect(pathParts('cluster.topics[0].config["min.isr"]')).toEqual([
      'cluster',
      'topics',
      0,
      'config',
      'min.isr',
    ]);
  });
});

describe('what can be done to a run', () => {
  const { store } = run;
  const stateAt = (event: number) => run.timeline.stateAt(event);
  const targets = [
    ...store.nodeNames
      .filter((name) => !name.startsWith('lab-'))
      .map((node) => ({ kind: 'node' as const, node })),
    { kind: 'link' as const, from: 'broker-1', to: 'p1' },
    { kind: 'partition' as const, partition: 'orders-0' },
    { kind: 'message' as const, event: produceRequest() },
    { kind: 'event' as const, event: produceRequest() + 1 },
  ];

  test.each(targets)('is a scenario that the laboratory takes: %o', (target) => {
    const choices = faultChoices(target, store, 5_000, stateAt);
    expect(choices.length).toBeGreaterThan(4);
    for (const { after, fault } of choices) {
      const spec = { scenario: input, seed: 1, actions: [{ after, fault }] };
      expect(parseScenario(wholeScenario(spec)).problems ?? []).toEqual([]);
    }
  });

  test.each([
    ['down', ['powerCut', 'kill', 'stop', 'pause', 'slowCpu']],
    ['up', ['start']],
  ])('is refused where a node that is %s could not suffer it', (process, verbs) => {
    const cut = store.listOf('node.crashed').at(0);
    const after = process === 'down' ? cut : 5_000;
    const node = 'broker-2';
    expect(stateAt(after).nodes[node]?.process).toBe(process);
    const refused = faultChoices({ kind: 'node', node }, store, after, stateAt)
      .filter((one) => one.refused !== '')
      .map((one) => Object.keys(one.fault)[0]);
    expect(new Set(refused)).toEqual(new Set(verbs));
  });

  test('holds a message back before it leaves', () => {
    const event = produceRequest();
    const [hold] = faultChoices({ kind: 'message', event }, store, event, stateAt);
    expect(hold?.fault).toHaveProperty('hold');
    expect(hold?.after).toBeLessThan(store.stepStart(event));
  });

  function produceRequest(): number {
    const sent = store.listOf('frame.sent');
    for (let place = 0; place < sent.count; place++) {
      const { fields } = store.at(sent.at(place));
      if (fields[2] === 0 && fields[1] === 'request') return sent.at(place);
    }
    throw new Error('nothing was produced');
  }
});

test('what is to be tried instead of acks=1 is acks=all, without the old expectations', () => {
  const change = tryInstead(input, 'acks=1');
  expect(change?.words).toBe('acks=all');
  expect(change?.scenario.expect).toEqual({});
  expect(valueAt(change?.scenario, ['workload', 0, 'config', 'acks'])).toBe('all');
  expect(parseScenario(change?.scenario).problems ?? []).toEqual([]);
  expect(tryInstead(input, null)).toBeNull();
});

test('every scenario that can be named has a card under a heading, and says what comes out', () => {
  expect(cards.map((card) => card.scenario)).toEqual(allScenarios);
  expect(cards.filter((card) => !claimGroups.includes(card.group))).toEqual([]);
  const silent = cards.filter((card) => card.story === '' || card.expectations.length === 0);
  expect(silent.map((card) => card.scenario.name)).toEqual([]);
  const historic = cards.filter((card) => card.group === 'Rules that Kafka once had');
  expect(historic.map((card) => card.scenario)).toEqual(zoo);
});

test('every story that puts a saying on trial tells it in words', () => {
  const bare = cards.filter(({ claim, scenario }) => {
    const isSaying = /^[CDORS]\d/.test(scenario.claim ?? '');
    return isSaying && claim.length < 10;
  });
  expect(bare.map((card) => card.scenario.name)).toEqual([]);
});

test.each([
  ['1', '2'],
  [42, '43'],
  ['storm', 'storm-2'],
  ['storm-2', 'storm-3'],
])('the seed after %s is %s', (seed, next) => {
  expect(nextSeed(seed)).toBe(next);
});

test('what duplicates without idempotence is tried with it, and with what it asks for', () => {
  const told = scenarios.find((one) => one.name === 'lost-ack-duplicates')!;
  const change = tryInstead(told, 'enable.idempotence=false')!;
  expect(change.words).toBe('enable.idempotence=true');

  const { scenario } = parseScenario(change.scenario);
  const { report } = runScenario(scenario!, { seed: 1 });
  expect(report.counts.duplicated).toBe(0);
  expect(report.verdicts.find((one) => one.name === 'no-dup')?.verdict).toBe('holds');
});
