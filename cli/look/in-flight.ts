/** The requests of a node that have no answer yet, found in its memory wherever a channel is kept. */
import { addressText } from '../../kafka/base/address-text.ts';
import { RpcChannel } from '../../kafka/rpc/rpc-channel.ts';
import { DOORS } from '../../viz/engine/plain.ts';

export interface InFlight {
  /** `broker-2:9092` */
  readonly peer: string;
  readonly api: string;
  readonly correlationId: number;
  /** False: the connection is coming up. */
  readonly sent: boolean;
}

export function requestsInFlight(node: object): InFlight[] {
  const seen = new Set<object>([node]);
  const found: InFlight[] = [];
  // A set that grows while it is walked through is walked through to its end.
  for (const one of seen) {
    if (one instanceof RpcChannel) found.push(...requestsOf(one));
    for (const inner of childrenOf(one)) {
      if (typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner))
        seen.add(inner);
    }
  }
  return found;
}

function requestsOf(channel: RpcChannel): InFlight[] {
  const peer = addressText(channel.address);
  return channel.unanswered().map((one) => ({ peer, ...one }));
}

function childrenOf(value: object): unknown[] {
  if (value instanceof Map) return [...value.values()];
  if (value instanceof Set || Array.isArray(value)) return [...value];
  return Object.entries(value).flatMap(([key, inner]) => (DOORS.includes(key) ? [] : [inner]));
}
