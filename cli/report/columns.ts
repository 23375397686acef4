/** Lays out text in columns and lines for a terminal. */

/** Left-aligned columns two blanks apart; the last one wraps below itself. */
export function columns(rows: readonly (readonly string[])[], width: number): string {
  const last = Math.max(0, ...rows.map((row) => row.length - 1));
  const widths = Array.from({ length: last }, (_, index) =>
    Math.max(...rows.map((row) => (row[index] ?? '').length)),
  );
  const indent = widths.reduce((sum, one) => sum + one + 2, 0);
  return rows
    .map((row) => {
      const cells = widths.map((cell, index) => (row[index] ?? '').padEnd(cell)).join('  ');
      const gap = widths.length === 0 ? '' : '  ';
      const text = wrap(row[last] ?? '', Math.max(20, width - indent));
      return `${cells}${gap}${text.join(`\n${' '.repeat(indent)}`)}`.trimEnd();
    })
    .join('\n');
}

/** Breaks text at blanks into lines of at most `width` characters; longer words stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Without control characters and reversed writing: a text from a file must not steer a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, ' ');
}
