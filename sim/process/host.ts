/**
 * The simulated host: what one boot of a node sees of its world (`Host` of `kafka/host.ts`).
 * Nothing here calls the node; what must wait for the end of the step goes into `effects`.
 */
import { assert } from '../../kafka/base/assert.ts';
import type { CommandResult } from '../../kafka/client/commands.ts';
import {
  type Address,
  type Clock,
  type CodecName,
  type Codecs,
  type CommandId,
  type ConnectionId,
  type Crypto,
  type Disk,
  HIGH_WATER_BYTES,
  type Host,
  type Network as NetworkDoor,
  type Random,
} from '../../kafka/host.ts';
import type { Trace } from '../../kafka/trace.ts';
import { HostDisk } from '../disk/host-disk.ts';
import { SimRandom } from '../engine/random.ts';
import type { Timeline } from '../engine/timeline.ts';
import type { Endpoint } from '../network/endpoint.ts';
import type { Network } from '../network/network.ts';
import { NodeTrace } from '../trace/recorder.ts';
import { simCodecs } from './codecs.ts';
import { HostCrypto } from './crypto.ts';
import type { Process } from './process.ts';
import type { ServiceTimes } from './service-times.ts';

export interface HostParts {
  readonly seed: string;
  readonly timeline: Timeline;
  readonly network: Network;
  readonly serviceTimes: ServiceTimes;
}

export class SimHost implements Host {
  readonly clock: Clock;
  readonly network: NetworkDoor;
  readonly disk: Disk;
  readonly random: Random;
  readonly trace: Trace;
  readonly codecs: Codecs;
  readonly crypto: Crypto;
  private readonly process: Process;
  private readonly timeline: Timeline;

  constructor(process: Process, parts: HostParts) {
    this.process = process;
    this.timeline = parts.timeline;
    this.clock = process.clock;
    this.network = new HostNetwork(process, parts);
    this.disk = new HostDisk(process, parts.timeline);
    this.random = new SimRandom(parts.seed, `node/${process.name}/${process.bootCount}/`);
    this.codecs = new HostCodecs(process, parts.serviceTimes);
    this.crypto = new HostCrypto(process, parts.serviceTimes);
    this.trace = new NodeTrace(parts.timeline.trace, process.traceNode);
  }

  completed(id: CommandId, result: CommandResult, count = 1): void {
    this.process.effects.completed(id, count, result, this.timeline.trace.count);
  }

  exit(): void {
    this.process.effects.exit(this.timeline.trace.count);
  }

  halt(reason: string): void {
    this.process.effects.halt(reason, this.timeline.trace.count);
  }
}

/** Compression takes its time. */
class HostCodecs implements Codecs {
  private readonly process: Process;
  private readonly serviceTimes: ServiceTimes;

  constructor(process: Process, serviceTimes: ServiceTimes) {
    this.process = process;
    this.serviceTimes = serviceTimes;
  }

  compress(codec: CodecName, bytes: Uint8Array, level?: number): Uint8Array {
    this.spend(bytes.length, this.serviceTimes.compressNsPerKib[codec]);
    return simCodecs.compress(codec, bytes, level);
  }

  decompress(codec: CodecName, bytes: Uint8Array, maxBytes: number): Uint8Array | null {
    const opened = simCodecs.decompress(codec, bytes, maxBytes);
    this.spend(opened?.length ?? bytes.length, this.serviceTimes.decompressNsPerKib[codec]);
    return opened;
  }

  private spend(bytes: number, nsPerKib: number): void {
    this.process.costNs += Math.floor((bytes * nsPerKib) / 1024);
  }
}

class HostNetwork implements NetworkDoor {
  private readonly process: Process;
  private readonly network: Network;
  private readonly timeline: Timeline;
  private readonly serviceTimes: ServiceTimes;

  constructor(process: Process, parts: HostParts) {
    this.process = process;
    this.network = parts.network;
    this.timeline = parts.timeline;
    this.serviceTimes = parts.serviceTimes;
  }

  listen(listener: string): void {
    const known = this.process.spec.listeners[listener] !== undefined;
    assert(known, `${this.process.name} has no listener '${listener}'`);
    this.process.effects.listen(listener, this.timeline.trace.count);
  }

  connect(address: Address): ConnectionId {
    const endpoint = this.network.open(this.process, address);
    this.process.effects.connect(endpoint, this.timeline.trace.count);
    return endpoint.id;
  }

  send(connection: ConnectionId, bytes: Uint8Array): void {
    const endpoint = this.own(connection);
    if (endpoint === null || bytes.length === 0) return;
    const { process, serviceTimes } = this;
    process.costNs += serviceTimes.sendNs + ((bytes.length * serviceTimes.sendNsPerKib) >> 10);
    endpoint.bufferedBytes += bytes.length;
    if (endpoint.bufferedBytes > HIGH_WATER_BYTES) endpoint.wasHigh = true;
    process.effects.send(endpoint, bytes, this.timeline.trace.count);
  }

  close(connection: ConnectionId): void {
    const endpoint = this.own(connection);
    if (endpoint === null) return;
    endpoint.state = 'closing';
    endpoint.closedByNode = true;
    this.process.effects.close(endpoint, this.timeline.trace.count);
  }

  bufferedBytes(connection: ConnectionId): number {
    return this.own(connection)?.bufferedBytes ?? 0;
  }

  mute(connection: ConnectionId): void {
    const endpoint = this.own(connection);
    if (endpoint !== null) endpoint.muted = true;
  }

  unmute(connection: ConnectionId): void {
    const endpoint = this.own(connection);
    if (endpoint === null || !endpoint.muted) return;
    endpoint.muted = false;
    this.process.effects.unmute(endpoint, this.timeline.trace.count);
  }

  /** Null when the connection is dead, or closed by this node. */
  private own(connection: ConnectionId): Endpoint | null {
    const endpoint = this.network.endpoint(connection);
    if (endpoint === null || endpoint.process !== this.process) return null;
    return endpoint.state === 'open' || endpoint.state === 'connecting' ? endpoint : null;
  }
}
