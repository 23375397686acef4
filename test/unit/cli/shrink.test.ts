import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureSchema } from '../../../sim/search/failure.ts';
import { jsonOf, whileLeadersLie } from '../search/lying-leader.ts';
import { trial } from './in-process.ts';

const home = process.cwd();
let folder = '';
let failure = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  // Seed 10 draws 19 faults for three brokers.
  const { out } = await whileLeadersLie(() =>
    trial('fuzz', '--from', '10', '--seeds', '1', '--quiet', '--json'),
  );
  failure = JSON.parse(out).failures[0].file;
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const shrink = (...args: string[]) =>
  whileLeadersLie(() => trial('shrink', failure, '--for', '1h', ...args));

/** A whole shrinking takes a thousand runs, and others may want the processor. */
const patient = { timeout: 900_000 };

describe('a failure with many faults', patient, () => {
  test('becomes a short one of the same check that fails by itself and is quickly told', async () => {
    const { code, out } = await shrink('--quiet');

    expect(code).toBe(0);
    expect(out).toMatch(
      /^shrunk {2}[\d,]+ events → [\d,]+ \(\d+\.\d % fewer\), \d+ faults → [0-2],/m,
    );
    const small = failureSchema.parse(jsonOf(failure.replace('.json', '.min.json')));
    expect(small.check).toBe(jsonOf(failure)['check']);
    expect(small.events).toBeLessThan(Number(jsonOf(failure)['events']) / 5);
    writeFileSync('alone.json', JSON.stringify(small.scenario));
    const alone = await whileLeadersLie(() => trial('run', 'alone.json', '--json'));
    expect(alone.code).toBe(1);
    expect(JSON.parse(alone.out).digest).toBe(small.digest);
  });

  test('always becomes the same', async () => {
    const small = failure.replace('.json', '.min.json');
    const again = async () => {
      const args = ['--for', '1h', '--json', '--quiet', '--out', 'again.json'];
      const { out } = await whileLeadersLie(() => trial('shrink', small, ...args));
      const { wallMs: _wall, ...result } = JSON.parse(out);
      return result;
    };
    const once = await again();

    expect(await again()).toEqual(once);
    expect(once).toMatchObject({ minimal: true, steadiness: { of: 10 } });
  });

  test('is emitted as a scenario, a test and a link that fail as well', async () => {
    const small = failure.replace('.json', '.min.json');
    // It is small already.
    const emit = (...args: string[]) =>
      whileLeadersLie(() => trial('shrink', small, '--for', '1ms', '--quiet', '--emit', ...args));
    const scenario = await emit('scenario');
    const vitest = await emit('vitest', '--out', 'tests/lost.test.ts');
    const link = await emit('link');

    const written = JSON.parse(scenario.out);
    expect(Object.keys(written.cluster)).not.toContain('spareControllers');
    expect(vitest.code).toBe(0);
    const source = readFileSync('tests/lost.test.ts', 'utf8');
    expect(source).toContain(`test('${written.name} comes out as expected'`);
    const opened = await whileLeadersLie(() => trial('replay', link.out.trim(), '--verify'));
    expect(opened.out).toMatch(/^the same run/);
    expect(opened.code).toBe(0);
  });

  test('is told as far as it came when the time is over', async () => {
    const { code, out } = await whileLeadersLie(() => trial('shrink', failure, '--for', '2s'));

    expect(code).toBe(0);
    expect(out).toContain('more could be taken away');
  });
});

describe('what cannot be shrunk is refused with the reason', () => {
  test('a run that does not fail', async () => {
    const { code, err } = await trial('shrink', 'lost-ack-idempotent-does-not-duplicate');

    expect(code).toBe(65);
    expect(err).toContain('this run does not fail; there is nothing to shrink');
  });

  test('a failure that does not happen any more', async () => {
    const { code, err } = await trial('shrink', failure);

    expect(code).toBe(65);
    expect(err).toMatch(/does not fail in this way with trial \d/);
  });

  test('a wish that fills stdout twice, or is none', async () => {
    const both = await trial('shrink', failure, '--json', '--emit', 'link');
    const none = await trial('shrink', failure, '--emit', 'haiku');

    expect(both).toMatchObject({ code: 64, out: '' });
    expect(none.code).toBe(64);
    expect(none.err).toContain('Allowed choices are scenario, vitest, link');
  });
});
