/** The targets of the page, what was measured, and whether it is met. */

export interface Target {
  readonly what: string;
  readonly unit: string;
  readonly floor: number;
  readonly goal: number;
}

/** What only has to be possible. */
const ANY = Number.POSITIVE_INFINITY;

export const TARGETS = {
  cold: {
    what: 'JavaScript before the first interaction, gzipped',
    unit: 'KB',
    floor: 120,
    goal: 80,
  },
  click: {
    what: 'click on a story to the first picture of its run',
    unit: 'ms',
    floor: 500,
    goal: 200,
  },
  open: {
    what: 'trace of a million events dropped: interactive',
    unit: 'ms',
    floor: 2_000,
    goal: 1_000,
  },
  seek: { what: 'seek to any event, all panels, p95', unit: 'ms', floor: 50, goal: 16 },
  frame: {
    what: 'scrub, pan, zoom at a million events, p95 frame',
    unit: 'ms',
    floor: 16.7,
    goal: 8,
  },
  firstHit: { what: 'filter a million events, first hit', unit: 'ms', floor: 50, goal: 16 },
  filter: { what: 'filter a million events, all hits', unit: 'ms', floor: 200, goal: 50 },
  slice: { what: 'causes and effects at a million events', unit: 'ms', floor: 200, goal: 60 },
  align: {
    what: 'align and diff two runs of a million events, in a worker',
    unit: 'ms',
    floor: 3_000,
    goal: 1_000,
  },
  memory: {
    what: 'memory for a million events, heap and buffers',
    unit: 'MB',
    floor: 250,
    goal: 120,
  },
  huge: { what: 'trace of ten million events dropped: opens', unit: 'ms', floor: ANY, goal: ANY },
  hugeFrame: {
    what: 'scrub, pan, zoom at ten million events, p95 frame',
    unit: 'ms',
    floor: ANY,
    goal: 16.7,
  },
  hugeSeek: {
    what: 'seek to any of ten million events, all panels, p95',
    unit: 'ms',
    floor: ANY,
    goal: 50,
  },
  hugeMemory: {
    what: 'memory for ten million events, heap and buffers',
    unit: 'MB',
    floor: ANY,
    goal: ANY,
  },
  axe: { what: 'serious issues that axe-core finds, both themes', unit: '', floor: 0, goal: 0 },
} as const satisfies Record<string, Target>;

export type Measurements = Partial<Record<keyof typeof TARGETS, number>>;

/** Those that miss their floor; what was measured and came to nothing misses it, too. */
export function missed(measured: Measurements): string[] {
  return Object.entries(measured)
    .filter(([name, value]) => !(value <= TARGETS[name as keyof typeof TARGETS].floor))
    .map(([name]) => name);
}

/** One entry for each target, for programs; null: not measured, or no bound. */
export function tableJson(measured: Measurements): Record<string, unknown> {
  const entries = Object.entries(TARGETS).map(([name, { what, unit, floor, goal }]) => {
    const value = measured[name as keyof typeof TARGETS];
    const met = value === undefined ? null : value <= floor;
    const bounds = { floor: boundOf(floor), goal: boundOf(goal) };
    return [name, { what, unit, measured: value ?? null, ...bounds, floorMet: met }];
  });
  return Object.fromEntries(entries);
}

export function tableLines(measured: Measurements): string[] {
  const rows = Object.entries(TARGETS).map(([name, target]) => {
    const value = measured[name as keyof typeof TARGETS];
    const said = value === undefined ? '—' : `${rounded(value)} ${target.unit}`;
    const [floor, goal] = [target.floor, target.goal].map((bound) =>
      boundOf(bound) === null ? 'any' : `${rounded(bound)} ${target.unit}`,
    );
    return [target.what, said, floor ?? '', goal ?? '', word(target, value)];
  });
  const head = ['what', 'measured', 'floor', 'goal', ''];
  const widths = head.map((_, i) =>
    Math.max(...[head, ...rows].map((row) => (row[i] ?? '').length)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function boundOf(bound: number): number | null {
  return bound === ANY ? null : bound;
}

function word({ floor, goal }: Target, value: number | undefined): string {
  if (value === undefined) return 'not measured';
  if (value <= goal) return 'goal met';
  return value <= floor ? 'floor met' : 'MISSED';
}

function rounded(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
