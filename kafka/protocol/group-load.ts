/**
 * What a coordinator that reads its groups a buffer at a time makes of a group that stands in
 * several buffers (KAFKA-5600; Kafka: GroupMetadataManager.loadGroupsAndOffsets, today
 * CoordinatorLoaderImpl): later records win. With a loop that ended too late the groups were kept
 * after each buffer, and who was kept once was not replaced: when its group began another round in
 * a later buffer, it stood where it stood before.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface GroupLoadRule {
  /** Asked of a group that an earlier buffer made and that this one makes anew. */
  replaces(group: string): boolean;
}

const LAST_WINS: GroupLoadRule = { replaces: () => true };

function firstBufferStays(changed: Changed): GroupLoadRule {
  return {
    replaces: (group) => {
      changed(group);
      return false;
    },
  };
}

export const groupLoadRules: OptionsOf<'group-load', GroupLoadRule> = {
  'last-wins': () => LAST_WINS,
  'first-buffer-stays': firstBufferStays,
};
