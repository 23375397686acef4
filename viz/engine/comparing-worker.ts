/** The worker that compares two runs: it is started for one comparison and ends with it. */
import type { ChunkColumns, TraceStore } from '../model/trace-store.ts';
import {
  buffersOfComparison,
  type ComparedHead,
  compareStores,
  type PackedComparison,
  storeOf,
} from './comparison.ts';

export type Side = 'left' | 'right';

/** Of each side a head and its chunks, then the question. */
export type ComparisonRequest =
  | { readonly kind: 'head'; readonly side: Side; readonly head: ComparedHead }
  | { readonly kind: 'chunk'; readonly side: Side; readonly chunk: ChunkColumns }
  | { readonly kind: 'compare' };

export type ComparisonMessage =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'done'; readonly packed: PackedComparison };

const post = (message: ComparisonMessage, buffers: ArrayBuffer[] = []): void =>
  self.postMessage(message, { transfer: buffers });

const stores: Partial<Record<Side, TraceStore>> = {};

self.onmessage = ({ data }: MessageEvent<ComparisonRequest>) => {
  if (data.kind === 'head') stores[data.side] = storeOf(data.head);
  else if (data.kind === 'chunk') stores[data.side]?.append(data.chunk);
  else compare(stores.left, stores.right);
};

function compare(left: TraceStore | undefined, right: TraceStore | undefined): void {
  if (left === undefined || right === undefined) throw new Error('a run is missing');
  left.finish();
  right.finish();
  const packed = compareStores({ left, right }, (share) => post({ kind: 'share', share }));
  post({ kind: 'done', packed }, buffersOfComparison(packed));
}
