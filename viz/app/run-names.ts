/**
 * What a run is called beside others: by what was changed in it, since runs that were made of one
 * scenario share its name.
 */
import { differences } from './edit.ts';
import { titleOf } from './gallery-cards.ts';
import type { RunSlot } from './services.ts';
import { spoken } from './spoken.ts';
import { wholeScenario } from './whole-scenario.ts';

export interface ScenarioChange {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** What makes the one run another than the other; not what is only told or expected of it. */
export function changesBetween(left: RunSlot, right: RunSlot): ScenarioChange[] {
  return differences(wholeScenario(left.spec), wholeScenario(right.spec)).filter(
    (one) => !/^(expect|name|story|claim)/.test(one.path),
  );
}

const NAMED = 2;

/** `acks=all`, `kill broker-1`, `acks=all, linger.ms=5 and 2 more`; '' when nothing is changed. */
export function changeWords(changes: readonly ScenarioChange[]): string {
  const words = changes.slice(0, NAMED).map((one) => wordsOf(one.path, one.left, one.right));
  const more = changes.length - words.length;
  return words.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What the changes make another: the side that was. */
export function changedFrom(changes: readonly ScenarioChange[]): ScenarioChange[] {
  return changes.map(({ path, left, right }) => ({ path, left: right, right: left }));
}

/** The run that this one was made from, as far as the page still has it. */
export function originOf(slots: ReadonlyMap<number, RunSlot>, slot: RunSlot): RunSlot | null {
  const parent = slot.parent === null ? undefined : slots.get(slot.parent.id);
  if (parent !== undefined) return originOf(slots, parent) ?? parent;
  const { name } = slot.spec.scenario;
  const alike = [...slots.values()].find((one) => one.spec.scenario.name === name);
  return alike === undefined || alike.id >= slot.id ? null : alike;
}

/** `acks=all (acks=1 loses an acknowledged record), seed 1` */
export function runName(slots: ReadonlyMap<number, RunSlot>, slot: RunSlot): string {
  const { title, changed } = runTitle(slots, slot);
  const words = changed === '' ? title : `${changed} (changed from “${title}”)`;
  return `${words}, seed ${slot.spec.seed}`;
}

/** The scenario's title, and what is otherwise in this run of it. */
export function runTitle(
  slots: ReadonlyMap<number, RunSlot>,
  slot: RunSlot,
): { title: string; changed: string } {
  const origin = originOf(slots, slot);
  const changed = origin === null ? '' : changeWords(changesBetween(origin, slot));
  return { title: titleOf(slot.spec.scenario.name), changed };
}

function wordsOf(path: string, left: unknown, right: unknown): string {
  const key = path.split('.').at(-1) ?? path;
  if (right === undefined) return `without ${isTree(left) ? entryWords(left, path) : key}`;
  return isTree(right) ? entryWords(right, path) : `${key}=${String(right)}`;
}

const WHEN: readonly string[] = ['at', 'after', 'afterEvent', 'when', 'name'];

/** `kill broker-1` of a fault. */
function entryWords(entry: object, path: string): string {
  const [verb, target] = Object.entries(entry).find(([key]) => !WHEN.includes(key)) ?? [];
  if (verb === undefined || Array.isArray(entry)) return path;
  if (typeof target === 'string') return `${spoken(verb)} ${target}`;
  const isPair = Array.isArray(target) && target.every((one) => typeof one === 'string');
  return isPair ? `${spoken(verb)} ${target.join(' and ')}` : spoken(verb);
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
