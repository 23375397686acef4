/**
 * `npm run bench [-- --json] [--only saturated,batched,…] [--rounds N]`: the simulator's speeds on
 * one core, digest and CRC on, and that of `trial check` (records are operations there). A frame is
 * one request or response on the wire, a record one Kafka record. Every measurement is a process of
 * its own, warmed up; rounds are interleaved and medians reported. Machines differ and drift:
 * compare ratios within one run, not figures of two.
 */
import './bench/engine-flags.ts';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureHistory } from './bench/history.ts';
import { loads, type Measured, measure } from './bench/measure.ts';

const BENCHES = ['saturated', 'batched', 'idle', 'scale', 'checks', 'memory', 'history'] as const;
type Bench = (typeof BENCHES)[number];

/** What each benchmark has to run: loads of `bench/measure.ts`. */
const NEEDED: Readonly<Record<Bench, readonly string[]>> = {
  saturated: ['saturated'],
  batched: ['batched'],
  idle: ['idle'],
  scale: ['small', 'large'],
  checks: ['saturated', 'checked'],
  memory: ['memory'],
  history: ['history'],
};

const USAGE = `npm run bench -- [--json] [--only ${BENCHES.join(',')}] [--rounds 5]`;

/**
 * MiB for what was just allocated (Node's own: 16). Half as many collections: a process that
 * simulates for minutes takes about a twenty-fifth less time so. It can be set at a start only.
 */
const YOUNG_GENERATION = '--max-semi-space-size=32';

const flags = readFlags();
if (flags.help) {
  console.log(USAGE);
  process.exit(0);
}

if (flags.child !== undefined) {
  const isHistory = flags.child === 'history';
  console.log(JSON.stringify(isHistory ? measureHistory() : measure(flags.child)));
  process.exit(0);
}

const wanted = flags.only.split(',');
for (const name of wanted) {
  if (BENCHES.includes(name as Bench)) continue;
  console.error(`bench: no benchmark '${name}'; there are ${BENCHES.join(', ')}`);
  process.exit(64);
}
const rounds = Number(flags.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`bench: --rounds wants a whole number from 1 on, not '${flags.rounds}'`);
  process.exit(64);
}

const runs = new Map<string, Measured[]>();
const names = new Set(wanted.flatMap((name) => NEEDED[name as Bench]));
for (let round = 1; round <= rounds; round++) {
  for (const name of names) {
    if (loads[name]?.once === true && round > 1) continue;
    const measured = inChild(name);
    runs.set(name, [...(runs.get(name) ?? []), measured]);
    process.stderr.write(
      `round ${round}/${rounds} ${name}: ` +
        `${Math.round(framesPerSecond(measured)).toLocaleString('en')} frames/s, ` +
        `${Math.round(recordsPerSecond(measured)).toLocaleString('en')} records/s, ` +
        `${simulatedPerWall(measured).toFixed(1)} simulated s/s, ` +
        `${Math.round(measured.peakResidentMb)} MB\n`,
    );
  }
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string', default: BENCHES.join(',') },
        rounds: { type: 'string', default: '5' },
        child: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`bench: ${error.message}\n${USAGE}`);
    process.exit(64);
  }
}

function inChild(name: string): Measured {
  const self = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [YOUNG_GENERATION, self, '--child', name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status === 0) return JSON.parse(child.stdout) as Measured;
  console.error(`bench: '${name}' failed`);
  process.exit(1);
}

function framesPerSecond(one: Measured): number {
  return (one.frames / one.wallMs) * 1000;
}
function recordsPerSecond(one: Measured): number {
  return (one.records / one.wallMs) * 1000;
}
function simulatedPerWall(one: Measured): number {
  return one.simulatedMs / one.wallMs;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
function medianOf(name: string, of: (one: Measured) => number, digits: number): number {
  return Number(median((runs.get(name) ?? []).map(of)).toFixed(digits));
}
/** How many times as much a frame costs in `name` as in `base`, round by round. */
function costRatio(name: string, base: string): number {
  const bases = runs.get(base) ?? [];
  const ratios = (runs.get(name) ?? []).map(
    (one, i) => framesPerSecond(bases[i] as Measured) / framesPerSecond(one),
  );
  return Number(median(ratios).toFixed(2));
}

const RESULTS: Readonly<Record<Bench, () => object>> = {
  saturated: () => ({
    framesPerSecond: medianOf('saturated', framesPerSecond, 0),
    recordsPerSecond: medianOf('saturated', recordsPerSecond, 0),
    simulatedPerWall: medianOf('saturated', simulatedPerWall, 2),
  }),
  batched: () => ({ recordsPerSecond: medianOf('batched', recordsPerSecond, 0) }),
  idle: () => ({
    simulatedPerWall: medianOf('idle', simulatedPerWall, 0),
    framesPerSimulatedSecond: medianOf('idle', (one) => (one.frames / one.simulatedMs) * 1000, 1),
  }),
  scale: () => ({ costRatio: costRatio('large', 'small') }),
  checks: () => ({ costRatio: costRatio('checked', 'saturated') }),
  history: () => ({
    operationsPerSecond: medianOf('history', recordsPerSecond, 0),
    peakResidentMb: medianOf('history', (one) => one.peakResidentMb, 0),
  }),
  memory: () => ({ peakResidentMb: medianOf('memory', (one) => one.peakResidentMb, 0) }),
};
const result = Object.fromEntries(wanted.map((name) => [name, RESULTS[name as Bench]()]));
console.log(JSON.stringify({ schema: 1, ...result }, null, flags.json ? 0 : 2));
