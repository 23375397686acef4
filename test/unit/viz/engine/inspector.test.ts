import { describe, expect, test } from 'vitest';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { TraceEvent } from '../../../../sim/trace/rows.ts';
import { Inspector } from '../../../../viz/engine/inspector.ts';
import { bytesText, plainOf } from '../../../../viz/engine/plain.ts';
import type { RunRequest } from '../../../../viz/engine/protocol.ts';

const scenario = {
  name: 'short',
  cluster: { brokers: 3, topics: [{ name: 'orders' }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 50 }],
  runFor: 1_000,
};
const run: RunRequest = { scenario, seed: 2, actions: [] };
const { rows } = runScenario(parseScenario(scenario).scenario!, { seed: 2, store: 'rows' }).world
  .trace;
const inspector = new Inspector(() => Promise.resolve());

const PRODUCE = 0;
function find(wanted: (one: TraceEvent) => boolean, from = 1): TraceEvent {
  for (let event = from; event <= rows!.count; event += 1) {
    if (wanted(rows!.at(event))) return rows!.at(event);
  }
  throw new Error('there is no such event');
}
const isProduce = (role: string) => (one: TraceEvent) =>
  one.kind === 'frame.sent' && one.fields[1] === role && one.fields[2] === PRODUCE;

function frameOf(event: number) {
  return inspector.inspect({ run, event, frames: [event], node: null });
}

describe('a deep look', () => {
  test('decodes a produce request down to its records', async () => {
    const { frame } = await frameOf(find(isProduce('request')).event);

    expect(frame).toMatchObject({ api: 'Produce', role: 'request' });
    expect(frame!.body).toMatchObject({ header: { requestApiKey: '0 Produce', clientId: 'p1' } });
    expect(JSON.stringify(frame!.body)).toMatch(/"baseOffset":0,"recordCount":1.*“p1-0/);
  });

  test('decodes its response, with the error by name', async () => {
    const { frame } = await frameOf(find(isProduce('response')).event);

    expect(frame).toMatchObject({ api: 'Produce', role: 'response' });
    expect(JSON.stringify(frame!.body)).toContain('"errorCode":"0 NONE"');
  });

  test('shows what a broker holds in memory at the end of the step, later and earlier', async () => {
    const risenTo = (offset: number) =>
      find(
        (one) =>
          one.kind === 'hw.advanced' && one.fields[0] === 'orders-0' && one.fields[1] === offset,
      );
    const first = risenTo(3);
    const later = risenTo(20);
    const at = async (event: number) =>
      (await inspector.inspect({ run, event, frames: [], node: 'broker-1' })).node!;

    const once = await at(first.event);
    const then = await at(later.event);
    const again = await at(first.event);

    expect(once.atEvent).toBeGreaterThanOrEqual(first.event);
    expect(JSON.stringify(once.state)).toContain('highWatermark');
    expect(then.state).not.toEqual(once.state);
    expect(again).toEqual(once);
  });

  test('of a run that cannot be says why, and the next one works', async () => {
    const broken = { run: { ...run, scenario: {} }, event: 1, frames: [], node: null };

    await expect(inspector.inspect(broken)).rejects.toThrow('not valid');
    const { node } = await inspector.inspect({ run, event: 5, frames: [], node: 'p1' });
    expect(node?.state).toMatchObject({ process: { state: 'down' } });
  });
});

describe('plain data', () => {
  test('names cycles instead of following them', () => {
    const one: Record<string, unknown> = { a: { b: 1 } };
    one['self'] = one;
    one['again'] = one['a'];

    expect(plainOf(one)).toEqual({ a: { b: 1 }, self: '→ the whole', again: '→ a' });
  });

  test('is bounded, whatever it is given', () => {
    const wide = new Map(Array.from({ length: 5_000 }, (_, i) => [i, { i }]));

    expect(JSON.stringify(plainOf(wide)).length).toBeLessThan(10_000);
  });

  test('shows bytes as text when they are text', () => {
    expect(bytesText(new TextEncoder().encode('hello'))).toBe('5 bytes “hello”');
    expect(bytesText(Uint8Array.of(0, 255))).toBe('2 bytes 00 ff');
  });
});
