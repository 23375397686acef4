/**
 * Bits that flip on their way, in the records of chosen messages, where TCP's checksum misses them:
 * that of a batch is there to notice (KIP-98's CRC-32C; KAFKA-4384).
 */
import { Reader } from '../../kafka/base/reader.ts';
import type { RandomStream } from '../../kafka/host.ts';
import { apis } from '../../kafka/wire/apis.ts';
import type { Timeline } from '../engine/timeline.ts';
import type { Endpoint } from './endpoint.ts';

/** What carries records: requests of producers, answers to consumers and followers. */
export const RECORD_CARRIERS = ['Produce', 'Fetch'] as const;
export type RecordCarrier = (typeof RECORD_CARRIERS)[number];

export interface FlipRule {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly api: RecordCarrier;
  /** How many messages are still to lose a bit. */
  left: number;
  readonly random: RandomStream;
}

interface Flipped {
  /** The message as it arrives. */
  readonly bytes: Uint8Array;
  /** Which byte of it has another bit. */
  readonly at: number;
}

type Role = 'request' | 'response' | 'bytes';

/** A batch's checksum covers everything from its attributes on (records/batch.ts). */
const COVERED_FROM = 21;
const SIZE_BYTES = 4;

export class Flips {
  /** Whether there is any. */
  active = false;
  private rules: FlipRule[] = [];
  private readonly timeline: Timeline;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  add(rule: FlipRule): void {
    this.rules.push(rule);
    this.active = true;
  }

  clear(): void {
    this.rules = [];
    this.active = false;
  }

  /** @returns the message as it arrives, where `frame` tells that the endpoint sent it. */
  pass(sender: Endpoint, role: Role, bytes: Uint8Array, frame: number): Uint8Array {
    const flipped = this.strike(sender, role, bytes);
    if (flipped === null) return bytes;
    const { trace } = this.timeline;
    trace.causedBy(frame);
    const ends = [sender.process.name, sender.link.to.name] as const;
    trace.emit('fault.flippedInFlight', 0, ...ends, sender.frames.apiKey, flipped.at);
    return flipped.bytes;
  }

  private strike(sender: Endpoint, role: Role, bytes: Uint8Array): Flipped | null {
    if (role === 'bytes') return null;
    const rule = this.rules.find((one) => matches(one, sender, role));
    if (rule === undefined) return null;
    const range = recordsIn(bytes, rule.api, sender.frames.apiVersion);
    if (range === null) return null;
    const flipped = bytes.slice();
    const at = rule.random.int(range.from + COVERED_FROM, range.to - 1);
    flipped[at] = (flipped[at] as number) ^ (1 << rule.random.int(0, 7));
    rule.left -= 1;
    if (rule.left === 0) {
      this.rules = this.rules.filter((one) => one !== rule);
      this.active = this.rules.length > 0;
    }
    return { bytes: flipped, at };
  }
}

function matches(rule: FlipRule, sender: Endpoint, role: 'request' | 'response'): boolean {
  if (apis[rule.api].key !== sender.frames.apiKey) return false;
  if (role !== (rule.api === 'Produce' ? 'request' : 'response')) return false;
  return rule.from.includes(sender.process.name) && rule.to.includes(sender.link.to.name);
}

/** Where the first batches of a message lie in it; null when it carries none. */
function recordsIn(
  bytes: Uint8Array,
  api: RecordCarrier,
  version: number,
): { readonly from: number; readonly to: number } | null {
  const reader = new Reader(bytes);
  reader.take(SIZE_BYTES);
  for (const records of api === 'Produce' ? produced(reader, version) : fetched(reader, version)) {
    if (records === null || records.length <= COVERED_FROM) continue;
    const from = records.byteOffset - bytes.byteOffset;
    return { from, to: from + records.length };
  }
  return null;
}

function produced(reader: Reader, version: number): (Uint8Array | null)[] {
  const { Produce } = apis;
  reader.int16();
  reader.int16();
  reader.int32();
  reader.nullableString();
  if (version >= Produce.flexibleFrom) reader.skipTags();
  const { topicData } = Produce.request.decode(reader, version);
  return topicData.flatMap((topic) => topic.partitionData.map(({ records }) => records));
}

function fetched(reader: Reader, version: number): (Uint8Array | null)[] {
  const { Fetch } = apis;
  reader.int32();
  if (version >= Fetch.flexibleFrom) reader.skipTags();
  const { responses } = Fetch.response.decode(reader, version);
  return responses.flatMap((topic) => topic.partitions.map(({ records }) => records));
}
