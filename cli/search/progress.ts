/**
 * The progress of a search on stderr: one line that is written over in a terminal, a line now and
 * then elsewhere.
 */
import type { Terminal } from '../terminal.ts';

export const PROGRESS_STYLES = ['auto', 'bar', 'plain', 'none'] as const;
export type ProgressStyle = (typeof PROGRESS_STYLES)[number];

const EVERY_MS = { bar: 250, plain: 10_000 } as const;

export class ProgressLine {
  private readonly terminal: Terminal;
  private readonly style: 'bar' | 'plain' | 'none';
  private nextMs: number;
  private shown = false;

  constructor(terminal: Terminal, style: ProgressStyle) {
    this.terminal = terminal;
    const isTty = terminal.errIsTty === true;
    this.style = style === 'auto' ? (isTty ? 'bar' : 'plain') : style;
    this.nextMs = terminal.nowMs() + (this.style === 'none' ? 0 : EVERY_MS[this.style]);
  }

  /** @param words are asked for only when they are shown. */
  show(words: () => string): void {
    const { style, terminal } = this;
    if (style === 'none') return;
    const nowMs = terminal.nowMs();
    if (nowMs < this.nextMs) return;
    this.nextMs = nowMs + EVERY_MS[style];
    if (style === 'plain') return terminal.err(`${words()}\n`);
    this.shown = true;
    terminal.err(`\r\x1b[K${words().slice(0, terminal.columns - 1)}`);
  }

  /** A line of its own that stays. */
  say(line: string): void {
    this.clear();
    this.terminal.err(`${line}\n`);
  }

  clear(): void {
    if (this.shown) this.terminal.err('\r\x1b[K');
    this.shown = false;
  }
}
