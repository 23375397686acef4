/** Makes a node's RaftClient from its configuration (Kafka: KafkaRaftManager). */
import type { Uuid } from '../base/uuid.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { MetadataLogSettings, MetadataStorage } from './metadata-storage.ts';
import { RaftClient } from './raft-client.ts';
import { raftTimeouts } from './raft-config.ts';
import { parseAddress, parseVoters, type VoterEndpoint } from './voter-set.ts';

const DEFAULT_LISTENER = 'CONTROLLER';
const MAX_KRAFT_VERSION = 1;

/** Where this node listens as a controller; empty for a broker. */
function controllerEndpoints(config: BrokerConfig): VoterEndpoint[] {
  const names = new Set(config.get('controller.listener.names'));
  const told = config.get('advertised.listeners') ?? [];
  const endpoints = [...told, ...config.get('listeners')].map(parseListener);
  const known = endpoints.filter((one) => one !== null).filter((one) => names.has(one.name));
  return known.filter((one, i) => known.findIndex((other) => other.name === one.name) === i);
}

function parseListener(text: string): VoterEndpoint | null {
  const match = /^([A-Za-z0-9_-]+):\/\/(.+):(\d+)$/.exec(text);
  if (match === null) return null;
  return { name: match[1] as string, host: match[2] as string, port: Number(match[3]) };
}

export function metadataLogSettings(config: BrokerConfig): MetadataLogSettings {
  return {
    segmentBytes: config.get('metadata.log.segment.bytes'),
    segmentMs: config.get('metadata.log.segment.ms'),
  };
}

export function createRaftClient(parts: {
  runtime: NodeRuntime;
  config: BrokerConfig;
  clusterId: string;
  storage: MetadataStorage;
  /** Of the directory that holds the metadata log. */
  directoryId: Uuid;
}): RaftClient {
  const { runtime, config, clusterId, storage, directoryId } = parts;
  const listener = config.get('controller.listener.names')[0] ?? DEFAULT_LISTENER;
  const key = { id: config.get('node.id'), directoryId };
  const endpoints = controllerEndpoints(config);
  return new RaftClient({
    runtime,
    storage,
    local: {
      key,
      voter: { ...key, endpoints, minKRaftVersion: 0, maxKRaftVersion: MAX_KRAFT_VERSION },
      canVote: config.get('process.roles').includes('controller'),
      listener,
      clusterId,
    },
    staticVoters: parseVoters(config.get('controller.quorum.voters'), listener),
    bootstrapServers: config.get('controller.quorum.bootstrap.servers').map(parseAddress),
    timeouts: raftTimeouts(config),
    retention: {
      retentionBytes: config.get('metadata.max.retention.bytes'),
      retentionMs: config.get('metadata.max.retention.ms'),
    },
  });
}
