import type { CodecName } from '../../kafka/host.ts';

/** What a step costs its node: base + bytes (+ disk calls, see the disk's settings). */
export interface ServiceTimes {
  /** Base cost of an input, in ns: 16 equally likely integer quantiles, ascending. */
  readonly baseNs: readonly number[];
  /** Per KiB received. */
  readonly receiveNsPerKib: number;
  /** Per send, and per KiB sent. */
  readonly sendNs: number;
  readonly sendNsPerKib: number;
  /** Per KiB of uncompressed records. */
  readonly compressNsPerKib: Readonly<Record<CodecName, number>>;
  readonly decompressNsPerKib: Readonly<Record<CodecName, number>>;
  /** One hash of a short text (HMAC takes two). */
  readonly hashNs: number;
  /** Of the `started` input (loading a process). */
  readonly startNs: number;
}

/** A broker thread that handles some 70,000 small requests a second. */
export const defaultServiceTimes: ServiceTimes = {
  baseNs: [
    8_000, 8_200, 8_500, 8_800, 9_000, 9_300, 9_600, 10_000, 10_400, 10_800, 11_300, 12_000, 13_000,
    14_500, 17_000, 25_000,
  ],
  receiveNsPerKib: 600,
  sendNs: 1_500,
  sendNsPerKib: 400,
  compressNsPerKib: { gzip: 20_000, snappy: 2_500, lz4: 2_000, zstd: 3_500 },
  decompressNsPerKib: { gzip: 3_500, snappy: 900, lz4: 500, zstd: 1_200 },
  hashNs: 400,
  startNs: 200_000,
};
