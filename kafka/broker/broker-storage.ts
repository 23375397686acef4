/**
 * The disks of a broker: its log directories with their identities, and the metadata log, which
 * lives in one of them or in a directory of its own. Without the metadata log a broker halts.
 */
import { assert } from '../base/assert.ts';
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { LogConfig } from '../log/log-config.ts';
import { LogDirectory } from '../log/log-directory.ts';
import { LogManager } from '../log/log-manager.ts';
import { metadataLogSettings } from '../raft/create-raft-client.ts';
import { formatQuorum, initialDirectoryId } from '../raft/format-quorum.ts';
import { type MetadataStorage, openMetadataStorage } from '../raft/metadata-storage.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';

export interface BrokerStorageOptions {
  readonly runtime: NodeRuntime;
  readonly config: BrokerConfig;
  readonly clusterId: Uuid;
  readonly logConfigOf: (topic: string) => LogConfig;
  /** A directory other than the metadata log's failed; told in the step in which it does. */
  readonly onDirectoryFailure: (directory: LogDirectory) => void;
}

export class BrokerStorage {
  readonly logs: LogManager;
  readonly metadata: MetadataStorage | null;
  private readonly options: BrokerStorageOptions;
  private readonly metadataPath: string;
  private readonly metadataDirectory: LogDirectory;
  private metadataIsNew = false;

  constructor(options: BrokerStorageOptions) {
    this.options = options;
    const { runtime, config } = options;
    const path = config.get('metadata.log.dir') ?? config.get('log.dirs')[0];
    assert(path !== undefined, 'a broker needs log.dirs');
    this.metadataPath = path;
    const { disk, clock, trace, codecs } = runtime.host;
    const { timers, flushes: flushed, rules } = runtime;
    const environment = { disk, clock, timers, trace, codecs, flushed, rules };
    this.logs = new LogManager(environment, {
      config,
      logConfigOf: options.logConfigOf,
      onDirectoryFailure: (directory) => this.failed(directory),
    });
    for (const directory of this.logs.directories) this.identify(directory);
    const shared = this.logs.directories.find((one) => one.path === path);
    this.metadataDirectory =
      shared ?? new LogDirectory(path, trace, (directory) => this.failed(directory));
    if (shared === undefined) this.identify(this.metadataDirectory);
    const settings = metadataLogSettings(config);
    this.metadata = openMetadataStorage(environment, this.metadataDirectory, settings);
    if (this.metadataIsNew && this.metadata !== null) formatQuorum(this.metadata.log, config);
  }

  private identify(directory: LogDirectory): void {
    const { runtime, config, clusterId } = this.options;
    const random = runtime.host.random.stream('directory-id');
    const found = this.logs.formatted(directory, {
      clusterId,
      nodeId: config.get('node.id'),
      newDirectoryId: () => {
        const isMetadata = directory.path === this.metadataPath;
        if (isMetadata) this.metadataIsNew = true;
        const initial = isMetadata ? initialDirectoryId(config) : null;
        return initial ?? uuidFromBytes(random.bytes(16), 0);
      },
    });
    if (found !== null) directory.id = found.directoryId;
    else if (directory.online) runtime.host.halt(`${directory.path} belongs to somebody else`);
  }

  private failed(directory: LogDirectory): void {
    const { runtime, onDirectoryFailure } = this.options;
    if (directory.path === this.metadataPath) {
      runtime.host.halt(`the metadata log directory ${directory.path} failed`);
    } else onDirectoryFailure(directory);
  }

  get metadataDirectoryId(): Uuid {
    return this.metadataDirectory.id;
  }

  /** Ids of the log directories that work. */
  onlineDirectoryIds(): Uuid[] {
    return this.logs.directories.filter((one) => one.online).map((one) => one.id);
  }
}
