import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../kafka/base/assert.ts';
import type { ScenarioInput } from '../../../sim/scenario/schema.ts';
import { Scene } from '../../../viz/model/why/scene.ts';
import { explain, namedFaults, type Sentence } from '../../../viz/model/why.ts';
import { fill, whyTemplates } from '../../../viz/model/why-templates.ts';
import { storyRun, type VizRun, vizRun } from '../../support/viz-runs.ts';

function verdictOf(run: VizRun, name: string) {
  const verdicts = run.store.identity?.report?.verdicts ?? [];
  return defined(
    verdicts.find((one) => one.name === name),
    name,
  );
}

function explained(run: VizRun, name: string): Sentence[] {
  const verdict = verdictOf(run, name);
  return explain(run.store, run.timeline, defined(verdict.at, 'where'), verdict);
}

function kindsOf(run: VizRun, sentences: readonly Sentence[]): string[] {
  return sentences.flatMap((one) => one.events.map((event) => run.store.kindName(event)));
}

function sound(run: VizRun, sentences: readonly Sentence[]): void {
  expect(sentences.length).toBeLessThanOrEqual(8);
  for (const { text, events } of sentences) {
    expect(text).not.toMatch(/undefined|NaN|[{}]|broker--1/);
    expect(events.length).toBeGreaterThan(0);
    expect(events).toEqual(events.toSorted((a, b) => a - b));
    for (const event of events) {
      expect(event).toBeGreaterThan(0);
      expect(event).toBeLessThanOrEqual(run.store.count);
    }
  }
}

test('a loss under acks=1 is told from the promise to the cut, with its faults and the remedy', () => {
  const run = storyRun('acks-1-loses-an-acknowledged-record');
  const sentences = explained(run, 'acked-durable');
  const text = sentences.map((one) => one.text).join('\n');
  sound(run, sentences);
  expect(text).toMatch(/p1 was told that orders-0 offset \d+ is written \(acks=1\)/);
  expect(text).toMatch(
    /broker-1 and broker-3 could not copy orders-0 offset \d+: .* was cut off from broker-2/,
  );
  expect(text).toMatch(/broker-3 was elected for epoch 1, and its log ended at \d+/);
  expect(text).toMatch(/With acks=all the answer would have waited/);
  const kinds = kindsOf(run, sentences);
  for (const kind of ['command.completed', 'log.appended', 'fault.cut', 'fault.powerCut']) {
    expect(kinds).toContain(kind);
  }
  expect(kinds).toContain('leader.elected');
  expect(sentences.map((one) => one.rule?.name)).toContain('acks');
  expect(namedFaults(run.store, sentences).map((event) => run.store.kindName(event))).toEqual([
    'fault.cut',
    'fault.powerCut',
  ]);
});

test('a loss is told in the order of what happened, with a rule of Kafka in every sentence', () => {
  const run = storyRun('acks-1-loses-an-acknowledged-record');
  const sentences = explained(run, 'acked-durable');
  const steps = sentences.slice(0, -1).map((one) => run.store.stepStart(one.events.at(-1) ?? 0));
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(sentences.filter((one) => one.rule === null)).toEqual([]);
});

test('a loss by an unclean election names who had left the ISR, and what would have refused', () => {
  const run = storyRun('min-isr-1-unclean-election-loses');
  const text = explained(run, 'acked-durable')
    .map((one) => one.text)
    .join('\n');
  expect(text).toMatch(/had left the in-sync replicas/);
  expect(text).toMatch(/although it was not in sync/);
  expect(text).toMatch(/min\.insync\.replicas=2 the write would have been refused/);
});

test('a loss of power everywhere names every machine and the flush that nobody waited for', () => {
  const run = storyRun('power-loss-of-all-replicas-loses-unflushed');
  const sentences = explained(run, 'acked-durable');
  const text = sentences.map((one) => one.text).join('\n');
  for (const broker of ['broker-1', 'broker-2', 'broker-3']) {
    expect(text).toMatch(new RegExp(`${broker} lost power before`));
  }
  expect(text).toMatch(/leaves flushing to the operating system/);
});

test('a duplicate is told as two writes of one batch, and the answer between them that was lost', () => {
  const run = storyRun('lost-ack-duplicates');
  const sentences = explained(run, 'no-dup');
  const text = sentences.map((one) => one.text).join('\n');
  expect(text).toMatch(/^broker-\d had written a batch of p1 at \d+ of orders-0/);
  expect(text).toMatch(/no answer to it reached p1: broker-\d was cut off from p1/);
  expect(text).toMatch(/sent it again, attempt 2/);
  expect(text).toMatch(/wrote the batch again, at \d+/);
  expect(sentences.at(-1)?.text).toMatch(/^with enable.idempotence=true/i);
  expect(sentences.map((one) => one.rule?.name)).not.toContain('broker.session.timeout.ms');
  const told = sentences.slice(0, -1);
  expect(kindsOf(run, told).filter((kind) => kind === 'log.appended')).toHaveLength(2);
});

test('a duplicate that a loaded snapshot lets through is told by the load and the refusal', () => {
  const run = storyRun('restart-behind-lost-answers-duplicates');
  const sentences = explained(run, 'no-dup');
  const kinds = kindsOf(run, sentences);
  expect(kinds).toEqual(expect.arrayContaining(['log.recovered', 'produce.refused']));
  expect(sentences.map((one) => one.text).join('\n')).toMatch(
    /names only the last batch of each producer(.|\n)*gap in the sequence numbers(.|\n)*begun anew/,
  );
});

const regressions = new URL('../../regressions/', import.meta.url);

/** What the search found once. */
function foundRun(name: string): VizRun {
  const text = readFileSync(new URL(`${name}.json`, regressions), 'utf8');
  const { seed, scenario } = JSON.parse(text) as { seed: number; scenario: ScenarioInput };
  return vizRun(scenario, seed);
}

test('a duplicate of a producer that was forgotten is told by its age and its number', () => {
  const run = foundRun('a-leader-forgets-a-producer-that-nobody-answered');
  const sentences = explained(run, 'no-dup');
  const text = sentences.map((one) => one.text).join('\n');
  sound(run, sentences);
  expect(text).toMatch(/older than producer.id.expiration.ms/);
  // The leader lost its disk: its followers' writes alone are left, which tell of no producer.
  expect(text).toMatch(/broker-2 wrote the batch again, at 9.* producer id 2000 and sequence 8/);
});

test('a wrong order behind refused first batches is told by the refusal', () => {
  const run = foundRun('first-batches-are-refused-and-a-later-one-is-written');
  const sentences = explained(run, 'producer-order');
  const text = sentences.map((one) => one.text).join('\n');
  sound(run, sentences);
  expect(text).toMatch(/broker-3 refused a batch of it, and as it knew none of this producer/);
  expect(text).not.toMatch(/nothing but a producer id keeps their order/);
});

const stories = [
  'acks-0-loses-silently',
  'acks-1-loses-an-acknowledged-record',
  'min-isr-1-unclean-election-loses',
  'partition-ap-loses',
  'partition-cp-refuses',
  'torn-tail-is-cut-at-recovery',
];

describe.each(stories)('%s', (name) => {
  const run = storyRun(name);
  const { store, timeline } = run;

  test('has at most eight sound sentences for every verdict', () => {
    for (const verdict of store.identity?.report?.verdicts ?? []) {
      if (verdict.at === null || verdict.verdict === 'holds') continue;
      const sentences = explain(store, timeline, verdict.at, verdict);
      sound(run, sentences);
      expect(sentences.length).toBeGreaterThan(0);
    }
  });

  test('has sound sentences for events of every kind', () => {
    for (const kind of store.kinds) {
      const list = store.byKind(kind.id);
      for (const place of [0, list.count >> 1, list.count - 1]) {
        const event = list.at(place);
        if (event === 0) continue;
        const sentences = explain(store, timeline, event, null);
        sound(run, sentences);
        expect(sentences.length).toBeGreaterThan(0);
      }
    }
  });
});

test('why a broker is fenced is what kept it from the controller', () => {
  const run = storyRun('partition-ap-loses');
  const fenced = run.store.listOf('broker.fenced').at(0);
  const sentences = explain(run.store, run.timeline, fenced, null);
  expect(kindsOf(run, sentences)).toEqual(['fault.cut', 'broker.fenced']);
});

test('why a write is refused is who is missing from the ISR', () => {
  const run = vizRun({
    name: 'too-few',
    cluster: {
      brokers: 3,
      config: { 'min.insync.replicas': 2 },
      topics: [{ name: 'orders', replicationFactor: 3 }],
    },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20, startAt: 10_000 }],
    faults: [{ at: 1_000, kill: 'followers:orders-0', restartAfter: 13_000 }],
    runFor: 15_000,
  });
  const { store } = run;
  const list = store.listOf('produce.refused');
  const all = Array.from({ length: list.count }, (_, place) => list.at(place));
  const tooFew = all.find((event) => store.at(event).fields[1] === 'NOT_ENOUGH_REPLICAS');
  const sentences = explain(store, run.timeline, defined(tooFew, 'a refusal'), null);
  const text = sentences.map((one) => one.text).join('\n');
  expect(text).toMatch(/had left the in-sync replicas .*: broker-\d had been killed/);
  expect(text).toMatch(/refused the batch: \d of orders-0 in sync, min\.insync\.replicas asks for/);
});

test('an event outside of the run has no explanation', () => {
  const { store, timeline } = storyRun('lost-ack-duplicates');
  expect(explain(store, timeline, 0, null)).toEqual([]);
  expect(explain(store, timeline, store.count + 1, null)).toEqual([]);
});

test('a template with an empty place is a mistake', () => {
  expect(() => fill('refused', { leader: 'broker-1' })).toThrow(/template refused lacks partition/);
  for (const { text } of Object.values(whyTemplates)) expect(text.trim()).toBe(text);
});

test('a sentence that begins with the name of a node leaves it as it is', () => {
  const { store, timeline } = vizRun({
    name: 'small',
    cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
    workload: [{ producer: 'bg', topic: 'orders', recordsPerSecond: 10 }],
    runFor: 200,
  });
  const scene = new Scene(store, timeline);
  const about = { record: 'the record', leader: 'broker-1', epoch: 0 };
  const told = (client: string) => scene.say('told-by-leader', { ...about, client }, []).text;

  expect(told('bg')).toMatch(/^bg was told that/);
  expect(told('somebody')).toMatch(/^Somebody was told that/);
});
