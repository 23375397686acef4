/** A Mermaid sequence diagram of a stretch of the run, for issues and documents. */
import type { SequenceRow } from '../app/sequence-rows.ts';
import { shortTime } from '../app/words.ts';
import type { TraceStore } from '../model/trace-store.ts';

/** Beyond these no reader follows. */
export const MOST_MERMAID_ROWS = 200;
/** Mermaid draws nothing from a longer text. */
const MOST_CHARACTERS = 50_000;

export function mermaidText(
  store: TraceStore,
  rows: readonly SequenceRow[],
  originUs: number,
): string {
  const nodes = [...new Set(rows.flatMap((row) => [row.from, row.to]))].filter((one) => one > 0);
  nodes.sort((a, b) => a - b);
  const lines = [
    'sequenceDiagram',
    ...nodes.map((node) => `  participant n${node} as ${store.nodeName(node)}`),
  ];
  let size = lines.join('\n').length;
  for (const row of rows.slice(0, MOST_MERMAID_ROWS)) {
    const line = `  ${lineOf(row, shortTime(row.timeUs, originUs))}`;
    size += line.length + 1;
    if (size > MOST_CHARACTERS) break;
    if (row.from > 0 || row.to > 0) lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

function lineOf(row: SequenceRow, time: string): string {
  const words = plain(`${row.words} (ev ${row.event}, ${time} s)`);
  if (row.to > 0) {
    const arrow = row.receivedEvent === 0 ? '-x' : '->>';
    return `n${row.from}${arrow}n${row.to}: ${words}`;
  }
  return `Note over n${row.from}: ${words}`;
}

/** Without what Mermaid takes for its own signs. */
function plain(text: string): string {
  return text.replace(/[;#]/g, ',').replace(/[\n\r]/g, ' ');
}
