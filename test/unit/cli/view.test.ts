import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POLICY, type Served, serve } from '../../../cli/serve/static-server.ts';
import { root } from '../../tidy/sources.ts';
import { trialIn } from './in-process.ts';

const small = {
  name: 'small',
  cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
  runFor: 100,
};
let folder = '';
let served: Served;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-view-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html>the page');
  writeFileSync(join(folder, 'page', 'assets', 'main.js'), 'void 0;');
  writeFileSync(join(folder, 'secret.txt'), 'not for anybody');
  writeFileSync(join(folder, 'story.json'), '{ "scenario": "acks-0-loses-silently" }');
  served = await serve({
    folder: join(folder, 'page'),
    port: 0,
    files: new Map([['files/story.json', join(folder, 'story.json')]]),
  });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As it is written: `fetch` would mend the path. */
function ask(path: string, options: { method?: string; host?: string } = {}) {
  const { port } = new URL(served.url);
  const headers = options.host === undefined ? {} : { Host: options.host };
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers },
        (answer) => {
          let text = '';
          answer.on('data', (piece) => {
            text += piece;
          });
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
          );
        },
      );
      sent.on('error', reject);
      sent.end();
    },
  );
}

describe('the server of the page', () => {
  test('serves the page, its parts and the named files, each as what it is', async () => {
    const page = await ask('/');
    expect(page).toMatchObject({ status: 200, text: '<!doctype html>the page' });
    expect(page.headers['content-type']).toContain('text/html');
    expect((await ask('/assets/main.js')).headers['content-type']).toContain('javascript');
    expect(await ask('/files/story.json')).toMatchObject({ status: 200 });
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '//../secret.txt',
    '/files/../secret.txt',
    '/files/secret.txt',
    '/nothing',
  ])('gives nothing else: %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, text: '404\n' });
  });

  test('refuses what it cannot read, what is no question, and foreign host names', async () => {
    expect((await ask('/%ff')).status).toBe(400);
    expect((await ask('/', { method: 'POST' })).status).toBe(405);
    expect((await ask('/', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('/', { host: 'localhost:1' })).status).toBe(200);
  });

  test('sends the policy that the page carries, and one against frames', async () => {
    const html = readFileSync(join(root, 'viz/index.html'), 'utf8');
    const { headers } = await ask('/');

    const said = String(headers['content-security-policy']);
    expect(html.replace(/\s+/g, ' ')).toContain(`content="${POLICY.join('; ')}"`);
    expect(said).toBe(`${POLICY.join('; ')}; frame-ancestors 'none'`);
    expect(said).not.toMatch(/unsafe-(inline|eval)(?<!wasm-unsafe-eval)/);
  });
});

describe('trial view', () => {
  const view = (...args: string[]) =>
    trialIn({ TRIAL_PAGE: join(folder, 'page') }, 'view', '--port', '0', ...args);

  test('prints where the page is and ends when it is interrupted', async () => {
    const { code, out, err } = await view();

    expect(code).toBe(0);
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(err).toContain('Ctrl-C');
  });

  test('opens what was named: a file, a folder, a story, a link', async () => {
    const file = await view(join(folder, 'story.json'));
    const all = join(folder, 'many');
    mkdirSync(all);
    for (const name of ['b.json', 'a.json', 'c.txt']) writeFileSync(join(all, name), '{}');

    expect(file.out).toMatch(/\/\?open=files\/story\.json\n$/);
    expect((await view(all)).out).toMatch(/\/\?list=files\/index\.json\n$/);
    expect((await view('acks-0-loses-silently')).out).toMatch(/\?scenario=acks-0-loses-silently\n/);
    expect((await view('https://x.example/trial/#v1.abc')).out).toMatch(/\/#v1\.abc\n$/);
  });

  test.each([
    [['nothing-like-this'], 65, 'there is no scenario'],
    [['gone.trial'], 65, 'cannot read gone.trial: no such file'],
    [['--port', 'x'], 64, 'A port is an integer'],
  ])('says what is wrong with %j', async (args, code, words) => {
    const ended = await view(...args);

    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(words);
  });

  test('refuses files that are damaged, with the place', async () => {
    const trace = join(folder, 'x.trial');
    const text = join(folder, 'x.json');
    writeFileSync(trace, 'hello');
    writeFileSync(text, '{\n oops }');

    expect(await view(trace)).toMatchObject({ code: 65, out: '' });
    expect((await view(trace)).err).toContain('not a .trial file');
    expect((await view(text)).err).toContain('x.json:2:2: not JSON');
  });

  test.each([
    ['{"cluster":{"brokers":0},"runFor":"1s","what":1}', 'cluster.brokers', 'what'],
    ['{"scenario":{"cluster":{"brokers":0}}}', ':1:25: ', 'cluster.brokers'],
    ['{"scenario":"acks-0-loses-silentl"}', 'bad.json:1:2', 'acks-0-loses-silently'],
    ['{}', 'neither a scenario', 'nor a failure'],
  ])('refuses a scenario that is not valid, with its problems: %s', async (json, ...words) => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, json);
    const ended = await view(path);

    expect(ended).toMatchObject({ code: 65, out: '' });
    for (const word of words) expect(ended.err).toContain(word);
  });

  describe('refuses a failure file that replay refuses, too', () => {
    const failure = {
      ...{ schema: 1, kind: 'failure', engine: '0.1.0', scenario: small, seed: 1 },
      ...{ check: 'log-match', verdict: 'violated', at: 3, explanation: 'it is so' },
      signature: 'log-match',
      findings: [{ kind: 'violated', check: 'log-match', at: 3, explanation: 'it is so' }],
      ...{ digest: '', traceHash: '', events: 9 },
    };
    const viewed = (change: object) => {
      const path = join(folder, 'failure.json');
      writeFileSync(path, JSON.stringify({ ...failure, ...change }));
      return view(path);
    };

    test.each([
      [{ schema: 2 }, 'schema: a failure of format 2'],
      [{ schema: 0 }, 'schema: a failure of format 0'],
      [{ more: 1 }, 'more: 1 — unknown field'],
      [{ check: 'log-mach' }, 'did you mean log-match?'],
      [{ digest: 'abc' }, 'digest: "abc"'],
      [{ kind: 'faillure' }, 'kind: "faillure"'],
      [{ check: 'candidate-complete' }, '(allowed: log-match)'],
      [{ verdict: 'unmet' }, '(allowed: violated)'],
    ])('%j', async (change, words) => {
      const { code, err } = await viewed(change);

      expect(code).toBe(65);
      expect(err).toContain(words);
    });

    test('and shows one that is as it should be', async () => {
      expect(await viewed({})).toMatchObject({ code: 0 });
    });
  });

  test('says that the page is not built, and what to do', async () => {
    const ended = await trialIn({ TRIAL_PAGE: join(folder, 'nowhere') }, 'view');

    expect(ended.code).toBe(74);
    expect(ended.err).toContain('npm run build');
  });

  test('says that a wished-for port is taken', async () => {
    const { port } = new URL(served.url);
    const ended = await view('--port', port);

    expect(ended.code).toBe(74);
    expect(ended.err).toContain(`port ${port}: something else listens there`);
  });
});
