/**
 * A file that was dropped or chosen, or that the server offers: a trace, a scenario, a failure or
 * a link as text. What is wrong with it is said with its place; nothing of it is dropped silently.
 */
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { allScenarios } from '../../scenarios/all.ts';
import { parseJsonText } from '../../sim/scenario/json-text.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { RunSlot, RunSpec } from '../app/services.ts';
import type { AppStore } from '../app/store.ts';
import { isSeed, SEED_RULE } from '../model/seed.ts';
import { tellIfTooFar } from './too-far.ts';
import { type Rerun, type Said, verifyFile, verifyLink } from './verify.ts';

export interface OpenedFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** What of the engine is needed to open one. */
export interface FileDoors {
  open(spec: RunSpec, show: { readonly at?: number }): Promise<RunSlot>;
  read(bytes: Uint8Array, at: number): Promise<{ slot: RunSlot; engine: string }>;
  whole(slot: RunSlot): Promise<RunSlot>;
  readonly rerun: Rerun;
  openLink(text: string): Promise<boolean>;
}

const TRACE_FIRST_BYTE = 0x8b;
/** Text is read where the page is drawn, so it has to be short; a trace is read by the worker. */
const LARGEST_TEXT_MIB = 2;
const LARGEST_TRACE_MIB = 512;
const LINK = /^(https?:\/\/|[#?])/;

/** Throws when a file is larger than what the page opens, before anything of it is read. */
export function checkSize(name: string, size: number, firstByte: number): void {
  const isTrace = firstByte === TRACE_FIRST_BYTE;
  const most = isTrace ? LARGEST_TRACE_MIB : LARGEST_TEXT_MIB;
  const mib = size / 2 ** 20;
  if (mib <= most) return;
  const what = isTrace ? 'a trace' : 'a scenario, a failure or a link';
  throw new Error(
    `${name} is too large (${mib.toFixed(1)} MiB): ${what} may have ${most} MiB at most`,
  );
}

/** Rejects with what is wrong, one line for each thing. */
export async function openFile(
  app: AppStore,
  doors: FileDoors,
  { name, bytes }: OpenedFile,
  at = 0,
): Promise<void> {
  const content = new Uint8Array(bytes);
  if (content.length === 0) throw new Error(`${name} is empty`);
  checkSize(name, content.length, content[0] ?? 0);
  if (content[0] === TRACE_FIRST_BYTE) return openTrace(app, doors, content, at);
  const text = textOf(name, content).trim();
  if (LINK.test(text)) {
    if (await doors.openLink(text)) return;
    throw new Error(`${name}: the link in it asks for nothing`);
  }
  return openJson(app, doors, { name, text, at });
}

async function openTrace(
  app: AppStore,
  doors: FileDoors,
  bytes: Uint8Array,
  at: number,
): Promise<void> {
  const { slot, engine } = await doors.read(bytes, at);
  await doors.whole(slot);
  tellIfTooFar(app, slot, at, 'The address');
  const { identity } = slot.store;
  const { digest = '', traceHash = '' } = identity ?? {};
  const said = { digest, traceHash, engine };
  void verifyFile(app, slot, { said, rerun: doors.rerun }).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    app.notify('error', 'The run in the file could not be repeated here', words.split('\n'));
  });
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Error(`${name} is neither a .trial file nor text`);
  }
}

async function openJson(
  app: AppStore,
  doors: FileDoors,
  { name, text, at }: { readonly name: string; readonly text: string; readonly at: number },
): Promise<void> {
  const read = parseJsonText(text);
  if (!read.ok) {
    throw new Error(`${name}:${read.line}:${read.column}: not JSON: ${read.message}`);
  }
  const { value, locate } = read;
  const place = (path: string) => `${name}${locate(path)}`;
  if (isObject(value) && 'cluster' in value) {
    const scenario = checked(value, place, '');
    const slot = await doors.open({ scenario, seed: scenario.seed ?? 1 }, { at });
    if (at > 0) tellIfTooFar(app, await doors.whole(slot), at, 'The address');
    return;
  }
  if (!isObject(value) || !('scenario' in value)) {
    throw new Error(
      `${place('')}: neither a scenario (it has no "cluster") nor a failure (it has no "scenario")`,
    );
  }
  const failure = failureIn(value, place);
  const asked = at === 0 ? failure.at : at;
  const slot = await doors.open(failure.spec, { at: asked });
  await doors.whole(slot);
  tellIfTooFar(app, slot, asked, at === 0 ? 'The file' : 'The address');
  verifyLink(app, slot, { said: failure.said, path: null });
}

/** Also what `trial run --json` prints of one run. */
function failureIn(
  value: Record<string, unknown>,
  place: (path: string) => string,
): { spec: RunSpec; at: number; said: Said } {
  const { scenario, seed = 1, at = 0, digest = '', traceHash = '', engine = '' } = value;
  if (!isSeed(seed)) {
    throw new Error(`${place('seed')}: seed: ${JSON.stringify(seed)} is no seed; ${SEED_RULE}`);
  }
  if (!isWhole(at)) {
    throw new Error(`${place('at')}: at: ${JSON.stringify(at)} is no event (an integer from 0)`);
  }
  const found =
    typeof scenario === 'string'
      ? builtIn(scenario, place('scenario'))
      : checked(scenario, place, 'scenario');
  const said = { digest: hashIn(digest), traceHash: hashIn(traceHash), engine: String(engine) };
  return { spec: { scenario: found, seed }, at, said };
}

function builtIn(name: string, where: string): RunSpec['scenario'] {
  const found = allScenarios.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = allScenarios.map((one) => one.name);
  const nearest = didYouMean(nearestName(name, names));
  throw new Error(`${where}: scenario: there is none called "${name}"${nearest && `; ${nearest}`}`);
}

function checked(json: unknown, place: (path: string) => string, base: string): Scenario {
  const { scenario, problems } = parseScenario(json);
  if (scenario !== undefined) return scenario;
  const lines = problems.map((one) => {
    const path = base === '' ? one.path : `${base}.${one.path}`;
    return `${place(path)}: ${describeProblem(one)}`;
  });
  throw new Error(['The scenario is not valid.', ...lines].join('\n'));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function hashIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
