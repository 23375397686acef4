/** A cluster in which leaders count every follower as level: what a search is to find. */
import { readFileSync } from 'node:fs';
import { Partition } from '../../../kafka/replication/partition.ts';
import { lie, plant } from '../../canaries/lie.ts';

const followersCountAsLevel = lie(Partition, 'recordFollowerFetch', (honest) => {
  return (self, follower, _fetchOffset, logStartOffset, leaderLogEndOffset, brokerEpoch) =>
    honest(self, follower, leaderLogEndOffset, logStartOffset, leaderLogEndOffset, brokerEpoch);
});

export async function whileLeadersLie<T>(act: () => Promise<T>): Promise<T> {
  const end = plant(followersCountAsLevel);
  try {
    return await act();
  } finally {
    end();
  }
}

export function jsonOf(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}
