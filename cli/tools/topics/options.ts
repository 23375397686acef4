/** What `trial topics` is asked for, and which topics a name or a pattern means. */
import { InvalidArgumentError } from 'commander';
import { CliError, usageError } from '../../errors.ts';
import type { ConnectOptions } from '../connect-options.ts';

export interface TopicsOptions extends ConnectOptions {
  readonly create?: true;
  readonly list?: true;
  readonly describe?: true;
  readonly alter?: true;
  readonly delete?: true;
  readonly topic?: string;
  readonly topicId?: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly replicaAssignment?: number[][];
  readonly config?: readonly string[];
  readonly ifExists?: true;
  readonly ifNotExists?: true;
  readonly excludeInternal?: true;
  readonly underReplicatedPartitions?: true;
  readonly unavailablePartitions?: true;
  readonly underMinIsrPartitions?: true;
  readonly atMinIsrPartitions?: true;
  readonly topicsWithOverrides?: true;
  readonly json?: true;
  readonly jsonFile?: string;
}

/** `1:2,2:3`: brokers 1 and 2 have partition 0, brokers 2 and 3 have partition 1. */
export function parseAssignment(text: string): number[][] {
  const partitions = text.split(',').map((one) => one.split(':').map((id) => id.trim()));
  for (const ids of partitions) {
    if (!ids.every((id) => /^\d+$/.test(id))) {
      throw new InvalidArgumentError('Expected broker ids: 1:2,2:3 for two partitions.');
    }
    if (new Set(ids).size < ids.length) {
      throw new InvalidArgumentError('A partition cannot have a broker twice.');
    }
    if (ids.length !== partitions[0]?.length) {
      throw new InvalidArgumentError('All partitions have the same number of replicas.');
    }
  }
  return partitions.map((ids) => ids.map(Number));
}

export function topicOf({ topic }: TopicsOptions, action: string): string {
  if (topic === undefined || topic === '') throw usageError(`--${action} needs --topic`);
  return topic;
}

/**
 * What `--topic` means except when one is created: a regular expression that fits whole names;
 * commas are alternatives (Kafka: IncludeList).
 */
export function topicPattern(text: string): RegExp {
  const source = text
    .trim()
    .replace(/^["']+|["']+$/g, '')
    .replace(/\s/g, '')
    .replace(/,/g, '|');
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    throw usageError(`--topic ${text} is not a regular expression`);
  }
}

/** Those that fit; it is an error when none does, unless that was allowed for. */
export function chosenTopics(
  names: readonly string[],
  asked: string | undefined,
  mayBeMissing: boolean,
): string[] {
  if (asked === undefined) return [...names];
  const pattern = topicPattern(asked);
  const chosen = names.filter((name) => pattern.test(name));
  if (chosen.length === 0 && !mayBeMissing) {
    throw new CliError(1, `Topic '${asked}' does not exist as expected`);
  }
  return chosen;
}
