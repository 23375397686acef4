/** What is wrong with a scenario, in pieces for whoever prints it. */

export interface Problem {
  /** Where it stands in the document: `cluster.topics[0].replicationFactor`. '' = the document. */
  readonly path: string;
  readonly value: unknown;
  /** One clause that says what is wrong. */
  readonly message: string;
  /** What would be right, when that can be said shortly. */
  readonly allowed?: string;
  /** The nearest right name to a wrong one. */
  readonly nearest?: string;
}

/** `['cluster', 'config', 'min.isr']` → `cluster.config["min.isr"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(part)))
      text += `${text === '' ? '' : '.'}${String(part)}`;
    else text += `[${JSON.stringify(String(part))}]`;
  }
  return text;
}

/** The way back: `cluster.config["min.isr"]` → `cluster`, `config`, `min.isr` */
export function pathParts(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_$][\w$]*)/g)) {
    if (match[1] !== undefined) parts.push(Number(match[1]));
    else if (match[2] !== undefined) parts.push(JSON.parse(match[2]) as string);
    else if (match[3] !== undefined) parts.push(match[3]);
  }
  return parts;
}

export function problem(
  path: readonly PropertyKey[],
  value: unknown,
  message: string,
  help: { allowed?: string | null; nearest?: string | null } = {},
): Problem {
  return {
    path: formatPath(path),
    value,
    message,
    ...(help.allowed ? { allowed: help.allowed } : {}),
    ...(help.nearest ? { nearest: help.nearest } : {}),
  };
}

/** `cluster.brokers: 0 is too small (allowed: at least 1)` */
export function describeProblem(one: Problem): string {
  const where = one.path === '' ? '' : `${one.path}: `;
  const value = one.value === undefined ? '' : `${shortValue(one.value)} — `;
  const allowed = one.allowed === undefined ? '' : ` (allowed: ${shortList(one.allowed)})`;
  const nearest = one.nearest === undefined ? '' : `; did you mean ${one.nearest}?`;
  return `${where}${value}${one.message}${allowed}${nearest}`;
}

const NAMES_SHOWN = 40;

/** Long lists of names are cut: `t-0, t-1, … (300 in all)`. */
function shortList(allowed: string): string {
  const names = allowed.split(', ');
  if (names.length <= NAMES_SHOWN) return allowed;
  return `${names.slice(0, NAMES_SHOWN / 4).join(', ')}, … (${names.length} in all)`;
}

const SHOWN_LENGTH = 60;

/** The value as JSON, cut to a line's length. */
export function shortValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH - 1)}…`;
}
