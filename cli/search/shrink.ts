/** Shrinks a failure with progress, until it is small, the time is over or the user has enough. */
import { count } from '../../sim/run/words.ts';
import type { Shrinking } from '../../sim/search/shrink/shrink.ts';
import type { Terminal } from '../terminal.ts';
import { ProgressLine, type ProgressStyle } from './progress.ts';

export interface ShrinkEnd {
  readonly interrupted: boolean;
  readonly wallMs: number;
}

export async function shrink(
  shrinking: Shrinking,
  options: { readonly forMs: number; readonly progress: ProgressStyle; readonly label: string },
  terminal: Terminal,
): Promise<ShrinkEnd> {
  const startedMs = terminal.nowMs();
  const progress = new ProgressLine(terminal, options.progress);
  let interrupted = false;
  const unsubscribe = terminal.onInterrupt(() => {
    interrupted = true;
  });
  const words = (): string => {
    const { before, after, tries, pass, isMinimal } = shrinking;
    const events = `${count(before.events)} → ${count(after.events)} events`;
    const faults = `${before.faults} → ${after.faults} faults`;
    const now = isMinimal ? `another way: ${pass}` : pass;
    return `${options.label} · ${events} · ${faults} · ${count(tries)} tries · ${now}`;
  };
  for (const _ of shrinking.run()) {
    progress.show(words);
    await new Promise((resolve) => setImmediate(resolve));
    if (interrupted || terminal.nowMs() - startedMs >= options.forMs) break;
  }
  progress.clear();
  unsubscribe();
  return { interrupted, wallMs: terminal.nowMs() - startedMs };
}
