/** Marks of brokers, controllers and the quorum: who lives, who leads, who is in sync. */
import { atLeast, isNotEmpty, isOneName, type Mark, told } from './mark.ts';

export const clusterMarks: readonly Mark[] = [
  told(
    { name: 'broker-hands-over', needs: 'process', doc: 'A broker asks for a controlled shutdown' },
    'broker.state',
    { state: 'PENDING_CONTROLLED_SHUTDOWN' },
  ),
  told(
    { name: 'session-times-out', needs: 'any fault', doc: 'A broker is fenced for its silence' },
    'broker.fenced',
    { why: 'session-timed-out' },
  ),
  told(
    { name: 'fenced-when-shut-down', needs: 'process', doc: 'A stopping broker is fenced' },
    'broker.fenced',
    { why: 'shut-down' },
  ),
  told(
    {
      name: 'fenced-again-by-replay',
      needs: 'any fault',
      doc: 'A new controller repeats a fencing',
    },
    'broker.fenced',
    { why: 'replayed' },
  ),
  told(
    { name: 'broker-leaves', needs: 'process', doc: 'The controller lets a broker leave in order' },
    'broker.leaving',
  ),
  told(
    { name: 'broker-forgotten', needs: 'operations', doc: 'A broker is unregistered for good' },
    'broker.unregistered',
  ),
  told(
    { name: 'registered-clean', needs: 'process', doc: 'A broker comes back after a clean stop' },
    'broker.registered',
    { clean: 'clean' },
  ),
  told(
    { name: 'registered-unclean', needs: 'any fault', doc: 'A broker comes back after a crash' },
    'broker.registered',
    { clean: 'unclean' },
  ),
  told(
    { name: 'leader-elected', needs: 'any fault', doc: 'An in-sync replica takes over' },
    'leader.elected',
    { how: 'elected' },
  ),
  told(
    { name: 'leader-from-elr', needs: 'settings', doc: 'An eligible replica takes over (KIP-966)' },
    'leader.elected',
    { how: 'elr' },
  ),
  told(
    { name: 'last-known-leader', needs: 'settings', doc: 'The last known leader takes over' },
    'leader.elected',
    { how: 'last-known-leader' },
  ),
  told(
    { name: 'leader-unclean', needs: 'settings', doc: 'A replica that is not in sync takes over' },
    'leader.elected',
    { how: 'unclean' },
  ),
  told(
    { name: 'leaderless', needs: 'any fault', doc: 'A partition is left without a leader' },
    'leader.elected',
    { how: 'none' },
  ),
  told(
    { name: 'leader-preferred', needs: 'any fault', doc: 'The preferred replica leads again' },
    'leader.elected',
    { how: 'preferred' },
  ),
  told(
    { name: 'leader-reassigned', needs: 'operations', doc: 'A moved partition gets a new leader' },
    'leader.elected',
    { how: 'reassigned' },
  ),
  told(
    { name: 'tenth-leader-epoch', needs: 'any fault', doc: 'A partition is in its tenth epoch' },
    'leader.elected',
    { leaderEpoch: atLeast(10) },
  ),
  told(
    { name: 'isr-asked-for', needs: 'any fault', doc: 'A leader has its ISR changed' },
    'isr.changed',
    { why: 'alter-partition' },
  ),
  told(
    { name: 'isr-without-leaving', needs: 'process', doc: 'A leaving broker is out of the ISR' },
    'isr.changed',
    { why: 'controlled-shutdown' },
  ),
  told(
    { name: 'isr-without-fenced', needs: 'any fault', doc: 'A silent broker is out of the ISR' },
    'isr.changed',
    { why: 'session-timed-out' },
  ),
  told(
    { name: 'isr-without-unclean', needs: 'any fault', doc: 'A crashed broker is out of the ISR' },
    'isr.changed',
    { why: 'restarted-uncleanly' },
  ),
  told(
    { name: 'isr-with-unfenced', needs: 'any fault', doc: 'An unfenced broker is in the ISR' },
    'isr.changed',
    { why: 'unfenced' },
  ),
  told(
    { name: 'isr-without-forgotten', needs: 'operations', doc: 'Unregistering changes an ISR' },
    'isr.changed',
    { why: 'unregistered' },
  ),
  told(
    { name: 'isr-by-reassignment', needs: 'operations', doc: 'A move of replicas changes an ISR' },
    'isr.changed',
    { why: 'reassignment' },
  ),
  told(
    { name: 'isr-of-one', needs: 'any fault', doc: 'One replica alone is in sync' },
    'isr.changed',
    { isr: isOneName },
  ),
  told({ name: 'isr-empty', needs: 'any fault', doc: 'No replica is in sync' }, 'isr.changed', {
    isr: '',
  }),
  told(
    { name: 'elr-filled', needs: 'settings', doc: 'A replica becomes eligible (KIP-966)' },
    'isr.changed',
    { elr: isNotEmpty },
  ),
  told(
    { name: 'leader-shrinks-isr', needs: 'any fault', doc: 'A leader drops a slow follower' },
    'isr.proposed',
    { why: 'shrink' },
  ),
  told(
    { name: 'leader-expands-isr', needs: 'any fault', doc: 'A leader takes a follower back' },
    'isr.proposed',
    { why: 'expand' },
  ),
  told(
    { name: 'replicas-move', needs: 'operations', doc: 'A reassignment begins' },
    'replicas.changed',
    { why: 'reassignment' },
  ),
  told(
    { name: 'replicas-moved', needs: 'operations', doc: 'A reassignment ends' },
    'replicas.changed',
    { why: 'alter-partition' },
  ),
  told(
    { name: 'replica-in-directory', needs: 'settings', doc: 'A broker tells in which directory' },
    'directory.assigned',
  ),
  told({ name: 'topic-deleted', needs: 'operations', doc: 'A topic is deleted' }, 'topic.deleted'),
  told(
    { name: 'elr-switched-off', needs: 'operations', doc: 'ELR is off (feature level 0)' },
    'feature.changed',
    { feature: 'eligible.leader.replicas.version', level: 0 },
  ),
  told(
    { name: 'pre-vote', needs: 'settings', doc: 'A voter asks whether an election has a chance' },
    'quorum.state',
    { state: 'prospective' },
  ),
  told(
    { name: 'quorum-leader-resigns', needs: 'any fault', doc: 'The leader of the quorum resigns' },
    'quorum.state',
    { state: 'resigned' },
  ),
  told(
    {
      name: 'second-candidate',
      needs: 'any fault or tight settings',
      doc: 'Somebody stands for a later epoch',
    },
    'quorum.state',
    { state: 'candidate', epoch: atLeast(2) },
  ),
  told(
    { name: 'fifth-quorum-epoch', needs: 'any fault', doc: 'The quorum is in its fifth epoch' },
    'quorum.state',
    { epoch: atLeast(5) },
  ),
  told(
    {
      name: 'second-controller',
      needs: 'any fault or tight settings',
      doc: 'Another controller becomes active',
    },
    'controller.activated',
    { leaderEpoch: atLeast(2) },
  ),
  told(
    { name: 'controller-resigns', needs: 'any fault', doc: 'The active controller steps down' },
    'controller.resigned',
  ),
  told(
    { name: 'metadata-snapshot', needs: 'settings', doc: 'A snapshot of the metadata is written' },
    'metadata.snapshot',
  ),
];
