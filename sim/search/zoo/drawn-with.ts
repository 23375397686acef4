/**
 * What the swarm is told for an entry of the zoo, by its name; what is not named is drawn from
 * everything. Only options of `trial fuzz`: what rules have to do with (a restart, a clock, the
 * leaders of the quorum), never who, when and how often.
 */
import type { SwarmOptions } from '../../swarm/swarm.ts';

type DrawnWith = Pick<SwarmOptions, 'families' | 'intensity' | 'size' | 'plots' | 'beyondBudget'>;

/** A small cluster, few other faults. */
function about(...plots: NonNullable<DrawnWith['plots']>): DrawnWith {
  return { size: 'small', intensity: 'light', plots };
}

/** Where data may be lost by a fault that the settings do not survive. */
function beyond(...plots: NonNullable<DrawnWith['plots']>): DrawnWith {
  return { ...about(...plots), beyondBudget: true };
}

export const drawnWith: Readonly<Record<string, DrawnWith>> = {
  'truncation=end-offset-only': about('leaders-in-turn'),
  'follower-restart=new-leader-only': about('leaders-unheard'),
  'follower-position=every-fetch': about('leaders-in-turn'),
  'epoch-start=with-first-write': about('leaders-in-turn'),
  'fetch-fencing=none': about('leaders-unheard'),
  'out-of-range=from-the-beginning': about('ahead-of-the-leader'),
  'fetch-damage=ends-fetcher': about('damage-in-flight'),
  'isr-join=from-high-watermark': about('late-joiner'),
  'isr-incarnation=any': beyond('late-request'),
  'unclean-restart=stays-eligible': beyond('eligible-in-the-dark'),
  'clean-marker=at-every-stop': about('stopped-while-starting'),
  'isr-lag=by-count': about('burst'),
  'isr-lag=by-time-alone': about('silence'),
  'latest-offset=at-once': about('begins-again'),
  'consumer-position=trusted': beyond('written-anew'),
  'failed-append=closed-later': about('broken-append'),
  'retention-time=last-write': beyond('wrong-clock'),
  'forgotten-producer=with-its-records': beyond('forgotten'),
  'sequence-wrap=by-sequences': about('near-the-limit'),
  'unclean-on': beyond('one-after-the-other'),
  'fsync-none': beyond('one-after-the-other'),
  'last-replica-standing': beyond('one-after-the-other'),
  'autocommit-async': about('members-crash'),
  'commit-before-process': about('members-crash'),
  'one-in-flight=of-a-connection': about('one-at-a-time'),
  'offset-expiry=by-commit': about('long-unused'),
  'offset-expiry=while-rebalancing': about('long-unused'),
  'group-load=first-buffer-stays': about('coordinator-moves'),
  'raft-commit=at-epoch-start': { ...about('majorities-in-turn'), size: 'quorum' },
};

/** As they are typed. */
export function drawnWithWords(options: SwarmOptions): string {
  const { families, intensity, size, plots, beyondBudget } = options;
  return [
    ...(families === undefined ? [] : [`--families ${families.join(',')}`]),
    ...(size === undefined ? [] : [`--size ${size}`]),
    ...(intensity === undefined ? [] : [`--intensity ${intensity}`]),
    ...(plots === undefined ? [] : [`--plots ${plots.join(',')}`]),
    ...(beyondBudget === true ? ['--beyond-budget'] : []),
  ].join(' ');
}
