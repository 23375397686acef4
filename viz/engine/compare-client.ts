/**
 * The page's side of a comparison: one at a time, each in a worker of its own. Asking for another
 * one ends the one under way.
 */
import type { Comparison, TwoRuns } from '../app/aligned-rows.ts';
import type { ComparisonMessage, ComparisonRequest } from './comparing-worker.ts';
import { runColumns, unpacked } from './comparison.ts';

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
      const request: ComparisonRequest = { left: runColumns(left), right: runColumns(right) };
      worker.postMessage(request);
    });
  }
}
