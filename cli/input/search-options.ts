/** Values of options that searches take; each refuses what it cannot be, with what it may be. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { durationMs } from '../../sim/scenario/duration.ts';
import { FAMILIES } from '../../sim/search/campaign.ts';
import { PLOTS, type PlotName } from '../../sim/swarm/plots.ts';

export function parseCount(text: string): number {
  const number = Number(text);
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('Expected an integer from 1 on.');
  }
  return number;
}

export function parseWallTime(text: string): number {
  const ms = durationMs(text);
  if (ms === null || ms <= 0) throw new InvalidArgumentError('Expected a time such as 60s or 5m.');
  return ms;
}

const MOST_WORKERS = 256;

export function workersOption(): Option {
  return new Option('--workers <n>', 'processes; auto: one for each processor')
    .argParser(parseWorkers)
    .default(parseWorkers('auto'), 'auto');
}

function parseWorkers(text: string): number {
  if (text === 'auto') return availableParallelism();
  const number = Number(text);
  if (!/^[1-9]\d*$/.test(text) || number > MOST_WORKERS) {
    throw new InvalidArgumentError(`Expected auto or an integer from 1 to ${MOST_WORKERS}.`);
  }
  return number;
}

export interface Shard {
  readonly part: number;
  readonly of: number;
}

export function parseShard(text: string): Shard {
  const [, part = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > of) {
    throw new InvalidArgumentError('Expected i/n with i from 1 to n, such as 2/3.');
  }
  return { part, of };
}

export type Family = (typeof FAMILIES)[number];

export function parseFamilies(text: string): Family[] {
  return namesOf(text, { all: FAMILIES, what: 'family' });
}

export function parsePlots(text: string): PlotName[] {
  return namesOf(text, { all: PLOTS, what: 'plot' });
}

/** In the order of `all`, each once. */
function namesOf<N extends string>(
  text: string,
  { all, what }: { readonly all: readonly N[]; readonly what: string },
): N[] {
  const names = text.split(',').map((one) => one.trim());
  for (const name of names) {
    if ((all as readonly string[]).includes(name)) continue;
    const near = didYouMean(nearestName(name, all));
    const none = `There is no ${what} "${name}"${near && `; ${near}`}`;
    throw new InvalidArgumentError(`${none} (allowed: ${all.join(', ')})`);
  }
  return all.filter((one) => names.includes(one));
}
