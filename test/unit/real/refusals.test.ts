import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusals } from '../../../real/refusals.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { trial } from '../cli/in-process.ts';

const plain = {
  name: 'plain',
  cluster: { brokers: 3, topics: [{ name: 'orders' }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20 }],
  runFor: '5s',
};

function refused(parts: object): string[] {
  const { scenario, problems } = parseScenario({ ...plain, ...parts });
  expect(problems).toBeUndefined();
  return refusals(scenario!).map((one) => one.path);
}

describe('for the real world', () => {
  test('what processes and links can go through is not refused', () => {
    const faults = [
      { at: 0, kill: 'leader:orders-0', restartAfter: '1s' },
      { at: 0, stop: 'broker-1' },
      { at: 0, start: 'broker-1' },
      { at: 0, restart: 'broker-2' },
      { at: 0, pause: 'client:p1', for: '1s' },
      { at: 0, resume: 'broker-1' },
      { at: 0, cut: ['broker-1', 'broker-2'], oneWay: true },
      { at: 0, isolate: 'broker-3' },
      { at: 0, delay: ['broker-1', 'broker-2'], by: '10ms', jitter: '5ms' },
      { at: 0, slowLink: ['broker-1', 'broker-2'], bytesPerSecond: 1000 },
      { at: 0, reset: ['broker-1', 'broker-2'] },
      { when: { event: 'leader.elected' }, heal: 'all' },
    ];

    expect(refused({ faults })).toEqual([]);
  });

  test.each([
    { powerCut: 'broker-1' },
    { crashInStep: 'broker-1' },
    { slowCpu: 'broker-1', times: 2 },
    { flipBit: 'broker-1', file: 'orders-0/' },
    { loseDisk: 'broker-1' },
    { failDisk: 'broker-1' },
    { jumpClock: 'broker-1', by: '1h' },
    { driftClock: 'broker-1', ppm: 100 },
    { hold: ['broker-1', 'broker-2'], api: 'Fetch' },
  ])('a fault that cannot be real is refused with its place: %o', (fault) => {
    const [verb] = Object.keys(fault);

    const faults = [
      { at: 0, kill: 'broker-2' },
      { at: '1s', ...fault },
    ];

    expect(refused({ faults })).toEqual([`faults[1].${verb}`]);
  });

  test('moments that only the laboratory knows are refused', () => {
    const faults = [
      { afterEvent: 100, kill: 'broker-1' },
      { when: { event: 'frame.sent' }, kill: 'broker-1' },
    ];
    const sends = [{ afterEvent: 7, value: 'x' }];
    const workload = [{ producer: 'p1', topic: 'orders', sends }];

    expect(refused({ faults, workload })).toEqual([
      'faults[0].afterEvent',
      'faults[1].when.event',
      'workload[0].sends[0].afterEvent',
    ]);
  });

  test('settings that real nodes do not have are refused', () => {
    const variants = { truncation: 'to-high-watermark' };
    const cluster = {
      ...plain.cluster,
      controllers: 3,
      voters: 'dynamic',
      spareControllers: 1,
      variants,
    };

    expect(refused({ cluster })).toEqual([
      'cluster.variants.truncation',
      'cluster.voters',
      'cluster.spareControllers',
    ]);
  });
});

describe('trial run --world real', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trial-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('refuses such a scenario with 65, and names fault and place', async () => {
    const path = join(folder, 'power.json');
    writeFileSync(path, JSON.stringify({ ...plain, faults: [{ at: 0, powerCut: 'broker-1' }] }));

    const { code, err } = await trial('run', path, '--world', 'real');

    expect(code).toBe(65);
    expect(err).toContain('cannot be run in the real world');
    expect(err).toContain('faults[0].powerCut: "broker-1" — `powerCut` cannot be done to real');
  });

  test.each([
    ['--until', '3s'],
    ['--trace', 'x.trial'],
    ['--variant', 'truncation=to-high-watermark'],
    ['--kafka', '0.10'],
    ['--open'],
  ])('refuses what has no meaning there: %s', async (...args) => {
    const { code, err } = await trial('run', 'lost-ack-duplicates', '--world', 'real', ...args);

    expect(code).toBe(64);
    expect(err).toContain(`${args[0]}: not with --world real`);
  });

  test('--keep-failed is of the real world alone', async () => {
    const { code, err } = await trial('run', 'lost-ack-duplicates', '--keep-failed');

    expect(code).toBe(64);
    expect(err).toContain('--keep-failed: only with --world real');
  });

  test.each(['--link-map', '--events', '--journal'])('serve %s needs --config', async (flag) => {
    const { code, err } = await trial('serve', flag, 'x');

    expect(code).toBe(64);
    expect(err).toContain(`${flag}: only with --config`);
  });
});
