/** What `trial groups` is asked for, and what cannot be asked together. */
import { usageError } from '../../errors.ts';
import { CALL_TIMEOUT_MS, type ConnectOptions } from '../connect-options.ts';

export interface GroupsOptions extends ConnectOptions {
  readonly list?: true;
  readonly describe?: true;
  readonly resetOffsets?: true;
  readonly delete?: true;
  readonly deleteOffsets?: true;
  readonly group?: readonly string[];
  readonly allGroups?: true;
  readonly members?: true;
  readonly offsets?: true;
  readonly verbose?: true;
  /** `true`: the option without a value. */
  readonly state?: string | true;
  readonly type?: string | true;
  readonly topic?: readonly string[];
  readonly allTopics?: true;
  readonly toEarliest?: true;
  readonly toLatest?: true;
  readonly toCurrent?: true;
  readonly toOffset?: number;
  readonly shiftBy?: number;
  /** ms since 1970. */
  readonly toDatetime?: number;
  /** ms before now. */
  readonly byDuration?: number;
  readonly fromFile?: string;
  readonly dryRun?: true;
  readonly execute?: true;
  readonly export?: true;
  readonly json?: true;
  readonly jsonFile?: string;
}

type Action = 'list' | 'describe' | 'resetOffsets' | 'delete' | 'deleteOffsets';

export function timeoutOf({ timeout }: GroupsOptions): number {
  return timeout ?? CALL_TIMEOUT_MS;
}

export function checkGroupOptions(action: Action, options: GroupsOptions): void {
  const { group, allGroups, topic, allTopics } = options;
  if (action !== 'list' && (group === undefined) === (allGroups === undefined)) {
    throw usageError('one of --group and --all-groups says which groups');
  }
  if (action === 'describe') checkDescribe(options);
  if (action === 'deleteOffsets' && topic === undefined) {
    throw usageError('--delete-offsets needs --topic');
  }
  if (action === 'deleteOffsets' && group !== undefined && group.length > 1) {
    throw usageError('--delete-offsets is for one group at a time');
  }
  if (action === 'resetOffsets') {
    checkReset(options);
    const scopes = [topic, allTopics, options.fromFile].filter((one) => one !== undefined);
    if (scopes.length !== 1) {
      throw usageError('one of --topic, --all-topics and --from-file says whose offsets');
    }
  }
}

function checkDescribe({ members, offsets, state, verbose }: GroupsOptions): void {
  const parts = [members, offsets, state].filter((one) => one !== undefined);
  if (parts.length > 1) throw usageError('only one of --members, --offsets and --state');
  if (typeof state === 'string') throw usageError('--describe takes no value for --state');
  if (verbose === true && members !== true) throw usageError('--verbose goes with --members');
}

function checkReset(options: GroupsOptions): void {
  const targets = [
    options.toEarliest,
    options.toLatest,
    options.toCurrent,
    options.toOffset,
    options.shiftBy,
    options.toDatetime,
    options.byDuration,
    options.fromFile,
  ].filter((one) => one !== undefined);
  if (targets.length !== 1) {
    const names = '--to-earliest, --to-latest, --to-current, --to-offset, --shift-by, ';
    const more = '--to-datetime, --by-duration, --from-file';
    throw usageError(`--reset-offsets takes one of ${names}${more}`);
  }
  if (options.dryRun === true && options.execute === true) {
    throw usageError('only one of --dry-run and --execute');
  }
}
