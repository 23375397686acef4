/** Says in a few words what a kept trace event was, from the trace table's own names. */
import type { TraceRows } from '../../sim/trace/rows.ts';
import { kindOf, type TraceKind } from '../../sim/trace/table.ts';
import type { EventWords } from './verdicts.ts';
import { seconds } from './words.ts';

/** Texts longer than this (paths, lists of nodes) are cut. */
const TEXT_SHOWN = 40;

/** `warmUpMs`: where scenario time 0 lies on the world's clock. */
export function eventWordsFrom(rows: TraceRows, warmUpMs: number): EventWords {
  return (event) => {
    if (event < 1 || event > rows.count) return 'an event that was not kept';
    const { timeUs, node, kind, fields } = rows.at(event);
    const name = node === 0 ? 'lab' : (rows.nodeNames[node - 1] ?? `node ${node}`);
    const names = kindOf(kind as TraceKind).fieldNames;
    const values = fields.map((value, index) => `${names[index]}=${shown(value)}`);
    return `(t=${seconds(timeUs / 1000 - warmUpMs)}) ${name} ${kind} ${values.join(' ')}`.trimEnd();
  };
}

function shown(value: number | string): string {
  const text = String(value);
  if (text === '') return '""';
  return text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN - 1)}…`;
}
