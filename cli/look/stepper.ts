/** Goes through a run event by event, as somebody asks for it line by line. */
import { count } from '../../sim/run/words.ts';
import type { Terminal } from '../terminal.ts';
import { type Looked, lookLines } from './looks.ts';
import { timeAt, wordsAt } from './run-model.ts';

const HELP =
  'Enter: the next event · b: one back · a number: that event · s: state · l: log · w: why · q: end';

export async function stepThrough(
  start: number,
  looked: Looked,
  terminal: Terminal,
): Promise<void> {
  const { run } = looked;
  let at = Math.max(1, start);
  const say = (lines: readonly string[]): void => terminal.out(`${lines.join('\n')}\n`);
  const show = (): void => say([`${count(at)}  ${timeAt(run, at)}  ${wordsAt(run, at)}`]);
  say([HELP]);
  show();
  for await (const line of terminal.lines()) {
    const word = line.trim();
    if (word === 'q') return;
    if (word === 's') say(lookLines('state', at, looked));
    else if (word === 'l') say(lookLines('log', at, looked));
    else if (word === 'w') say(lookLines('why', at, looked));
    else if (word === '' || word === 'b' || /^\d+$/.test(word)) {
      const next = moved(at, word, looked);
      if (next === null) {
        say([`there is no such event; the run has ${count(run.store.count)}`]);
        if (word === '') return;
        continue;
      }
      at = next;
      show();
    } else say([HELP]);
  }
}

/** With a node, Enter and b stop only at its own events. */
function moved(at: number, word: string, { run, node }: Looked): number | null {
  const { store } = run;
  const ofNode = node === null ? null : store.nodeNames.indexOf(node) + 1;
  if (word !== '' && word !== 'b') {
    const asked = Number(word);
    return asked >= 1 && asked <= store.count ? asked : null;
  }
  const by = word === 'b' ? -1 : 1;
  for (let next = at + by; next >= 1 && next <= store.count; next += by) {
    if (ofNode === null || store.node(next) === ofNode) return next;
  }
  return null;
}
