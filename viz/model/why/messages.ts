/** Which message brought what a node did. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import type { Scene } from './scene.ts';

/** The frame that brought the input of the event's step; null when it was another input. */
export function messageOf(scene: Scene, event: number): TraceEvent | null {
  const { store } = scene;
  const input = store.stepStart(event);
  for (const parent of [store.parentB(input), store.parentA(input)]) {
    if (parent > 0 && store.kindName(parent) === 'frame.sent') return scene.at(parent);
  }
  return null;
}
