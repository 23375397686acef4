/**
 * The page's side of the worker: starts it with the first thing that is asked of it, feeds what
 * comes back into trace stores, and tells who waits. A worker that dies takes its runs with it and
 * is replaced by a new one.
 */
import { type Remote, transfer, wrap } from 'comlink';
import { TraceStore } from '../model/trace-store.ts';
import type {
  InspectAnswer,
  InspectRequest,
  LabWorker,
  Problem,
  RunHead,
  RunMessage,
  RunRequest,
} from './protocol.ts';

export type RunPhase = 'starting' | 'running' | 'held' | 'done' | 'failed' | 'stopped';

/** A run in the worker, or a file that it reads: rows stream into `store`. */
export class RunHandle {
  phase: RunPhase = 'starting';
  head: RunHead | null = null;
  problem: Problem | null = null;
  private trace: TraceStore | null = null;
  private readonly listeners = new Set<(handle: RunHandle) => void>();
  private readonly lab: LabClient;
  private readonly id: number;

  constructor(lab: LabClient, id: number) {
    this.lab = lab;
    this.id = id;
  }

  /** Throws before the head has come. */
  get store(): TraceStore {
    if (this.trace === null) throw new Error('nothing has come of the run');
    return this.trace;
  }

  /** Told of every change, until it ends the subscription. */
  subscribe(listener: (handle: RunHandle) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves at the first change after which `ready` says true. */
  when(ready: (handle: RunHandle) => boolean): Promise<RunHandle> {
    if (ready(this)) return Promise.resolve(this);
    return new Promise((resolve) => {
      const end = this.subscribe(() => {
        if (!ready(this)) return;
        end();
        resolve(this);
      });
    });
  }

  get isOver(): boolean {
    return this.phase === 'done' || this.phase === 'failed' || this.phase === 'stopped';
  }

  /** Stands still at the end of the step of this event, or of the one it is in. */
  holdAt(event: number): void {
    if (this.isOver) return;
    if (this.phase === 'held') this.phase = 'running';
    this.lab.holdAt(this.id, event);
  }

  resume(): void {
    this.holdAt(Number.POSITIVE_INFINITY);
  }

  stop(): void {
    if (this.isOver) return;
    this.phase = 'stopped';
    this.lab.stop(this.id);
    this.tell();
  }

  take(message: RunMessage): void {
    if (this.isOver) return;
    switch (message.kind) {
      case 'head': {
        const { scenario, seed, kinds, file } = message.head;
        this.head = message.head;
        this.trace = new TraceStore(kinds);
        this.trace.identity = {
          scenario,
          seed,
          digest: file?.digest ?? '',
          traceHash: file?.traceHash ?? '',
          report: null,
          originUs: 0,
        };
        break;
      }
      case 'rows':
        this.phase = 'running';
        this.setOrigin(message.originUs);
        this.store.append(message.chunk, message.added);
        break;
      case 'held':
        this.phase = 'held';
        break;
      case 'done':
        this.phase = 'done';
        this.setOrigin(message.originUs);
        this.finish(message.report);
        break;
      case 'failed':
        this.fail(message.problem);
        return;
    }
    this.tell();
  }

  fail(problem: Problem): void {
    if (this.isOver) return;
    this.phase = 'failed';
    this.problem = problem;
    this.tell();
  }

  private setOrigin(originUs: number): void {
    const { identity } = this.store;
    if (identity === null || identity.originUs === originUs) return;
    this.store.identity = { ...identity, originUs };
  }

  private finish(report: Extract<RunMessage, { kind: 'done' }>['report']): void {
    const { identity } = this.store;
    const hashes =
      report === null ? {} : { digest: report.digest, traceHash: report.traceHash, report };
    this.store.finish(identity === null ? null : { ...identity, ...hashes });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener(this);
  }
}

interface Running {
  readonly worker: Worker;
  readonly remote: Remote<LabWorker>;
}

export class LabClient {
  private readonly create: () => Worker;
  private running: Running | null = null;
  private readonly handles = new Map<number, RunHandle>();
  private lastId = 0;

  constructor(create: () => Worker) {
    this.create = create;
  }

  /** Loads the worker before it is needed. */
  warm(): void {
    this.worker();
  }

  start(request: RunRequest): RunHandle {
    const { handle, id, port } = this.newHandle();
    void this.worker().remote.start(id, request, transfer(port, [port]));
    return handle;
  }

  /** The bytes are given away. */
  read(bytes: Uint8Array): RunHandle {
    const { handle, port } = this.newHandle();
    const given = transfer(bytes, [bytes.buffer as ArrayBuffer]);
    void this.worker().remote.read(given, transfer(port, [port]));
    return handle;
  }

  holdAt(id: number, event: number): void {
    void this.worker().remote.holdAt(id, event);
  }

  stop(id: number): void {
    void this.worker().remote.stop(id);
  }

  inspect(request: InspectRequest): Promise<InspectAnswer> {
    return this.worker().remote.inspect(request);
  }

  private newHandle(): { handle: RunHandle; id: number; port: MessagePort } {
    this.lastId += 1;
    const id = this.lastId;
    const handle = new RunHandle(this, id);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<RunMessage>) => {
      handle.take(data);
      if (handle.isOver) {
        this.handles.delete(id);
        port1.close();
      }
    };
    this.handles.set(id, handle);
    return { handle, id, port: port2 };
  }

  private worker(): Running {
    if (this.running !== null) return this.running;
    const worker = this.create();
    worker.onerror = (event) => this.died(event.message || 'it could not be loaded');
    worker.onmessageerror = () => this.died('it could not be understood');
    this.running = { worker, remote: wrap<LabWorker>(worker) };
    return this.running;
  }

  private died(why: string): void {
    this.running?.worker.terminate();
    this.running = null;
    const problem = { title: 'the simulator’s worker stopped', details: [why] };
    for (const handle of this.handles.values()) handle.fail(problem);
    this.handles.clear();
  }
}
