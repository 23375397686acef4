/**
 * `trial replay` of a journal: a real node's process stepped through again, in the laboratory, with
 * the same code. It is the same in every call, or the first difference is told.
 */
import { loadCodecs } from '../codecs/load.ts';
import type { JournalHeader } from '../journal/format.ts';
import { InvalidJournal, parseHeader, parseStep } from '../journal/parse.ts';
import { JournalDifference, JournalPlayer } from '../journal/player.ts';
import { createBrokerNode } from '../kafka/broker/broker.ts';
import { createControllerNode } from '../kafka/controller/controller-node.ts';
import type { SystemEventKind } from '../kafka/trace.ts';
import packageJson from '../package.json' with { type: 'json' };
import { nodeCrypto } from '../server/crypto.ts';
import type { Context } from './context.ts';
import { inputError } from './errors.ts';
import { type JournalText, journalLines } from './input/journal-lines.ts';
import { counted } from './report/words.ts';
import { eventWords } from './server/event-lines.ts';
import { printJson } from './write-json.ts';

export interface ReplayJournalOptions {
  /** Print what the node tells. */
  readonly events: boolean;
  readonly json: boolean;
  readonly jsonFile: string | undefined;
}

interface Replayed {
  readonly header: JournalHeader;
  readonly steps: number;
  /** What is different first; null: nothing. */
  readonly difference: string | null;
}

export async function replayJournal(
  path: string,
  options: ReplayJournalOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const codecs = await loadCodecs();
  const lines = journalLines(path);
  const header = headerOf(path, firstOf(lines));
  const told = (node: string, atMs: number, fields: readonly unknown[]): void => {
    const [kind, ...values] = fields as [SystemEventKind, ...(string | number)[]];
    terminal.out(`${atMs} ${eventWords(node, kind, values)}\n`);
  };
  const player = new JournalPlayer(header, {
    codecs,
    crypto: nodeCrypto,
    create: (host, config) =>
      header.role === 'broker'
        ? createBrokerNode(host, config)
        : createControllerNode(host, config),
    ...(options.events
      ? { told: (atMs: number, fields: readonly unknown[]) => told(header.node, atMs, fields) }
      : {}),
  });
  const difference = play(path, lines, player);
  const replayed: Replayed = { header, steps: player.steps, difference };
  if (options.json || options.jsonFile !== undefined) {
    printJson(jsonOf(replayed), options.jsonFile, terminal);
  } else terminal.out(`${wordsOf(replayed).join('\n')}\n`);
  exitWith(difference === null ? 0 : 3);
}

/** @returns what is different first. */
function play(path: string, lines: Iterable<JournalText>, player: JournalPlayer): string | null {
  for (const one of lines) {
    try {
      if (one.isCut) throw new InvalidJournal('the journal ends in the middle of a step');
      player.step(parseStep(one.text));
    } catch (error) {
      if (error instanceof JournalDifference) return error.message;
      throw problemAt(path, one, player, error);
    }
  }
  return null;
}

function firstOf(lines: Iterator<JournalText>): JournalText | null {
  const { done, value } = lines.next();
  return done === true ? null : value;
}

function headerOf(path: string, first: JournalText | null): JournalHeader {
  if (first === null) throw inputError(`${path} is empty`);
  try {
    if (first.isCut) throw new InvalidJournal('the journal ends in its first line');
    return parseHeader(first.text);
  } catch (error) {
    throw problemAt(path, first, null, error);
  }
}

function problemAt(
  path: string,
  { line }: JournalText,
  player: JournalPlayer | null,
  error: unknown,
): unknown {
  if (!(error instanceof InvalidJournal)) return error;
  const before =
    player === null || player.steps < 2
      ? ''
      : ` (${counted(line - 2, 'step')} before it came out the same)`;
  return inputError(`${path}:${line}: ${error.message}${before}`);
}

function wordsOf({ header, steps, difference }: Replayed): string[] {
  const { node, role, engine } = header;
  const what = `${node}, a ${role}: ${counted(steps, 'step')}`;
  if (difference === null) return [`${what}, the same in every call`];
  const other =
    engine === packageJson.version
      ? []
      : [`It was written by version ${engine}, and this is ${packageJson.version}.`];
  return [`${what}, then something else:`, `  ${difference}`, ...other];
}

function jsonOf({ header, steps, difference }: Replayed): Record<string, unknown> {
  const { node, role, engine } = header;
  return { schema: 1, node, role, engine, steps, same: difference === null, difference };
}
