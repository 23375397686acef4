/** Puts two stories beside each other, section by section, so that the same heads stand level. */
import { stripVTControlCharacters } from 'node:util';

/** Lines may be coloured. A section begins after an empty line. */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  columnWidth: number,
): string[] {
  const leftSections = sectionsOf(left);
  const rightSections = sectionsOf(right);
  const lines: string[] = [];
  for (const head of mergedHeads([...leftSections.keys()], [...rightSections.keys()])) {
    const one = leftSections.get(head) ?? [];
    const other = rightSections.get(head) ?? [];
    const rows = Math.max(one.length, other.length);
    for (let row = 0; row < rows; row += 1) {
      lines.push(beside(one[row] ?? '', other[row] ?? '', columnWidth));
    }
    lines.push(beside('', '', columnWidth));
  }
  return lines.slice(0, -1);
}

function beside(left: string, right: string, columnWidth: number): string {
  const gap = ' '.repeat(Math.max(0, columnWidth - stripVTControlCharacters(left).length));
  return `${left}${gap} │ ${right}`.trimEnd();
}

/** By first line without colours; the title and what follows the last head have their place. */
function sectionsOf(lines: readonly string[]): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of lines) {
    if (line === '') {
      current = null;
    } else if (current === null) {
      current = [line];
      sections.set(keyOf(line, sections.size), current);
    } else {
      current.push(line);
    }
  }
  return sections;
}

/** Headings are their own key; titles, conclusions and footers differ between stories. */
function keyOf(line: string, index: number): string {
  const plain = stripVTControlCharacters(line);
  if (index === 0) return 'title';
  if (/^(Everything|NOT|Stopped)/.test(plain)) return 'conclusion';
  return plain.startsWith('took') ? 'footer' : plain;
}

/** Both lists in their order; what only one has keeps its place among the others. */
function mergedHeads(left: readonly string[], right: readonly string[]): string[] {
  const merged = [...left];
  right.forEach((head, index) => {
    if (merged.includes(head)) return;
    const before = right.slice(0, index).findLast((one) => merged.includes(one));
    merged.splice(before === undefined ? 0 : merged.indexOf(before) + 1, 0, head);
  });
  return merged;
}
