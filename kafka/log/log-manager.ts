/**
 * All partition logs of one broker over its `log.dirs`: loading at start, creation, deletion,
 * checkpoints, retention, clean shutdown (Kafka: LogManager). Reading and writing a log goes
 * through `Log` itself; directories that fail are dropped here and told to the owner.
 */
import { Timer } from '../base/timers.ts';
import { type Uuid, uuidToBytes, ZERO_UUID } from '../base/uuid.ts';
import type { BrokerConfig } from '../config/broker.ts';
import {
  readCleanShutdown,
  removeCleanShutdown,
  writeCleanShutdown,
} from './clean-shutdown-file.ts';
import { DirectoryCheckpoints } from './directory-checkpoints.ts';
import type { LogEnvironment } from './environment.ts';
import {
  DELETE_DIRECTORY_SUFFIX,
  parsePartitionDirectory,
  partitionDirectoryName,
  STRAY_SUFFIX,
} from './file-names.ts';
import type { Log } from './log.ts';
import type { LogConfig } from './log-config.ts';
import { LogDirectory } from './log-directory.ts';
import { openLog } from './open-log.ts';
import {
  type MetaProperties,
  readMetaProperties,
  readPartitionMetadata,
  writeMetaProperties,
  writePartitionMetadata,
} from './property-files.ts';

const METADATA_TOPIC = '__cluster_metadata';
const MAX_DIRECTORY_NAME = 255;

export interface LogManagerOptions {
  readonly config: BrokerConfig;
  /** The present configuration of a topic's logs. */
  readonly logConfigOf: (topic: string) => LogConfig;
  /** Told once per directory that fails, inside the step in which it does. */
  readonly onDirectoryFailure: (directory: LogDirectory) => void;
}

/** A partition directory on disk; the topic id is null when it cannot be read. */
export interface FoundLog {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: Uuid | null;
}

interface DirectoryState {
  readonly directory: LogDirectory;
  readonly checkpoints: DirectoryCheckpoints;
  /** Broker epoch of the clean shutdown that left the directory; null after an unclean stop. */
  cleanShutdownEpoch: number | null;
  /** All its logs were opened; before that a clean stop must not be claimed (KAFKA-15375). */
  loaded: boolean;
}

export class LogManager {
  private readonly environment: LogEnvironment;
  private readonly options: LogManagerOptions;
  private readonly states: DirectoryState[];
  private readonly logs = new Map<string, Log>();
  private readonly tasks: Timer[] = [];

  /** Reads the clean shutdown markers; the logs stay closed until `load`. */
  constructor(environment: LogEnvironment, options: LogManagerOptions) {
    this.environment = environment;
    this.options = options;
    this.states = options.config.get('log.dirs').map((path) => this.openDirectory(path));
  }

  private openDirectory(path: string): DirectoryState {
    const environment = this.environment;
    const { trace } = environment;
    const failed = (one: LogDirectory): void => this.failed(one);
    const directory = new LogDirectory(path, trace, failed, (fail) => this.staysOpen(path, fail));
    const cleanShutdownEpoch = directory.guard(() => {
      environment.disk.mkdir(path);
      return readCleanShutdown(environment, directory);
    }, null);
    const checkpoints = new DirectoryCheckpoints(environment, directory);
    return { directory, checkpoints, cleanShutdownEpoch, loaded: false };
  }

  private staysOpen(path: string, fail: () => void): boolean {
    const { clock, rules, timers } = this.environment;
    const forMs = rules.failedAppend.staysOpenMs(path);
    if (forMs > 0) timers.at(clock.monotonicMs() + forMs, fail);
    return forMs > 0;
  }

  private failed(directory: LogDirectory): void {
    for (const [name, log] of this.logs) {
      if (log.logDirectory === directory) this.logs.delete(name);
    }
    this.options.onDirectoryFailure(directory);
  }

  get directories(): readonly LogDirectory[] {
    return this.states.map((state) => state.directory);
  }

  /** The broker epoch in which every directory was closed cleanly; -1 when one was not. */
  get previousBrokerEpoch(): number {
    const first = this.states[0]?.cleanShutdownEpoch ?? -1;
    const all = this.states.every((state) => state.cleanShutdownEpoch === first);
    return all && this.states.every((state) => state.directory.online) ? first : -1;
  }

  /**
   * Reads the directory's `meta.properties`, or formats it.
   * Null when the directory is offline or belongs to another cluster or node.
   */
  formatted(
    directory: LogDirectory,
    owner: { readonly clusterId: string; readonly nodeId: number; newDirectoryId: () => Uuid },
  ): MetaProperties | null {
    const { clusterId, nodeId } = owner;
    return directory.guard(() => {
      const known = readMetaProperties(this.environment, directory);
      if (known !== null) {
        return known.clusterId === clusterId && known.nodeId === nodeId ? known : null;
      }
      const fresh = { clusterId, nodeId, directoryId: owner.newDirectoryId() };
      writeMetaProperties(this.environment, directory, fresh);
      return fresh;
    }, null);
  }

  /**
   * Opens every log on disk, recovering those of directories that were not closed cleanly. Logs of
   * which `isStray` says that they do not belong here any more are set aside (KAFKA-16297).
   */
  load(isStray: (found: FoundLog) => boolean = () => false): void {
    for (const state of this.states) {
      state.directory.guard(() => this.loadDirectory(state, isStray), undefined);
    }
  }

  private loadDirectory(state: DirectoryState, isStray: (found: FoundLog) => boolean): void {
    const { directory, checkpoints } = state;
    const clean = state.cleanShutdownEpoch !== null;
    removeCleanShutdown(this.environment, directory);
    const recoveryPoints = checkpoints.recoveryPoints.read();
    const logStartOffsets = checkpoints.logStartOffsets.read();
    const highWatermarks = checkpoints.highWatermarks.read();
    for (const name of this.environment.disk.list(directory.path)) {
      const path = `${directory.path}/${name}`;
      if (name.endsWith(DELETE_DIRECTORY_SUFFIX)) {
        this.removeLater(directory, path, this.options.config.get('log.segment.delete.delay.ms'));
        continue;
      }
      const parsed = parsePartitionDirectory(name);
      if (parsed === null || parsed.topic === METADATA_TOPIC) continue;
      const topicId = readPartitionMetadata(this.environment, path);
      if (isStray({ ...parsed, topicId })) {
        this.setAside(directory, parsed, topicId);
        continue;
      }
      const log = this.open(state, parsed, {
        topicId,
        recoveryPoint: recoveryPoints.get(name) ?? 0,
        logStartOffset: logStartOffsets.get(name) ?? 0,
        cleanShutdown: clean,
      });
      log.updateHighWatermark(highWatermarks.get(name) ?? 0);
    }
    state.loaded = true;
  }

  private setAside(
    directory: LogDirectory,
    { topic, partition }: { readonly topic: string; readonly partition: number },
    topicId: Uuid | null,
  ): void {
    const { disk, trace } = this.environment;
    const name = partitionDirectoryName(topic, partition);
    const aside = this.givenUpPath(directory, { topic, partition, topicId }, STRAY_SUFFIX);
    disk.rename(`${directory.path}/${name}`, aside);
    disk.syncDirectory(directory.path);
    trace.emit('replica.deleted', name, topicId ?? '', 'stray');
  }

  private open(
    state: DirectoryState,
    name: { readonly topic: string; readonly partition: number },
    found: {
      readonly topicId: Uuid | null;
      readonly recoveryPoint: number;
      readonly logStartOffset: number;
      readonly cleanShutdown: boolean;
    },
  ): Log {
    const log = openLog(this.environment, {
      ...name,
      ...found,
      directory: state.directory,
      config: this.options.logConfigOf(name.topic),
      producerIdExpirationMs: this.options.config.get('producer.id.expiration.ms'),
      checkpointOffsets: (done) => this.checkpointDirectory(state, done),
    });
    this.logs.set(log.name, log);
    return log;
  }

  get(topic: string, partition: number): Log | null {
    return this.logs.get(partitionDirectoryName(topic, partition)) ?? null;
  }

  directoryIdOf(log: Log): Uuid {
    return log.logDirectory.id;
  }

  all(): IterableIterator<Log> {
    return this.logs.values();
  }

  /**
   * The log of a replica; made when there is none, in the directory that the controller has for
   * it, else in the one with the fewest logs. A log of an older topic with the same name is
   * deleted first. Null when it may lie in a directory that is offline: an empty log elsewhere
   * would forget what the replica has promised.
   */
  getOrCreateLog(
    topic: string,
    partition: number,
    topicId: Uuid,
    assigned: Uuid = ZERO_UUID,
  ): Log | null {
    const known = this.get(topic, partition);
    if (known !== null && (known.topicId === null || known.topicId === topicId)) {
      if (known.topicId === null) this.adopt(known, topicId);
      return known;
    }
    if (known !== null) this.deleteLog(topic, partition, 'other-topic');
    for (const state of this.directoriesFor(assigned)) {
      const { directory } = state;
      const made = directory.guard(() => this.create(state, topic, partition, topicId), null);
      if (made !== null) return made;
    }
    return null;
  }

  /** Where a new log may be made, best first (Kafka: createLogInAssignedDirectoryId). */
  private directoriesFor(assigned: Uuid): readonly DirectoryState[] {
    const online = this.states.filter(({ directory }) => directory.online);
    if (assigned !== ZERO_UUID) {
      const wanted = online.find(({ directory }) => directory.id === assigned);
      if (wanted !== undefined) return [wanted];
      if (online.length < this.states.length) return [];
    }
    const counted = online.map((state) => ({ state, count: this.logsIn(state).length }));
    return counted.sort((a, b) => a.count - b.count).map(({ state }) => state);
  }

  /** A log whose `partition.metadata` a power cut took before it was ever flushed. */
  private adopt(log: Log, topicId: Uuid): void {
    log.topicId = topicId;
    log.logDirectory.guard(
      () => writePartitionMetadata(this.environment, log.logDirectory, log.directory, topicId),
      undefined,
    );
  }

  private create(state: DirectoryState, topic: string, partition: number, topicId: Uuid): Log {
    const fresh = { topicId, recoveryPoint: 0, logStartOffset: 0, cleanShutdown: false };
    const log = this.open(state, { topic, partition }, fresh);
    writePartitionMetadata(this.environment, state.directory, log.directory, topicId);
    return log;
  }

  private logsIn(state: DirectoryState): Log[] {
    const logs: Log[] = [];
    for (const log of this.logs.values()) {
      if (log.logDirectory === state.directory) logs.push(log);
    }
    return logs;
  }

  /** Gives a log up: its directory is renamed at once and removed after file.delete.delay.ms. */
  deleteLog(topic: string, partition: number, why: string): void {
    const log = this.get(topic, partition);
    if (log === null) return;
    this.logs.delete(log.name);
    this.environment.trace.emit('replica.deleted', log.name, log.topicId ?? '', why);
    const state = this.states.find((candidate) => candidate.directory === log.logDirectory);
    log.logDirectory.guard(() => {
      const from = log.directory;
      log.close();
      const to = this.givenUpPath(log.logDirectory, log, DELETE_DIRECTORY_SUFFIX);
      this.environment.disk.rename(from, to);
      this.environment.disk.syncDirectory(log.logDirectory.path);
      this.removeLater(log.logDirectory, to, log.config.fileDeleteDelayMs);
      if (state !== undefined) this.checkpointDirectory(state, () => undefined);
    }, undefined);
  }

  /** A name that nothing has: a replica may come and go more than once. */
  private givenUpPath(directory: LogDirectory, log: FoundLog, ending: string): string {
    for (let attempt = 0; ; attempt++) {
      const path = `${directory.path}/${givenUpName(log, attempt, ending)}`;
      if (!this.environment.disk.exists(path)) return path;
    }
  }

  private removeLater(directory: LogDirectory, path: string, delayMs: number): void {
    const { disk, clock, timers } = this.environment;
    timers.at(clock.monotonicMs() + delayMs, () => {
      directory.guard(() => {
        if (!disk.exists(path)) return;
        for (const name of disk.list(path)) disk.remove(`${path}/${name}`);
        disk.remove(path);
      }, undefined);
    });
  }

  // Periodic work

  startBackgroundTasks(): void {
    const { config } = this.options;
    this.every(config.get('log.retention.check.interval.ms'), () => this.deleteOldSegments());
    this.every(config.get('log.flush.scheduler.interval.ms'), () => this.flushOverdueLogs());
    this.every(config.get('log.flush.offset.checkpoint.interval.ms'), () =>
      this.eachOnline((state) => state.checkpoints.writeRecoveryPoints(this.logsIn(state))),
    );
    this.every(config.get('log.flush.start.offset.checkpoint.interval.ms'), () =>
      this.eachOnline((state) => state.checkpoints.writeLogStartOffsets(this.logsIn(state))),
    );
    this.every(config.get('replica.high.watermark.checkpoint.interval.ms'), () =>
      this.checkpointHighWatermarks(),
    );
    this.every(config.get('producer.id.expiration.check.interval.ms'), () =>
      this.expireProducers(),
    );
  }

  private every(intervalMs: number, task: () => void): void {
    const { clock, timers } = this.environment;
    const delayMs = Math.max(1, intervalMs);
    const timer = new Timer(() => {
      task();
      timers.arm(timer, clock.monotonicMs() + delayMs);
    });
    this.tasks.push(timer);
    const initialMs = Math.min(delayMs, this.options.config.get('log.initial.task.delay.ms'));
    const firstMs = delayMs === Number.POSITIVE_INFINITY ? delayMs : initialMs;
    timers.arm(timer, clock.monotonicMs() + firstMs);
  }

  private eachOnline(action: (state: DirectoryState) => void): void {
    for (const state of this.states) state.directory.guard(() => action(state), undefined);
  }

  private deleteOldSegments(): void {
    for (const log of [...this.logs.values()]) log.deleteOldSegments();
  }

  private flushOverdueLogs(): void {
    const nowMs = this.environment.clock.wallMs();
    for (const log of [...this.logs.values()]) {
      const overdue = nowMs - log.lastFlushMs >= log.config.flushMs;
      if (overdue && log.recoveryPoint < log.logEndOffset) log.flush();
    }
  }

  private expireProducers(): void {
    const nowMs = this.environment.clock.wallMs();
    for (const log of this.logs.values()) log.producers.removeExpired(nowMs);
  }

  private checkpointHighWatermarks(): void {
    this.eachOnline((state) => state.checkpoints.writeHighWatermarks(this.logsIn(state)));
  }

  /** Writes recovery points and log start offsets; calls back when they are durable. */
  private checkpointDirectory(state: DirectoryState, done: () => void): void {
    const logs = this.logsIn(state);
    state.directory.guard(() => {
      state.checkpoints.writeRecoveryPoints(logs);
      state.checkpoints.writeLogStartOffsets(logs);
    }, undefined);
    state.checkpoints.whenDurable(done);
  }

  // Shutdown

  /**
   * Flushes and closes everything, then leaves the clean shutdown markers; `done` runs in a later
   * step. A directory that fails on the way gets no marker and is not waited for.
   */
  shutdownCleanly(brokerEpoch: number, done: () => void): void {
    for (const timer of this.tasks) this.environment.timers.cancel(timer);
    let unfinished = 1;
    const finish = (): void => {
      unfinished -= 1;
      if (unfinished === 0) done();
    };
    for (const state of this.states) {
      if (!state.directory.online) continue;
      unfinished += 1;
      this.shutDownDirectory(state, brokerEpoch, once(finish));
    }
    finish();
  }

  private shutDownDirectory(state: DirectoryState, brokerEpoch: number, done: () => void): void {
    const { directory, checkpoints } = state;
    if (!state.loaded && this.marksUnloaded) return this.markClean(state, brokerEpoch, done);
    const logs = this.logsIn(state);
    directory.watch(done);
    let unflushed = logs.length + 1;
    const flushed = (): void => {
      unflushed -= 1;
      if (unflushed > 0) return;
      directory.guard(() => {
        checkpoints.writeHighWatermarks(logs);
        checkpoints.writeRecoveryPoints(logs);
        checkpoints.writeLogStartOffsets(logs);
      }, undefined);
      checkpoints.whenDurable(() => this.markClean(state, brokerEpoch, done));
    };
    for (const log of logs) log.flushForShutdown(flushed);
    flushed();
  }

  /** Whether a stop is marked as clean although the logs were not loaded. */
  get marksUnloaded(): boolean {
    const unloaded = this.states.find((one) => !one.loaded);
    if (unloaded === undefined) return false;
    return this.environment.rules.cleanMarker.marksUnloaded(unloaded.directory.path);
  }

  private markClean(state: DirectoryState, brokerEpoch: number, done: () => void): void {
    if (!state.loaded && !this.marksUnloaded) return done();
    state.directory.guard(
      () => writeCleanShutdown(this.environment, state.directory, brokerEpoch, done),
      undefined,
    );
  }
}

function once(action: () => void): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    action();
  };
}

/** `orders-0.<topic id and attempt as hex digits>-delete`, the topic cut to fit a file name. */
function givenUpName(log: FoundLog, attempt: number, ending: string): string {
  const id = Uint8Array.from(log.topicId === null ? [] : uuidToBytes(log.topicId));
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const unique = hex.padStart(24, '0').slice(0, 24) + attempt.toString(16).padStart(8, '0');
  const suffix = `-${log.partition}.${unique}${ending}`;
  return log.topic.slice(0, MAX_DIRECTORY_NAME - suffix.length) + suffix;
}
