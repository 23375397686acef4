/**
 * A thing that can be done on the page, and the key that does it. Keys, palette, help and buttons
 * all read the table in `commands.ts`.
 */
import type { AppStore } from './store.ts';

export type CommandGroup = 'Play' | 'Go to' | 'Look' | 'Change' | 'Compare and share' | 'Page';

/** Keys go by their place on the keyboard (`KeyboardEvent.code`), so that AZERTY works. */
export interface Chord {
  readonly code: string;
  readonly shift?: boolean;
  /** Control, or Command on a Mac. */
  readonly ctrl?: boolean;
}

export interface Command {
  readonly id: string;
  readonly words: string;
  readonly group: CommandGroup;
  readonly keys: readonly Chord[];
  /** Absent: always. */
  readonly available?: (app: AppStore) => boolean;
  readonly run: (app: AppStore) => void;
}

export function key(code: string): Chord {
  return { code };
}

export function shift(code: string): Chord {
  return { code, shift: true };
}

export function ctrl(code: string): Chord {
  return { code, ctrl: true };
}

export const hasRun = (app: AppStore): boolean => app.slot !== null && app.state.screen === 'run';
