/** The worker that compares two runs: it is started for one comparison and ends with it. */
import {
  buffersOfComparison,
  compareColumns,
  type PackedComparison,
  type RunColumns,
} from './comparison.ts';

export interface ComparisonRequest {
  readonly left: RunColumns;
  readonly right: RunColumns;
}

export type ComparisonMessage =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'done'; readonly packed: PackedComparison };

const post = (message: ComparisonMessage, buffers: ArrayBuffer[] = []): void =>
  self.postMessage(message, { transfer: buffers });

self.onmessage = ({ data }: MessageEvent<ComparisonRequest>) => {
  const packed = compareColumns(data, (share) => post({ kind: 'share', share }));
  post({ kind: 'done', packed }, buffersOfComparison(packed));
};
