/**
 * Gives producer ids out of blocks of 1000 that the controller hands to each broker
 * (KIP-730; Kafka: RPCProducerIdManager). The next block is asked for when 90 % are used.
 */
import { Timer } from '../base/timers.ts';
import type { ControllerLink } from '../replication/alter-partition-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { allocateProducerIdsRequest } from '../wire/generated/allocate-producer-ids-request.ts';

const PREFETCH_AT = 0.9;
const RETRY_MS = 50;

interface Block {
  next: number;
  readonly end: number;
  readonly prefetchFrom: number;
}

export class ProducerIdManager {
  private readonly runtime: NodeRuntime;
  private readonly link: ControllerLink;
  private readonly broker: { readonly id: number; epoch(): number };
  private current: Block | null = null;
  private following: Block | null = null;
  private asking = false;
  private readonly retry: Timer;

  constructor(
    runtime: NodeRuntime,
    link: ControllerLink,
    broker: { readonly id: number; epoch(): number },
  ) {
    this.runtime = runtime;
    this.link = link;
    this.broker = broker;
    this.retry = new Timer(() => this.ask());
  }

  /** A new id, or null while the controller has not answered: the client tries again. */
  generate(): number | null {
    const id = this.takeNext();
    this.askIfNeeded();
    return id;
  }

  private takeNext(): number | null {
    if (this.current === null || this.current.next >= this.current.end) {
      this.current = this.following;
      this.following = null;
    }
    if (this.current === null) return null;
    const id = this.current.next;
    this.current.next += 1;
    return id;
  }

  private askIfNeeded(): void {
    const { current } = this;
    if (this.following !== null || this.asking || this.retry.armed) return;
    if (current === null || current.next >= current.prefetchFrom) this.ask();
  }

  private ask(): void {
    this.asking = true;
    const request = allocateProducerIdsRequest({
      brokerId: this.broker.id,
      brokerEpoch: this.broker.epoch(),
    });
    this.link.send(apis.AllocateProducerIds, request, (response) => {
      this.asking = false;
      if (response === null || response.errorCode !== ErrorCode.NONE) {
        this.runtime.timers.arm(this.retry, this.runtime.nowMs + RETRY_MS);
        return;
      }
      const { producerIdStart, producerIdLen } = response;
      this.following = {
        next: producerIdStart,
        end: producerIdStart + producerIdLen,
        prefetchFrom: producerIdStart + Math.floor(producerIdLen * PREFETCH_AT),
      };
      this.askIfNeeded();
    });
  }
}
