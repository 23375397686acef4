/** Why a member of the quorum leads, asks for votes, follows or gives up (KIP-595, KIP-996). */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { listed, type Scene, type Sentence } from './scene.ts';
import { troubleOf } from './trouble.ts';

/** As the trace has it; `voted` is -1 where it does not tell. */
interface Told {
  readonly node: string;
  readonly state: string;
  readonly epoch: number;
  readonly leader: number;
  readonly voted: number;
}

export function whyQuorumState(scene: Scene, event: TraceEvent): Sentence[] {
  const told = toldBy(scene, event);
  const { node, epoch, voted, state, leader } = told;
  const said = (name: 'quorum-adrift' | 'quorum-resigned', facts = { node, epoch }) =>
    scene.say(name, facts, [event.event]);
  switch (state) {
    case 'leader':
      return [...formerTrouble(scene, event), electedBy(scene, event)];
    case 'candidate':
      return [
        ...formerTrouble(scene, event),
        scene.say('quorum-candidate', { node, epoch }, [event.event]),
      ];
    case 'prospective':
      return [
        ...formerTrouble(scene, event),
        scene.say('quorum-asks-first', { node }, [event.event]),
      ];
    case 'resigned': {
      const trouble = troubleOf(scene, node, { event: event.event, peers: scene.controllers });
      const before =
        trouble === null ? [] : [scene.say('trouble', { trouble: trouble.words }, trouble.events)];
      return [...before, said('quorum-resigned')];
    }
    case 'follower': {
      const led = ledIn(scene, event, epoch);
      const elected = led === null ? [] : [electedBy(scene, led)];
      const facts = { node, leader: nameOf(scene, leader), epoch };
      return [...elected, scene.say('quorum-follows', facts, [event.event])];
    }
    default: {
      if (voted < 0) return [said('quorum-adrift')];
      const facts = { node, epoch, candidate: nameOf(scene, voted) };
      return [scene.say('quorum-voted', facts, [event.event])];
    }
  }
}

export function whyActivated(scene: Scene, event: TraceEvent): Sentence[] {
  const node = scene.nodeName(event);
  const led = lastLed(scene, event.event + 1);
  const before = led === null ? [] : whyQuorumState(scene, led);
  const name = event.kind === 'controller.activated' ? 'now-active' : 'no-more-active';
  if (name === 'no-more-active') {
    const left = scene.last('quorum.state', event.event, (one) => one.node === event.node);
    const why = left === null ? [] : whyQuorumState(scene, left);
    return [...why, scene.say(name, { node }, [event.event])];
  }
  return [...before, scene.say(name, { node }, [event.event])];
}

/** The last election of the quorum before an event, and whose votes made it. */
export function lastElection(scene: Scene, event: number): Sentence[] {
  const led = lastLed(scene, event + 1);
  return led === null ? [] : [electedBy(scene, led)];
}

/** Who voted in one epoch for two: what a voter that forgets its vote can do. */
export function votedTwice(scene: Scene, first: TraceEvent, second: TraceEvent): Sentence[] {
  const [one, other] = [votesFor(scene, first), votesFor(scene, second)];
  const sentences: Sentence[] = [];
  for (const [voter, vote] of one) {
    const again = other.get(voter);
    if (again === undefined) continue;
    const facts = {
      voter,
      first: scene.nodeName(first),
      second: scene.nodeName(second),
      epoch: Number(first.fields[1]),
    };
    sentences.push(scene.say('voted-twice', facts, [vote, again]));
  }
  return sentences;
}

/** @param led the `quorum.state` of a leader. */
export function electedBy(scene: Scene, led: TraceEvent): Sentence {
  const node = scene.nodeName(led);
  const epoch = Number(led.fields[1]);
  const votes = votesFor(scene, led);
  const others = [...votes.keys()].filter((one) => one !== node);
  if (others.length === 0) {
    return scene.say('quorum-elected-alone', { node, epoch }, [led.event]);
  }
  const voters = listed([...votes.keys()].sort());
  return scene.say('quorum-elected', { node, epoch, voters }, [...votes.values(), led.event]);
}

/** By voter: the event of its vote for this leader in this epoch, as far as it is told. */
function votesFor(scene: Scene, led: TraceEvent): Map<string, number> {
  const { store } = scene;
  const epoch = Number(led.fields[1]);
  const candidate = idOf(scene.nodeName(led));
  const votes = new Map<string, number>();
  const states = store.listOf('quorum.state');
  for (let place = states.placeFrom(led.event); place >= 0; place--) {
    const event = states.at(place);
    if (event === 0) continue;
    const told = toldBy(scene, scene.at(event));
    if (told.epoch !== epoch || told.voted !== candidate) continue;
    // Of several tellings of one vote the first counts.
    votes.set(told.node, event);
  }
  return votes;
}

function formerTrouble(scene: Scene, event: TraceEvent): Sentence[] {
  const led = lastLed(scene, event.event);
  if (led === null) return [];
  const former = scene.nodeName(led);
  if (former === scene.nodeName(event)) return [];
  const around = { event: event.event, peers: scene.controllers };
  const trouble = troubleOf(scene, former, around);
  if (trouble === null) return [];
  return [scene.say('trouble-of-leader', { trouble: trouble.words }, trouble.events)];
}

function lastLed(scene: Scene, before: number): TraceEvent | null {
  return scene.last('quorum.state', before, (one) => one.fields[0] === 'leader');
}

function ledIn(scene: Scene, event: TraceEvent, epoch: number): TraceEvent | null {
  return scene.last(
    'quorum.state',
    event.event,
    (one) => one.fields[0] === 'leader' && one.fields[1] === epoch,
  );
}

function toldBy(scene: Scene, event: TraceEvent): Told {
  const [state, epoch, leader, voted] = event.fields;
  return {
    node: scene.nodeName(event),
    state: String(state),
    epoch: Number(epoch),
    leader: Number(leader),
    voted: typeof voted === 'number' ? voted : -1,
  };
}

function nameOf(scene: Scene, id: number): string {
  if (id < 0) return 'nobody';
  return scene.controllers.find((one) => idOf(one) === id) ?? `broker-${id}`;
}

function idOf(name: string): number {
  return Number(name.split('-').at(-1));
}
