/** One readable line per event of a real node: when, how grave, what in words. */
import type { SystemEventKind } from '../../kafka/trace.ts';
import type { Ended, EventFields } from '../../server/node-process.ts';
import { legendOf } from '../../viz/model/legend.ts';
import { reasonOf } from '../errors.ts';
import type { Colors } from '../terminal.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** What is news at this weight and above; the rest is for `--verbose`. */
const NEWS = 2;

export function levelOf(kind: SystemEventKind): Level {
  if (kind === 'log.dir.failed') return 'error';
  const { weight, colour } = legendOf(kind);
  if (weight < NEWS) return 'debug';
  return colour === 'kind-refusal' ? 'warn' : 'info';
}

export function eventWords(node: string, kind: SystemEventKind, fields: EventFields): string {
  const event = { event: 0, timeUs: 0, step: 0, node: 0, kind, parents: [], fields };
  return legendOf(kind).words(event, node);
}

export function endedWords(node: string, ended: Ended): { level: Level; words: string } {
  switch (ended.how) {
    case 'exited':
      return { level: 'info', words: `${node} has shut down` };
    case 'killed':
      return { level: 'warn', words: `${node} was killed` };
    case 'halted':
      return { level: 'error', words: `${node} gave up: ${ended.reason}` };
    case 'broken': {
      const { error, input } = ended;
      const stack = error instanceof Error ? error.stack : reasonOf(error);
      const words = `${node} broke while it worked on "${input}": a mistake in trial itself`;
      return { level: 'error', words: `${words}\n${stack}` };
    }
  }
}

export function logLine(nowMs: number, level: Level, words: string, colors: Colors): string {
  const time = new Date(nowMs).toISOString();
  const name = level.toUpperCase().padEnd(5);
  const shown = { debug: colors.dim, info: colors.reset, warn: colors.yellow, error: colors.red };
  return `${colors.dim(time)} ${shown[level](name)} ${words}\n`;
}
