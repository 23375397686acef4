/**
 * The engine as panels see it (`app/services.ts`): runs, branches, deep looks and files, carried
 * out by the worker. Whoever opens a run gets its slot with the first rows; the rest streams in.
 */

import type { Comparison } from '../app/aligned-rows.ts';
import type {
  FaultEntry,
  Inspection,
  RunAction,
  RunShow,
  RunSlot,
  RunSpec,
  Services,
} from '../app/services.ts';
import type { AppStore } from '../app/store.ts';
import { Timeline } from '../model/timeline.ts';
import { branchProblem } from './branch.ts';
import { CompareClient } from './compare-client.ts';
import { LabClient, type RunHandle } from './lab-client.ts';
import type { FileDoors, OpenedFile } from './open-file.ts';
import { firstDifference } from './prefix.ts';
import type { Problem } from './protocol.ts';
import { requestOf } from './spec-request.ts';

/** Runs that are kept for comparing; each may take a hundred megabytes. */
const SLOTS_KEPT = 8;
/** Panels hear this often that a run has grown, at most. */
const TOLD_EVERY_MS = 120;

export class LabServices implements Services {
  private readonly app: AppStore;
  private readonly lab: LabClient;
  /** For looks and checks, so that they do not hold up the run that is watched. */
  private readonly background: LabClient;
  private readonly handles = new Map<number, RunHandle>();

  private readonly comparing: CompareClient;

  constructor(
    app: AppStore,
    create: { readonly laboratory: () => Worker; readonly comparing: () => Worker },
  ) {
    this.app = app;
    this.lab = new LabClient(create.laboratory);
    this.background = new LabClient(create.laboratory);
    this.comparing = new CompareClient(create.comparing);
  }

  open(spec: RunSpec, { at = 0, holdAt }: RunShow = {}): Promise<RunSlot> {
    this.announce(spec.scenario.name);
    const request = { ...requestOf(spec), ...(holdAt === undefined ? {} : { holdAt }) };
    return this.follow(this.lab.start(request), { spec, at });
  }

  async branch(from: RunSlot, after: number, faults: readonly FaultEntry[]): Promise<RunSlot> {
    const problem = branchProblem(from.store, after);
    if (problem !== null) throw new Error(problem);
    const added = faults.map((fault): RunAction => ({ after, fault }));
    const spec: RunSpec = { ...from.spec, actions: [...(from.spec.actions ?? []), ...added] };
    this.announce(`${spec.scenario.name}, branch after event ${after}`);
    const parent = { id: from.id, after };
    const slot = await this.follow(this.lab.start(requestOf(spec)), { spec, at: after, parent });
    void this.checkPrefix(from, slot, after);
    return slot;
  }

  async whole(slot: RunSlot): Promise<RunSlot> {
    const handle = this.handles.get(slot.id);
    if (handle === undefined || slot.store.complete) return slot;
    handle.resume();
    await handle.when((one) => one.isOver);
    if (handle.problem !== null) throw errorOf(handle.problem);
    return slot;
  }

  async hold(slot: RunSlot): Promise<void> {
    const handle = this.handles.get(slot.id);
    handle?.holdAt(0);
    await handle?.when(standsStill);
  }

  async stepOn(slot: RunSlot): Promise<void> {
    const handle = this.handles.get(slot.id);
    if (handle?.phase !== 'held') return;
    handle.holdAt(slot.store.count + 1);
    await handle.when(standsStill);
  }

  letGo(slot: RunSlot): void {
    this.handles.get(slot.id)?.resume();
    this.app.grown(slot);
  }

  compare(left: RunSlot, right: RunSlot, told: (share: number) => void): Promise<Comparison> {
    return this.comparing.compare({ left: left.store, right: right.store }, told);
  }

  async inspect(slot: RunSlot, event: number, node: number | null): Promise<Inspection> {
    const { store } = slot;
    const frames = framesOf(slot, event);
    const name = node === null || node === 0 ? null : store.nodeName(node);
    return this.background.inspect({ run: requestOf(slot.spec), event, frames, node: name });
  }

  async openFile(file: File): Promise<void> {
    const { checkSize } = await import('./open-file.ts');
    const [firstByte = 0] = new Uint8Array(await file.slice(0, 1).arrayBuffer());
    checkSize(file.name, file.size, firstByte);
    await this.openBytes({ name: file.name, bytes: await file.arrayBuffer() });
  }

  async openBytes(file: OpenedFile, at = 0): Promise<void> {
    const { openFile } = await import('./open-file.ts');
    const doors: FileDoors = {
      open: (spec, show) => this.open(spec, show),
      read: (bytes, from) => this.read(bytes, from),
      whole: (slot) => this.whole(slot),
      rerun: (spec, quiet) => this.rerun(spec, quiet),
      openLink: (text) => this.openLink(text),
    };
    await openFile(this.app, doors, file, at);
  }

  /** @returns false when the text asks for nothing. */
  async openLink(text: string): Promise<boolean> {
    const { openLink } = await import('./links.ts');
    const doors = {
      open: (spec: RunSpec, show: { readonly at?: number }) => this.open(spec, show),
      whole: (slot: RunSlot) => this.whole(slot),
    };
    return openLink(this.app, doors, text);
  }

  async traceFile(slot: RunSlot): Promise<Uint8Array> {
    await this.whole(slot);
    const { traceFileOf } = await import('./save-trace.ts');
    return traceFileOf(slot);
  }

  async link(slot: RunSlot, at: number): Promise<string> {
    const { linkTo } = await import('./links.ts');
    return linkTo(slot, at, this.app.state.view);
  }

  /** Reads the bytes of a `.trial` file and shows the run in it. */
  async read(bytes: Uint8Array, at: number): Promise<{ slot: RunSlot; engine: string }> {
    const handle = this.lab.read(bytes);
    const slot = await this.follow(handle, { spec: null, at });
    return { slot, engine: handle.head?.file?.engine ?? '' };
  }

  /** A run that nobody sees, to check what a file or a link says; `quiet`: without its rows. */
  async rerun(spec: RunSpec, quiet: boolean): Promise<RunHandle> {
    const handle = this.background.start({ ...requestOf(spec), quiet });
    await handle.when((one) => one.isOver);
    if (handle.problem !== null) throw errorOf(handle.problem);
    return handle;
  }

  warm(): void {
    this.lab.warm();
  }

  private announce(name: string): void {
    performance.mark('trial:asked');
    this.app.update((draft) => {
      draft.starting = name;
    });
  }

  /** Shows the run once its first rows are here. */
  private async follow(
    handle: RunHandle,
    how: {
      /** null: as the head of the file says. */
      readonly spec: RunSpec | null;
      readonly at: number;
      readonly parent?: RunSlot['parent'];
    },
  ): Promise<RunSlot> {
    await handle.when((one) => one.phase !== 'starting');
    if (handle.problem !== null || handle.head === null) {
      this.app.update((draft) => {
        draft.starting = null;
      });
      throw errorOf(handle.problem ?? { title: 'the run was ended', details: [] });
    }
    const { scenario, seed } = handle.head;
    const slot: RunSlot = {
      id: this.app.nextId(),
      spec: how.spec ?? { scenario, seed },
      store: handle.store,
      timeline: new Timeline(handle.store),
      parent: how.parent ?? null,
      isHeld: () => handle.phase === 'held',
    };
    this.keep(slot, handle);
    this.app.show(slot, how.at);
    performance.mark('trial:shown');
    this.watch(slot, handle, how.at);
    return slot;
  }

  private watch(slot: RunSlot, handle: RunHandle, at: number): void {
    let isWaited = at > slot.store.count;
    const shownAt = this.app.state.position;
    let toldMs = performance.now();
    const end = handle.subscribe(() => {
      // Piece by piece: nobody has to wait for all of a large run at once.
      slot.timeline.index.extend();
      const nowMs = performance.now();
      const isAmongMany = handle.phase === 'running' && nowMs < toldMs + TOLD_EVERY_MS;
      if (isAmongMany && !isWaited) return;
      toldMs = nowMs;
      this.app.grown(slot);
      const isHere = this.app.state.run?.id === slot.id && this.app.state.position === shownAt;
      if (isWaited && (slot.store.count >= at || handle.isOver)) {
        isWaited = false;
        if (isHere) this.app.goTo(at);
      }
      if (handle.problem !== null) {
        this.app.notify('error', handle.problem.title, handle.problem.details);
      }
      if (handle.isOver) end();
    });
    if (handle.isOver) {
      end();
      this.app.grown(slot);
    }
  }

  private keep(slot: RunSlot, handle: RunHandle): void {
    this.handles.set(slot.id, handle);
    const { slots, state } = this.app;
    const wanted = [state.run?.id, state.compare?.left, state.compare?.right, slot.parent?.id];
    for (const id of [...slots.keys()]) {
      if (slots.size < SLOTS_KEPT) return;
      if (wanted.includes(id)) continue;
      slots.delete(id);
      this.handles.get(id)?.stop();
      this.handles.delete(id);
    }
  }

  /** A branch that did not repeat the run up to where it leaves it would be a lie: said loudly. */
  private async checkPrefix(from: RunSlot, slot: RunSlot, after: number): Promise<void> {
    const handle = this.handles.get(slot.id);
    await handle?.when((one) => one.isOver || slot.store.count >= after);
    const differs = firstDifference(from.store, slot.store, after);
    if (differs === 0) return;
    const words = `The first different event is ${differs}.`;
    const why = 'The engine is not deterministic here; please report the scenario and the seed.';
    this.app.notify('error', 'This branch does not repeat its run', [words, why]);
  }
}

function standsStill(handle: RunHandle): boolean {
  return handle.phase === 'held' || handle.isOver;
}

function errorOf({ title, details }: Problem): Error {
  return new Error([title, ...details].join('\n'));
}

/** The `frame.sent` rows whose bytes an event is about. */
function framesOf({ store }: RunSlot, event: number): number[] {
  if (event < 1 || event > store.count) return [];
  if (store.kindName(event) === 'frame.sent') return [event];
  if (store.kindName(event) !== 'input.received') return [];
  const parents = [store.parentA(event), store.parentB(event)];
  return parents.filter((one) => one > 0 && store.kindName(one) === 'frame.sent');
}
