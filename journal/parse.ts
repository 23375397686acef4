/** Reads lines of a journal; what is none is refused with the words why. */
import type { CallLine, InputLine, JournalHeader, StepLine } from './format.ts';
import { JOURNAL_VERSION } from './format.ts';

export class InvalidJournal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidJournal';
  }
}

/** The fields of each input besides its kind. */
const INPUTS: Readonly<Record<InputLine['kind'], Readonly<Record<string, Shape>>>> = {
  started: {},
  stopping: {},
  woken: {},
  accepted: {
    connection: isCount,
    listener: isText,
    peer: isAddress,
    certificate: (value) => value === undefined || isText(value),
  },
  connected: { connection: isCount },
  drained: { connection: isCount },
  received: { connection: isCount, bytes: isText },
  disconnected: { connection: isCount, reason: isText },
  flushed: { ticket: isCount, error: (value) => value === null || isText(value) },
};

type Shape = (value: unknown) => boolean;
type Fields = Readonly<Record<string, unknown>>;

/** @throws InvalidJournal */
export function parseHeader(text: string): JournalHeader {
  const line = objectIn(text);
  const { journal, engine, node, role, config } = line;
  if (journal === undefined) throw new InvalidJournal('it does not say that it is a journal');
  if (journal !== JOURNAL_VERSION) {
    throw new InvalidJournal(
      `journal ${JSON.stringify(journal)}: only ${JOURNAL_VERSION} is known`,
    );
  }
  need(isText(engine), 'engine', 'a text');
  need(isText(node), 'node', 'a name');
  need(role === 'broker' || role === 'controller', 'role', 'broker or controller');
  need(isObject(config) && Object.values(config).every(isText), 'config', 'texts by key');
  return line as unknown as JournalHeader;
}

/** @throws InvalidJournal */
export function parseStep(text: string): StepLine {
  const line = objectIn(text);
  const { at, input, calls, wakeAtMs, broke } = line;
  const isTime = Array.isArray(at) && at.length === 2 && at.every(Number.isSafeInteger);
  need(isTime, 'at', 'two clocks in ms');
  need(isObject(input) && isInput(input), 'input', 'an input of a node');
  need(Array.isArray(calls) && calls.every(isCall), 'calls', 'a list of calls');
  need(wakeAtMs === null || typeof wakeAtMs === 'number', 'wakeAtMs', 'a time or null');
  need(broke === undefined || isText(broke), 'broke', 'a text');
  return line as unknown as StepLine;
}

function objectIn(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidJournal(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw new InvalidJournal('not an object');
  return value;
}

function need(isRight: boolean, field: string, what: string): void {
  if (!isRight) throw new InvalidJournal(`${field}: expected ${what}`);
}

function isInput(input: Fields): boolean {
  const { kind, ...fields } = input;
  if (typeof kind !== 'string' || !Object.hasOwn(INPUTS, kind)) return false;
  const shapes = INPUTS[kind as InputLine['kind']];
  const isKnown = Object.keys(fields).every((name) => Object.hasOwn(shapes, name));
  return isKnown && Object.entries(shapes).every(([name, isRight]) => isRight(fields[name]));
}

function isCall(value: unknown): value is CallLine {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [name, given, answer] = value as unknown[];
  return isText(name) && Array.isArray(given) && given.every(isPlain) && isAnswer(answer);
}

function isAnswer(value: unknown): boolean {
  if (isPlain(value)) return true;
  if (Array.isArray(value)) return value.every(isText);
  return isObject(value) && isText(value['error']) && isText(value['path']);
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isText(value: unknown): value is string {
  return typeof value === 'string';
}
function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
function isAddress(value: unknown): boolean {
  return isObject(value) && isText(value['host']) && isCount(value['port']);
}
