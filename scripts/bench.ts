/**
 * `npm run bench [-- --json] [--only saturated,batched,…] [--rounds N]`: the simulator's speeds on
 * one core, digest and CRC on, that of `trial check` (records are operations there) and that of a
 * search (records are seeds there), alone and beside another worker: two processes that know nothing
 * of each other, because the pool's own takes about a hundredth of a processor. On two threads of
 * one core they share its caches and reach 1.3 times one, not two. `searchMemory` runs 10,000
 * seeds in one process, and only when it is named. A frame is one request or response on the wire,
 * a record one Kafka record. Every measurement is a process of its own, warmed up; rounds are
 * interleaved and medians reported. Machines differ and drift:
 * compare ratios within one run, not figures of two.
 */
import './bench/engine-flags.ts';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureHistory } from './bench/history.ts';
import { loads, type Measured, measure } from './bench/measure.ts';
import { measureSearch, measureSearchMemory } from './bench/search.ts';

const USUAL = [
  'saturated',
  'batched',
  'idle',
  'scale',
  'checks',
  'memory',
  'history',
  'search',
] as const;
const BENCHES = [...USUAL, 'searchMemory'] as const;
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
  search: ['search', 'searchBeside'],
  searchMemory: ['searchMemory'],
};

/** What is measured in another way than a load is. */
const OTHERS: Readonly<Record<string, () => Measured>> = {
  history: measureHistory,
  search: measureSearch,
  searchBeside: measureSearch,
  searchMemory: measureSearchMemory,
};
/** Two processes at once, as two workers; what they did is added up. */
const TWICE = ['searchBeside'];
const ONCE = ['searchMemory'];

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
  const other = OTHERS[flags.child];
  console.log(JSON.stringify(other === undefined ? measure(flags.child) : other()));
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
    if ((loads[name]?.once === true || ONCE.includes(name)) && round > 1) continue;
    const measured = await (TWICE.includes(name) ? inTwoChildren(name) : inChild(name));
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
        only: { type: 'string', default: USUAL.join(',') },
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

async function inChild(name: string): Promise<Measured> {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [YOUNG_GENERATION, self, '--child', name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code === 0) return JSON.parse(said) as Measured;
  console.error(`bench: '${name}' failed`);
  process.exit(1);
}

async function inTwoChildren(name: string): Promise<Measured> {
  const [one, other] = await Promise.all([inChild(name), inChild(name)]);
  const wallMs = Math.max(one.wallMs, other.wallMs);
  return {
    wallMs,
    simulatedMs: one.simulatedMs + other.simulatedMs,
    frames: one.frames + other.frames,
    records: one.records + other.records,
    peakResidentMb: one.peakResidentMb + other.peakResidentMb,
  };
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

/** How many times as many seeds `name` runs a second as `base`, round by round. */
function timesAsFast(name: string, base: string): number {
  const bases = runs.get(base) ?? [];
  const ratios = (runs.get(name) ?? []).map(
    (one, i) => recordsPerSecond(one) / recordsPerSecond(bases[i] as Measured),
  );
  return median(ratios);
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
  search: () => ({
    seedsPerSecond: medianOf('search', recordsPerSecond, 2),
    seedsPerSecondOfTwoWorkers: medianOf('searchBeside', recordsPerSecond, 2),
    speedUpOfTwoWorkers: Number(timesAsFast('searchBeside', 'search').toFixed(2)),
  }),
  searchMemory: () => ({
    peakResidentMb: medianOf('searchMemory', (one) => one.peakResidentMb, 0),
    heapMbPerThousandSeeds: (runs.get('searchMemory') ?? []).flatMap((one) => one.heapMb ?? []),
  }),
  memory: () => ({ peakResidentMb: medianOf('memory', (one) => one.peakResidentMb, 0) }),
};
const result = Object.fromEntries(wanted.map((name) => [name, RESULTS[name as Bench]()]));
console.log(JSON.stringify({ schema: 1, ...result }, null, flags.json ? 0 : 2));
