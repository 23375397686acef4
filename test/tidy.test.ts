/**
 * Keeps the house in order: import rules between rooms, no cycles, no sources of
 * non-determinism in the system and the laboratory, sizes, words, generated code. Dead files and
 * exports are knip's (`npm run check`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateReference } from '../scripts/generate-reference.ts';
import { GENERATED_FOLDER, generateWire } from '../scripts/generate-wire.ts';
import {
  banComplaints,
  cycles,
  importComplaints,
  KAFKA_ROOMS,
  missingTargets,
  sizeComplaints,
} from './tidy/rules.ts';
import { parse, readSources, root } from './tidy/sources.ts';

const sources = readSources();

describe('the sources', () => {
  test('import only what their room may', () => {
    expect(sources.flatMap(importComplaints)).toEqual([]);
  });

  test('import only files that exist', () => {
    expect(missingTargets(sources)).toEqual([]);
  });

  test('have no import cycles', () => {
    expect(cycles(sources)).toEqual([]);
  });

  test('use nothing that is banned where they are', () => {
    expect(sources.flatMap(banComplaints)).toEqual([]);
  });

  test('are at most 500 lines of at most 120 columns', () => {
    expect(sources.flatMap(sizeComplaints)).toEqual([]);
  });

  test('in kafka/ belong to a room with import rules', () => {
    const rooms = readdirSync(join(root, 'kafka'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'base')
      .map((entry) => entry.name);

    expect(rooms.filter((room) => KAFKA_ROOMS[room] === undefined)).toEqual([]);
  });
});

test('the rooms of kafka/ have an order: none calls backwards', () => {
  for (const [room, allowed] of Object.entries(KAFKA_ROOMS)) {
    for (const other of allowed)
      expect(KAFKA_ROOMS[other], `${other} ↔ ${room}`).not.toContain(room);
  }
});

test('the generated code is what the generator writes today', () => {
  const expected = generateWire();
  const present = readdirSync(join(root, GENERATED_FOLDER)).map(
    (name) => `${GENERATED_FOLDER}/${name}`,
  );

  expect(present.sort()).toEqual([...expected.keys()].sort());
  for (const [path, source] of expected) {
    expect(readFileSync(join(root, path), 'utf8') === source, path).toBe(true);
  }
});

test('the reference is what the tables say today', () => {
  for (const [path, text] of generateReference()) {
    expect(readFileSync(join(root, path), 'utf8'), `${path}: npm run generate`).toBe(text);
  }
});

describe('the rules see', () => {
  const complaintsOf = (path: string, text: string) => {
    const source = parse(path, text);
    return [...importComplaints(source), ...banComplaints(source)].map((line) =>
      line.replace(/^\S+ /, ''),
    );
  };

  test.each([
    ['kafka/log/a.ts', "import { x } from 'node:fs';", 'kafka/ may not import node:fs'],
    [
      'kafka/log/a.ts',
      "import { x } from '../replication/p.ts';",
      'log may not import replication',
    ],
    [
      'kafka/wire/a.ts',
      "export * from '../../sim/world.ts';",
      'kafka/ may not import sim/world.ts',
    ],
    ['kafka/wire/a.ts', "import '../rpc/x.ts';", 'wire may not import rpc'],
    ['sim/a.ts', 'const x = await import("node:os");', 'sim/ may not import node:os'],
    ['sim/a.ts', "import type { x } from '../cli/x.ts';", 'sim/ may not import cli/x.ts'],
    ['sim/a.ts', 'const now = Date.now();', 'Date: time comes from the host’s clock'],
    ['sim/a.ts', 'const x = Math.log(2);', 'Math.log: differs between engines or is not seeded'],
    ['sim/a.ts', 'const x = y ** 0.5;', '**: only integers may be raised'],
    ['sim/a.ts', 'try { f(); } catch { g(); }', 'catch {: would swallow a simulated crash'],
    ['sim/a.ts', `const s = \`\${Date.now()}\`;`, 'Date: time comes from the host’s clock'],
    ['viz/model/a.ts', "import { css } from 'lit';", 'viz/model may not import lit'],
    [
      'viz/model/a.ts',
      "import { AppStore } from '../app/store.ts';",
      'viz/model may not import viz/app/store.ts',
    ],
    ['viz/a.ts', "import { x } from '../cli/x.ts';", 'viz/ may not import cli/x.ts'],
    ['cli/a.ts', 'eval("1");', 'eval: no code from text'],
    ['cli/a.ts', 'new Function("1");', 'new Function: no code from text'],
    [
      'kafka/log/a.ts',
      'try { f(); } catch (error) { g(); }',
      'a catch must first rethrow what it is not for',
    ],
  ])('%s: %s', (path, text, complaint) => {
    expect(complaintsOf(path, text)).toContain(complaint);
  });

  test.each([
    "// Date, Math.random, eval('x')",
    "const text = 'Date.now() // not a comment';",
    'const pattern = /["\']Date/; const y = 2 ** 31;',
    `const s = \`Date \${y} async\`;`,
    'const half = total / 2; const text = "/ Date";',
    'try { f(); } catch (error) {\n  if (!(error instanceof DiskError)) throw error;\n g(); }',
  ])('nothing wrong in %j', (text) => {
    expect(complaintsOf('kafka/log/a.ts', text)).toEqual([]);
  });

  test('a cycle of values, not one of types', () => {
    const ring = (keyword: string) => [
      parse('kafka/log/a.ts', "import { b } from './b.ts';"),
      parse('kafka/log/b.ts', `${keyword} { a } from './a.ts';`),
    ];

    expect(cycles(ring('import'))).toEqual([
      ['kafka/log/a.ts', 'kafka/log/b.ts', 'kafka/log/a.ts'],
    ]);
    expect(cycles(ring('import type'))).toEqual([]);
  });
});
