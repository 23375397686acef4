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

/** Roles whose elements are walked with the arrow keys. */
const WALKED: readonly string[] = [
  'tab',
  'option',
  'treeitem',
  'menuitem',
  'slider',
  'row',
  'grid',
  'listbox',
];
/** Roles that only scroll: up and down are theirs, left and right stay the page's. */
const SCROLLED: readonly string[] = ['tabpanel', 'region'];
const SCROLL_KEYS: readonly string[] = ['ArrowUp', 'ArrowDown', 'Home', 'End'];
const WALK_KEYS: readonly string[] = [...SCROLL_KEYS, 'ArrowLeft', 'ArrowRight', 'Enter'];

/** Whether the focused control needs the key for itself. */
function needsKeyItself(element: Element | null, { code }: Chord): boolean {
  if (!(element instanceof HTMLElement)) return false;
  const role = element.getAttribute('role') ?? '';
  if (code === 'Space') {
    return ['BUTTON', 'SUMMARY', 'A'].includes(element.tagName) || ['tab', 'option'].includes(role);
  }
  if (element instanceof HTMLInputElement && element.type === 'range') {
    return WALK_KEYS.includes(code);
  }
  if (SCROLLED.includes(role)) return SCROLL_KEYS.includes(code);
  return WALKED.includes(role) && WALK_KEYS.includes(code);
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
