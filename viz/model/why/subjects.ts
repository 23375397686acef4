/** Whom and what a finding is about: partitions, the nodes that it names, and who holds them. */
import type { Verdict } from '../../../sim/check/verdict.ts';
import { brokersOf } from './record.ts';
import { brokerName, type Scene } from './scene.ts';

export interface Subjects {
  readonly partitions: readonly string[];
  /** Nodes that the finding names. */
  readonly named: ReadonlySet<string>;
  /** These, and whoever holds the partitions. */
  readonly involved: ReadonlySet<string>;
}

export function subjectsOf(scene: Scene, { explanation }: Verdict, at: number): Subjects {
  const words = new Set(explanation.split(/[^\w.-]+/).map((one) => one.replace(/\.$/, '')));
  const partitions = Object.keys(scene.state(at).partitions).filter((one) => words.has(one));
  const named = new Set(scene.store.nodeNames.filter((one) => words.has(one)));
  const holders = partitions.flatMap((one) => brokersOf(scene, one).map(brokerName));
  const involved = new Set([...named, ...holders]);
  return { partitions, named, involved };
}

/** It says that something never came, not that something is wrong. */
export function isLiveness({ name }: Verdict): boolean {
  return name.endsWith('-progress');
}
