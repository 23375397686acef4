/** The rows of a run as one JSON object a line, with the names of their fields. */
import type { TraceStore } from '../model/trace-store.ts';

const LINES_PER_PART = 4_096;

export function ndjsonParts(store: TraceStore): string[] {
  const parts: string[] = [];
  let lines: string[] = [];
  for (let event = 1; event <= store.count; event++) {
    lines.push(lineOf(store, event));
    if (lines.length < LINES_PER_PART) continue;
    parts.push(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) parts.push(`${lines.join('\n')}\n`);
  return parts;
}

function lineOf(store: TraceStore, event: number): string {
  const row = store.at(event);
  const fields: Record<string, number | string> = {};
  store.kinds[store.kindId(event)]?.fieldNames.forEach((name, place) => {
    fields[name] = row.fields[place] ?? '';
  });
  const { timeUs, step, kind, parents } = row;
  return JSON.stringify({
    event,
    timeUs,
    step,
    node: store.nodeName(row.node),
    kind,
    parents,
    fields,
  });
}
