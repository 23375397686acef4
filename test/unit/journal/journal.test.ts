/**
 * A broker on files and sockets writes a journal while clients work with it; the laboratory steps
 * the same code through it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepLine } from '../../../journal/format.ts';
import { InvalidJournal, parseHeader, parseStep } from '../../../journal/parse.ts';
import { JournalRecorder } from '../../../journal/recorder.ts';
import { startSingleNode } from '../../../server/cluster/single-node.ts';
import { JournalFile } from '../../../server/journal-file.ts';
import { planNode } from '../../../server/properties/node-plan.ts';
import { trial } from '../cli/in-process.ts';

let folder = '';
let journal = '';
let lines: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  journal = join(folder, 'broker-1.journal');
  const properties = [
    'process.roles=broker,controller',
    'node.id=1',
    'controller.quorum.voters=1@127.0.0.1:1',
    'controller.listener.names=CONTROLLER',
    'listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'group.initial.rebalance.delay.ms=0',
  ];
  const plan = await planNode('node', properties.join('\n'));
  const file = new JournalFile(journal, (error) => {
    throw error;
  });
  const { name: node, role, config } = plan;
  const recorder = new JournalRecorder({ journal: 1, engine: 'test', node, role, config }, (line) =>
    file.write(line),
  );
  const own = await startSingleNode(plan, {}, { journal: recorder });
  await until(() => own.serves);
  await work(plan.advertised);
  await own.stop();
  file.close();
  lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Records with keys, compressed too, and a group that reads and commits. */
async function work(brokers: readonly string[]): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  for (let i = 0; i < 10; i++) {
    const messages = [{ key: `k-${i}`, value: 'x'.repeat(i * 100) }];
    await producer.send({ topic: 'orders', acks: -1, compression: i % 2, messages });
  }
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: 'billing' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  let read = 0;
  await consumer.run({
    eachMessage: async () => {
      read += 1;
    },
  });
  await until(() => read === 10);
  await consumer.disconnect();
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The journal with another line in the place of one. */
function withLine(index: number, line: object): string {
  return `${lines.with(index, JSON.stringify(line)).join('\n')}\n`;
}

/** The first step, from the second line on, that satisfies. */
function stepThat(satisfies: (step: StepLine) => boolean): { index: number; step: StepLine } {
  const index = lines.findIndex((line, i) => i > 0 && satisfies(parseStep(line)));
  return { index, step: parseStep(lines[index]!) };
}

describe('trial replay of a journal', () => {
  test('finds every call of the node the same', async () => {
    const { code, out, err } = await trial('replay', journal);

    expect(err).toBe('');
    expect(out).toMatch(/^broker-1, a broker: [\d,]+ steps, the same in every call\n$/);
    expect(code).toBe(0);
    expect(lines.length).toBeGreaterThan(50);
  });

  test('tells as JSON, and what the node told', async () => {
    const json = await trial('replay', journal, '--json');
    const events = await trial('replay', journal, '--print', 'events');

    expect(JSON.parse(json.out)).toEqual({
      schema: 1,
      node: 'broker-1',
      role: 'broker',
      engine: 'test',
      steps: lines.length - 1,
      same: true,
      difference: null,
    });
    expect(events.out).toContain('orders-0: broker-1 leads in epoch 0');
  });

  test('names the first call that is another', async () => {
    const { index, step } = stepThat(({ calls }) => calls.some(([name]) => name === 'send'));
    const at = step.calls.findIndex(([name]) => name === 'send');
    const [name, given, answer] = step.calls[at]!;
    const [connection, length, crc] = given as [number, number, number];
    const other = [name, [connection, length + 1, crc], answer] as const;
    const path = written('other', withLine(index, { ...step, calls: step.calls.with(at, other) }));

    const { code, out } = await trial('replay', path);

    expect(code).toBe(3);
    expect(out).toContain(`step ${index}, call ${at + 1} of ${step.calls.length}: now it called`);
    expect(out).toContain(`send(${connection}, ${length}, ${crc}); then it called send(`);
    expect(out).toContain('It was written by version test');
  });

  test('names calls that are missing, that are too many, and another time to wake', async () => {
    const { index, step } = stepThat(({ calls }) => calls.length > 1);
    const fewer = withLine(index, { ...step, calls: step.calls.slice(0, -1) });
    const more = withLine(index, { ...step, calls: [...step.calls, ['exit', [], null]] });
    const later = withLine(index, { ...step, wakeAtMs: (step.wakeAtMs ?? 0) + 1 });

    const missing = await trial('replay', written('fewer', fewer));
    const surplus = await trial('replay', written('more', more));
    const waking = await trial('replay', written('later', later));

    expect(missing.out).toContain('then it did nothing more');
    expect(surplus.out).toContain('now it did nothing more; then it called exit()');
    expect(waking.out).toContain('wants to be woken at');
    expect([missing.code, surplus.code, waking.code]).toEqual([3, 3, 3]);
  });

  test.each([
    ['--seed', '7'],
    ['--at', '7'],
    ['--step'],
    ['--node', 'broker-1'],
    ['--verify'],
    ['--any-version'],
    ['--print', 'state'],
  ])('refuses what has no meaning there: %s', async (...args) => {
    const { code, err } = await trial('replay', journal, ...args);

    expect(code).toBe(64);
    expect(err).toContain(args[0]);
  });
});

describe('a journal that is none', () => {
  const bad = async (name: string, text: string): Promise<{ code: number; err: string }> =>
    trial('replay', written(name, text));

  test('because it was cut off is told with its line', async () => {
    const whole = `${lines.join('\n')}\n`;

    const { code, err } = await bad('cut', whole.slice(0, -20));

    expect(code).toBe(65);
    expect(err).toContain(`:${lines.length}: the journal ends in the middle of a step`);
    expect(err).toContain('steps before it came out the same');
  });

  test.each([
    ['{"journal":', 'ends in its first line'],
    ['{"journal":2}\n', 'journal 2: only 1 is known'],
    ['{"journal":1}\n', 'engine: expected a text'],
    ['{"journal":1,"engine":"","node":"b","role":"client"}\n', 'role: expected broker'],
    ['{"journal":1,"engine":"","node":"b","role":"broker","config":{"a":1}}\n', 'config: expected'],
  ])('because of its first line: %s', async (text, words) => {
    const { code, err } = await bad('header', text);

    expect(code).toBe(65);
    expect(err).toContain(words);
  });

  test.each([
    ['not JSON', 'not JSON'],
    ['[]', 'not an object'],
    ['{}', 'at: expected two clocks'],
    ['{"at":[1,2],"input":{"kind":"command"},"calls":[],"wakeAtMs":null}', 'input: expected'],
    ['{"at":[1,2],"input":{"kind":"woken","x":1},"calls":[],"wakeAtMs":null}', 'input: expected'],
    ['{"at":[1,2],"input":{"kind":"woken"},"calls":[[1]],"wakeAtMs":null}', 'calls: expected'],
    ['{"at":[1,2],"input":{"kind":"woken"},"calls":[],"wakeAtMs":"x"}', 'wakeAtMs: expected'],
  ])('because of a step: %s', async (step, words) => {
    const { code, err } = await bad('step', `${lines[0]}\n${step}\n`);

    expect(code).toBe(65);
    expect(err).toContain(`:2: ${words}`);
  });

  test('because an answer is of another kind', async () => {
    const { index, step } = stepThat(({ calls }) => calls.some(([name]) => name === 'size'));
    const at = step.calls.findIndex(([name]) => name === 'size');
    const call = [...step.calls[at]!.slice(0, 2), 'many'] as unknown as StepLine['calls'][number];
    const text = withLine(index, { ...step, calls: step.calls.with(at, call) });

    const { code, err } = await bad('answer', text);

    expect(code).toBe(65);
    expect(err).toContain('size cannot have been answered with "many"');
  });

  test('whatever else it is, is refused and breaks nothing', () => {
    const text = fc.oneof(fc.string(), fc.json());

    fc.assert(
      fc.property(text, (line) => {
        for (const parse of [parseHeader, parseStep]) {
          expect(() => parse(line)).toThrow(InvalidJournal);
        }
      }),
    );
  });
});
