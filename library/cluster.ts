/**
 * A cluster in virtual time, driven by a program: nothing happens unless it is told to run, and
 * what is asked for while it stands still has its answer when it stands still again. Everything
 * that is done to it is recorded as a scenario (`recording.ts`).
 */
import type { Verdict } from '../sim/check/verdict.ts';
import type { RunReport } from '../sim/run/report.ts';
import { RunSession } from '../sim/run/session.ts';
import { shortValue } from '../sim/scenario/problems.ts';
import type { Scenario, ScenarioInput } from '../sim/scenario/schema.ts';
import { ApplicationLoad } from '../sim/workload/application-load.ts';
import { type Admin, Answer, adminOf } from './admin.ts';
import { Consumer } from './consumer.ts';
import { TrialError, TrialTimeoutError } from './errors.ts';
import { type Reason, reasonsFor } from './explanation.ts';
import { checkKnown, checkWhole, isTrue, shownValue } from './known-options.ts';
import {
  type AdminOptions,
  adminEntry,
  type ConsumerOptions,
  checkSeed,
  consumerEntry,
  type ProducerOptions,
  producerEntry,
} from './options.ts';
import { type PartitionState, partitionState } from './partition-state.ts';
import { Ack, type NewRecord, Producer, scenarioSend } from './producer.ts';
import type { Moment, Recording, WorkloadInput } from './recording.ts';
import { type Duration, toMs } from './time.ts';
import { traceBytes } from './trace-bytes.ts';
import { checkVerb, type Fault, type Operation } from './verbs.ts';

export interface RunOptions {
  /** Asked after each step; the run ends when it says true. */
  readonly until?: () => boolean;
  /** Of simulated time. With `until`, reaching it is an error. Default: 60 s. */
  readonly max?: Duration;
}

/** An event to wait for: a kind of the trace table, fields that must be equal, which match. */
export type Trigger = { readonly event: string } & Readonly<Record<string, string | number>>;

const DEFAULT_MAX = '60s';
const IDLE_SLICE_MS = 50;

export class Cluster {
  readonly seed: string | number;
  readonly producers = new Map<string, Producer>();
  readonly consumers = new Map<string, Consumer>();
  readonly admins = new Map<string, Admin>();
  /** The trace file of the run so far; `trial view` shows it. */
  readonly trace = { bytes: (): Uint8Array => this.traceBytes() };
  private readonly recording: Recording;
  private readonly keepsTrace: boolean;
  /** By the name of the operation, see `operationNames`. */
  private readonly answers = new Map<string, Answer>();
  private session: RunSession | null = null;
  private finished: RunReport | null = null;
  private endMs: number | null = null;
  /** It stands right before this scenario time; null: behind the newest event. */
  private standsAtMs: number | null = null;
  /** Something was asked for from within `until`. */
  private asked = false;
  /** Whoever asks now is `until`. */
  private running = false;

  /** Use `createCluster` or `openScenario`. */
  constructor(recording: Recording, seed: string | number, keepsTrace = true) {
    this.keepsTrace = keepsTrace;
    this.recording = recording;
    this.seed = seed;
    for (const entry of recording.clients) this.meet(entry);
    for (const name of recording.operationNames) this.answers.set(name, new Answer());
  }

  // Who takes part. Clients are there from the beginning.

  /** Kafka's own keys, and its name and its topic (default: the only one of the cluster). */
  producer(options: ProducerOptions = {}): Producer {
    const entry = producerEntry(options, this.nextName('p', this.producers), this.onlyTopic());
    this.join(entry);
    return this.producers.get(entry.producer) as Producer;
  }

  /** Reads from the beginning unless `auto.offset.reset` says otherwise. */
  consumer(options: ConsumerOptions = {}): Consumer {
    const entry = consumerEntry(options, this.nextName('c', this.consumers), this.onlyTopic());
    this.join(entry);
    return this.consumers.get(entry.consumer) as Consumer;
  }

  admin(options: AdminOptions = {}): Admin {
    const entry = adminEntry(options, this.nextName('a', this.admins));
    this.join(entry);
    return this.admins.get(entry.admin) as Admin;
  }

  /** A producer or consumer of the laboratory, as in the workload of a scenario. */
  load(entry: WorkloadInput): this {
    this.join(entry);
    return this;
  }

  // What happens to it.

  /** At a scenario time that has not come yet. */
  at(time: Duration, what: Fault | Operation): this {
    checkVerb('at', what);
    const ms = toMs(time, 'at');
    const isPast = this.standsAtMs === null ? ms <= this.nowMs : ms < this.nowMs;
    if (this.session !== null && isPast) {
      throw new TrialError(`at: ${shortValue(time)} has passed; it is ${this.nowMs} ms now`);
    }
    this.order(what, { ms, afterEvent: null });
    return this;
  }

  /** When the trace tells such an event (for the `count`-th time); say so before the first run. */
  when(trigger: Trigger, what: Fault | Operation, after: Duration = 0): this {
    if (this.session !== null) {
      throw new TrialError('when: say it before the first run; events are counted from the start');
    }
    checkVerb('when', what);
    const spec = { ...what.spec, when: trigger, after: toMs(after, 'after') };
    this.order({ ...what, spec }, null);
    return this;
  }

  /** Right now, before anything else happens. */
  now(what: Fault | Operation): this {
    checkVerb('now', what);
    this.order(what, this.moment());
    return this;
  }

  // How time goes.

  /** Scenario time in ms: 0 is when every partition has all its replicas. */
  get nowMs(): number {
    if (this.standsAtMs !== null) return this.standsAtMs;
    const { session } = this;
    if (session === null || session.originUs === 0) return 0;
    return Math.max(0, (session.world.nowUs - session.originUs) / 1_000);
  }

  /** Trace events so far: the position. */
  get events(): number {
    return this.session?.events ?? 0;
  }

  /** Until `until` says so, or for `max`. Throws a TrialTimeoutError when `until` never does. */
  run(options: RunOptions = {}): this {
    checkKnown('run', options, ['until', 'max']);
    const { until, max = DEFAULT_MAX } = options;
    if (until !== undefined && typeof until !== 'function') {
      throw new TrialError(`run: until: expected a function, not ${shownValue(until)}`);
    }
    this.start('run');
    const limitMs = Math.floor(this.nowMs) + toMs(max, 'max');
    const halt = until === undefined ? null : (): boolean => isTrue('run: until', until());
    if (halt !== null && this.asRunning(halt)) return this;
    while (this.advance(limitMs, halt) === 'held') {
      if (!this.asked) return this;
      this.asked = false;
    }
    if (until === undefined) return this;
    throw new TrialTimeoutError(
      `run: "until" did not come true within ${shortValue(max)} of simulated time; now it is ` +
        `${this.nowMs} ms, event ${this.events}`,
    );
  }

  /** So much simulated time, whatever happens in it. */
  tick(duration: Duration): this {
    this.start('tick');
    this.advance(Math.floor(this.nowMs) + toMs(duration, 'tick'), null);
    return this;
  }

  /** Until so many further events have been told. */
  step(events = 1): this {
    checkWhole('step', events, { least: 0 });
    const session = this.start('step');
    this.mayAsk();
    session.advanceTo(session.events + events);
    this.standsAtMs = null;
    this.checkNodes();
    return this;
  }

  /** Until every send is answered, every replica has caught up and every consumer has read all. */
  runToIdle(options: { readonly max?: Duration } = {}): this {
    checkKnown('runToIdle', options, ['max']);
    const { max = DEFAULT_MAX } = options;
    const session = this.start('runToIdle');
    const limitMs = Math.floor(this.nowMs) + toMs(max, 'max');
    const dueMs = this.recording.lastMs;
    for (;;) {
      if (this.nowMs > dueMs && session.doors.isIdle()) return this;
      if (this.nowMs >= limitMs) {
        const words = `the cluster is not at rest after ${shortValue(max)} of simulated time`;
        throw new TrialTimeoutError(`runToIdle: ${words}, at ${this.nowMs} ms`);
      }
      this.advance(Math.min(limitMs, Math.floor(this.nowMs) + IDLE_SLICE_MS), null);
    }
  }

  // What it looks like.

  /** Throws a TrialError when nobody has told of such a partition. */
  partition(topic: string, index: number): PartitionState {
    return partitionState(this.start().doors.view, `${topic}-${index}`);
  }

  /** The active controller's node name; null while there is none. */
  get controller(): string | null {
    return this.start().doors.view.activeController();
  }

  /** Over everything that has happened so far; 32 hex digits. */
  digest(): string {
    return this.finished?.digest ?? this.start().world.digest();
  }

  /** Everything that was done so far, as a scenario: with the same seed it is the same run. */
  scenario(): ScenarioInput {
    return this.recording.document(this.lengthMs());
  }

  /** Without another seed an exact copy; with one, the same things done at the same times. */
  fork(options: { readonly seed?: string | number } = {}): Cluster {
    checkKnown('fork', options, ['seed']);
    const { seed = this.seed } = options;
    checkSeed(seed);
    const exact = seed === this.seed;
    const copy = new Cluster(this.recording.copy(exact ? 'exact' : 'times'), seed, this.keepsTrace);
    if (this.session === null) return copy;
    const session = copy.start();
    const { standsAtMs, endMs } = this;
    if (endMs !== null) {
      copy.endMs = endMs;
      copy.finish();
    } else if (exact && standsAtMs === null) copy.step(this.events - session.events);
    else copy.advance(standsAtMs ?? Math.ceil(this.nowMs), null);
    return copy;
  }

  // What is judged.

  /**
   * Ends the load and all faults, waits until the cluster is at rest, reads everything back and
   * judges. Nothing more can be asked for afterwards.
   */
  finish(): RunReport {
    if (this.finished !== null) return this.finished;
    const session = this.start('finish');
    this.endMs = this.lengthMs();
    session.doors.endAt(this.endMs);
    this.finished = session.finish().report;
    return this.finished;
  }

  /**
   * Why the worst finding came about, or an event, as sentences; none when nothing was found.
   * Ends the run, see `finish`.
   */
  explain(options: { readonly event?: number | null } = {}): readonly Reason[] {
    checkKnown('explain', options, ['event']);
    const { event = null } = options;
    const report = this.finish();
    const { rows } = this.start().world.trace;
    if (rows === null) throw new TrialError('explain: the trace of this cluster was not kept');
    if (event !== null && (!Number.isInteger(event) || event < 1 || event > rows.count)) {
      const allowed = `(allowed: 1 to ${rows.count})`;
      throw new TrialError(`explain: ${shortValue(event)} is no event of the run ${allowed}`);
    }
    const scenario = this.recording.parse('explain', this.lengthMs());
    return reasonsFor({ scenario, report, rows }, event);
  }

  /** Of every check; ends the run, see `finish`. */
  verdicts(): readonly Verdict[] {
    return this.finish().verdicts;
  }

  /** Throws a TrialError unless the run counts and no check is violated; see `finish`. */
  check(): this {
    const { verdicts, problems, broken } = this.finish();
    const wrong = [
      ...broken.map((one) => `${one.node} broke at event ${one.event}: ${one.message}`),
      ...problems,
      ...verdicts
        .filter((one) => one.verdict === 'violated')
        .map((one) => `${one.name} is violated at event ${one.at}: ${one.explanation}`),
    ];
    if (wrong.length > 0) throw new TrialError(`seed ${this.seed}: ${wrong.join('\n')}`);
    return this;
  }

  private lengthMs(): number {
    const { lastMs, runForMs } = this.recording;
    return this.endMs ?? Math.max(Math.ceil(this.nowMs), lastMs, runForMs);
  }

  private traceBytes(): Uint8Array {
    const { world } = this.start();
    return traceBytes(world, {
      scenario: this.recording.parse('trace', this.lengthMs()),
      report: this.finished,
    });
  }

  /**
   * Boots the cluster on first use, and stands at scenario time 0.
   * @param toRun who wants it to run on.
   */
  private start(toRun: string | null = null): RunSession {
    if (toRun !== null && this.running) {
      throw new TrialError(`${toRun}: the cluster is running: "until" may ask, but not let it run`);
    }
    if (this.session !== null) return this.session;
    const scenario = this.recording.parse('the cluster cannot be created');
    const store = this.keepsTrace ? 'rows' : 'none';
    const session = new RunSession(scenario, { seed: this.seed, store });
    this.session = session;
    const { doors } = session;
    session.advanceBefore(Number.POSITIVE_INFINITY, () => doors.workload !== null);
    const { workload } = doors;
    if (workload === null) {
      this.session = null;
      throw new TrialError(`the cluster did not come up: ${doors.problems.join('; ')}`);
    }
    for (const load of workload.producers) {
      if (!(load instanceof ApplicationLoad)) continue;
      const { sends } = this.producers.get(load.history.producer.name) as Producer;
      load.onAnswer = (answer) => sends[answer.index]?.settle(answer);
    }
    for (const load of [...workload.consumers, ...workload.members]) {
      load.onRecords = (records) => this.consumers.get(load.client)?.take(records);
    }
    workload.admin.onAnswer = (answer, result) => {
      this.answers.get(answer.name ?? '')?.settle(answer, result);
    };
    this.advance(0, null);
    return session;
  }

  private advance(toMs: number, until: (() => boolean) | null): 'there' | 'held' {
    const session = this.session as RunSession;
    if (this.finished !== null) throw new TrialError('the run is over: it has been judged');
    let seen = session.events;
    const halt = (): boolean => {
      if (session.events === seen) return false;
      seen = session.events;
      this.standsAtMs = null;
      return until?.() || this.asked;
    };
    const before = session.originUs + toMs * 1_000;
    const there = this.asRunning(() => session.advanceBefore(before, until === null ? null : halt));
    this.standsAtMs = there && session.world.nowUs < before ? toMs : null;
    this.checkNodes();
    return there ? 'there' : 'held';
  }

  private asRunning<T>(act: () => T): T {
    this.running = true;
    try {
      return act();
    } finally {
      this.running = false;
    }
  }

  private checkNodes(): void {
    const broken = this.session?.world.failures[0];
    if (broken === undefined) return;
    throw new TrialError(`${broken.node} broke at event ${broken.event}: ${broken.message}`);
  }

  private moment(): Moment {
    if (this.session === null) return { ms: 0, afterEvent: null };
    if (this.standsAtMs !== null) return { ms: this.standsAtMs, afterEvent: null };
    return { ms: Math.ceil(this.nowMs), afterEvent: this.events };
  }

  private order(what: Fault | Operation, moment: Moment | null): void {
    if (what.kind === 'operation') {
      this.operate(what, moment);
      return;
    }
    this.mayAsk();
    this.recording.addFault(what.spec, moment);
    const spec = this.accepted('this fault', () => this.recording.dropFault()).faults.at(-1);
    if (spec !== undefined) this.session?.doors.plan.add(spec);
  }

  private operate(what: Operation, moment: Moment | null, by?: string): Answer {
    this.mayAsk();
    const named = by ?? [...this.admins.keys()][0] ?? this.admin().name;
    this.recording.addOperation({ ...what.spec, by: named }, moment);
    const scenario = this.accepted('this operation', () => this.recording.dropOperation());
    const name = this.recording.operationNames.at(-1) as string;
    const answer = new Answer();
    this.answers.set(name, answer);
    const spec = scenario.operations.at(-1);
    const { session } = this;
    if (spec !== undefined) session?.doors.workload?.admin.operate(spec, name, session.originUs);
    return answer;
  }

  /** What the newest entry means. A wrong one is taken back and told. */
  private accepted(what: string, takeBack: () => void): Scenario {
    try {
      return this.recording.parseWithoutSends(`${what} cannot be`);
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  private sendRecord(producer: Producer, topic: string, record: NewRecord): Ack {
    this.mayAsk();
    const { name } = producer;
    const own = this.recording.clients.find((one) => 'producer' in one && one.producer === name);
    const ownTopic = own !== undefined && 'producer' in own ? own.topic : '';
    if (topic !== ownTopic) {
      throw new TrialError(
        `${name}.send: "${topic}" is not the topic of this producer (allowed: ${ownTopic}); ` +
          'make another one with producer({ topic })',
      );
    }
    const what = `${name}.send`;
    const declared = this.recording.cluster.topics?.find((one) => one.name === topic);
    const send = scenarioSend(record, what);
    if (send.partition !== undefined) {
      const most = declared === undefined ? {} : { most: (declared.partitions ?? 1) - 1 };
      checkWhole(`${what}: partition`, send.partition, { least: 0, ...most });
    }
    const moment = this.moment();
    this.recording.addSend(name, send, moment);
    const ack = new Ack(topic);
    producer.sends.push(ack);
    const load = this.session?.doors.workload?.producers.find(
      (one) => one.history.producer.name === name,
    );
    if (load instanceof ApplicationLoad) {
      const { ms, afterEvent } = moment;
      const when = afterEvent === null ? { at: ms } : { afterEvent };
      load.add({ ...send, ...when });
    }
    return ack;
  }

  private mayAsk(): void {
    if (this.finished !== null) throw new TrialError('the run is over: it has been judged');
    this.asked = true;
  }

  private join(entry: WorkloadInput): void {
    if (this.session !== null) {
      throw new TrialError(
        'clients are there from the beginning: make them before the first run, step or look',
      );
    }
    this.recording.addClient(entry);
    this.accepted('this client', () => this.recording.dropClient());
    this.meet(entry);
  }

  private meet(entry: WorkloadInput): void {
    if ('producer' in entry) {
      const producer = new Producer(entry.producer, (...asked) => this.sendRecord(...asked));
      for (let i = 0; i < this.recording.sendsOf(entry.producer); i++) {
        producer.sends.push(new Ack(entry.topic));
      }
      this.producers.set(entry.producer, producer);
    } else if ('consumer' in entry) {
      const topic = 'group' in entry ? entry.topics.join(', ') : entry.topic;
      this.consumers.set(entry.consumer, new Consumer(entry.consumer, topic));
    } else {
      const { admin } = entry;
      this.admins.set(
        admin,
        adminOf(admin, (what) => this.operate(what, this.moment(), admin)),
      );
    }
  }

  private nextName(letter: string, taken: ReadonlyMap<string, unknown>): string {
    let number = taken.size + 1;
    while (taken.has(`${letter}${number}`)) number += 1;
    return `${letter}${number}`;
  }

  private onlyTopic(): string | null {
    const topics = this.recording.cluster.topics ?? [];
    return topics.length === 1 ? (topics[0]?.name ?? null) : null;
  }
}
