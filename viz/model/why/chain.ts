/**
 * What led to an event of which no template knows more: its input, and back along the messages
 * and timers that brought it, a few steps only.
 */
import { legendOf } from '../legend.ts';
import type { Scene, Sentence } from './scene.ts';

const STEPS = 4;

export function chainOf(scene: Scene, event: number): Sentence[] {
  const { store } = scene;
  const sentences: Sentence[] = [saying(scene, event)];
  let at = event;
  for (let step = 0; step < STEPS; step++) {
    const cause = causeOf(scene, at);
    if (cause === 0) break;
    sentences.unshift(saying(scene, cause));
    at = cause;
    if (legendOf(store.kindName(cause)).weight >= 2) break;
  }
  return sentences;
}

function saying(scene: Scene, event: number): Sentence {
  const words = scene.words(event);
  const { kind } = scene.at(event);
  if (kind === 'lab.action') return scene.say('lab-did', { label: words }, [event]);
  return scene.say('happened', { words }, [event]);
}

/** The explicit cause; without one, the input of its own step, or the action that did it. */
function causeOf(scene: Scene, event: number): number {
  const { store } = scene;
  const parent = Math.max(store.parentA(event), store.parentB(event));
  if (parent > 0) return parent;
  const start = store.stepStart(event);
  if (start < event) return start;
  // What the laboratory does in a step of its own was announced by the action before it.
  const before = event - 1;
  const isOfLab = store.node(event) === 0 && before > 0 && store.node(before) === 0;
  if (isOfLab && store.kindName(before) === 'lab.action') return before;
  return 0;
}
