/** Reads what a node adds to its file of events, as it comes. */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import type { ToldEvent } from '../server/event-file.ts';

const PIECE_BYTES = 65_536;

export class EventTail {
  /** null: closed. */
  private descriptor: number | null;
  private readonly piece = Buffer.alloc(PIECE_BYTES);
  private position = 0;
  /** A line whose end has not come. */
  private rest: Buffer = Buffer.alloc(0);

  /** Makes the file. */
  constructor(path: string) {
    writeFileSync(path, '');
    this.descriptor = openSync(path, 'r');
  }

  /** What has come since the last call. */
  read(): ToldEvent[] {
    const events: ToldEvent[] = [];
    const { descriptor } = this;
    if (descriptor === null) return events;
    for (;;) {
      const count = readSync(descriptor, this.piece, 0, PIECE_BYTES, this.position);
      if (count === 0) return events;
      this.position += count;
      this.take(Buffer.concat([this.rest, this.piece.subarray(0, count)]), events);
    }
  }

  private take(bytes: Buffer, events: ToldEvent[]): void {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      events.push(JSON.parse(bytes.toString('utf8', from, end)) as ToldEvent);
      from = end + 1;
    }
    this.rest = bytes.subarray(from);
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }
}
