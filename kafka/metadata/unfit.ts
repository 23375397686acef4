/**
 * Metadata that does not fit what came before it. A quorum that kept its promises never commits
 * such records; one that lost its disks and begins anew may, to nodes that remember the old log.
 * Nobody can act on that: the node halts (Kafka: the fault handler of the MetadataLoader).
 */
import { InvariantBroken } from '../base/assert.ts';

export class MetadataUnfit extends InvariantBroken {}

export function fits(condition: boolean, message: string): asserts condition {
  if (!condition) throw new MetadataUnfit(message);
}

export function fitting<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new MetadataUnfit(message);
  return value;
}

/** Applies what others decided. @returns why it does not fit, or null. */
export function unfitReason(apply: () => void): string | null {
  try {
    apply();
    return null;
  } catch (problem) {
    if (!(problem instanceof MetadataUnfit)) throw problem;
    return `the metadata log makes no sense: ${problem.message}`;
  }
}
