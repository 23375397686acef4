/**
 * The tidy rules: who may import whom, what may not be written where. Each rule looks at one
 * source and returns its complaints as `path:line what is wrong`.
 */
import { lineOf, type Source } from './sources.ts';

/** Where the library keeps files for tests, `library/files.ts`. */
const NODE = ['node:fs', 'node:path'];

/** What a real server needs of Node. */
const SERVER_NODE = ['node:crypto', 'node:fs', 'node:http', 'node:net', 'node:path', 'node:tls'];

/** What a run of processes needs of Node. */
const RUNNER_NODE = ['node:child_process', 'node:crypto', 'node:fs', 'node:os', 'node:path'];

/** What each top folder may import: own folders by name, packages as they are. */
export const WORLD_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  kafka: ['kafka'],
  codecs: ['codecs', 'sim', 'kafka', 'pako', 'fzstd', '@hpcc-js/wasm-zstd'],
  sim: ['sim', 'kafka', 'seedrandom', 'zod', '@noble/hashes'],
  journal: ['journal', 'kafka'],
  server: ['server', 'kafka', 'codecs', 'journal', 'prom-client', ...SERVER_NODE],
  real: ['real', 'codecs', 'server', 'sim', 'kafka', ...RUNNER_NODE],
  scenarios: ['scenarios', 'sim'],
  library: [
    'library',
    'codecs',
    'server',
    'sim',
    'kafka',
    'viz',
    'package.json',
    'vitest',
    'fast-check',
    ...NODE,
  ],
  viz: [
    ...['viz', 'scenarios', 'codecs', 'sim', 'kafka', 'package.json'],
    ...['immer', 'lit', 'd3', 'comlink', 'vite', '@codemirror', '@lezer'],
  ],
};

/**
 * What each room of `kafka/` may import besides itself and the shared ground below. A room never
 * calls backwards: a room that is listed here for another does not import that other one.
 */
export const KAFKA_ROOMS: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  records: [],
  config: [],
  protocol: ['config'],
  security: ['config'],
  rpc: ['wire', 'config', 'security'],
  log: ['wire', 'records', 'config', 'rpc'],
  raft: ['wire', 'records', 'config', 'rpc', 'log'],
  metadata: ['wire', 'records', 'config', 'security', 'rpc', 'raft'],
  replication: ['wire', 'records', 'config', 'rpc', 'log', 'metadata'],
  group: ['wire', 'records', 'config', 'rpc', 'log', 'metadata', 'replication'],
  controller: ['wire', 'records', 'config', 'security', 'rpc', 'log', 'raft', 'metadata'],
  broker: [
    ...['wire', 'records', 'config', 'rpc', 'log', 'raft', 'metadata', 'replication'],
    ...['controller', 'group', 'security'],
  ],
  client: ['wire', 'records', 'config', 'security', 'rpc'],
};

/** The same of `viz/`; files that lie in it directly may import all of it. */
export const VIZ_ROOMS: Readonly<Record<string, readonly string[]>> = {
  style: [],
  model: [],
  app: ['model', 'canvas'],
  canvas: ['model', 'app'],
  engine: ['model', 'app'],
  export: ['model', 'app'],
  panels: ['model', 'app', 'canvas', 'engine', 'export'],
};

/** The model runs without a page. */
const NO_PAGE = new Set(['lit', 'd3', 'comlink']);

/**
 * Open to every room of `kafka/`: the doors, the trace table, the base, the rules of the protocol,
 * the words of clients.
 */
const SHARED = new Set(['host.ts', 'trace.ts', 'base', 'protocol', 'client/commands.ts']);

export function importComplaints(source: Source): string[] {
  const world = source.path.split('/')[0] as string;
  const allowed = WORLD_IMPORTS[world];
  const complaints: string[] = [];
  for (const one of source.imports) {
    const where = `${source.path}:${one.line}`;
    const to = one.own ? (one.target.split('/')[0] as string) : packageOf(one.target);
    if (allowed !== undefined && !allowed.includes(to) && !allowed.includes(scopeOf(to))) {
      complaints.push(`${where} ${world}/ may not import ${one.target}`);
    } else if (world === 'kafka' && !kafkaAllows(source.path, one.target)) {
      complaints.push(`${where} ${roomOf(source.path)} may not import ${roomOf(one.target)}`);
    } else if (world === 'viz' && !vizAllows(source.path, one.own ? one.target : to)) {
      complaints.push(`${where} viz/${roomOf(source.path)} may not import ${one.target}`);
    }
  }
  return complaints;
}

/** `to` is a path of ours or the name of a package. */
function vizAllows(from: string, to: string): boolean {
  const room = roomOf(from);
  const allowed = VIZ_ROOMS[room];
  if (allowed === undefined) return true;
  if (!to.startsWith('viz/')) return room !== 'model' || !NO_PAGE.has(to);
  return roomOf(to) === room || allowed.includes(roomOf(to));
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** `@codemirror/view` → `@codemirror` */
function scopeOf(name: string): string {
  return name.split('/', 1)[0] as string;
}

function roomOf(path: string): string {
  return path.split('/')[1] as string;
}

function kafkaAllows(from: string, to: string): boolean {
  const room = roomOf(from);
  const target = roomOf(to);
  if (target === room || SHARED.has(target) || to === 'kafka/client/commands.ts') return true;
  return (KAFKA_ROOMS[room] ?? []).includes(target);
}

interface Ban {
  readonly pattern: RegExp;
  readonly why: string;
}

const DETERMINISM: readonly Ban[] = [
  { pattern: /\bDate\b/g, why: 'time comes from the host’s clock' },
  { pattern: /\bperformance\b/g, why: 'time comes from the host’s clock' },
  { pattern: /\bset(Timeout|Interval|Immediate)\b/g, why: 'deadlines go through timers' },
  { pattern: /\bqueueMicrotask\b/g, why: 'deadlines go through timers' },
  { pattern: /\basync\b|\bawait\s+\S|\bPromise\b/g, why: 'no async here' },
  { pattern: /(?<!\.)\bcrypto\.|\bglobalThis\b/g, why: 'cryptography comes from the host' },
  { pattern: /\bText(Decoder|Encoder)\b/g, why: 'use base/text.ts' },
  { pattern: /\bconsole\b/g, why: 'tell it through the trace' },
  { pattern: /\bIntl\b|\btoLocale\w+\b|\blocaleCompare\b/g, why: 'depends on the locale' },
  { pattern: /\bWeakRef\b|\bFinalizationRegistry\b/g, why: 'depends on the garbage collector' },
  {
    pattern: /\bMath\.(?!(?:abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc)\b)\w+/g,
    why: 'differs between engines or is not seeded',
  },
  // A literal base with an integer exponent is exact; the exponent's type is the author's word.
  { pattern: /(?<!\b\d+\s*)\*\*|\*\*\s*-?\d*\.\d/g, why: 'only integers may be raised' },
  { pattern: /\bfinally\b/g, why: 'would run after a simulated crash' },
  { pattern: /\bcatch\s*\{/g, why: 'would swallow a simulated crash' },
];

const EVERYWHERE: readonly Ban[] = [
  { pattern: /\beval\b|\bnew\s+Function\b|(?<![\w.])Function\s*\(/g, why: 'no code from text' },
  { pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/g, why: 'an error must not vanish' },
];

const WORDS: readonly Ban[] = [
  { pattern: /\bTODO\b|\bFIXME\b|\bXXX\b|\bHACK\b/g, why: 'finish it or write down why not' },
  { pattern: /@ts-(ignore|nocheck|expect-error)/g, why: 'types are not to be silenced' },
  { pattern: /\/work\/(main|shared)|\/tmp\/brief/g, why: 'names the machine it was written on' },
];

const CATCH = /\bcatch\s*\(\s*(\w+)[^)]*\)\s*\{\s*/g;

export function banComplaints(source: Source): string[] {
  const deterministic = /^(kafka|sim|journal)\//.test(source.path);
  const isRule = source.path.startsWith('test/tidy');
  return [
    ...(deterministic ? found(source, source.code, DETERMINISM) : []),
    ...found(source, source.code, EVERYWHERE),
    ...(isRule ? [] : found(source, source.text, WORDS)),
    ...(source.path.startsWith('kafka/') ? catchComplaints(source) : []),
  ];
}

/** In `kafka/` a catch must first let through everything but the one error that it is for. */
function catchComplaints(source: Source): string[] {
  const complaints: string[] = [];
  for (const match of source.code.matchAll(CATCH)) {
    const rest = source.code.slice(match.index + match[0].length);
    const lets = new RegExp(`^if \\(!\\(${match[1]} instanceof \\w+\\)\\) throw ${match[1]};`);
    if (lets.test(rest)) continue;
    const line = lineOf(source.text, match.index);
    complaints.push(`${source.path}:${line} a catch must first rethrow what it is not for`);
  }
  return complaints;
}

function found(source: Source, text: string, bans: readonly Ban[]): string[] {
  return bans.flatMap(({ pattern, why }) =>
    [...text.matchAll(pattern)].map((match) => {
      const line = lineOf(source.text, match.index);
      return `${source.path}:${line} ${match[0].trim()}: ${why}`;
    }),
  );
}

const MAX_LINES = 500;
/** The formatter breaks code at 100; what it cannot break (words, texts) may reach a bit further. */
const MAX_COLUMNS = 120;

export function sizeComplaints(source: Source): string[] {
  if (source.generated) return [];
  const lines = source.text.split('\n');
  const complaints = lines.flatMap((line, index) =>
    line.length > MAX_COLUMNS ? [`${source.path}:${index + 1} ${line.length} columns`] : [],
  );
  if (lines.length - 1 > MAX_LINES) complaints.push(`${source.path} ${lines.length - 1} lines`);
  return complaints;
}

/** Groups of files that import each other's values in a circle; types do not count. */
export function cycles(sources: readonly Source[]): string[][] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const state = new Map<string, 'open' | 'done'>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string) => {
    if (state.get(path) === 'open') {
      found.push([...stack.slice(stack.indexOf(path)), path]);
      return;
    }
    const source = byPath.get(path);
    if (state.has(path) || source === undefined) return;
    state.set(path, 'open');
    stack.push(path);
    for (const one of source.imports) if (one.own && !one.typeOnly) visit(one.target);
    stack.pop();
    state.set(path, 'done');
  };
  for (const source of sources) visit(source.path);
  return found;
}

/** Imports of own files that are not there. */
export function missingTargets(sources: readonly Source[]): string[] {
  const known = new Set(sources.map((source) => source.path));
  return sources.flatMap((source) =>
    source.imports
      .filter((one) => one.own && /\.(ts|mjs)$/.test(one.target) && !/\.d\.ts$/.test(one.target))
      .filter((one) => !known.has(one.target))
      .map((one) => `${source.path}:${one.line} ${one.target} does not exist`),
  );
}
