/** Explanations of what checks find, also of those that no story of the gallery breaks. */
import { describe, expect, test } from 'vitest';
import { type Variant, variants } from '../../../kafka/protocol/variants.ts';
import truncationDiverges from '../../../scenarios/zoo/truncation-to-high-watermark-diverges.ts';
import { checkCatalog } from '../../../sim/check/checks.ts';
import type { Verdict } from '../../../sim/check/verdict.ts';
import type { ScenarioInput } from '../../../sim/scenario/schema.ts';
import { decisionTemplates } from '../../../viz/model/why/decision-templates.ts';
import { explain, type Sentence } from '../../../viz/model/why.ts';
import { whyTemplates } from '../../../viz/model/why-templates.ts';
import { storyRun, type VizRun, vizRun } from '../../support/viz-runs.ts';

const texts = (sentences: readonly Sentence[]) => sentences.map((one) => one.text).join('\n');

function whyVerdict(run: VizRun, verdict: Verdict): Sentence[] {
  const sentences = explain(run.store, run.timeline, verdict.at ?? 0, verdict);
  expect(sentences.length).toBeGreaterThan(1);
  expect(sentences.length).toBeLessThanOrEqual(8);
  for (const { text, events, rule } of sentences) {
    expect(text).not.toMatch(/undefined|NaN|[{}]|broker--1|nobody nobody/);
    expect(text).toMatch(/^(\p{Lu}|[\w.-]*\d)/u);
    const isFault = run.store.kindName(events[0] ?? 0).startsWith('fault.');
    expect([text, rule !== null || isFault]).toEqual([text, true]);
    for (const event of events) expect(event).toBeLessThanOrEqual(run.store.count);
  }
  return sentences;
}

function verdictOf(run: VizRun, name: string): Verdict {
  return run.store.identity!.report!.verdicts.find((one) => one.name === name)!;
}

const cluster: ScenarioInput['cluster'] = {
  brokers: 3,
  controllers: 3,
  topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
};
const workload: ScenarioInput['workload'] = [
  { producer: 'p1', topic: 'orders', recordsPerSecond: 20 },
];

test('every check has a sentence for what it asks for, with the rule of Kafka', () => {
  for (const { name } of checkCatalog) {
    const template = whyTemplates[name as keyof typeof whyTemplates];
    expect([name, template?.rule?.href]).toEqual([name, expect.stringMatching(/^https:/)]);
  }
});

test('every historic rule has a sentence for what it decides, with its names and its end', () => {
  for (const { name, options } of variants as readonly Variant[]) {
    for (const option of options.slice(1)) {
      const key = `${name}=${option.name}`;
      const { text = '' } = decisionTemplates[key as keyof typeof decisionTemplates] ?? {};
      expect([key, text]).toEqual([
        key,
        expect.stringMatching(/^\{node\}, by the rule of before \{by\}, /),
      ]);
    }
  }
  const known = new Set(
    (variants as readonly Variant[]).flatMap(({ name, options }) =>
      options.slice(1).map((option) => `${name}=${option.name}`),
    ),
  );
  expect(Object.keys(decisionTemplates).filter((key) => !known.has(key.split(' ')[0]!))).toEqual(
    [],
  );
});

describe('when a majority of the controllers loses its disks', () => {
  const run = vizRun({
    name: 'two-voters-forget',
    cluster,
    workload,
    faults: [
      { at: 2_000, kill: 'controller-101', restartAfter: 1_000 },
      { at: 2_000, kill: 'controller-102', restartAfter: 1_000 },
      { at: 2_000, kill: 'controller-103', restartAfter: 9_000 },
      { at: 2_500, loseDisk: 'controller-101' },
      { at: 2_500, loseDisk: 'controller-102' },
    ],
    runFor: 12_000,
  });
  const found = run.store.identity!.report!.verdicts.filter(
    (one) => one.verdict === 'allowed' && one.at !== null,
  );
  const names = found.map((one) => one.name);

  test('everything that the checks then find has its cause, its course and its rule', () => {
    expect(names).toEqual(expect.arrayContaining(['raft-durable', 'raft-leader-complete']));
    for (const verdict of found) {
      const sentences = whyVerdict(run, verdict);
      expect(texts(sentences)).toMatch(/lost its disk, and with it/);
      const cited = sentences.flatMap((one) => one.events);
      expect(cited.map((event) => run.store.kindName(event))).toContain('fault.disk');
    }
  });

  test('a leader of the quorum that lacks metadata is told with its voters and who had committed', () => {
    const told = texts(whyVerdict(run, verdictOf(run, 'raft-leader-complete')));
    expect(told).toMatch(/had committed the metadata log up to \d+ in epoch \d+/);
    expect(told).toMatch(/became leader of the quorum in epoch \d+: .* had voted for it/);
    expect(told).toMatch(/A majority votes only for a log that ends no earlier than its own/);
  });

  test('two leaders of one epoch are told by who voted twice', () => {
    const { store } = run;
    const led = new Map<number, number>();
    const states = store.listOf('quorum.state');
    let pair: [number, number] | null = null;
    for (let place = 0; place < states.count; place++) {
      const event = states.at(place);
      const { fields, node } = store.at(event);
      if (fields[0] !== 'leader') continue;
      const known = led.get(Number(fields[1]));
      if (known !== undefined && store.node(known) !== node) pair = [known, event];
      led.set(Number(fields[1]), known ?? event);
    }
    expect(names.includes('one-leader-per-epoch')).toBe(pair !== null);
    if (pair === null) return;
    const told = texts(whyVerdict(run, verdictOf(run, 'one-leader-per-epoch')));
    expect(told).toMatch(/had voted for controller-\d+ in epoch \d+, and then voted for/);
  });
});

test('a member of the quorum leads because of votes, and the fault of the former leader', () => {
  const run = storyRun('controller-crash-leaves-data-flowing');
  const { store, timeline } = run;
  const crash = store.listOf('fault.kill').at(0);
  const states = store.listOf('quorum.state');
  let event = states.after(crash);
  while (store.at(event).fields[0] !== 'leader') event = states.after(event);
  const told = texts(explain(store, timeline, event, null));
  expect(told).toMatch(/controller-\d+ had been killed/);
  expect(told).toMatch(/became leader of the quorum in epoch \d+: controller-\d+ and controller-/);

  const activated = store.listOf('controller.activated').after(crash);
  expect(texts(explain(store, timeline, activated, null))).toMatch(/is the active controller/);
});

test('replicas that move are told from the command to the end of the move', () => {
  const run = storyRun('dead-replica-is-replaced-by-reassignment');
  const { store, timeline } = run;
  const list = store.listOf('replicas.changed');
  const told = texts(explain(store, timeline, list.at(list.count - 1), null));
  expect(told).toMatch(/had been asked to \w*[rR]eassign/);
  expect(told).toMatch(
    /began to move orders-0: broker-\d shall have it, broker-\d shall give it up/,
  );
  expect(told).toMatch(/the move of orders-0 is done/i);
});

test('a broker that may lead although it lost records is told with the feature that would help', () => {
  const run = storyRun('last-replica-standing-loses-its-tail');
  const told = texts(whyVerdict(run, verdictOf(run, 'unclean-excluded')));
  expect(told).toMatch(/broker-2 had lost power/);
  expect(told).toMatch(/registered again after a stop that was not clean/);
  expect(told).toMatch(/Without eligible leader replicas the last member of an ISR stays in it/);
});

test('two records at one offset are told with the epochs in which leaders wrote them', () => {
  const run = vizRun(truncationDiverges);
  const verdict = verdictOf(run, 'strong-isr');
  expect(verdict.explanation).toContain('leads with another record at offset 0');
  const told = texts(whyVerdict(run, verdict));
  expect(told).toMatch(/broker-2 wrote orders-0 offset 0 as leader of epoch 0/);
  expect(told).toMatch(/broker-2 wrote orders-0 offset 0 as leader of epoch 2/);
});

/** As checks word them; the events are any of the run. */
const violations: readonly [name: string, explanation: string][] = [
  ['reassign-safe', 'the reassignment of orders-0 was completed while broker-3 lagged behind'],
  ['isr-live', 'broker-2 is in the ISR of orders-0 and not an active broker'],
  ['leader-live', 'broker-2 leads orders-0 in epoch 1 and is not in its ISR'],
  ['committed-somewhere', 'the committed batch at nowhere-0 offset 7 is on no disk any more: x'],
  ['metadata-match', 'controller-101 takes the metadata log for committed up to 9 and has nothing'],
  ['quorum-superset', 'broker-1 leads orders-0 in epoch 0 and does not wait for broker-2'],
  ['log-match', 'broker-1 has another record at orders-0 offset 3 than the committed log'],
  ['metadata-progress', 'broker-2 is halted (and 1 more)'],
];

test.each(violations)(
  'a violation of %s says what was seen and what is asked for',
  (name, explanation) => {
    const run = storyRun('acks-1-loses-an-acknowledged-record');
    const at = run.store.listOf('isr.changed').at(0);
    const verdict: Verdict = {
      name,
      verdict: 'violated',
      allowedBy: null,
      at,
      evidence: [at],
      explanation,
    };
    const told = texts(whyVerdict(run, verdict));
    expect(told.toLowerCase()).toContain(
      explanation.replace(/ \(and \d+ more\)/, '').toLowerCase(),
    );
    const asked = whyTemplates[name as keyof typeof whyTemplates].text;
    expect(told.toLowerCase()).toContain(asked.toLowerCase());
  },
);
