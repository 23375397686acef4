/**
 * Loads a scenario written in TypeScript: bundles the file with what it imports and takes its
 * default export, which must be plain data. Rolldown is loaded only when such a file is given.
 */
import { inputError, reasonOf } from '../errors.ts';
import { plainDataProblem } from './plain-data.ts';

/** @returns what the file exports, as parsed JSON would be. */
export async function loadTypeScript(path: string): Promise<unknown> {
  const code = await bundle(path);
  const exported = await evaluate(path, code);
  if (exported === undefined) {
    throw inputError(`${path} has no default export; a scenario file exports its data as default`);
  }
  const problem = plainDataProblem(exported);
  if (problem !== null) throw inputError(`${path} does not export plain data: ${problem}`);
  return JSON.parse(JSON.stringify(exported));
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
    return output[0].code;
  } catch (error) {
    throw inputError(`${path} cannot be read as TypeScript: ${bundlerMessage(error)}`);
  }
}

async function evaluate(path: string, code: string): Promise<unknown> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  try {
    const loaded: { default?: unknown } = await import(/* @vite-ignore */ url);
    return loaded.default;
  } catch (error) {
    throw inputError(`${path} fails while it is loaded: ${reasonOf(error)}`);
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
