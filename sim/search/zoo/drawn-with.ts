/**
 * What the swarm is told for an entry of the zoo, by its name; what is not named is drawn from
 * everything. Only options of `trial fuzz`.
 */
import type { SwarmOptions } from '../../swarm/swarm.ts';

type DrawnWith = Pick<SwarmOptions, 'families' | 'intensity' | 'size'>;

export const drawnWith: Readonly<Record<string, DrawnWith>> = {
  'truncation=end-offset-only': { size: 'small' },
  'follower-restart=new-leader-only': { size: 'small' },
  'epoch-start=with-first-write': { size: 'small' },
  'fetch-fencing=none': { size: 'small' },
  'out-of-range=from-the-beginning': { size: 'small' },
  'isr-join=from-high-watermark': { size: 'small' },
  'isr-incarnation=any': { size: 'small' },
  'unclean-restart=stays-eligible': { size: 'small' },
  'clean-marker=at-every-stop': { size: 'small' },
  'isr-lag=by-count': { size: 'small' },
  'isr-lag=by-time-alone': { size: 'small' },
  'latest-offset=at-once': { size: 'small' },
  'consumer-position=trusted': { size: 'small' },
  'failed-append=closed-later': { size: 'small' },
  'retention-time=last-write': { size: 'small' },
  'forgotten-producer=with-its-records': { size: 'small' },
  'sequence-wrap=by-sequences': { size: 'small' },
  'raft-commit=at-epoch-start': { size: 'small' },
};

/** As they are typed. */
export function drawnWithWords({ families, intensity, size }: SwarmOptions): string {
  return [
    ...(families === undefined ? [] : [`--families ${families.join(',')}`]),
    ...(size === undefined ? [] : [`--size ${size}`]),
    ...(intensity === undefined ? [] : [`--intensity ${intensity}`]),
  ].join(' ');
}
