import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trial } from './in-process.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const good = {
  name: 'small',
  cluster: { topics: [{ name: 'orders', replicationFactor: 3, config: {} as object }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 5 }] as object[],
  faults: [] as object[],
  runFor: 2000,
};

/** The complaint about a scenario, without the folder. */
async function complaint(scenario: unknown): Promise<string> {
  const path = file('bad.json', JSON.stringify(scenario, null, 2));
  const { code, out, err } = await trial('validate', path);
  expect(code).toBe(65);
  expect(out).toBe('');
  expect(err).not.toMatch(/\n +at /);
  return err.replaceAll(`${folder}/`, '');
}

describe('a bad scenario ends with 65 and one line for each problem, with its place:', () => {
  test('an unknown field', async () => {
    const { cluster, ...rest } = good;

    expect(await complaint({ ...rest, cluster: { ...cluster, broker: 3 } })).toBe(
      'error: bad.json is not a valid scenario, one problem:\n' +
        '  bad.json:20:5: cluster.broker: 3 — unknown field ' +
        '(allowed: brokers, controllers, roles, voters, spareControllers, config, racks, ' +
        'variants, topics); did you mean brokers?\n',
    );
  });

  test('an unknown config key', async () => {
    const topics = [{ name: 'orders', config: { 'min.isr': '2' } }];

    expect(await complaint({ ...good, cluster: { topics } })).toMatch(
      /bad\.json:8:11: cluster\.topics\[0\]\.config\["min\.isr"\]: "2" — .*did you mean min\.insync\.replicas\?/,
    );
  });

  test('more replicas than brokers', async () => {
    const topics = [{ name: 'orders', replicationFactor: 4 }];

    expect(await complaint({ ...good, cluster: { topics } })).toMatch(
      /bad\.json:7:9: cluster\.topics\[0\]\.replicationFactor: 4 — more replicas than .*\(allowed: 1 to 3\)/,
    );
  });

  test('an impossible target', async () => {
    const faults = [{ at: 1, kill: 'broker-9' }];

    expect(await complaint({ ...good, faults })).toMatch(
      /faults\[0\]\.kill: "broker-9" — .*broker-3/,
    );
  });

  test('a negative time', async () => {
    const faults = [{ at: -5, kill: 'broker-1' }];

    expect(await complaint({ ...good, faults })).toMatch(/faults\[0\]\.at: -5 — .*negative/);
  });

  test('an unknown bound of an expectation, with the nearest one', async () => {
    const expect_ = { 'counts.sent': { atleast: 1 } };

    expect(await complaint({ ...good, expect: expect_ })).toMatch(
      /expect\["counts\.sent"\]\.atleast: 1 — .*did you mean atLeast\?/,
    );
  });

  test('a missing field', async () => {
    const { runFor: _, ...rest } = good;

    expect(await complaint(rest)).toContain('runFor: missing');
  });

  test.each(['node.id', 'listeners', 'controller.quorum.voters'])(
    'the key %s, which is the laboratory’s',
    async (key) => {
      const cluster = { ...good.cluster, config: { [key]: '5' } };

      expect(await complaint({ ...good, cluster })).toContain('sets this key itself');
    },
  );

  test('a cut between a node and itself', async () => {
    const faults = [{ at: 1, cut: ['broker-1', 'broker-1'] }];

    expect(await complaint({ ...good, faults })).toMatch(/faults\[0\]\.cut: .*the same/);
  });

  test('hundreds of them: the first ones are shown', async () => {
    const workload = Array.from({ length: 300 }, (_, i) => ({ producer: `p${i}`, topic: 'no' }));

    const lines = (await complaint({ ...good, workload })).trimEnd().split('\n');

    expect(lines.length).toBeLessThan(25);
    expect(lines.at(-1)).toMatch(/… \d+ more/);
  });

  test('several at once', async () => {
    const said = await complaint({ ...good, runFor: '2 hours', name: 'A B', colour: 1 });

    expect(said).toContain('3 problems:');
    for (const path of ['runFor: ', 'name: ', 'colour: ']) expect(said).toContain(path);
  });
});

describe('a bad file ends with 65:', () => {
  test('text that is not JSON, with line and column', async () => {
    const path = file('broken.json', '{\n  "name": "small",\n  oops\n}');

    const { code, err } = await trial('run', path);

    expect(code).toBe(65);
    expect(err).toBe(
      `error: ${path}:3:3: not JSON: expected a key in double quotes, found "oops"\n`,
    );
  });

  test('a file that is not there, and a folder', async () => {
    const missing = await trial('run', join(folder, 'missing.json'));
    const directory = await trial('run', `${folder}/`);

    expect(missing.code).toBe(65);
    expect(missing.err).toContain('no such file or directory');
    expect(directory.code).toBe(65);
    expect(directory.err).toContain('it is a directory');
  });

  test('an unknown name, with the nearest one', async () => {
    const { code, err } = await trial('run', 'acks-1-loses-a-record');

    expect(code).toBe(65);
    expect(err).toBe(
      'error: there is no scenario "acks-1-loses-a-record"; ' +
        'did you mean acks-1-loses-an-acknowledged-record?\n',
    );
  });

  test('JSON that is no scenario at all', async () => {
    for (const text of ['null', '[]', '3', '"x"', '{}']) {
      const { code, err } = await trial('validate', file('odd.json', text));
      expect(code).toBe(65);
      expect(err).toContain('not a valid scenario');
    }
  });
});

describe('a TypeScript file', () => {
  test('is loaded with what it imports', async () => {
    file('base.ts', `export const runFor: string = '2s';`);
    const data = `{ ...${JSON.stringify(good)}, runFor }`;
    const path = file('good.ts', `import { runFor } from './base.ts';\nexport default ${data};`);

    expect(await trial('validate', path)).toMatchObject({ code: 0, out: `${path}: ok\n` });
  });

  test.each([
    ['no-default.ts', 'export const a = 1;', 'has no default export'],
    ['function.ts', 'export default { name: () => 1 };', 'plain data: name is a function'],
    ['class.ts', 'export default { at: [new Map()] };', 'at[0] is an object of class Map'],
    ['nan.ts', 'export default { runFor: 0 / 0 };', 'runFor is NaN'],
    [
      'syntax.ts',
      'export default {\n a: ; }',
      'cannot be read as TypeScript: 2:5: Unexpected token',
    ],
    ['import.ts', "import x from './no.ts'; export default x;", "Could not resolve './no.ts'"],
    ['throws.ts', "throw new Error('on purpose'); export default {};", 'loaded: on purpose'],
    ['exits.ts', 'process.exit(0); export default {};', 'it calls process.exit'],
    ['getter.ts', 'export default { get a() { throw new Error("no!"); } };', 'plain data: no!'],
    ['package.ts', "import x from 'no-such'; export default x;", 'it imports "no-such"'],
    ['unfit.ts', 'export default { nam: "x" };', 'did you mean name?'],
  ])('%s is refused', async (name, contents, words) => {
    const { code, err } = await trial('validate', file(name, contents));

    expect(code).toBe(65);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n +at /);
  });
});

test('validate goes on after a bad one and ends with 65', async () => {
  const fine = file('fine.json', JSON.stringify(good));
  const bad = file('bad.json', '{}');

  const { code, out } = await trial('validate', bad, fine);

  expect(code).toBe(65);
  expect(out).toBe(`${fine}: ok\n`);
});
