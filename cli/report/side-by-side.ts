/** Puts two columns of lines, possibly coloured, beside each other. */
import { stripVTControlCharacters } from 'node:util';

export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  columnWidth: number,
): string[] {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) => {
    const cell = left[row] ?? '';
    const gap = ' '.repeat(Math.max(0, columnWidth - stripVTControlCharacters(cell).length));
    return `${cell}${gap} │ ${right[row] ?? ''}`.trimEnd();
  });
}
