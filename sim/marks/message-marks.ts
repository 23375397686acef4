/** Marks of requests that only some runs have. */
import { asked, type Mark } from './mark.ts';

export const messageMarks: readonly Mark[] = [
  asked({ name: 'asks-for-votes', needs: 'settings', doc: 'A voter asks others' }, 'Vote'),
  asked(
    { name: 'begins-quorum-epoch', needs: 'settings', doc: 'A quorum leader makes itself known' },
    'BeginQuorumEpoch',
  ),
  asked(
    {
      name: 'ends-quorum-epoch',
      needs: 'any fault',
      doc: 'A leaving quorum leader names a successor',
    },
    'EndQuorumEpoch',
  ),
  asked(
    { name: 'fetches-snapshot', needs: 'settings', doc: 'A node fetches a snapshot' },
    'FetchSnapshot',
  ),
  asked(
    { name: 'asks-for-epoch-end', needs: 'any fault', doc: 'A consumer asks where an epoch ended' },
    'OffsetForLeaderEpoch',
  ),
  asked(
    { name: 'asks-for-producer-id', needs: 'settings', doc: 'A producer gets its id' },
    'InitProducerId',
  ),
  asked(
    { name: 'assigns-directories', needs: 'settings', doc: 'A broker tells where replicas lie' },
    'AssignReplicasToDirs',
  ),
  asked({ name: 'adds-voter', needs: 'operations', doc: 'A voter is to be added' }, 'AddRaftVoter'),
  asked({ name: 'removes-voter', needs: 'operations', doc: 'A voter is to go' }, 'RemoveRaftVoter'),
  asked(
    { name: 'elects-leaders', needs: 'operations', doc: 'An operator asks for elections' },
    'ElectLeaders',
  ),
  asked(
    { name: 'alters-configs', needs: 'operations', doc: 'An operator changes settings' },
    'IncrementalAlterConfigs',
  ),
  asked(
    { name: 'adds-partitions', needs: 'operations', doc: 'An operator adds partitions' },
    'CreatePartitions',
  ),
  asked(
    { name: 'updates-features', needs: 'operations', doc: 'An operator changes a feature' },
    'UpdateFeatures',
  ),
];
