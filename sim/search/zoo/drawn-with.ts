/**
 * What the swarm is told for an entry of the zoo, by its name; what is not named is drawn from
 * everything. Only options of `trial fuzz`.
 */
import type { SwarmOptions } from '../../swarm/swarm.ts';

type DrawnWith = Pick<SwarmOptions, 'families' | 'intensity'>;

export const drawnWith: Readonly<Record<string, DrawnWith>> = {};

/** As they are typed. */
export function drawnWithWords({ families, intensity }: SwarmOptions): string {
  return [
    ...(families === undefined ? [] : [`--families ${families.join(',')}`]),
    ...(intensity === undefined ? [] : [`--intensity ${intensity}`]),
  ].join(' ');
}
