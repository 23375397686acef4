/** Says in a few words what a kept trace event was. */
import { apiByKey } from '../../kafka/wire/apis.ts';
import type { TraceEvent, TraceRows } from '../../sim/trace/rows.ts';
import { kindOf, type TraceKind } from '../../sim/trace/table.ts';
import type { EventWords } from './verdicts.ts';
import { seconds } from './words.ts';

/** Texts longer than this (paths, lists of nodes) are cut. */
const TEXT_SHOWN = 40;

type Fields = TraceEvent['fields'];

/** The kinds that evidence is mostly made of; the others are told field by field. */
const PHRASES: Partial<Record<TraceKind, (node: string, fields: Fields) => string>> = {
  'lab.action': (_node, [label]) => String(label),
  'command.completed': (node, [result, , error]) =>
    `${node} was told ${error === '' ? `"${result}"` : error}`,
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
    `${node} began to lead ${partition} in epoch ${epoch}, from offset ${start}`,
  'isr.changed': (_node, [partition, isr, , , why]) =>
    `${partition} in sync: ${isr === '' ? 'none' : isr} (${why})`,
  'log.appended': (node, [partition, base, end, epoch, role]) =>
    `${node} appended ${partition} offsets ${base} to ${Number(end) - 1} in epoch ${epoch} as ${role}`,
  'log.truncated': (node, [partition, end, oldEnd, why]) =>
    `${node} cut ${partition} from ${oldEnd} back to ${end} (${why})`,
  'hw.advanced': (node, [partition, offset, , role]) =>
    `${node} moved the high watermark of ${partition} to ${offset} as ${role}`,
  'fault.powerCut': (_node, [target, , lost]) => `${target} lost power and ${lost} bytes`,
  'fault.kill': (_node, [target]) => `${target} was killed`,
};

/** `warmUpMs`: where scenario time 0 lies on the world's clock. */
export function eventWordsFrom(rows: TraceRows, warmUpMs: number): EventWords {
  return (event) => {
    if (event < 1 || event > rows.count) return 'an event that was not kept';
    const one = rows.at(event);
    const node = one.node === 0 ? 'lab' : (rows.nodeNames[one.node - 1] ?? `node ${one.node}`);
    const phrase = PHRASES[one.kind as TraceKind];
    const words = phrase === undefined ? fieldByField(one, node) : phrase(node, one.fields);
    return `(t=${seconds(one.timeUs / 1000 - warmUpMs)}) ${words}`;
  };
}

function fieldByField({ kind, fields }: TraceEvent, node: string): string {
  const names = kindOf(kind as TraceKind).fieldNames;
  const values = fields.map((value, index) => `${names[index]}=${shown(value)}`);
  return `${node} ${kind} ${values.join(' ')}`.trimEnd();
}

function shown(value: number | string): string {
  const text = String(value);
  if (text === '') return '""';
  return text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN - 1)}…`;
}
