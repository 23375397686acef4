/**
 * What a member of the quorum must remember over restarts: its epoch, its vote, its leader, in
 * the JSON file `quorum-state` beside the metadata log (Kafka: FileQuorumStateStore, version 0 of
 * QuorumStateData). A voter acts on it only when it is durable.
 */
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

  /** Null before the first write. A file that cannot be read is a failure of its directory. */
  read(): ElectionState | null {
    const text = this.directory.guard(() => this.file.read(), null);
    if (text === null) return null;
    const state = parseState(text);
    if (state === null) this.directory.fail('EIO');
    return state;
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

function parseState(text: string): ElectionState | null {
  const data = parseJson(text);
  if (data === null) return null;
  const { data_version: version, leaderEpoch, leaderId, votedId } = data;
  if (version !== DATA_VERSION) return null;
  if (!isInteger(leaderEpoch) || !isInteger(leaderId) || !isInteger(votedId)) return null;
  return { leaderEpoch, leaderId, votedId };
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' ? (data as Record<string, unknown> | null) : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
