/**
 * One direction between two machines: how long bytes take and whether they pass. Every link has
 * random streams of its own, so a fault or one more frame here shifts nothing elsewhere.
 */
import type { SimRandom, SimStream } from '../engine/random.ts';
import type { Process } from '../process/process.ts';
import type { NetworkSettings } from './settings.ts';

const LOOPBACK_US = 15;

export class Link {
  readonly from: Process;
  readonly to: Process;
  readonly loopback: boolean;
  /** No bytes pass: cut, or stalled until `stalledUntilUs`. */
  cut = false;
  stalledUntilUs = 0;
  addUs = 0;
  jitterUs = 0;
  bytesPerSecond: number;
  /** So many bytes leave within the same µs. */
  private bytesPerUs: number;
  private freeAtUs = 0;
  private readonly settings: NetworkSettings;
  private readonly latencyStream: SimStream;
  private readonly chunkStream: SimStream;
  /** A draw of 28 bits below it has the tail's latency. */
  private readonly tailBelow: number;
  private untilSplit: number;
  private untilMerge: number;

  constructor(from: Process, to: Process, settings: NetworkSettings, random: SimRandom) {
    this.from = from;
    this.to = to;
    this.loopback = from === to;
    this.settings = settings;
    this.bytesPerSecond = settings.bytesPerSecond;
    this.bytesPerUs = settings.bytesPerSecond / 1_000_000;
    this.tailBelow = settings.tailOneIn > 0 ? Math.ceil(0x1000_0000 / settings.tailOneIn) : 0;
    const name = `${from.name}>${to.name}`;
    this.latencyStream = random.stream(`network/latency/${name}`);
    this.chunkStream = random.stream(`network/chunks/${name}`);
    this.untilSplit = this.gap(settings.splitOneIn);
    this.untilMerge = this.gap(settings.mergeOneIn);
  }

  /** One-way latency of one send. */
  latencyUs(): number {
    if (this.loopback) return LOOPBACK_US;
    const word = this.latencyStream.uint32();
    let us = this.settings.latencyUs[word >>> 28] as number;
    if ((word & 0xfffffff) < this.tailBelow) {
      us = this.latencyStream.quantile(this.settings.tailLatencyUs);
    }
    if (this.jitterUs > 0) us += this.latencyStream.int(0, this.jitterUs);
    return us + this.addUs;
  }

  /** When the last of `bytes` leaves, if they are given to the link now. */
  departureUs(nowUs: number, bytes: number): number {
    const startUs = this.freeAtUs > nowUs ? this.freeAtUs : nowUs;
    if (bytes < this.bytesPerUs) return startUs;
    this.freeAtUs = startUs + Math.floor(bytes / this.bytesPerUs);
    return this.freeAtUs;
  }

  /** Forgets what waited for bandwidth. */
  setBandwidth(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond;
    this.bytesPerUs = bytesPerSecond / 1_000_000;
    this.freeAtUs = 0;
  }

  /** Where to split this send, 0 = nowhere. */
  splitAt(bytes: number): number {
    if (this.untilSplit < 0 || --this.untilSplit > 0) return 0;
    this.untilSplit = this.gap(this.settings.splitOneIn);
    return bytes < 2 ? 0 : this.chunkStream.int(1, bytes - 1);
  }

  /** Whether to glue this send to the bytes under way before it. */
  mergesNow(): boolean {
    if (this.untilMerge < 0 || --this.untilMerge > 0) return false;
    this.untilMerge = this.gap(this.settings.mergeOneIn);
    return true;
  }

  /** Sends until the next one that is special; -1 = never. */
  private gap(oneIn: number): number {
    return oneIn <= 0 ? -1 : this.chunkStream.int(1, oneIn * 2 - 1);
  }
}
