/**
 * The scenario that a program writes by what it does to a cluster: every client, send, fault and
 * request with its moment. Run with the same seed, it is the same run to the last bit.
 */
import { durationMs, MAX_DURATION_MS } from '../sim/scenario/duration.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import type { Problem } from '../sim/scenario/problems.ts';
import type { Scenario, ScenarioInput, ScenarioSendInput } from '../sim/scenario/schema.ts';
import { operationNames } from '../sim/workload/operation-verbs.ts';
import { problemsError } from './errors.ts';

export type WorkloadInput = NonNullable<ScenarioInput['workload']>[number];
type Spec = Readonly<Record<string, unknown>>;

/** When something is asked: at a scenario time, or right behind an event that has been told. */
export interface Moment {
  /** Scenario time, rounded up to whole ms. */
  readonly ms: number;
  /** null: at that very time, before all else that is due then. */
  readonly afterEvent: number | null;
}

/** What a scenario says besides its clients, faults and operations. */
type Frame = Omit<ScenarioInput, 'workload' | 'faults' | 'operations'>;

interface Timed<T> {
  readonly what: T;
  /** null: the entry itself says when. */
  readonly moment: Moment | null;
}

type Moments = 'exact' | 'times';

export class Recording {
  private readonly frame: Frame;
  private readonly workload: WorkloadInput[] = [];
  private readonly sends = new Map<string, Timed<ScenarioSendInput>[]>();
  private readonly faults: Timed<Spec>[] = [];
  private readonly operations: Timed<Spec>[] = [];

  constructor(frame: Frame) {
    this.frame = frame;
  }

  static of(scenario: ScenarioInput): Recording {
    const { workload: _w, faults: _f, operations: _o, ...frame } = scenario;
    const recording = new Recording(frame);
    for (const entry of scenario.workload ?? []) recording.addClient(entry);
    for (const one of scenario.faults ?? []) recording.faults.push({ what: one, moment: null });
    for (const one of scenario.operations ?? []) {
      recording.operations.push({ what: one, moment: null });
    }
    return recording;
  }

  get cluster(): ScenarioInput['cluster'] {
    return this.frame.cluster;
  }

  /** It lasts at least so long. */
  get runForMs(): number {
    const { runFor } = this.frame;
    return typeof runFor === 'string' ? (durationMs(runFor) ?? 0) : runFor;
  }

  get clients(): readonly WorkloadInput[] {
    return this.workload;
  }

  /** @param moments `times`: what came behind an event comes at its time, for another seed. */
  copy(moments: Moments): Recording {
    const copied = <T>({ what, moment }: Timed<T>): Timed<T> => {
      const isExact = moments === 'exact' || moment === null;
      return { what, moment: isExact ? moment : { ms: moment.ms, afterEvent: null } };
    };
    const copy = new Recording(this.frame);
    copy.workload.push(...this.workload);
    for (const [producer, sends] of this.sends) copy.sends.set(producer, sends.map(copied));
    copy.faults.push(...this.faults.map(copied));
    copy.operations.push(...this.operations.map(copied));
    return copy;
  }

  /** Its sends, if it has any, are kept apart. */
  addClient(entry: WorkloadInput): void {
    if ('producer' in entry && entry.sends !== undefined) {
      const sends = entry.sends.map((what) => ({ what, moment: null }));
      this.sends.set(entry.producer, sends);
    }
    this.workload.push(entry);
  }

  addSend(producer: string, what: ScenarioSendInput, moment: Moment): void {
    const sends = this.sends.get(producer) ?? [];
    sends.push({ what, moment });
    this.sends.set(producer, sends);
  }

  sendsOf(producer: string): number {
    return this.sends.get(producer)?.length ?? 0;
  }

  /** @param moment null when the specification itself says when. */
  addFault(what: Spec, moment: Moment | null): void {
    this.faults.push({ what, moment });
  }

  addOperation(what: Spec, moment: Moment | null): void {
    this.operations.push({ what, moment });
  }

  get operationNames(): string[] {
    return operationNames(this.operations.map(({ what }) => what as { name?: string }));
  }

  /** Takes the newest one back: it was refused. */
  dropClient(): void {
    this.workload.pop();
  }

  dropFault(): void {
    this.faults.pop();
  }

  dropOperation(): void {
    this.operations.pop();
  }

  /** The latest moment that anything asked for waits for. */
  get lastMs(): number {
    const timed = [...this.faults, ...this.operations, ...[...this.sends.values()].flat()];
    const moments = timed.map(({ what, moment }) => {
      const { at } = what as { at?: unknown };
      const ms = typeof at === 'string' ? durationMs(at) : at;
      return moment?.ms ?? (typeof ms === 'number' ? ms : 0);
    });
    return moments.reduce((last, one) => Math.max(last, one), 0);
  }

  /** As an author would have written it. */
  document(runForMs: number): ScenarioInput {
    return this.write(runForMs, true);
  }

  /** What it means, with every default. Throws a TrialError that tells all problems. */
  parse(what: string, runForMs = MAX_DURATION_MS): Scenario {
    return this.parsed(what, this.write(runForMs, true));
  }

  /** The same without the sends, which are checked one by one and may be many. */
  parseWithoutSends(what: string): Scenario {
    return this.parsed(what, this.write(MAX_DURATION_MS, false));
  }

  private parsed(what: string, document: ScenarioInput): Scenario {
    const { scenario, problems } = parseScenario(document);
    if (scenario !== undefined) return scenario;
    throw problemsError(what, problems as readonly Problem[], (path) => this.nameOf(path));
  }

  private write(runFor: number, withSends: boolean): ScenarioInput {
    const written = <T extends object>({ what, moment }: Timed<T>): T => {
      if (moment === null) return what;
      const { ms, afterEvent } = moment;
      return afterEvent === null ? { ...what, at: ms } : { ...what, afterEvent };
    };
    const workload = this.workload.map((entry) => {
      if (!('producer' in entry) || !this.isApplication(entry)) return entry;
      const sends = withSends ? (this.sends.get(entry.producer) ?? []) : [];
      return { ...entry, sends: sends.map(written) };
    });
    return {
      ...this.frame,
      workload,
      faults: this.faults.map(written) as NonNullable<ScenarioInput['faults']>,
      operations: this.operations.map(written) as NonNullable<ScenarioInput['operations']>,
      runFor,
    };
  }

  private isApplication(entry: WorkloadInput): boolean {
    return !('recordsPerSecond' in entry) && !('inFlight' in entry);
  }

  /** `cluster.topics[0].config` → `topics.orders.config`, `workload[1].config` → `p1.config`, and so on. */
  private nameOf(path: string): string {
    const [, list, number, rest] = /^(cluster\.topics|workload)\[(\d+)\](.*)$/.exec(path) ?? [];
    if (list === undefined) {
      return path.replace(/^(fault|operation)s\[\d+\]/, '$1').replace(/^cluster\./, '');
    }
    if (list === 'workload') {
      const entry = this.workload[Number(number)] as Record<string, unknown> | undefined;
      return `${entry?.['producer'] ?? entry?.['consumer'] ?? entry?.['admin']}${rest}`;
    }
    return `topics.${this.cluster.topics?.[Number(number)]?.name}${rest}`;
  }
}
