/**
 * Keys to commands. A key goes by its place on the keyboard; the reader may bind others, which are
 * kept in the browser. Nothing is answered while somebody writes into a field.
 */
import type { Chord, Command } from './command.ts';
import { commands } from './commands.ts';
import type { AppStore } from './store.ts';

const STORED_UNDER = 'trial.keys';

export class KeyBindings {
  /** By command id, instead of the table's keys. */
  private own: Readonly<Record<string, readonly Chord[]>> = {};
  private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
    this.storage = storage;
    this.own = readBindings(storage?.getItem(STORED_UNDER) ?? null);
  }

  keysOf(command: Command): readonly Chord[] {
    return this.own[command.id] ?? command.keys;
  }

  /** The key does this from now on, and nothing else any more. */
  bind(command: Command, chord: Chord): void {
    const changed: Record<string, readonly Chord[]> = { ...this.own, [command.id]: [chord] };
    for (const other of commands) {
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
    return commands.find((one) => this.keysOf(one).some((own) => sameChord(own, chord))) ?? null;
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

export function chordOf(event: KeyboardEvent): Chord {
  return { code: event.code, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey };
}

/** The element that has the focus, inside shadow roots too. */
export function focusedElement(root: Document | ShadowRoot = document): Element | null {
  let active = root.activeElement;
  while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
  return active;
}

function isWritingInto(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable) return true;
  if (element instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'range', 'button'].includes(element.type);
  }
  return ['TEXTAREA', 'SELECT'].includes(element.tagName);
}

/** Keys that a focused button, list or tab needs for itself. */
const OWN_KEYS: readonly string[] = ['Space', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];
const OWN_KEYS_MORE: readonly string[] = ['Home', 'End', 'Enter'];

function needsKeyItself(element: Element | null, chord: Chord): boolean {
  if (!(element instanceof HTMLElement)) return false;
  const role = element.getAttribute('role') ?? '';
  const isPressed = element.tagName === 'BUTTON' || element.tagName === 'SUMMARY' || role === 'tab';
  if (chord.code === 'Space') return isPressed || element.tagName === 'A' || role === 'option';
  const moves = ['tab', 'option', 'treeitem', 'menuitem', 'slider', 'row', 'grid', 'listbox'];
  if (element instanceof HTMLInputElement && element.type === 'range') return true;
  return (
    moves.includes(role) && (OWN_KEYS.includes(chord.code) || OWN_KEYS_MORE.includes(chord.code))
  );
}

/** @returns ends the listening. */
export function listenToKeys(app: AppStore, bindings: KeyBindings): () => void {
  const answer = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const chord = chordOf(event);
    const focused = focusedElement();
    if (isWritingInto(focused) && chord.ctrl !== true) return;
    if (app.state.overlay !== 'none' && chord.ctrl !== true) return;
    if (needsKeyItself(focused, chord)) return;
    const command = bindings.find(chord);
    if (command === null || !(command.available?.(app) ?? true)) return;
    event.preventDefault();
    command.run(app);
  };
  window.addEventListener('keydown', answer);
  return () => window.removeEventListener('keydown', answer);
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
