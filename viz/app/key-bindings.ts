/**
 * Which key does what: the keys of the command table, and instead of them those that the reader
 * has bound, which are kept in the browser.
 */
import type { Chord, Command } from './command.ts';

const STORED_UNDER = 'trial.keys';

/** As `localStorage`. */
export interface KeyStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class KeyBindings {
  /** By command id, instead of the table's keys. */
  private own: Readonly<Record<string, readonly Chord[]>> = {};
  private readonly commands: readonly Command[];
  private readonly storage: KeyStorage | null;

  constructor(commands: readonly Command[], storage: KeyStorage | null) {
    this.commands = commands;
    this.storage = storage;
    this.own = readBindings(storage?.getItem(STORED_UNDER) ?? null);
  }

  keysOf(command: Command): readonly Chord[] {
    return this.own[command.id] ?? command.keys;
  }

  /** The key does this from now on, and nothing else any more. */
  bind(command: Command, chord: Chord): void {
    const changed: Record<string, readonly Chord[]> = { ...this.own, [command.id]: [chord] };
    for (const other of this.commands) {
      if (other.id === command.id) continue;
      const keys = this.keysOf(other);
      const rest = keys.filter((one) => !sameChord(one, chord));
      if (rest.length < keys.length) changed[other.id] = rest;
    }
    this.keep(changed);
  }

  reset(): void {
    this.keep({});
  }

  get isChanged(): boolean {
    return Object.keys(this.own).length > 0;
  }

  find(chord: Chord): Command | null {
    return (
      this.commands.find((one) => this.keysOf(one).some((own) => sameChord(own, chord))) ?? null
    );
  }

  private keep(changed: Readonly<Record<string, readonly Chord[]>>): void {
    this.own = changed;
    this.storage?.setItem(STORED_UNDER, JSON.stringify(changed));
  }
}

/** What cannot be read counts as nothing: keys are a convenience, the table has them all. */
function readBindings(text: string | null): Record<string, readonly Chord[]> {
  if (text === null) return {};
  const bindings: Record<string, readonly Chord[]> = {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  for (const [id, keys] of Object.entries(parsed)) {
    if (Array.isArray(keys) && keys.every(isChord)) bindings[id] = keys;
  }
  return bindings;
}

function isChord(value: unknown): value is Chord {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function sameChord(a: Chord, b: Chord): boolean {
  return (
    a.code === b.code &&
    (a.shift ?? false) === (b.shift ?? false) &&
    (a.ctrl ?? false) === (b.ctrl ?? false)
  );
}

const NAMES: Readonly<Record<string, string>> = {
  Space: 'space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Comma: ',',
  Period: '.',
  BracketLeft: '[',
  BracketRight: ']',
  Slash: '/',
  ContextMenu: 'menu',
};

/** `Ctrl K`, `Shift V`; letters as they stand on this keyboard where the browser tells it. */
export function chordWords(chord: Chord, layout: ReadonlyMap<string, string> | null): string[] {
  const name =
    layout?.get(chord.code)?.toUpperCase() ??
    NAMES[chord.code] ??
    chord.code.replace(/^(Key|Digit)/, '');
  return [
    ...(chord.ctrl === true ? ['Ctrl'] : []),
    ...(chord.shift === true ? ['Shift'] : []),
    name,
  ];
}
