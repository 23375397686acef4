/** A witness of histories and logs that a test makes up: no disks, no cluster. */
import type { ClientHistory } from '../../sim/check/history/history.ts';
import { Witness } from '../../sim/check/witness.ts';

type Settings = ConstructorParameters<typeof Witness>[0]['settings'];

export function bareWitness(history: ClientHistory, settings: Partial<Settings> = {}): Witness {
  return new Witness({
    disks: { paths: () => [], contents: () => new Uint8Array(0) },
    history,
    settings: {
      topics: [],
      defaults: { minInSyncReplicas: 2, uncleanLeaderElection: false },
      tightReplication: null,
      eligibleLeaderReplicas: true,
      replicaLagTimeMaxMs: 30_000,
      retention: { retentionMs: -1, limitBytes: -1, appendTime: false },
      producerIdExpirationMs: 86_400_000,
      ...settings,
    },
    voterName: String,
  });
}
