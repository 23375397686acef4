import { describe, expect, test } from 'vitest';
import { quorumMembers } from '../../../viz/model/quorum-view.ts';
import { storyRun } from '../../support/viz-runs.ts';

const stories = [
  'quorum-leaders-in-quick-turn',
  'zombie-controller-is-not-heard',
  'cut-off-controller-cannot-decide',
];

describe.each(stories)('the quorum of %s', (name) => {
  const { store, timeline, scenario } = storyRun(name);
  const states = store.listOf('quorum.state');
  const voters = scenario.cluster.controllers ?? 1;

  test('gives an epoch to a leader only by the votes of a majority', () => {
    const votes = new Map<number, Map<string, string>>();
    let led = 0;
    for (let place = 0; place < states.count; place++) {
      const event = states.at(place);
      const node = store.nodeName(store.node(event));
      const member = quorumMembers(timeline.stateAt(event)).find((one) => one.node === node)!;
      const ofEpoch = votes.get(member.epoch) ?? new Map<string, string>();
      votes.set(member.epoch, ofEpoch);
      if (member.voted !== '') {
        expect([node, member.epoch, ofEpoch.get(node) ?? member.voted]).toEqual([
          node,
          member.epoch,
          member.voted,
        ]);
        ofEpoch.set(node, member.voted);
      }
      if (member.standing !== 'leader') continue;
      led += 1;
      const forIt = [...ofEpoch.values()].filter((one) => one === node).length;
      expect(forIt).toBeGreaterThan(voters / 2);
      expect(member.leader).toBe(node);
    }
    expect(led).toBeGreaterThan(1);
  });

  test('is shown with what each member knows, never beyond its log, and nothing while down', () => {
    for (let position = 1; position <= store.count; position += 499) {
      for (const one of quorumMembers(timeline.stateAt(position))) {
        if (one.logEnd >= 0) expect(one.committed).toBeLessThanOrEqual(one.logEnd);
        if (one.standing === 'down') {
          expect([one.epoch, one.voted, one.leader, one.committed]).toEqual([-1, '', '', -1]);
        }
      }
    }
    const end = quorumMembers(timeline.stateAt(store.count));
    expect(end).toHaveLength(voters);
    expect(end.filter((one) => one.standing === 'leader')).toHaveLength(1);
    expect(new Set(end.map((one) => `${one.leader} ${one.epoch}`)).size).toBe(1);
  });
});
