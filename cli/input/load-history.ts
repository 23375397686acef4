/** Reads a history file piece by piece: it may be larger than the longest string. */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { HistoryMistake, HistoryReader } from '../../sim/check/history/recorded/history-reader.ts';
import type { OperationHistory } from '../../sim/check/history/recorded/operation-history.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import { inputError, reasonOf } from '../errors.ts';

const PIECE_BYTES = 1 << 20;
/** As everywhere: `trial check -` reads what another command writes. */
const STDIN = '-';
const STDIN_FILE = 0;

/** @throws an error with exit code 65 that points at the line and the field. */
export function loadHistory(path: string): OperationHistory {
  const reader = new HistoryReader();
  try {
    eachLine(path, (line, isCut) => reader.read(line, isCut));
    return reader.end();
  } catch (error) {
    if (!(error instanceof HistoryMistake)) throw error;
    const column = error.column === null ? '' : `:${error.column}`;
    const said = describeProblem(error.problem);
    throw inputError(`${path}:${error.line}${column}: ${said}`);
  }
}

/** `isCut`: the file ends here without the end of a line. */
function eachLine(path: string, take: (line: string, isCut: boolean) => void): void {
  const isStdin = path === STDIN;
  const file = isStdin ? STDIN_FILE : reading(path, () => openSync(path, 'r'));
  const decoder = new StringDecoder('utf8');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let rest = '';
  try {
    for (;;) {
      const bytes = reading(path, () => readSync(file, piece, 0, PIECE_BYTES, null));
      if (bytes === 0) break;
      const lines = (rest + decoder.write(piece.subarray(0, bytes))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line, false);
    }
    rest += decoder.end();
    if (rest !== '') take(rest, true);
  } finally {
    if (!isStdin) closeSync(file);
  }
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}
