/**
 * The file of a journal: each line is written at once. A disk that takes no more ends the journal
 * and not the node. It holds what clients sent and passwords of the configuration, so that nobody but
 * its owner may read it.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

export class JournalFile {
  private readonly descriptor: number;
  private readonly failed: (error: unknown) => void;
  private over = false;

  /** @throws the system's error: the file must not be there yet. @param failed told once. */
  constructor(path: string, failed: (error: unknown) => void) {
    this.descriptor = openSync(path, 'wx', 0o600);
    this.failed = failed;
  }

  write(line: string): void {
    if (this.over) return;
    const bytes = Buffer.from(line);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.descriptor, bytes, done);
      }
    } catch (error) {
      this.close();
      this.failed(error);
    }
  }

  close(): void {
    if (!this.over) closeSync(this.descriptor);
    this.over = true;
  }
}
