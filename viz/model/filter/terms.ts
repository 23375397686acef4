/**
 * The terms of the filter language, in one table: how each is written, what it means, which short
 * forms its values have, and the test that it makes. Help and messages are written from it.
 */
import { apiNames } from '../api-names.ts';
import { nodesOf } from '../lanes.ts';
import { wordsOf } from '../legend.ts';
import { offsetsOf } from '../offsets.ts';
import { silentNodes } from '../silence.ts';
import { sliceOf } from '../slice.ts';
import type { TraceStore } from '../trace-store.ts';
import type { FilterTerm } from './parse.ts';

export type FilterTest = (event: number) => boolean;

interface Term {
  readonly key: string;
  /** As help shows it. */
  readonly written: string;
  /** Examples stand between grave accents. */
  readonly words: string;
  /** It takes <, <=, > and >= besides the colon. */
  readonly compares?: boolean;
  /** A text says what is wrong with the value. */
  readonly make: (term: FilterTerm, store: TraceStore) => FilterTest | string;
}

/** Values of `kind:` that are no names of kinds. */
export const kindAliases: Readonly<
  Record<string, { readonly words: string; readonly test: (store: TraceStore) => FilterTest }>
> = {
  'isr.shrink': {
    words: 'replicas leave an ISR, as its leader asked for it and as it was committed',
    test: (store) => isrTest('shrink', store),
  },
  'isr.expand': {
    words: 'replicas come back into an ISR, asked for and committed',
    test: (store) => isrTest('expand', store),
  },
};

/** Letters before a number in `node:`. */
const nodeAliases: Readonly<Record<string, string>> = { b: 'broker', c: 'controller' };

/** µs by unit of `t`; without a unit it is seconds. */
const UNITS: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1_000, s: 1e6, m: 60e6 };

const short = Object.entries(nodeAliases).map(([letter, role]) => `\`${letter}2\` for ${role}-2`);

export const terms: readonly Term[] = [
  {
    key: 'kind',
    written: 'kind:',
    words: 'events of a kind, `kind:isr.*` of a family, `kind:isr` of all with that in their name',
    make: kindTest,
  },
  {
    key: 'node',
    written: 'node:',
    words: `events on a node, \`node:broker-2\`; short ${short.join(', ')}; \`node:lab\``,
    make: nodeTest,
  },
  {
    key: 'tp',
    written: 'tp:',
    words: 'events of a partition, `tp:orders-0`, or of a topic, `tp:orders`',
    make: partitionTest,
  },
  {
    key: 'off',
    written: 'off:',
    words: 'events about an offset, `off:41`, or offsets, `off:40..45`',
    make: offsetTest,
  },
  {
    key: 't',
    written: 't>',
    words: `by scenario time, \`t>12s\`, \`t<1.5\`, \`t>=800ms\`, \`t:2s..3s\`; in ${Object.keys(UNITS).join(', ')}`,
    compares: true,
    make: timeTest,
  },
  {
    key: 'ev',
    written: 'ev>',
    words: 'by number, `ev>18442`, `ev<=20000`, `ev:100..200`',
    compares: true,
    make: eventTest,
  },
  {
    key: 'msg',
    written: 'msg:',
    words: 'messages of an API sent or received, `msg:Fetch`',
    make: messageTest,
  },
  {
    key: 'cause-of',
    written: 'cause-of:',
    words: 'everything that led to an event, `cause-of:18442`',
    make: (term, store) => coneTest(term, store, 'past'),
  },
  {
    key: 'effect-of',
    written: 'effect-of:',
    words: 'everything that an event led to',
    make: (term, store) => coneTest(term, store, 'future'),
  },
  {
    key: 'text',
    written: 'text:',
    words:
      'sentences with a text, `text:"not enough"`, or an expression, `text:/not.*/`; a word alone ' +
      'is the same, a number alone finds the event of that number too',
    make: textTest,
  },
];

const byKey = new Map(terms.map((term) => [term.key, term]));

/** The term of a key; '' is that of a bare word. */
export function termOf(key: string): Term | undefined {
  return byKey.get(key === '' ? 'text' : key);
}

/** `isr.*` is a family, `isr` finds every kind that has it in its name. */
function kindTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const { value } = term;
  const alias = kindAliases[value];
  if (alias !== undefined) return alias.test(store);
  const family = value.endsWith('*') ? value.slice(0, -1) : null;
  const exact = store.kinds.some((kind) => kind.name === value);
  const matches = store.kinds.map(({ name }) => {
    if (family !== null) return name.startsWith(family);
    return exact ? name === value : name.includes(value);
  });
  if (!matches.includes(true)) return `no kind of event is called "${value}"`;
  return (event) => matches[store.kindId(event)] === true;
}

/** Changes of an ISR by their direction: as a leader asked for them and as they were committed. */
function isrTest(way: 'shrink' | 'expand', store: TraceStore): FilterTest {
  const proposed = store.kindIdOf('isr.proposed');
  const changed = store.kindIdOf('isr.changed');
  const hasLeft = (event: number) =>
    silentNodes(store, event).length > 0 ||
    // An election tells who leaves, and right after it the change of the ISR tells why.
    (store.kindName(event - 1) === 'leader.elected' && silentNodes(store, event - 1).length > 0);
  return (event) => {
    const kind = store.kindId(event);
    if (kind === proposed) return store.at(event).fields[2] === way;
    return kind === changed && hasLeft(event) === (way === 'shrink');
  };
}

function nodeTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const node = nodeNamed(term.value, store);
  if (node < 0) return `no node is called "${term.value}"`;
  const byTarget = store.kinds.map((kind) => kind.name.startsWith('fault.'));
  return (event) =>
    store.node(event) === node ||
    (byTarget[store.kindId(event)] === true && nodesOf(store.at(event), store).includes(node));
}

function nodeNamed(name: string, store: TraceStore): number {
  const whole = store.nodeOf(name);
  if (whole >= 0) return whole;
  const short = /^([a-z])-?(\d+)$/.exec(name);
  const role = nodeAliases[short?.[1] ?? ''];
  return role === undefined ? -1 : store.nodeOf(`${role}-${short?.[2]}`);
}

/** A partition, or every partition of a topic. */
function partitionTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const { value } = term;
  const hasPartition = store.kinds.map((kind) => kind.fieldNames.indexOf('partition'));
  const matches = new Map<number, boolean>();
  const matchesText = (name: string) =>
    name === value || (name.startsWith(`${value}-`) && /^\d+$/.test(name.slice(value.length + 1)));
  const isKnown = store.texts.some(
    (name) => /-\d+$/.test(name) && !store.nodeNames.includes(name) && matchesText(name),
  );
  if (!isKnown && store.complete) return `no partition is called "${value}"`;
  return (event) => {
    const field = hasPartition[store.kindId(event)] ?? -1;
    if (field < 0) return false;
    const id = store.rawField(event, field);
    let known = matches.get(id);
    if (known === undefined) {
      known = matchesText(store.texts[id] ?? '');
      matches.set(id, known);
    }
    return known;
  };
}

function offsetTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const range = rangeOf(term.value);
  if (range === null) return `"${term.value}" is neither an offset nor offsets like 40..45`;
  const tells = store.kinds.map((kind) => offsetsOf.has(kind.name));
  return (event) => {
    if (tells[store.kindId(event)] !== true) return false;
    const one = store.at(event);
    const told = offsetsOf.get(one.kind)?.(one.fields);
    return told !== undefined && told.from <= range.to && told.to >= range.from;
  };
}

function eventTest(term: FilterTerm): FilterTest | string {
  if (term.operator === ':') {
    const range = rangeOf(term.value);
    if (range === null) return `"${term.value}" is neither an event nor events like 40..45`;
    return (event) => event >= range.from && event <= range.to;
  }
  const bound = Number(term.value);
  if (!Number.isInteger(bound)) return `"${term.value}" is no event number`;
  return compared(term.operator, bound, (event) => event);
}

/** `41`, `40..45`, both ends included. */
function rangeOf(value: string): { from: number; to: number } | null {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(value);
  if (match === null) return null;
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  return to < from ? null : { from, to };
}

/** `12s`, `800ms`, `1.5` (seconds): scenario time. Null for anything else. */
function timeOf(value: string): number | null {
  const match = /^(-?\d+(?:\.\d+)?)([a-zµ]*)$/.exec(value);
  const unit = match === null ? undefined : UNITS[match[2] === '' ? 's' : (match[2] ?? '')];
  return unit === undefined ? null : Math.round(Number(match?.[1]) * unit);
}

function timeTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const originUs = () => store.identity?.originUs ?? 0;
  if (term.operator === ':') {
    const [first = '', second = first] = term.value.split('..');
    const [from, to] = [timeOf(first), timeOf(second)];
    if (from === null || to === null) return `"${term.value}" is no time like 12s or 12s..14s`;
    return (event) => {
      const timeUs = store.timeUs(event) - originUs();
      return timeUs >= from && timeUs <= to;
    };
  }
  const bound = timeOf(term.value);
  if (bound === null) return `"${term.value}" is no time like 12s, 800ms or 1.5s`;
  return compared(term.operator, bound, (event) => store.timeUs(event) - originUs());
}

function compared(
  operator: FilterTerm['operator'],
  bound: number,
  told: (event: number) => number,
): FilterTest {
  switch (operator) {
    case '<':
      return (event) => told(event) < bound;
    case '<=':
      return (event) => told(event) <= bound;
    case '>':
      return (event) => told(event) > bound;
    default:
      return (event) => told(event) >= bound;
  }
}

/** Frames of an API, and the inputs that they arrived as. */
function messageTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const wanted = term.value.toLowerCase();
  const keys = Object.entries(apiNames).filter(([, name]) => name.toLowerCase() === wanted);
  if (keys.length === 0) return `no API is called "${term.value}"`;
  const key = Number(keys[0]?.[0]);
  const sent = store.kindIdOf('frame.sent');
  const received = store.kindIdOf('input.received');
  const isSent = (event: number) =>
    event > 0 && store.kindId(event) === sent && store.rawField(event, 2) === key;
  return (event) => {
    const kind = store.kindId(event);
    if (kind === sent) return isSent(event);
    return kind === received && (isSent(store.parentA(event)) || isSent(store.parentB(event)));
  };
}

function coneTest(
  term: FilterTerm,
  store: TraceStore,
  direction: 'past' | 'future',
): FilterTest | string {
  const from = Number(term.value);
  if (!Number.isInteger(from) || from < 1 || from > store.count) {
    return `"${term.value}" is no event of this run (1 to ${store.count})`;
  }
  const slice = sliceOf(store, { event: from, direction });
  return (event) => slice.has(event);
}

/** In the event's sentence or in its kind, whatever the case. */
function textTest(term: FilterTerm, store: TraceStore): FilterTest | string {
  const source = term.isExpression
    ? term.value
    : term.value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const expression = expressionOf(source);
  if (expression === null) return `/${term.value}/ is no regular expression`;
  const ofKind = store.kinds.map((kind) => expression.test(kind.name));
  const asNumber = term.key === '' ? eventNumber(term.value) : 0;
  return (event) =>
    event === asNumber ||
    ofKind[store.kindId(event)] === true ||
    expression.test(wordsOf(store.at(event), store.nodeNames));
}

/** `18277` or, as the page writes it, `18,277`; 0 for anything else. */
function eventNumber(text: string): number {
  return /^(\d+|\d{1,3}(,\d{3})+)$/.test(text) ? Number(text.replaceAll(',', '')) : 0;
}

function expressionOf(source: string): RegExp | null {
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
