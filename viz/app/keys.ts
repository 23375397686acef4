/**
 * Listens to keys and runs their commands. A key goes by its place on the keyboard. Nothing is
 * answered while somebody writes into a field, or while a control needs the key for itself.
 */
import type { Chord } from './command.ts';
import type { KeyBindings } from './key-bindings.ts';
import type { AppStore } from './store.ts';

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
