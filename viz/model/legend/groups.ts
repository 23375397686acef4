/** Consumer groups: who is in them, who has what, what is committed and processed. */
import type { LegendEntry } from '../legend.ts';
import { rules } from '../rules.ts';
import { counted, list, n, t } from './text.ts';

/** `none`: an assignment of nothing is no nobody. */
function partitions(names: string): string {
  return names === '' ? 'no partition' : list(names);
}

export const groupLegend: Readonly<Record<string, LegendEntry>> = {
  'coordinator.changed': {
    title: 'coordinator',
    lane: 'own',
    colour: 'kind-leader',
    shape: 'diamond',
    weight: 2,
    words: (event, node) => {
      const [groups, offsets] = [counted(n(event, 3), 'group'), counted(n(event, 4), 'offset')];
      const partition = t(event, 0);
      if (t(event, 2) === 'active')
        return `${node} coordinates ${partition}: ${groups}, ${offsets}`;
      if (t(event, 2) === 'failed') return `${node} could not load the groups of ${partition}`;
      return `${node} coordinates ${partition} no more`;
    },
    doc: rules.groupCoordinator,
  },
  'group.changed': {
    title: 'group',
    lane: 'own',
    colour: 'kind-leader',
    shape: 'triangle-up',
    weight: 2,
    words: (event) => {
      const members = counted(n(event, 3), 'member');
      const why = t(event, 4);
      return `group ${t(event, 0)}: ${t(event, 1)}, generation ${n(event, 2)}, ${members} (${why})`;
    },
    doc: rules.groupCoordinator,
  },
  'group.joined': {
    title: 'member joined',
    lane: 'own',
    colour: 'kind-client',
    shape: 'triangle-up',
    weight: 2,
    words: (event) => {
      const instance = t(event, 4);
      const as = instance === '' ? '' : `, static as ${instance}`;
      return `${t(event, 3)} joined group ${t(event, 0)} as ${t(event, 2)}${as}`;
    },
    doc: rules.groupSession,
  },
  'group.left': {
    title: 'member left',
    lane: 'own',
    colour: 'kind-client',
    shape: 'triangle-down',
    weight: 3,
    words: (event) => `${t(event, 3)} is out of group ${t(event, 0)}: ${t(event, 4)}`,
    doc: rules.groupSession,
  },
  'group.assigned': {
    title: 'assigned',
    lane: 'own',
    colour: 'kind-client',
    shape: 'square',
    weight: 2,
    words: (event) =>
      `${t(event, 3)} has ${partitions(t(event, 4))} in generation ${n(event, 1)} of ${t(event, 0)}`,
    doc: rules.assignors,
  },
  'offset.committed': {
    title: 'commit replicated',
    lane: 'own',
    colour: 'kind-replication',
    shape: 'tick',
    weight: 1,
    words: (event) => {
      const place = `${t(event, 3)} at ${n(event, 4)}`;
      return `group ${t(event, 0)} stands at ${n(event, 2)} of ${t(event, 1)} (${place})`;
    },
    doc: rules.autoCommit,
  },
  'offset.removed': {
    title: 'commit removed',
    lane: 'own',
    colour: 'kind-log',
    shape: 'triangle-down',
    weight: 2,
    words: (event) => `group ${t(event, 0)} has no committed offset of ${t(event, 1)} any more`,
    doc: rules.offsetsRetention,
  },
  'consumer.joined': {
    title: 'joined',
    lane: 'own',
    colour: 'kind-client',
    shape: 'triangle-up',
    weight: 1,
    words: (event, node) =>
      `${node} is in generation ${n(event, 1)} of group ${t(event, 0)}, by ${t(event, 3)}`,
    doc: rules.assignors,
  },
  'consumer.owns': {
    title: 'partitions',
    lane: 'own',
    colour: 'kind-client',
    shape: 'square',
    weight: 2,
    words: (event, node) => {
      const changed = partitions(t(event, 3));
      const rest = `it reads ${partitions(t(event, 4))}`;
      if (t(event, 5) === 'assigned') return `${node} was assigned ${changed}; ${rest}`;
      const verb = t(event, 5) === 'lost' ? 'has lost' : 'gave up';
      return `${node} ${verb} ${changed}; ${rest}`;
    },
    doc: rules.assignors,
  },
  'consumer.rejoins': {
    title: 'must rejoin',
    lane: 'own',
    colour: 'kind-client',
    shape: 'triangle-down',
    weight: 2,
    words: (event, node) => `${node} must join group ${t(event, 0)} anew: ${t(event, 1)}`,
    doc: rules.maxPollInterval,
  },
  'commit.sent': {
    title: 'commit',
    lane: 'own',
    colour: 'kind-client',
    shape: 'tick',
    weight: 1,
    words: (event, node) =>
      `${node} commits ${n(event, 2)} of ${t(event, 1)} for group ${t(event, 0)}`,
    doc: rules.autoCommit,
  },
  'commit.answered': {
    title: 'commit answered',
    lane: 'own',
    colour: 'kind-client',
    shape: 'tick',
    weight: 1,
    words: (event, node) => {
      const what = `${n(event, 2)} of ${t(event, 1)} for group ${t(event, 0)}`;
      const error = t(event, 3);
      if (error === 'NONE') return `${node} has committed ${what}`;
      return `${node} was not told that ${what} is committed (${error})`;
    },
    doc: rules.autoCommit,
  },
  'committed.asked': {
    title: 'asks for its offset',
    lane: 'own',
    colour: 'kind-client',
    shape: 'dot',
    weight: 1,
    words: (event, node) => `${node} asks where group ${t(event, 0)} stands in ${t(event, 1)}`,
    doc: rules.autoOffsetReset,
  },
  'committed.told': {
    title: 'told its offset',
    lane: 'own',
    colour: 'kind-client',
    shape: 'dot',
    weight: 1,
    words: (event, node) => {
      const [group, partition, offset] = [t(event, 0), t(event, 1), n(event, 2)];
      if (offset < 0) return `${node}: group ${group} has committed nothing of ${partition}`;
      return `${node}: group ${group} stands at ${offset} of ${partition}`;
    },
    doc: rules.autoOffsetReset,
  },
  'app.processed': {
    title: 'processed',
    lane: 'own',
    colour: 'kind-client',
    shape: 'dot',
    weight: 1,
    words: (event, node) => {
      const [partition, offset, records] = [t(event, 1), n(event, 2), n(event, 3)];
      const end = records > 1 ? ` to ${offset + records - 1}` : '';
      const again = n(event, 4) > 0 ? `, ${n(event, 4)} of them again` : '';
      return `the application of ${node} processed ${partition} ${offset}${end}${again}`;
    },
    doc: rules.autoCommit,
  },
};
