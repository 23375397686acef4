/** Which command of the admin client carries an operation out, and the words for it. */
import type {
  ClientCommand,
  ConfigResource,
  OperatorCommand,
  TopicPartition,
} from '../../kafka/client/commands.ts';
import { CONTROLLER_PORT } from '../cluster/names.ts';
import { listed, type OperationSpec } from './operation-verbs.ts';

export function commandFor(spec: OperationSpec): ClientCommand {
  if ('describeTopics' in spec) {
    return { kind: 'describeTopics', topics: listed(spec.describeTopics) };
  }
  return { ...operatorCommand(spec), timeoutMs: spec.timeout };
}

type Untimed<T> = T extends unknown ? Omit<T, 'timeoutMs'> : never;

function operatorCommand(
  spec: Exclude<OperationSpec, { describeTopics: unknown }>,
): Untimed<OperatorCommand> {
  if ('createTopic' in spec) {
    const { assignments, ...topic } = spec.createTopic;
    const given = assignments === undefined ? topic : { ...topic, assignments };
    return { kind: 'createTopics', topics: [given] };
  }
  if ('deleteTopic' in spec) return { kind: 'deleteTopics', topics: listed(spec.deleteTopic) };
  if ('createPartitions' in spec) {
    const { createPartitions: name, count, assignments = null } = spec;
    return { kind: 'createPartitions', topics: [{ name, count, assignments }] };
  }
  if ('electLeaders' in spec) {
    const { electLeaders: election, partitions } = spec;
    const named = partitions === undefined ? null : listed(partitions).map(partitionOf);
    return { kind: 'electLeaders', election, partitions: named };
  }
  if ('reassign' in spec) {
    const { replicas } = spec;
    const partitions = listed(spec.reassign).map((one) => ({ ...partitionOf(one), replicas }));
    return { kind: 'alterReassignments', partitions };
  }
  if ('cancelReassignment' in spec) {
    const named = listed(spec.cancelReassignment);
    const partitions = named.map((one) => ({ ...partitionOf(one), replicas: null }));
    return { kind: 'alterReassignments', partitions };
  }
  if ('listReassignments' in spec) {
    const asked = spec.listReassignments;
    const partitions = asked === 'all' ? null : listed(asked).map(partitionOf);
    return { kind: 'listReassignments', partitions };
  }
  if ('alterConfigs' in spec) {
    const { set, append, subtract, delete: deleted } = spec;
    const resource = resourceOf(spec.alterConfigs);
    return {
      kind: 'alterConfigs',
      changes: [{ resource, set, append, subtract, delete: deleted }],
    };
  }
  if ('describeConfigs' in spec) {
    return { kind: 'describeConfigs', resources: [resourceOf(spec.describeConfigs)] };
  }
  if ('updateFeature' in spec) {
    const { updateFeature: feature, level, downgrade } = spec;
    return { kind: 'updateFeature', feature, level, downgrade };
  }
  if ('addVoter' in spec) {
    const { addVoter: host } = spec;
    const voter = {
      id: numberAfterDash(host),
      listener: 'CONTROLLER',
      host,
      port: CONTROLLER_PORT,
    };
    return { kind: 'addVoter', voter };
  }
  if ('removeVoter' in spec) return { kind: 'removeVoter', id: numberAfterDash(spec.removeVoter) };
  if ('describeQuorum' in spec) return { kind: 'describeQuorum' };
  return { kind: 'unregisterBroker', broker: numberAfterDash(spec.unregisterBroker) };
}

/** `orders-eu-0` → orders-eu, 0 */
export function partitionOf(name: string): TopicPartition {
  const dash = name.lastIndexOf('-');
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

export function resourceOf(words: string): ConfigResource {
  if (words.startsWith('topic:')) return { type: 'topic', name: words.slice('topic:'.length) };
  if (words === 'all:brokers') return { type: 'broker', name: '' };
  return { type: 'broker', name: String(numberAfterDash(words)) };
}

function numberAfterDash(name: string): number {
  return Number(name.slice(name.lastIndexOf('-') + 1));
}

/** `reassign orders-0 to 4, 5`, for reports. */
export function operationWords(spec: OperationSpec): string {
  if ('createTopic' in spec) {
    const { name, partitions, replicationFactor } = spec.createTopic;
    return `create topic ${name} (partitions ${partitions}, replicas ${replicationFactor})`;
  }
  if ('deleteTopic' in spec) return `delete topic ${names(spec.deleteTopic)}`;
  if ('createPartitions' in spec) {
    return `raise ${spec.createPartitions} to ${spec.count} partitions`;
  }
  if ('electLeaders' in spec) {
    const { partitions } = spec;
    const where = partitions === undefined ? 'all partitions' : names(partitions);
    return `elect ${spec.electLeaders} leaders of ${where}`;
  }
  if ('reassign' in spec) return `reassign ${names(spec.reassign)} to ${spec.replicas.join(', ')}`;
  if ('cancelReassignment' in spec) {
    return `cancel the reassignment of ${names(spec.cancelReassignment)}`;
  }
  if ('listReassignments' in spec) return `list reassignments of ${names(spec.listReassignments)}`;
  if ('alterConfigs' in spec) return `${spec.alterConfigs}: ${changeWords(spec)}`;
  if ('describeConfigs' in spec) return `describe the settings of ${spec.describeConfigs}`;
  if ('describeTopics' in spec) return `describe ${names(spec.describeTopics)}`;
  if ('updateFeature' in spec) return `set ${spec.updateFeature} to level ${spec.level}`;
  if ('addVoter' in spec) return `let ${spec.addVoter} vote`;
  if ('removeVoter' in spec) return `let ${spec.removeVoter} vote no more`;
  if ('describeQuorum' in spec) return 'describe the quorum';
  return `unregister ${spec.unregisterBroker}`;
}

function names(value: string | readonly string[]): string {
  return listed(value).join(', ');
}

function changeWords(spec: Extract<OperationSpec, { alterConfigs: unknown }>): string {
  const pairs = (values: Readonly<Record<string, string>>, sign: string): string[] =>
    Object.keys(values)
      .sort()
      .map((key) => `${key}${sign}${values[key]}`);
  const unset = spec.delete.map((key) => `${key} unset`);
  const parts = [
    ...pairs(spec.set, '='),
    ...unset,
    ...pairs(spec.append, '+='),
    ...pairs(spec.subtract, '-='),
  ];
  return parts.join(', ') || 'no change';
}
