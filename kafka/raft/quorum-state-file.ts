/**
 * What a member of the quorum must remember over restarts: its epoch, its vote, its leader, in
 * the JSON file `quorum-state` beside the metadata log (Kafka: FileQuorumStateStore, versions 0
 * and 1 of QuorumStateData). A voter acts on it only when it is durable.
 */
import { parseUuid, type Uuid, ZERO_UUID } from '../base/uuid.ts';
import { CheckpointFile } from '../log/checkpoint-file.ts';
import type { LogEnvironment } from '../log/environment.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import type { ReplicaKey } from './voter-set.ts';

export interface ElectionState {
  readonly leaderEpoch: number;
  /** -1 while no leader is known. */
  readonly leaderId: number;
  /** null: has not voted in this epoch. */
  readonly voted: ReplicaKey | null;
}

const FILE_NAME = 'quorum-state';

export class QuorumStateFile {
  private readonly file: CheckpointFile;
  private readonly directory: LogDirectory;
  private written: string | null = null;

  /** @param parts.path the directory of the metadata partition, inside `directory`. */
  constructor(parts: { environment: LogEnvironment; directory: LogDirectory; path: string }) {
    const { environment, directory, path } = parts;
    this.file = new CheckpointFile(environment, directory, `${path}/${FILE_NAME}`);
    this.directory = directory;
  }

  /** Null before the first write. A file that cannot be read is a failure of its directory. */
  read(): ElectionState | null {
    const text = this.directory.guard(() => this.file.read(), null);
    if (text === null) return null;
    const state = parseState(text);
    if (state === null) this.directory.fail('EIO');
    return state;
  }

  /**
   * Begins to make the state durable, unless it is the one written last. With kraft.version 0
   * (KIP-853) the file names the voters and no directory.
   */
  write(state: ElectionState, format: { kraftVersion: number; voterIds: readonly number[] }): void {
    const text = JSON.stringify(
      format.kraftVersion === 0 ? version0(state, format.voterIds) : version1(state),
    );
    if (text === this.written) return;
    this.written = text;
    this.directory.guard(() => this.file.write(text), undefined);
  }

  /**
   * Calls back once everything written before survives a power cut, at once when it does; never
   * if it cannot.
   */
  whenDurable(done: () => void): void {
    this.file.whenDurable(done);
  }
}

function version0(state: ElectionState, voterIds: readonly number[]): Record<string, unknown> {
  return {
    clusterId: '',
    leaderId: state.leaderId,
    leaderEpoch: state.leaderEpoch,
    votedId: state.voted?.id ?? -1,
    appliedOffset: 0,
    currentVoters: voterIds.map((voterId) => ({ voterId })),
    data_version: 0,
  };
}

function version1(state: ElectionState): Record<string, unknown> {
  return {
    leaderId: state.leaderId,
    leaderEpoch: state.leaderEpoch,
    votedId: state.voted?.id ?? -1,
    votedDirectoryId: state.voted?.directoryId ?? ZERO_UUID,
    data_version: 1,
  };
}

function parseState(text: string): ElectionState | null {
  const data = parseJson(text);
  if (data === null) return null;
  const { data_version: version, leaderEpoch, leaderId, votedId } = data;
  if (version !== 0 && version !== 1) return null;
  if (!isInteger(leaderEpoch) || !isInteger(leaderId) || !isInteger(votedId)) return null;
  const directoryId = version === 0 ? ZERO_UUID : data['votedDirectoryId'];
  if (!isUuid(directoryId)) return null;
  return { leaderEpoch, leaderId, voted: votedId < 0 ? null : { id: votedId, directoryId } };
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

function isUuid(value: unknown): value is Uuid {
  return typeof value === 'string' && parseUuid(value) !== null;
}
