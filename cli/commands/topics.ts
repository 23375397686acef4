/** `trial topics`: creates, lists, describes, alters and deletes topics of a running cluster. */
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import {
  addConnectOptions,
  collect,
  oneAction,
  parseWhole,
  refuseOthers,
} from '../tools/connect-options.ts';
import { withAdmin } from '../tools/session.ts';
import { alterTopics } from '../tools/topics/alter.ts';
import { createTopic } from '../tools/topics/create.ts';
import { deleteTopics } from '../tools/topics/delete.ts';
import { describeTopics } from '../tools/topics/describe.ts';
import { listTopics } from '../tools/topics/list.ts';
import { parseAssignment, type TopicsOptions } from '../tools/topics/options.ts';

const ACTIONS = ['create', 'list', 'describe', 'alter', 'delete'] as const;

/** Which actions an option has a meaning for. */
const GOES_WITH = {
  partitions: ['create', 'alter'],
  replicationFactor: ['create'],
  replicaAssignment: ['create', 'alter'],
  config: ['create'],
  ifNotExists: ['create'],
  ifExists: ['alter', 'delete', 'describe'],
  topicId: ['describe'],
  excludeInternal: ['list', 'describe'],
  underReplicatedPartitions: ['describe'],
  unavailablePartitions: ['describe'],
  underMinIsrPartitions: ['describe'],
  atMinIsrPartitions: ['describe'],
  topicsWithOverrides: ['describe'],
};

const RUN = {
  create: createTopic,
  list: listTopics,
  describe: describeTopics,
  alter: alterTopics,
  delete: deleteTopics,
};

export function addTopics(command: Command, { terminal }: Context): Command {
  return addConnectOptions(
    command
      .name('topics')
      .description('create, list, describe, alter and delete topics, as kafka-topics.sh does'),
  )
    .option('--create', 'create a topic')
    .option('--list', 'list the names of topics')
    .option('--describe', 'show topics with their partitions, leaders and replicas')
    .option('--alter', 'give topics more partitions')
    .option('--delete', 'delete topics')
    .option('--topic <name>', 'the topic; except to create, a regular expression or a list')
    .option('--topic-id <id>', 'describe the topic with this id')
    .option('--partitions <n>', 'number of partitions (the brokers’ num.partitions)', parseWhole(1))
    .option(
      '--replication-factor <n>',
      'replicas of each partition (the brokers’ default.replication.factor)',
      parseWhole(1),
    )
    .option(
      '--replica-assignment <ids>',
      'brokers of each partition: 1:2,2:3 for two partitions',
      parseAssignment,
    )
    .option('--config <key=value>', 'a setting of the new topic; may be repeated', collect)
    .option('--if-exists', 'do nothing when there is no such topic')
    .option('--if-not-exists', 'do nothing when there is such a topic')
    .option('--exclude-internal', 'leave out topics of the brokers’ own')
    .option('--under-replicated-partitions', 'only partitions that lack in-sync replicas')
    .option('--unavailable-partitions', 'only partitions without a leader')
    .option('--under-min-isr-partitions', 'only partitions below min.insync.replicas')
    .option('--at-min-isr-partitions', 'only partitions at min.insync.replicas')
    .option('--topics-with-overrides', 'only topics with settings of their own')
    .option('--json', 'as JSON on stdout (docs/reference/topics.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .action(async (options: TopicsOptions) => {
      const action = oneAction(options, ACTIONS);
      refuseOthers(action, { ...options }, GOES_WITH);
      await withAdmin(options, (session) => RUN[action](session, options, terminal));
    });
}
