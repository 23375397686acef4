/** Which operation carries out a command of the admin client; null: it has none for it. */
import type { ClientCommand } from '../commands.ts';
import { describeClusterCall, describeTopicPartitionsCall } from './cluster-operations.ts';
import {
  alterConfigsCall,
  describeConfigsCall,
  unregisterBrokerCall,
  updateFeatureCall,
} from './config-operations.ts';
import {
  alterGroupOffsetsCall,
  deleteGroupOffsetsCall,
  listGroupOffsetsCall,
} from './group-offset-operations.ts';
import { deleteGroupCall, describeGroupCall } from './group-operations.ts';
import { listGroupsCall } from './list-groups.ts';
import { listOffsetsCall } from './list-offsets.ts';
import type { Operation } from './operation.ts';
import {
  alterReassignmentsCall,
  electLeadersCall,
  listReassignmentsCall,
} from './partition-operations.ts';
import { addVoterCall, describeQuorumCall, removeVoterCall } from './quorum-operations.ts';
import {
  createPartitionsCall,
  createTopicsCall,
  deleteTopicsCall,
  describeTopicsCall,
} from './topic-operations.ts';

export function operationFor(command: ClientCommand): Operation | null {
  switch (command.kind) {
    case 'createTopics':
      return createTopicsCall(command.topics);
    case 'describeTopics':
      return describeTopicsCall(command.topics);
    case 'deleteTopics':
      return deleteTopicsCall(command.topics);
    case 'createPartitions':
      return createPartitionsCall(command.topics);
    case 'electLeaders':
      return electLeadersCall(command.election, command.partitions);
    case 'alterReassignments':
      return alterReassignmentsCall(command.partitions);
    case 'listReassignments':
      return listReassignmentsCall(command.partitions);
    case 'alterConfigs':
      return alterConfigsCall(command.changes);
    case 'describeConfigs':
      return describeConfigsCall(command.resources, { synonyms: command.synonyms === true });
    case 'updateFeature':
      return updateFeatureCall(command.feature, command.level, { downgrade: command.downgrade });
    case 'unregisterBroker':
      return unregisterBrokerCall(command.broker);
    case 'addVoter':
      return addVoterCall(command.voter);
    case 'removeVoter':
      return removeVoterCall(command.id);
    case 'describeQuorum':
      return describeQuorumCall();
    case 'describeCluster':
      return describeClusterCall();
    case 'describeTopicPartitions':
      return describeTopicPartitionsCall(command.topics);
    case 'listOffsets':
      return listOffsetsCall(command.partitions);
    case 'listGroups':
      return listGroupsCall(command.states, command.types);
    case 'describeGroup':
      return describeGroupCall(command.group);
    case 'deleteGroup':
      return deleteGroupCall(command.group);
    case 'listGroupOffsets':
      return listGroupOffsetsCall(command.group);
    case 'alterGroupOffsets':
      return alterGroupOffsetsCall(command.group, command.offsets);
    case 'deleteGroupOffsets':
      return deleteGroupOffsetsCall(command.group, command.partitions);
    default:
      return null;
  }
}
