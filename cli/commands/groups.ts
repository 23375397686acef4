/** `trial groups`: shows consumer groups of a running cluster, moves and deletes their offsets. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import {
  addConnectOptions,
  collect,
  oneAction,
  parseWhole,
  refuseOthers,
} from '../tools/connect-options.ts';
import { deleteGroups, deleteOffsets } from '../tools/groups/delete.ts';
import { describeGroups } from '../tools/groups/describe.ts';
import { listGroups } from '../tools/groups/list.ts';
import { checkGroupOptions, type GroupsOptions } from '../tools/groups/options.ts';
import { resetOffsets } from '../tools/groups/reset.ts';
import { parseDateTime, parseDuration } from '../tools/groups/times.ts';
import { withAdmin } from '../tools/session.ts';

const ACTIONS = ['list', 'describe', 'resetOffsets', 'delete', 'deleteOffsets'] as const;

const GOES_WITH = {
  group: ['describe', 'resetOffsets', 'delete', 'deleteOffsets'],
  allGroups: ['describe', 'resetOffsets', 'delete'],
  members: ['describe'],
  offsets: ['describe'],
  verbose: ['describe'],
  state: ['list', 'describe'],
  type: ['list'],
  topic: ['resetOffsets', 'deleteOffsets'],
  allTopics: ['resetOffsets'],
  toEarliest: ['resetOffsets'],
  toLatest: ['resetOffsets'],
  toCurrent: ['resetOffsets'],
  toOffset: ['resetOffsets'],
  shiftBy: ['resetOffsets'],
  toDatetime: ['resetOffsets'],
  byDuration: ['resetOffsets'],
  fromFile: ['resetOffsets'],
  dryRun: ['resetOffsets'],
  execute: ['resetOffsets'],
  export: ['resetOffsets'],
};

const RUN = {
  list: listGroups,
  describe: describeGroups,
  resetOffsets,
  delete: deleteGroups,
  deleteOffsets,
};

export function addGroups(command: Command, context: Context): Command {
  return addConnectOptions(
    command
      .name('groups')
      .description('show consumer groups, move their offsets, as kafka-consumer-groups.sh does'),
  )
    .option('--list', 'list the names of groups')
    .option('--describe', 'show where groups stand: offsets, lag, members')
    .option('--reset-offsets', 'move the offsets of groups without members')
    .option('--delete', 'delete groups without members')
    .option('--delete-offsets', 'delete a group’s offsets of some topics')
    .option('--group <name>', 'which group; may be repeated', collect)
    .option('--all-groups', 'all of them')
    .option('--members', 'describe the members')
    .option('--offsets', 'describe offsets and lag (what --describe does anyway)')
    .option('--verbose', 'with --members: what each was given, too')
    .option('--state [states]', 'describe the state; list it, or only groups in these states')
    .option('--type [types]', 'list the types, or only groups of these types')
    .option('--topic <topic>', 'whose offsets: orders, or orders:0,1; may be repeated', collect)
    .option('--all-topics', 'of all topics that the group has offsets of')
    .option('--to-earliest', 'to the first records')
    .option('--to-latest', 'behind the last records')
    .option('--to-current', 'to where they are')
    .option('--to-offset <offset>', 'to this offset', parseWhole(0))
    .option('--shift-by <n>', 'by so many records, back when negative', parseShift)
    .option('--to-datetime <time>', 'to a time: YYYY-MM-DDTHH:mm:SS.sss, UTC', parseDateTime)
    .option('--by-duration <duration>', 'so long before now: PnDTnHnMnS', parseDuration)
    .option('--from-file <file>', 'to what a CSV file says: topic,partition,offset')
    .option('--dry-run', 'only show what would come of it (as without --execute)')
    .option('--execute', 'do it')
    .option('--export', 'show it as CSV')
    .option('--timeout <ms>', 'how long each call may take (30000)', parseWhole(1))
    .option('--json', 'as JSON on stdout (docs/reference/groups.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .action(async (options: GroupsOptions) => {
      const action = oneAction(options, ACTIONS);
      refuseOthers(action, { ...options }, GOES_WITH);
      checkGroupOptions(action, options);
      await withAdmin(options, (session) => RUN[action](session, options, context));
    });
}

function parseShift(text: string): number {
  const shift = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(shift)) return shift;
  throw new InvalidArgumentError('Expected an integer.');
}
