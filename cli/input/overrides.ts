/**
 * `--set [topic.|broker.|producer.|consumer.]key=value`: changes a config of a scenario. Without
 * prefix a topic key is set on every topic (a broker key of the same name is only its default),
 * else the one level that has the key takes it; a key of several levels must say which.
 */
import type { ConfigLevel } from '../../kafka/config/define.ts';
import { checkLevel, keysOfLevel, levelsOfKey } from '../../kafka/config/levels.ts';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { scenarioProblems } from '../../sim/scenario/meaning.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import type { Scenario, WorkloadEntry } from '../../sim/scenario/schema.ts';
import { usageError } from '../errors.ts';
import type { LoadedScenario } from './load-scenario.ts';

type Level = Exclude<ConfigLevel, 'admin'>;

export interface Override {
  readonly level: Level;
  readonly key: string;
  readonly value: string;
  /** As it was given. */
  readonly option: SettingOption;
}

/** What a setting is given with: complaints name it. */
export type SettingOption = '--set' | '--list';

const LEVELS: readonly Level[] = ['topic', 'broker', 'producer', 'consumer'];

/** @throws a usage error (64) that names the key, the value and what would be right. */
export function parseOverride(text: string, option: SettingOption = '--set'): Override {
  const equals = text.indexOf('=');
  if (equals <= 0) throw usageError(`${option} ${text}: expected key=value`);
  const name = text.slice(0, equals).trim();
  const value = text.slice(equals + 1);
  const { level, key } = levelAndKey(name, option);
  const [error] = checkLevel(level, { [key]: value }, option).filter(
    (one) => one.kind !== 'conflict',
  );
  if (error !== undefined) throw usageError(`${option} ${text}: ${error.message}`);
  return { level, key, value, option };
}

/** @throws a usage error (64) for one that is wrong, and for a key that is set twice. */
export function parseOverrides(texts: readonly string[]): Override[] {
  const overrides = texts.map((one) => parseOverride(one));
  const keys = overrides.map(({ level, key }) => `${level}.${key}`);
  const place = keys.findIndex((one, here) => keys.indexOf(one) !== here);
  if (place < 0) return overrides;
  throw usageError(`--set ${texts[place]}: ${keys[place]} is set already; give each key one value`);
}

function levelAndKey(name: string, option: SettingOption): { level: Level; key: string } {
  const prefix = LEVELS.find((level) => name.startsWith(`${level}.`));
  const rest = prefix === undefined ? name : name.slice(prefix.length + 1);
  // broker.rack, broker.session.timeout.ms … are whole keys, not prefixed ones.
  const isWhole = levelsOf(name).length > 0;
  if (prefix !== undefined && (!isWhole || Object.hasOwn(keysOfLevel(prefix), rest))) {
    return { level: prefix, key: rest };
  }
  const levels = levelsOf(name);
  const first = levels[0];
  if (first === undefined) throw usageError(unknownKey(name, option));
  const others = levels.filter((level) => level !== 'broker' || first !== 'topic');
  if (others.length === 1) return { level: first, key: name };
  const choices = levels.map((level) => `${level}.${name}`).join(', ');
  throw usageError(`${option} ${name}: several levels have this key; say which: ${choices}`);
}

function levelsOf(key: string): Level[] {
  return LEVELS.filter((level) => levelsOfKey(key).includes(level));
}

function unknownKey(name: string, option: SettingOption): string {
  const known = new Set(LEVELS.flatMap((level) => Object.keys(keysOfLevel(level))));
  const help = didYouMean(nearestName(name, known)) || '`trial list configs` shows them all';
  return `${option} ${name}: no such key; ${help}`;
}

/** @throws a usage error (64) if an override finds nothing to change or makes a contradiction. */
export function applyOverrides(
  loaded: LoadedScenario,
  overrides: readonly Override[],
): LoadedScenario {
  const scenario = overrides.reduce(
    (changed, override) => applyOne(loaded.label, changed, override),
    loaded.scenario,
  );
  const problems = overrides.length === 0 ? [] : scenarioProblems(scenario);
  if (problems.length > 0) {
    const said = problems.map((one) => `  ${describeProblem(one)}`).join('\n');
    const options = [...new Set(overrides.map((one) => one.option))].join(' and ');
    throw usageError(`${options} makes ${loaded.label} invalid:\n${said}`);
  }
  return { ...loaded, scenario };
}

function applyOne(label: string, scenario: Scenario, override: Override): Scenario {
  const { level, key, value } = override;
  const set = <T extends { config: Record<string, string> }>(one: T): T => ({
    ...one,
    config: { ...one.config, [key]: value },
  });
  const { cluster, workload } = scenario;
  if (level === 'broker') return { ...scenario, cluster: set(cluster) };
  if (level === 'topic') {
    if (cluster.topics.length === 0) throw nothingToSet(label, override);
    return { ...scenario, cluster: { ...cluster, topics: cluster.topics.map(set) } };
  }
  const isMeant = (entry: WorkloadEntry) => level in entry;
  if (!workload.some(isMeant)) throw nothingToSet(label, override);
  return { ...scenario, workload: workload.map((one) => (isMeant(one) ? set(one) : one)) };
}

function nothingToSet(label: string, { level, key, value, option }: Override): Error {
  return usageError(`${option} ${level}.${key}=${value}: ${label} has no ${level}`);
}
