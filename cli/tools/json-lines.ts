/** Results that come one by one: one JSON object a line, to stdout or into a file. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { writeError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

export class JsonLines {
  private readonly terminal: Terminal;
  private readonly path: string | undefined;
  private readonly file: number | null;

  /** Without a path they go to stdout. */
  constructor(terminal: Terminal, path: string | undefined) {
    this.terminal = terminal;
    this.path = path;
    this.file = path === undefined ? null : this.guarded(path, () => openSync(path, 'w'));
  }

  write(value: object): void {
    const { file, path } = this;
    const line = `${JSON.stringify({ schema: 1, ...value })}\n`;
    if (file === null || path === undefined) this.terminal.out(line);
    else this.guarded(path, () => writeSync(file, line));
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
  }

  private guarded<T>(path: string, write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw writeError(path, error);
    }
  }
}
