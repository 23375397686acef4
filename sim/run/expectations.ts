/** Measures what `expect` names and says whether it came out. */
import { Column } from '../check/history/column.ts';
import type { Verdict } from '../check/verdict.ts';
import type { Strike } from '../faults/strike.ts';
import type { RunWorld } from '../run-world.ts';
import {
  type EventExpectation,
  isNameProblem,
  parseExpectationName,
} from '../scenario/expectation-name.ts';
import type { Bounds, Expected, Scenario } from '../scenario/schema.ts';
import { type FieldValue, traceTable } from '../trace/table.ts';
import type { ExpectationResult } from './report.ts';

/** Counts the events that expectations ask for; made before the run, read after it. */
export class EventTallies {
  private readonly timesUs = new Map<string, Column>();
  private originUs = Number.POSITIVE_INFINITY;

  constructor(world: RunWorld, scenario: Scenario) {
    for (const name of Object.keys(scenario.expect)) {
      const parsed = parseExpectationName(name);
      if (isNameProblem(parsed) || parsed.kind !== 'events') continue;
      const times = new Column(16);
      this.timesUs.set(name, times);
      const matches = matcher(world, parsed);
      world.trace.subscribe(parsed.event, (_event, timeUs, node, ...fields) => {
        if (timeUs >= this.originUs && matches(node, fields)) times.push(timeUs);
      });
    }
  }

  /** Events before scenario time 0 do not count. */
  begin(originUs: number): void {
    this.originUs = originUs;
  }

  /** Times in ms; null when there was no such event (or no such fault). */
  measure(name: string, expectation: EventExpectation, strikes: readonly Strike[]): number | null {
    const times = this.timesUs.get(name) ?? new Column(1);
    const { measure } = expectation;
    if (measure.kind === 'count') return times.length;
    const sinceUs =
      measure.kind === 'afterFault' ? strikeTime(strikes, measure.fault) : this.originUs;
    if (sinceUs === null || times.length === 0) return null;
    if (measure.kind === 'lastAt') return (times.at(times.length - 1) - sinceUs) / 1_000;
    for (let i = 0; i < times.length; i++) {
      if (times.at(i) >= sinceUs) return (times.at(i) - sinceUs) / 1_000;
    }
    return null;
  }
}

function strikeTime(strikes: readonly Strike[], fault: string): number | null {
  return strikes.find((one) => one.fault === fault)?.timeUs ?? null;
}

function matcher(
  world: RunWorld,
  expectation: EventExpectation,
): (node: number, fields: readonly FieldValue[]) => boolean {
  const names = traceTable[expectation.event].fields.map(([name]) => name as string);
  const wanted = expectation.filters.map(([field, value]) => ({ at: names.indexOf(field), value }));
  return (node, fields) =>
    wanted.every(({ at, value }) =>
      at < 0 ? world.nodes[node - 1]?.name === value : String(fields[at]) === value,
    );
}

export interface Measured {
  readonly verdicts: readonly Verdict[];
  /** The report's numbers, nested as their dotted names say. */
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly tallies: EventTallies;
  readonly strikes: readonly Strike[];
}

/** What is expected where the run takes place, or why that is not to be compared there. */
export type Comparison = { readonly expected: Expected } | { readonly notCompared: string };

export type Compare = (name: string, expected: Expected) => Comparison;

/** @param compare absent: every expectation is meant as it stands. */
export function judgeExpectations(
  scenario: Scenario,
  measured: Measured,
  compare: Compare = (_name, expected) => ({ expected }),
): ExpectationResult[] {
  return Object.entries(scenario.expect).map(([name, wanted]) => {
    const actual = actualOf(name, measured);
    const compared = compare(name, wanted);
    if ('notCompared' in compared)
      return { name, expected: wanted, actual, met: true, ...compared };
    const { expected } = compared;
    return { name, expected, actual, met: isMet(expected, actual) };
  });
}

function actualOf(name: string, measured: Measured): unknown {
  const parsed = parseExpectationName(name);
  if (isNameProblem(parsed)) return null;
  switch (parsed.kind) {
    case 'check':
      return measured.verdicts.find((one) => one.name === parsed.check)?.verdict ?? null;
    case 'events':
      return measured.tallies.measure(name, parsed, measured.strikes);
    case 'report': {
      const found = numberAt(measured.numbers, parsed.path);
      const isErrorCount = parsed.path[2] === 'errors';
      return found ?? (isErrorCount ? 0 : null);
    }
  }
}

function numberAt(numbers: unknown, path: readonly string[]): unknown {
  let value = numbers;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return value ?? null;
}

export function isMet(expected: Expected, actual: unknown): boolean {
  if (Array.isArray(expected)) return (expected as readonly unknown[]).includes(actual);
  if (typeof expected !== 'object') return expected === actual;
  return isWithin(expected as Bounds, actual);
}

function isWithin(bounds: Bounds, actual: unknown): boolean {
  if (bounds.equals !== undefined && actual !== bounds.equals) return false;
  if (bounds.atLeast === undefined && bounds.atMost === undefined) return true;
  if (typeof actual !== 'number') return false;
  if (bounds.atLeast !== undefined && actual < bounds.atLeast) return false;
  return bounds.atMost === undefined || actual <= bounds.atMost;
}
