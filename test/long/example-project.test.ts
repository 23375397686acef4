/** The package as others install it, and the example project with it; without a network. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { readTraceFile } from '../../sim/trace/file.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'trial-example-'));
/** Uses real brokers. */
const service = mkdtempSync(join(tmpdir(), 'trial-service-'));
const SLOW_MS = 300_000;

function run(command: string, args: string[], cwd: string) {
  const env = { ...process.env, VITEST: undefined, NODE_ENV: undefined, CI: '1', NO_COLOR: '1' };
  const ended = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status: ended.status, said: `${ended.stdout}${ended.stderr}` };
}

const vitest = (...args: string[]) => vitestIn(project, ...args);
const vitestIn = (folder: string, ...args: string[]) =>
  run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], folder);

/** As npm would put it there. */
function install(): void {
  const built = run('npm', ['run', '--silent', 'build:library'], root);
  if (built.status !== 0) throw new Error(built.said);
  const packed = run(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', project],
    root,
  );
  if (packed.status !== 0) throw new Error(packed.said);
  const [tarball] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
  unpack('library-vitest', project, join(project, tarball!), ['vitest', 'fast-check', 'zod']);
  const packages = ['vitest', 'kafkajs', '@types/node', 'undici-types'];
  unpack('kafkajs-vitest', service, join(project, tarball!), packages);
}

/** An example as it lies in a folder of its own, with the package and what else it needs. */
function unpack(example: string, folder: string, tarball: string, packages: string[]): void {
  cpSync(join(root, 'examples', example), folder, { recursive: true });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const unpacked = run('tar', ['-xzf', tarball, '-C', modules], folder);
  if (unpacked.status !== 0) throw new Error(unpacked.said);
  run('mv', ['package', 'kafka-trial'], modules);
  for (const name of packages) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
}

beforeAll(install, SLOW_MS);
afterAll(() => {
  for (const folder of [project, service]) rmSync(folder, { recursive: true });
});

describe('the package', () => {
  const library = join(project, 'node_modules/kafka-trial/dist/library');

  test('has a model mode that needs nothing of Node, of vitest or of fast-check', () => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(join(library, file), 'utf8');
      for (const [, from] of text.matchAll(/^(?:import|export)\b[^;]*?["']([^"'\n]+)["'];$/gm)) {
        if (from!.startsWith('./')) visit(from!.slice(2));
        else outside.push(from!);
      }
    };

    visit('index.js');

    expect(seen.size).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });

  test(
    'passes the tests of the example project',
    () => {
      const { status, said } = vitest();

      expect(said).toContain('3 passed');
      expect(status).toBe(0);
    },
    SLOW_MS,
  );

  test(
    'has types that the example project is checked with',
    () => {
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { status, said } = run(process.execPath, [tsc, '-p', 'tsconfig.json'], project);

      expect(said).not.toContain('error');
      expect(status).toBe(0);
    },
    SLOW_MS,
  );

  test(
    'keeps scenario and trace of a failed test and prints how to run it again',
    () => {
      writeFileSync(
        join(project, 'test/fails.test.ts'),
        `import { fault } from 'kafka-trial';
       import { expect, test } from 'kafka-trial/vitest';
       test('loses a record', ({ trial }) => {
         const k = trial.createCluster({ topics: { orders: {} } });
         const p = k.producer({ acks: '1', 'linger.ms': 0 });
         const sent = p.send('orders', { value: 'x' });
         k.run({ until: () => sent.settled });
         k.now(fault.kill('broker-1'));
         k.tick('1s');
         expect(k.partition('orders', 0).highWatermark).toBe(7);
       });`,
      );

      const { status, said } = vitest('test/fails.test.ts');

      expect(status).toBe(1);
      const [, file, seed] = /replay {2}npx trial run (\S+)\.json --seed (\d+)/.exec(said) ?? [];
      expect(said).toContain(`FAIL    loses a record  seed ${seed}`);
      const { scenario } = parseScenario(
        JSON.parse(readFileSync(join(project, `${file}.json`), 'utf8')),
      );
      const trace = readTraceFile(new Uint8Array(readFileSync(join(project, `${file}.trial`))));
      const again = runScenario(scenario!, {
        seed: Number(seed),
        until: { event: trace.rows.count },
      });
      expect(again.report.digest).toBe(trace.digest);
      expect(existsSync(join(project, 'failures'))).toBe(true);
    },
    SLOW_MS,
  );
});

describe('the package with real brokers', () => {
  test(
    'passes the tests of a service that uses kafkajs',
    () => {
      const { status, said } = vitestIn(service);

      expect(said).toContain('3 passed');
      expect(status).toBe(0);
    },
    SLOW_MS,
  );

  test(
    'has types that the service is checked with',
    () => {
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { status, said } = run(process.execPath, [tsc, '-p', 'tsconfig.json'], service);

      expect(said).not.toContain('error');
      expect(status).toBe(0);
    },
    SLOW_MS,
  );
});
