import { beforeEach, describe, expect, test } from 'vitest';
import { readTraceFile } from '../../../../sim/trace/file.ts';
import type { RunSlot, RunSpec } from '../../../../viz/app/services.ts';
import { AppStore } from '../../../../viz/app/store.ts';
import { type FileDoors, openFile } from '../../../../viz/engine/open-file.ts';
import { traceFileOf } from '../../../../viz/engine/save-trace.ts';
import { readTrace } from '../../../../viz/engine/trace-reader.ts';
import { storyRun } from '../../../support/viz-runs.ts';

const NAME = 'acks-1-loses-an-acknowledged-record';
const run = storyRun(NAME);
const slot: RunSlot = {
  id: 1,
  spec: { scenario: run.scenario, seed: 1 },
  store: run.store,
  timeline: run.timeline,
  parent: null,
  isHeld: () => false,
};

let app = new AppStore();
let opened: { spec: RunSpec; at: number | undefined }[] = [];
let links: string[] = [];
const doors: FileDoors = {
  open: (spec, { at }) => {
    opened.push({ spec, at });
    return Promise.resolve(slot);
  },
  read: () => Promise.resolve({ slot, engine: '' }),
  whole: () => Promise.resolve(slot),
  rerun: () => Promise.reject(new Error('not here')),
  openLink: (text) => {
    links.push(text);
    return Promise.resolve(true);
  },
};
beforeEach(() => {
  app = new AppStore();
  opened = [];
  links = [];
});

function open(content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const copy = bytes.slice().buffer as ArrayBuffer;
  return openFile(app, doors, { name: 'it.json', bytes: copy });
}

describe('a file', () => {
  test('with a scenario is run', async () => {
    await open(JSON.stringify({ name: 'mine', cluster: { brokers: 1 }, runFor: '1s' }));

    expect(opened).toMatchObject([{ spec: { scenario: { name: 'mine' }, seed: 1 } }]);
  });

  test('with the result of a run opens that run, and says when it comes out otherwise', async () => {
    const digest = '0'.repeat(32);
    await open(JSON.stringify({ schema: 1, scenario: NAME, seed: 7, digest, at: 12 }));

    expect(opened).toMatchObject([{ spec: { scenario: { name: NAME }, seed: 7 }, at: 12 }]);
    expect(app.state.notices).toHaveLength(1);
    expect(app.state.notices[0]!.details.join('\n')).toContain(digest);
  });

  test('with an event behind the end of its run says so', async () => {
    await open(JSON.stringify({ scenario: NAME, at: 999_999_999 }));

    expect(app.state.notices[0]!.title).toBe('The file asks for event 999999999');
  });

  test('with a link follows it', async () => {
    await open('https://example.org/trial/#v1.abc\n');

    expect(links).toEqual(['https://example.org/trial/#v1.abc']);
  });

  test.each([
    ['', 'it.json is empty'],
    ['{\n  "name": oops }', 'it.json:2:11: not JSON'],
    ['[]', 'neither a scenario'],
    ['{ "scenario": "acks-1-loses-an-acknowledged-recrod" }', `did you mean ${NAME}?`],
    ['{ "scenario": "nothing-like-it-at-all", "seed": 1 }', 'it.json:1:3: scenario: there is none'],
    [`{ "scenario": "${NAME}", "seed": -1 }`, 'is no seed'],
    [`{ "scenario": "${NAME}", "at": "now" }`, 'is no event'],
    ['{ "name": "a", "cluster": { "brokers": 0 }, "runFor": 1 }', 'it.json:1:29: cluster.brokers'],
  ])('that is wrong says where: %j', async (text, words) => {
    await expect(open(text)).rejects.toThrow(words);
  });

  test('with more text than a scenario can have is refused for its size alone', async () => {
    const text = JSON.stringify('x'.repeat(3 * 2 ** 20));
    await expect(open(text)).rejects.toThrow('it.json is too large (3.0 MiB)');
  });

  test('that is neither text nor a trace says so', async () => {
    await expect(open(Uint8Array.of(0xff, 0xfe, 0x00))).rejects.toThrow('neither a .trial file');
  });
});

describe('the trace of a run on the page', () => {
  const bytes = traceFileOf(slot);

  test('is a file that tells everything again', () => {
    const file = readTraceFile(bytes);

    expect(file.rows.count).toBe(run.store.count);
    expect(file.digest).toBe(run.store.identity!.digest);
    expect(file.report).toEqual(JSON.parse(JSON.stringify(run.store.identity!.report)));
    expect(file.engine).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('is read back whole', () => {
    const kinds: string[] = [];
    let rows = 0;
    readTrace(bytes.slice(), (message) => {
      kinds.push(message.kind);
      if (message.kind === 'rows') rows += message.chunk.rows;
    });

    expect(kinds[0]).toBe('head');
    expect(kinds.at(-1)).toBe('done');
    expect(rows).toBe(run.store.count);
  });

  test('that is damaged says how', () => {
    expect(() => readTrace(bytes.slice(0, 1_000), () => {})).toThrow('ends too early');
    const flipped = bytes.slice();
    flipped[2_000] = (flipped[2_000] ?? 0) ^ 1;
    expect(() => readTrace(flipped, () => {})).toThrow('damaged');
  });
});
