/**
 * What a member of the quorum must remember over restarts: its epoch, its vote, its leader, in
 * the JSON file `quorum-state` beside the metadata log (Kafka: FileQuorumStateStore, version 0 of
 * QuorumStateData). A voter acts on it only when it is durable.
 */
import { assert } from '../base/assert.ts';
import { CheckpointFile } from '../log/checkpoint-file.ts';
import type { LogEnvironment } from '../log/environment.ts';
import type { LogDirectory } from '../log/log-directory.ts';

export interface ElectionState {
  readonly leaderEpoch: number;
  /** -1 while no leader is known. */
  readonly leaderId: number;
  /** -1: has not voted in this epoch. */
  readonly votedId: number;
}

const FILE_NAME = 'quorum-state';
const DATA_VERSION = 0;

export class QuorumStateFile {
  private readonly file: CheckpointFile;
  private readonly directory: LogDirectory;
  private readonly voterIds: readonly number[];

  /** @param parts.path the directory of the metadata partition, inside `directory`. */
  constructor(parts: {
    environment: LogEnvironment;
    directory: LogDirectory;
    path: string;
    voterIds: readonly number[];
  }) {
    const { environment, directory, path } = parts;
    this.file = new CheckpointFile(environment, directory, `${path}/${FILE_NAME}`);
    this.directory = directory;
    this.voterIds = parts.voterIds;
  }

  /** Null before the first write. */
  read(): ElectionState | null {
    const text = this.directory.guard(() => this.file.read(), null);
    if (text === null) return null;
    const data = JSON.parse(text) as Record<string, unknown>;
    const { data_version: version, leaderEpoch, leaderId, votedId } = data;
    assert(version === DATA_VERSION, `quorum-state of version ${version}`);
    return {
      leaderEpoch: integer(leaderEpoch),
      leaderId: integer(leaderId),
      votedId: integer(votedId),
    };
  }

  /** `done` comes, in a later step, when the state survives a power cut; never if it cannot. */
  write(state: ElectionState, done: () => void): void {
    this.directory.guard(() => this.file.write(this.json(state)), undefined);
    this.file.whenDurable(done);
  }

  private json(state: ElectionState): string {
    return JSON.stringify({
      clusterId: '',
      leaderId: state.leaderId,
      leaderEpoch: state.leaderEpoch,
      votedId: state.votedId,
      appliedOffset: 0,
      currentVoters: this.voterIds.map((voterId) => ({ voterId })),
      data_version: DATA_VERSION,
    });
  }
}

function integer(value: unknown): number {
  assert(Number.isSafeInteger(value), `quorum-state has ${value} where a number must be`);
  return value as number;
}
