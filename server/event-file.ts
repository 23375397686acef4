/**
 * Every event of a node as a line of JSON at the end of a file: its time (ms since 1970, with a
 * fraction), the node, the event's name and its fields by their names. A line is written at once,
 * so that what a node told before it was killed is there.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type SystemEventKind, systemEvents } from '../kafka/trace.ts';
import type { EventFields } from './node-process.ts';

/** One line of such a file. */
export interface ToldEvent {
  readonly timeMs: number;
  readonly node: string;
  readonly event: SystemEventKind;
  readonly fields: Readonly<Record<string, string | number>>;
}

export class EventFile {
  private readonly descriptor: number;

  /** @throws the system's error when the file cannot be written. */
  constructor(path: string) {
    this.descriptor = openSync(path, 'a');
  }

  told(node: string, event: SystemEventKind, values: EventFields): void {
    const names = systemEvents[event].fields;
    const fields = Object.fromEntries(values.map((value, i) => [names[i]?.[0] ?? i, value]));
    const timeMs = performance.timeOrigin + performance.now();
    const line: ToldEvent = { timeMs, node, event, fields };
    writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
