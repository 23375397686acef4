/** Lines of a report: headings and labelled items whose text hangs beside its label. */
import type { Colors } from '../terminal.ts';
import { wrap } from './columns.ts';

export type Paint = (text: string) => string;

export class Page {
  readonly lines: string[] = [];
  readonly colors: Colors;
  private readonly width: number;

  constructor(width: number, colors: Colors) {
    this.width = width;
    this.colors = colors;
  }

  heading(text: string): void {
    this.lines.push('', this.colors.bold(text));
  }

  /** Text under an indent of so many blanks. */
  text(indent: number, text: string, paint: Paint = plain): void {
    const space = ' '.repeat(indent);
    for (const line of wrap(text, this.room(indent))) this.lines.push(space + paint(line));
  }

  /**
   * A label in a column of `labelWidth` (its own width if it is longer) and its text beside it.
   * On a narrow page the text of a long label goes below instead.
   */
  item(
    at: { indent: number; label: string; labelWidth: number; paint?: Paint },
    text: string,
  ): void {
    const { indent, label, labelWidth } = at;
    const space = ' '.repeat(indent);
    const column = indent + Math.max(labelWidth, label.length) + 2;
    const painted = (at.paint ?? plain)(label);
    if (this.width - column < 24) {
      this.lines.push(space + painted);
      if (text !== '') this.text(indent + 2, text);
      return;
    }
    const [first = '', ...rest] = wrap(text, this.room(column));
    const gap = ' '.repeat(column - indent - label.length);
    this.lines.push(`${space}${painted}${gap}${first}`.trimEnd());
    for (const line of rest) this.lines.push(' '.repeat(column) + line);
  }

  private room(indent: number): number {
    return Math.max(20, this.width - indent);
  }
}

const plain: Paint = (text) => text;
