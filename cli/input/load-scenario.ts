/**
 * Finds what a `<scenario>` on the command line means: the name of a built-in story, or a file
 * with JSON or TypeScript in it. The result is a valid scenario or an error that names every
 * problem and its place.
 */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readyCodecs } from '../../codecs/for-runs.ts';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { allScenarios } from '../../scenarios/all.ts';
import { parseJsonText } from '../../sim/scenario/json-text.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { inputError, problemsError, reasonOf } from '../errors.ts';
import { loadTypeScript } from './load-typescript.ts';

export interface LoadedScenario {
  /** As given on the command line; what a replay line repeats. */
  readonly label: string;
  readonly scenario: Scenario;
}

const FILE = /[/\\]|\.(json|ts|mts|js|mjs)$/;
/** Scenarios written as code. */
export const CODE_FILE = /\.(ts|mts|js|mjs)$/;

export async function loadScenario(label: string): Promise<LoadedScenario> {
  const scenario = await find(label);
  await readyCodecs(scenario);
  return { label, scenario };
}

async function find(label: string): Promise<Scenario> {
  if (!FILE.test(label)) return builtIn(label);
  if (!CODE_FILE.test(label)) return fromJson(label);
  readText(label);
  return checked(label, await loadTypeScript(label));
}

function builtIn(name: string): Scenario {
  const found = allScenarios.find((one) => one.name === name);
  if (found !== undefined) return checked(name, found);
  const nearest = nearestName(
    name,
    allScenarios.map((one) => one.name),
  );
  const hint = nearest === null ? '`trial list` shows them all' : didYouMean(nearest);
  throw inputError(`there is no scenario "${name}"; ${hint}`);
}

function fromJson(path: string): Scenario {
  const read = parseJsonText(readText(path));
  if (read.ok) {
    refuseOthers(path, read.value);
    return checked(path, read.value, read.locate);
  }
  throw inputError(`${path}:${read.line}:${read.column}: not JSON: ${read.message}`);
}

/** What other commands write and read. */
function refuseOthers(path: string, json: unknown): void {
  const kind = typeof json === 'object' && json !== null && 'kind' in json ? json.kind : null;
  if (kind === 'failure') {
    const replay = `\`trial replay ${path}\` runs it`;
    const emit = `\`trial shrink ${path} --emit scenario\` makes a scenario of it`;
    throw inputError(`${path} is a failure file and no scenario: ${replay}, ${emit}`);
  }
  if (kind === 'campaign') {
    const resume = `\`trial fuzz --resume ${dirname(path)}\` goes on with it`;
    throw inputError(`${path} is the state of a campaign and no scenario: ${resume}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

function checked(label: string, json: unknown, locate?: (path: string) => string): Scenario {
  const parsed = parseScenario(json);
  if (parsed.scenario !== undefined) return parsed.scenario;
  throw problemsError(label, parsed.problems, locate);
}
