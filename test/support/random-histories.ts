/**
 * Histories that a system without faults could have made: processes send, poll and do both in
 * transactions; each operation takes effect at one moment between its two lines, or, when it fails
 * or is of unknown end, perhaps not at all. In the end everything is polled.
 */
import fc from 'fast-check';
import type { MicroOperation, OperationLine } from '../../sim/check/history/recorded/format.ts';

/** Without its time, which the order of the lines gives. */
export type Line = Omit<OperationLine, 'time'>;

const KEYS = ['orders-0', 'orders-1', 'audit-0'];
type Records = [number, string][];

interface Plan {
  readonly f: 'send' | 'poll' | 'txn' | 'assign' | 'crash';
  readonly ending: 'ok' | 'fail' | 'info' | 'never';
  /** Of an operation of unknown end. */
  readonly happened: boolean;
  readonly keys: readonly number[];
  readonly most: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  f: fc.constantFrom('send', 'send', 'poll', 'poll', 'txn', 'txn', 'assign', 'crash'),
  ending: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'fail', 'info', 'never'),
  happened: fc.boolean(),
  keys: fc.array(fc.nat(KEYS.length - 1), { minLength: 1, maxLength: 3 }),
  most: fc.integer({ min: 1, max: 4 }),
});

/** Which process moves next, and what it begins if it is idle. */
export const correctHistory: fc.Arbitrary<Line[]> = fc
  .array(fc.tuple(fc.nat(4), plan), { maxLength: 120 })
  .map((moves) => new Model().run(moves));

/** Lines as a file has them. */
export function fileOf(lines: readonly Line[]): string[] {
  return lines.map((line, time) => JSON.stringify({ ...line, time }));
}

interface Busy {
  readonly plan: Plan;
  readonly asked: MicroOperation[];
  done: MicroOperation[] | null;
  readonly before: Map<string, number>;
}

class Process {
  life = 0;
  busy: Busy | null = null;
  assigned = false;
  positions = new Map<string, number>();
  private readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
  get name(): string {
    return `p${this.number}.${this.life}`;
  }
  /** Its next client is another process. */
  renew(): void {
    this.life += 1;
    this.busy = null;
    this.assigned = false;
    this.positions = new Map();
  }
}

class Model {
  private readonly lines: Line[] = [];
  private readonly logs = new Map<string, (string | null)[]>(KEYS.map((key) => [key, []]));
  private values = 0;

  run(moves: readonly (readonly [number, Plan])[]): Line[] {
    const processes = Array.from({ length: 5 }, (_, i) => new Process(i));
    for (const [number, plan] of moves) this.move(processes[number]!, plan);
    for (const process of processes) {
      while (process.busy !== null) this.move(process, process.busy.plan);
    }
    this.pollEverything();
    return this.lines;
  }

  private move(process: Process, plan: Plan): void {
    const { busy } = process;
    if (busy === null) this.begin(process, plan);
    else if (busy.done === null) this.takeEffect(process, busy);
    else this.end(process, busy);
  }

  private begin(process: Process, plan: Plan): void {
    if (plan.f === 'crash') {
      this.lines.push({ process: process.name, type: 'info', f: 'crash' });
      process.renew();
      return;
    }
    if (plan.f === 'assign' || !process.assigned) {
      const value = [...new Set(plan.keys.map((key) => KEYS[key]!))];
      this.lines.push({ process: process.name, type: 'invoke', f: 'assign', value });
      this.lines.push({ process: process.name, type: 'ok', f: 'assign', value });
      const kept = value.map((key) => [key, process.positions.get(key) ?? 0] as const);
      process.positions = new Map(kept);
      process.assigned = true;
      return;
    }
    const asked = this.asked(plan);
    this.lines.push({ process: process.name, type: 'invoke', f: plan.f, value: asked });
    process.busy = { plan, asked, done: null, before: new Map(process.positions) };
  }

  private asked({ f, keys }: Plan): MicroOperation[] {
    const send = (key: number): MicroOperation => ['send', KEYS[key]!, this.newValue()];
    if (f === 'send') return keys.map(send);
    if (f === 'poll') return [['poll']];
    return keys.flatMap((key, i): MicroOperation[] =>
      i === 0 ? [['poll'], send(key)] : [send(key)],
    );
  }

  private newValue(): string {
    this.values += 1;
    return `v${this.values}`;
  }

  /** Polls are given what is committed, then sends are appended together, with a marker. */
  private takeEffect(process: Process, busy: Busy): void {
    const { plan } = busy;
    const writes = plan.ending === 'ok' || (plan.ending !== 'fail' && plan.happened);
    busy.done = busy.asked.map((micro) => {
      if (micro[0] === 'poll') return ['poll', this.poll(process, plan.most)];
      return micro;
    });
    if (!writes) return;
    busy.done = busy.done.map((micro) => {
      if (micro[0] !== 'send') return micro;
      const log = this.logs.get(micro[1] as string)!;
      log.push(micro[2] as string);
      return ['send', micro[1], [log.length - 1, micro[2] as string]];
    });
    if (plan.f !== 'txn') return;
    for (const key of new Set(plan.keys)) this.logs.get(KEYS[key]!)!.push(null);
  }

  private poll(process: Process, most: number): Record<string, Records> {
    const given: Record<string, Records> = {};
    for (const [key, from] of process.positions) {
      const log = this.logs.get(key)!;
      const records: Records = [];
      let offset = from;
      for (; offset < log.length && records.length < most; offset++) {
        const value = log[offset]!;
        if (value !== null) records.push([offset, value]);
      }
      process.positions.set(key, offset);
      if (records.length > 0) given[key] = records;
    }
    return given;
  }

  private end(process: Process, { plan, asked, done, before }: Busy): void {
    const { ending, f } = plan;
    const line = { process: process.name, f };
    process.busy = null;
    if (ending === 'ok') {
      this.lines.push({ ...line, type: 'ok', value: done! });
      return;
    }
    if (ending === 'fail') {
      const value = done!.map((micro, i) => (micro[0] === 'poll' ? micro : asked[i]!));
      this.lines.push({ ...line, type: 'fail', value, error: 'PRODUCER_FENCED' });
      process.positions = before;
      return;
    }
    if (ending === 'info') this.lines.push({ ...line, type: 'info', error: 'REQUEST_TIMED_OUT' });
    process.renew();
  }

  private pollEverything(): void {
    const process = 'last';
    this.lines.push({ process, type: 'ok', f: 'assign', value: KEYS, seekToBeginning: true });
    const all: Record<string, Records> = {};
    for (const [key, log] of this.logs) {
      all[key] = log.flatMap((value, offset): Records => (value === null ? [] : [[offset, value]]));
    }
    this.lines.push({ process, type: 'invoke', f: 'poll', value: [['poll']] });
    this.lines.push({ process, type: 'ok', f: 'poll', value: [['poll', all]] });
  }
}
