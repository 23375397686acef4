/**
 * The same scenarios in both worlds: in the laboratory, and against processes of this machine. What
 * the checks say must agree, as far as moments that nobody can repeat leave it certain.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TOLD_CHECKS } from '../../sim/check/told-checks.ts';
import { trial } from '../unit/cli/in-process.ts';
import { BundledTrial } from './bundled-trial.ts';

const command = new BundledTrial();
beforeAll(() => command.build(), 240_000);
afterAll(() => command.dispose());

let temporary = '';
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'trial-test-'));
});
afterEach(() => rmSync(temporary, { recursive: true }));

interface Told {
  readonly met: boolean;
  readonly expectations: readonly { readonly met: boolean }[];
  readonly verdicts: readonly { name: string; verdict: string; allowedBy: string | null }[];
}

/** In docs/real-brokers.md, too. */
const IN_BOTH_WORLDS = [
  'order-holds-within-a-partition-only',
  'lost-ack-duplicates',
  'lost-ack-idempotent-does-not-duplicate',
  'restart-behind-lost-answers-duplicates',
  'five-in-flight-reorders',
  'five-in-flight-idempotent-keeps-order',
  'idempotence-ends-with-the-session',
  'replication-factor-above-brokers-is-refused',
  'new-partitions-move-keys',
  'topic-is-made-grown-changed-and-deleted',
  'latest-offset-does-not-go-back',
  'reads-from-the-leader-move-on',
  'follower-that-stops-in-order-costs-no-stall',
  'controller-crash-leaves-data-flowing',
  'partition-cp-refuses',
  'partition-ap-loses',
  'acknowledged-write-is-visible-in-the-end',
  'groups-each-see-everything',
  'commit-after-processing-duplicates',
  'offsets-kept-outside-are-processed-once',
  'who-is-not-heard-from-loses-its-partitions',
  'coordinator-fails-over-with-all-commits',
];

/** What these schedules cost is no chance: it comes out wherever they are run. */
const CERTAIN: Readonly<Record<string, string>> = {
  'lost-ack-duplicates': 'no-dup',
  'restart-behind-lost-answers-duplicates': 'no-dup',
  'partition-ap-loses': 'acked-durable',
};

describe('both worlds agree on', () => {
  test.each(IN_BOTH_WORLDS)('%s', async (name) => {
    const simulated = await trial('run', name, '--json');
    const real = await command.run(temporary, 'run', name, '--world', 'real', '--json');

    expect(real.err).toBe('');
    const [inLab, outside] = [simulated.out, real.out].map((out) => JSON.parse(out) as Told);
    expect(outside!.expectations.filter(({ met }) => !met)).toEqual([]);
    for (const { name: check, verdict, allowedBy } of outside!.verdicts) {
      const there = inLab!.verdicts.find((one) => one.name === check);
      const agreed = { check, verdict: there?.verdict, allowedBy: there?.allowedBy };
      // What the settings allow to be lost need not be lost.
      if (verdict !== 'holds') expect({ check, verdict, allowedBy }).toEqual(agreed);
      else expect(['holds', 'allowed']).toContain(there?.verdict);
    }
    const certain = outside!.verdicts.find((one) => one.name === CERTAIN[name]);
    if (certain !== undefined) expect(certain.verdict).toBe('allowed');
    expect(outside!.verdicts.map((one) => one.name)).toEqual(TOLD_CHECKS);
    expect({ code: real.code, met: outside!.met }).toEqual({ code: 0, met: true });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

const short = {
  name: 'short',
  cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 50 }],
  runFor: '1s',
};

describe('a run in the real world', () => {
  test('ends with 1 when it is not as expected, and keeps the files if that is asked for', async () => {
    const path = join(temporary, 'short.json');
    writeFileSync(path, JSON.stringify({ ...short, expect: { 'acked-durable': 'violated' } }));

    const lost = await command.run(temporary, 'run', path, '--world', 'real');
    const left = readdirSync(temporary);
    const kept = await command.run(temporary, 'run', path, '--world', 'real', '--keep-failed');

    expect(lost.code).toBe(1);
    expect(lost.out).toContain('NOT MET  acked-durable holds, expected violated');
    expect(left).toEqual(['short.json']);
    expect(kept.code).toBe(1);
    const folder = /the files of its nodes are in (.+)\n/.exec(kept.err)?.[1] ?? '';
    expect(readFileSync(join(folder, 'broker-1', 'node.log'), 'utf8')).toContain('RUNNING');
    expect(existsSync(join(folder, 'broker-1', 'data', 'data', 'orders-0'))).toBe(true);
  });

  test('keeps journals by which every process can be stepped through again', async () => {
    const path = join(temporary, 'killed.json');
    const cluster = { brokers: 3, topics: [{ name: 'orders', partitions: 3 }] };
    const faults = [{ at: '500ms', kill: 'leader:orders-0', restartAfter: '500ms', name: 'crash' }];
    const expected = { 'acked-durable': 'violated' };
    const killed = { ...short, cluster, faults, runFor: '3s', expect: expected };
    writeFileSync(path, JSON.stringify(killed));

    const { err } = await command.run(temporary, 'run', path, '--world', 'real', '--keep-failed');
    const folder = /the files of its nodes are in (.+)\n/.exec(err)?.[1] ?? '';
    const nodes = readdirSync(folder).map((node) => join(folder, node));
    const journals = nodes.flatMap((node) =>
      readdirSync(node).flatMap((name) => (name.endsWith('.journal') ? [join(node, name)] : [])),
    );

    expect(journals).toHaveLength(5);
    for (const journal of journals) {
      expect(await trial('replay', journal)).toMatchObject({ code: 0, err: '' });
    }
  });

  test('that is interrupted ends with 130, and leaves neither processes nor files', async () => {
    const path = join(temporary, 'long.json');
    writeFileSync(path, JSON.stringify({ ...short, runFor: '10m' }));

    const running = command.start(temporary, 'run', path, '--world', 'real');
    await until(() => processesIn(temporary) === 2);
    running.child.kill('SIGINT');
    const { code, out } = await running.ended;

    expect(code).toBe(130);
    expect(out).toContain('expectations were not judged');
    expect(readdirSync(temporary)).toEqual(['long.json']);
    expect(processesIn(temporary)).toBe(0);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Nodes whose files lie in this folder. */
function processesIn(folder: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLine(pid).includes(`${folder}/trial-real-`)).length;
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
