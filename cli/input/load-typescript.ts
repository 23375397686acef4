/**
 * Loads a scenario written in TypeScript: bundles the file with what it imports and takes its
 * default export, which must be plain data. Rolldown is loaded only when such a file is given.
 */
import { isBuiltin } from 'node:module';
import { inputError, reasonOf } from '../errors.ts';
import { plainDataProblem } from './plain-data.ts';

/** A file of data is there at once; one that takes this long waits for something. */
const LOAD_LIMIT_MS = 10_000;

/** @returns what the file exports, as parsed JSON would be. */
export async function loadTypeScript(path: string): Promise<unknown> {
  const code = await bundle(path);
  const { exported } = await evaluate(path, code);
  if (exported === undefined) {
    throw inputError(`${path} has no default export; a scenario file exports its data as default`);
  }
  return plainCopy(path, exported);
}

function plainCopy(path: string, exported: unknown): unknown {
  let problem: string | null;
  try {
    problem = plainDataProblem(exported);
    if (problem === null) return JSON.parse(JSON.stringify(exported));
  } catch (error) {
    // Getters and proxies run the file's own code.
    problem = reasonOf(error);
  }
  throw inputError(`${path} does not export plain data: ${problem}`);
}

async function bundle(path: string): Promise<string> {
  const { rolldown } = await import('rolldown');
  try {
    const build = await rolldown({
      input: path,
      platform: 'node',
      treeshake: true,
      logLevel: 'silent',
    });
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    await build.close();
    const [{ code, imports }] = output;
    const missing = imports.find((name) => !isBuiltin(name));
    if (missing === undefined) return code;
    throw new Error(`it imports "${missing}", which cannot be found`);
  } catch (error) {
    throw inputError(`${path} cannot be read as TypeScript: ${bundlerMessage(error)}`);
  }
}

/** The export comes in an object, for a promise must not be waited for: it is no data. */
async function evaluate(path: string, code: string): Promise<{ exported: unknown }> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const { exit } = process;
  // Stdout is for results; what the file has to say is no result.
  const { log, info, debug } = console;
  Object.assign(console, { log: console.error, info: console.error, debug: console.error });
  process.exit = () => {
    throw new Error('it calls process.exit');
  };
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    const message = `it is not done after ${LOAD_LIMIT_MS / 1000} s`;
    timer = setTimeout(() => reject(new Error(message)), LOAD_LIMIT_MS);
  });
  try {
    const loading: Promise<{ default?: unknown }> = import(/* @vite-ignore */ url);
    const loaded = await Promise.race([loading, tooLong]);
    return { exported: loaded.default };
  } catch (error) {
    throw inputError(`${path} fails while it is loaded: ${reasonOf(error)}`);
  } finally {
    process.exit = exit;
    Object.assign(console, { log, info, debug });
    clearTimeout(timer);
  }
}

/** `[CODE] What is wrong ╭─[ file:1:21 ] …` → `1:21: What is wrong`, without colours. */
function bundlerMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const plain = message.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
  const telling = plain.slice(Math.max(0, plain.indexOf('[')));
  const words = (telling.split('\n')[0] as string).replace(/^\[[A-Z_]+\] */, '').trim();
  const place = /╭─\[ .*?:(\d+:\d+) \]/.exec(plain)?.[1];
  return place === undefined ? words : `${place}: ${words}`;
}
