/** A log room to experiment with: memory disk, clock by hand, real timers and flush routing. */
import { Timers } from '../../kafka/base/timers.ts';
import { type BrokerConfig, brokerConfigs } from '../../kafka/config/broker.ts';
import { parseConfig } from '../../kafka/config/parse.ts';
import type { LogEnvironment } from '../../kafka/log/environment.ts';
import type { Log } from '../../kafka/log/log.ts';
import { DEFAULT_LOG_CONFIG, type LogConfig } from '../../kafka/log/log-config.ts';
import type { LogDirectory } from '../../kafka/log/log-directory.ts';
import { LogManager } from '../../kafka/log/log-manager.ts';
import { TODAY } from '../../kafka/protocol/rules.ts';
import { BatchBuilder, type BatchStamp } from '../../kafka/records/builder.ts';
import { FlushTracker } from '../../kafka/rpc/flush-tracker.ts';
import { simCodecs } from '../../sim/process/codecs.ts';
import { MemoryDisk } from './memory-disk.ts';

export const TOPIC = 'orders';
export const TOPIC_ID = 'b8tRS7h4TJ2Vt43Dp85v2A';
export const START_MS = 1_700_000_000_000;

export interface Told {
  readonly kind: string;
  readonly fields: readonly (string | number)[];
}

export class LogLab {
  readonly disk: MemoryDisk;
  nowMs = START_MS;
  config: LogConfig;
  readonly failed: LogDirectory[] = [];
  told: Told[] = [];
  environment: LogEnvironment;
  manager: LogManager;
  private readonly broker: BrokerConfig;

  constructor(config: Partial<LogConfig> = {}, seed = 'lab', broker: Record<string, string> = {}) {
    this.disk = new MemoryDisk(seed);
    this.disk.mkdir('/data');
    this.config = { ...DEFAULT_LOG_CONFIG, ...config };
    const raw: Record<string, string> = {
      'node.id': '1',
      'log.dirs': '/data',
      'process.roles': 'broker',
      ...broker,
    };
    raw['controller.quorum.voters'] ??= '101@controller-101:9093';
    this.broker = parseConfig(brokerConfigs, raw, { at: 'lab' });
    this.environment = this.newEnvironment();
    this.manager = this.newManager();
  }

  private newEnvironment(): LogEnvironment {
    return {
      disk: this.disk,
      clock: { monotonicMs: () => this.nowMs - START_MS, wallMs: () => this.nowMs },
      timers: new Timers(),
      trace: { emit: (kind, ...fields) => void this.told.push({ kind, fields }) },
      flushed: new FlushTracker(),
      codecs: simCodecs,
      rules: TODAY,
    };
  }

  private newManager(): LogManager {
    return new LogManager(this.environment, {
      config: this.broker,
      logConfigOf: () => this.config,
      onDirectoryFailure: (directory) => this.failed.push(directory),
    });
  }

  /** A new process on the same disk: nothing in memory is left. */
  boot(): void {
    this.environment = this.newEnvironment();
    this.manager = this.newManager();
    this.manager.load();
  }

  log(partition = 0): Log {
    const log = this.manager.getOrCreateLog(TOPIC, partition, TOPIC_ID);
    if (log === null) throw new Error('no log');
    return log;
  }

  advance(ms: number): void {
    this.nowMs += ms;
    this.environment.timers.runDue(this.nowMs - START_MS);
  }

  endFlushes(): void {
    this.disk.endAllFlushes(this.environment.flushed);
  }

  /** Stops in good order; all flushes end. */
  stop(brokerEpoch = 7): boolean {
    let done = false;
    this.manager.shutdownCleanly(brokerEpoch, () => {
      done = true;
    });
    this.endFlushes();
    this.disk.kill();
    return done;
  }
}

const builder = new BatchBuilder();

/** A batch of `count` records with values of `valueBytes`. */
export function batchOf(
  count: number,
  options: BatchStamp & { timestampMs?: number; valueBytes?: number; fill?: number } = {},
): Uint8Array {
  builder.begin();
  for (let i = 0; i < count; i++) {
    const value = new Uint8Array(options.valueBytes ?? 10).fill(options.fill ?? i + 1);
    builder.append(options.timestampMs ?? START_MS, null, value);
  }
  return builder.finish(options);
}

/** Appends as leader of `epoch` and expects success. */
export function append(log: Log, epoch: number, batch: Uint8Array): number {
  const appended = log.appendAsLeader(batch, epoch, 'client');
  if (appended.error !== 0) throw new Error(`${appended.error} ${appended.errorMessage}`);
  return appended.baseOffset;
}
