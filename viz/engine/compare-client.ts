/**
 * The page's side of a comparison: one at a time, each in a worker of its own. Asking for another
 * one ends the one under way.
 */
import type { Comparison, TwoRuns } from '../app/aligned-rows.ts';
import type { TraceStore } from '../model/trace-store.ts';
import type { ComparisonMessage, ComparisonRequest, Side } from './comparing-worker.ts';
import { chunksOf, headOf, unpacked } from './comparison.ts';

/** Chunks that are copied in one go: some milliseconds of work. */
const CHUNKS_AT_ONCE = 4;

export class CompareClient {
  private readonly create: () => Worker;
  private end: (() => void) | null = null;

  constructor(create: () => Worker) {
    this.create = create;
  }

  /** Rejects when the worker fails. Never settles when another comparison was asked for. */
  compare({ left, right }: TwoRuns, told: (share: number) => void): Promise<Comparison> {
    this.end?.();
    const worker = this.create();
    const end = () => {
      worker.terminate();
      this.end = null;
    };
    this.end = end;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ComparisonMessage>) => {
        if (data.kind === 'share') return told(data.share);
        end();
        resolve(unpacked(data.packed));
      };
      worker.onerror = (event) => {
        end();
        reject(new Error(`the comparing worker stopped\n${event.message || 'it did not load'}`));
      };
      const send = (request: ComparisonRequest): void => worker.postMessage(request);
      void sendRun(send, 'left', left)
        .then(() => sendRun(send, 'right', right))
        .then(() => send({ kind: 'compare' }));
    });
  }
}

/** A few chunks at a time: copying a large run would hold up the page. */
async function sendRun(
  send: (request: ComparisonRequest) => void,
  side: Side,
  store: TraceStore,
): Promise<void> {
  send({ kind: 'head', side, head: headOf(store) });
  for (const [place, chunk] of chunksOf(store).entries()) {
    if (place % CHUNKS_AT_ONCE === CHUNKS_AT_ONCE - 1) await new Promise((go) => setTimeout(go));
    send({ kind: 'chunk', side, chunk });
  }
}
