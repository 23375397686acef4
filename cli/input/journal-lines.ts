/** Reads a file line by line, with no more of it in memory than one line. */
import { closeSync, openSync, readSync } from 'node:fs';
import { inputError, reasonOf } from '../errors.ts';

const PIECE_BYTES = 1_048_576;
/** A step that loads logs reads whole segments; what is longer is no journal. */
const LINE_BYTES = 256 * 1_048_576;
/** What every journal begins with. */
const BEGINNING = '{"journal":';

/** Whether a file says that it is a journal; false when it cannot be read at all. */
export function isJournal(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
  const bytes = Buffer.alloc(BEGINNING.length);
  try {
    const count = readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes.toString('latin1', 0, count) === BEGINNING;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

export interface JournalText {
  /** From 1 on. */
  readonly line: number;
  readonly text: string;
  /** It ends with the file and not with a line's end. */
  readonly isCut: boolean;
}

/** @throws CliError 65 when it cannot be read, or a line is too long. */
export function* journalLines(path: string): Generator<JournalText> {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
  try {
    yield* linesOf(path, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function* linesOf(path: string, descriptor: number): Generator<JournalText> {
  const piece = Buffer.alloc(PIECE_BYTES);
  let rest: Buffer[] = [];
  let restBytes = 0;
  let line = 1;
  for (;;) {
    const count = readSync(descriptor, piece, 0, PIECE_BYTES, null);
    if (count === 0) break;
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0 && end < count; end = piece.indexOf(10, from)) {
      rest.push(piece.subarray(from, end));
      yield { line, text: Buffer.concat(rest).toString('utf8'), isCut: false };
      line += 1;
      rest = [];
      restBytes = 0;
      from = end + 1;
    }
    rest.push(Buffer.from(piece.subarray(from, count)));
    restBytes += count - from;
    if (restBytes > LINE_BYTES) {
      throw inputError(`${path}:${line}: longer than ${LINE_BYTES} bytes: that is no step`);
    }
  }
  if (restBytes > 0) yield { line, text: Buffer.concat(rest).toString('utf8'), isCut: true };
}
