/** Says in a few words what a kept trace event was. */
import { apiByKey } from '../../kafka/wire/apis.ts';
import { count } from '../../sim/run/words.ts';
import type { TraceEvent, TraceRows } from '../../sim/trace/rows.ts';
import type { TraceKind } from '../../sim/trace/table.ts';
import { wordsOf } from '../../viz/model/legend.ts';
import type { EventWords } from './verdicts.ts';
import { seconds } from './words.ts';

type Fields = TraceEvent['fields'];

/** The kinds that evidence is mostly made of; the others are told in the words of the page. */
const ANSWERS: Readonly<Record<string, (node: string) => string>> = {
  sent: (node) => `${node}’s send succeeded`,
  polled: (node) => `${node}’s poll returned`,
};

const PHRASES: Partial<Record<TraceKind, (node: string, fields: Fields) => string>> = {
  'lab.action': (_node, [label]) => String(label),
  'input.command': (node, [command]) => `${node} was asked to ${command}`,
  'input.received': (node, [peer, , bytes]) => `${node} received ${big(bytes)} bytes from ${peer}`,
  'input.woken': (node) => `${node} woke up`,
  'input.started': (node) => `${node} started`,
  'command.completed': (node, [result, , error]) =>
    error === ''
      ? (ANSWERS[String(result)]?.(node) ?? `${node} was told "${result}"`)
      : `${node} got ${error}`,
  'frame.sent': (node, [to, role, api]) => {
    const name = apiByKey(Number(api))?.name;
    return name === undefined
      ? `${node} sent bytes to ${to}`
      : `${node} sent ${to} a ${name} ${role}`;
  },
  'leader.elected': (_node, [partition, leader, epoch, , , how]) =>
    Number(leader) < 0
      ? `${partition} was left without a leader (${how})`
      : `broker-${leader} was elected to lead ${partition} in epoch ${epoch} (${how})`,
  'leader.started': (node, [partition, epoch, start]) =>
    `${node} began to lead ${partition} in epoch ${epoch}, from offset ${big(start)}`,
  'isr.changed': (_node, [partition, isr, , , why]) =>
    `${partition} in sync: ${isr === '' ? 'none' : isr} (${why})`,
  'log.appended': (node, [partition, base, end, epoch, role]) =>
    `${node} appended ${partition} offsets ${big(base)} to ${big(Number(end) - 1)} in epoch ${epoch} as ${role}`,
  'log.truncated': (node, [partition, end, oldEnd, why]) =>
    `${node} cut ${partition} from ${big(oldEnd)} back to ${big(end)} (${why})`,
  'hw.advanced': (node, [partition, offset, , role]) =>
    `${node} moved the high watermark of ${partition} to ${big(offset)} as ${role}`,
  'fault.powerCut': (_node, [target, , lost]) => `${target} lost power and ${big(lost)} bytes`,
  'fault.start': (_node, [target]) => `${target} was started`,
  'broker.fenced': (_node, [broker, why]) => `broker-${broker} was fenced (${why})`,
  'fault.kill': (_node, [target]) => `${target} was killed`,
};

/** `warmUpMs`: where scenario time 0 lies on the world's clock. */
export function eventWordsFrom(rows: TraceRows, warmUpMs: number): EventWords {
  return (event) => {
    if (event < 1 || event > rows.count) return 'an event that was not kept';
    const one = tellingRow(rows, event);
    const node = one.node === 0 ? 'lab' : (rows.nodeNames[one.node - 1] ?? `node ${one.node}`);
    const phrase = PHRASES[one.kind as TraceKind];
    const words = phrase === undefined ? wordsOf(one, rows.nodeNames) : phrase(node, one.fields);
    return `(t=${seconds(one.timeUs / 1000 - warmUpMs)}) ${words}`;
  };
}

/** What a step did tells more than the input it was the answer to. */
const TELLING: ReadonlySet<string> = new Set(['log.truncated', 'log.cut', 'leader.started']);

function tellingRow(rows: TraceRows, event: number): TraceEvent {
  const first = rows.at(event);
  if (!first.kind.startsWith('input.')) return first;
  for (let next = event + 1; next <= rows.count; next += 1) {
    const row = rows.at(next);
    if (row.step !== first.step) break;
    if (TELLING.has(row.kind)) return row;
  }
  return first;
}

function big(value: number | string | undefined): string {
  return count(Number(value));
}
