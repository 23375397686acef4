/** Keys of compression that producers, topics and brokers share (KIP-390). */
import { type ConfigView, int } from './define.ts';

export const compressionLevelKeys = {
  'compression.gzip.level': int({
    default: -1,
    min: -1,
    max: 9,
    doc: 'How hard gzip tries, 1 to 9; -1 is its own choice.',
  }),
  'compression.lz4.level': int({
    default: 9,
    min: 1,
    max: 17,
    notYet: 'the slower ways to compress with lz4',
    doc: 'How hard lz4 tries.',
  }),
  'compression.zstd.level': int({
    default: 3,
    min: -131072,
    max: 22,
    doc: 'How hard zstd tries.',
  }),
};

export function gzipLevelIsNotZero(config: ConfigView<typeof compressionLevelKeys>) {
  const key = 'compression.gzip.level' as const;
  if (config.get(key) !== 0) return null;
  return { key, problem: 'would not compress', allowed: '-1, or 1 to 9' };
}
