/**
 * Cuts a stream of bytes into lines. Each comes as a binary string, one character a byte, so that
 * what is no UTF-8 passes through unharmed; a carriage return before the end is no part of it.
 */
export async function* byteLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let open: Buffer[] = [];
  for await (const bytes of input) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      open.push(chunk.subarray(start, end));
      yield lineOf(open);
      open = [];
      start = end + 1;
    }
    // The stream may use its buffer again.
    if (start < chunk.length) open.push(Buffer.from(chunk.subarray(start)));
  }
  if (open.length > 0) yield lineOf(open);
}

const NEWLINE = 10;

function lineOf(pieces: readonly Buffer[]): string {
  const line = Buffer.concat(pieces).toString('latin1');
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** A text as a binary string. */
export function binary(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function bytesOf(line: string): Uint8Array {
  return new Uint8Array(Buffer.from(line, 'latin1'));
}

/** For people. */
export function textOf(line: string): string {
  return Buffer.from(line, 'latin1').toString('utf8');
}
