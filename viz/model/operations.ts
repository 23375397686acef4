/**
 * What clients asked for and when they were answered, one row per command, by client: the bars of
 * the client lanes. A command of many sends is one bar up to its last answer, in the colour of
 * its worst. Bars that overlap lie in slots, the lowest free one each.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { EventList } from './event-list.ts';
import type { TraceStore } from './trace-store.ts';
import { wider } from './wider.ts';

export const outcomes = ['open', 'ok', 'unknown', 'failed'] as const;
export type OperationOutcome = (typeof outcomes)[number];

/** One bar, unpacked. */
export interface Operation {
  readonly row: number;
  readonly command: string;
  /** Command ids [id, id + count). */
  readonly id: number;
  readonly count: number;
  readonly startEvent: number;
  readonly startUs: number;
  /** The last answer's; 0 and Infinity while there is none. */
  readonly endEvent: number;
  readonly endUs: number;
  readonly outcome: OperationOutcome;
  readonly slot: number;
  /** Of a send that was acknowledged: where its first record went; '' and -1 otherwise. */
  readonly partition: string;
  readonly offset: number;
}

const MAX_SLOTS = 24;
/** Rows that are skipped together when all of them ended before the picture begins. */
const BLOCK = 256;

export class ClientOperations {
  count = 0;
  /** Slots in use at the same time, at most. */
  slots = 0;
  private capacity = 64;
  private startEvents = new Uint32Array(64);
  private startsUs = new Float64Array(64);
  private endEvents = new Uint32Array(64);
  private endsUs = new Float64Array(64);
  private ids = new Float64Array(64);
  private counts = new Uint32Array(64);
  private answered = new Uint32Array(64);
  private outcomes = new Uint8Array(64);
  private slotOf = new Uint8Array(64);
  private commands = new Uint16Array(64);
  private partitions = new Int32Array(64);
  private offsets = new Float64Array(64);
  /** By block of rows: the latest end; Infinity while one is open. */
  private blockEnds: number[] = [];
  private readonly busy: boolean[] = [];
  private readonly endings: Readonly<Record<OperationOutcome, EventList>> = {
    open: new EventList(),
    ok: new EventList(),
    unknown: new EventList(),
    failed: new EventList(),
  };
  private readonly names: string[];
  /** Rows before this one are answered. */
  private firstOpen = 0;

  constructor(names: string[]) {
    this.names = names;
  }

  /** In 0 … count - 1, by start. */
  at(row: number): Operation {
    return {
      row,
      command: this.names[this.commands[row] as number] ?? '',
      id: this.ids[row] as number,
      count: this.counts[row] as number,
      startEvent: this.startEvents[row] as number,
      startUs: this.startsUs[row] as number,
      endEvent: this.endEvents[row] as number,
      endUs: this.endsUs[row] as number,
      outcome: outcomes[this.outcomes[row] as number] ?? 'open',
      slot: this.slotOf[row] as number,
      partition: this.names[this.partitions[row] as number] ?? '',
      offset: this.offsets[row] as number,
    };
  }

  /** Calls `visit` with every row that overlaps the stretch, in the order of their starts. */
  visit(fromUs: number, untilUs: number, visit: (row: number) => void): void {
    for (let block = 0; block < this.blockEnds.length; block++) {
      const first = block * BLOCK;
      if ((this.startsUs[first] as number) > untilUs) return;
      if (this.blockEnd(block) < fromUs) continue;
      const end = Math.min(first + BLOCK, this.count);
      for (let row = first; row < end; row++) {
        if ((this.startsUs[row] as number) > untilUs) return;
        if ((this.endsUs[row] as number) >= fromUs) visit(row);
      }
    }
  }

  /** The events that ended rows with an outcome, once for each row. */
  ended(outcome: OperationOutcome): EventList {
    return this.endings[outcome];
  }

  /** Rows that were asked for and not wholly answered after event `position`. */
  inFlightAt(position: number): Operation[] {
    const found: Operation[] = [];
    for (let block = 0; block < this.blockEnds.length; block++) {
      const first = block * BLOCK;
      if ((this.startEvents[first] as number) > position) break;
      const end = Math.min(first + BLOCK, this.count);
      for (let row = first; row < end; row++) {
        if ((this.startEvents[row] as number) > position) break;
        const endEvent = this.endEvents[row] as number;
        if (endEvent === 0 || endEvent > position) found.push(this.at(row));
      }
    }
    return found;
  }

  /** The row of a command id; -1 when it is not known. */
  rowOf(id: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ids[middle] as number) <= id) low = middle + 1;
      else high = middle;
    }
    const row = low - 1;
    if (row < 0 || id >= (this.ids[row] as number) + (this.counts[row] as number)) return -1;
    return row;
  }

  asked(event: TraceEvent, command: { name: number; id: number; count: number }): void {
    if (this.count === this.capacity) this.grow();
    const row = this.count++;
    this.startEvents[row] = event.event;
    this.startsUs[row] = event.timeUs;
    this.endEvents[row] = 0;
    this.endsUs[row] = Number.POSITIVE_INFINITY;
    this.ids[row] = command.id;
    this.counts[row] = command.count;
    this.answered[row] = 0;
    this.outcomes[row] = 0;
    this.commands[row] = command.name;
    this.partitions[row] = -1;
    this.offsets[row] = -1;
    this.slotOf[row] = this.takeSlot();
    if (row % BLOCK === 0) this.blockEnds.push(Number.NaN);
    else this.blockEnds[this.blockEnds.length - 1] = Number.NaN;
  }

  answer(
    event: TraceEvent,
    answer: { id: number; count: number; outcome: number; partition: number; offset: number },
  ): void {
    let { id } = answer;
    const endId = id + answer.count;
    while (id < endId) {
      const row = this.rowOf(id);
      if (row < 0) return;
      const rowEnd = (this.ids[row] as number) + (this.counts[row] as number);
      const take = Math.min(rowEnd, endId) - id;
      this.answered[row] = (this.answered[row] as number) + take;
      if (answer.outcome > (this.outcomes[row] as number)) this.outcomes[row] = answer.outcome;
      if (answer.offset >= 0 && this.partitions[row] === -1) {
        this.partitions[row] = answer.partition;
        this.offsets[row] = answer.offset + (id - answer.id);
      }
      if ((this.answered[row] as number) >= (this.counts[row] as number)) this.end(row, event);
      id += take;
    }
  }

  /** The client is gone: what it waited for is never answered. */
  abandoned(event: TraceEvent): void {
    for (let row = this.firstOpen; row < this.count; row++) {
      if (this.endEvents[row] !== 0) continue;
      if ((this.outcomes[row] as number) < 2) this.outcomes[row] = 2;
      this.end(row, event);
    }
  }

  private end(row: number, event: TraceEvent): void {
    this.endEvents[row] = event.event;
    this.endsUs[row] = event.timeUs;
    this.endings[outcomes[this.outcomes[row] as number] ?? 'open'].push(event.event);
    this.busy[this.slotOf[row] as number] = false;
    this.blockEnds[Math.floor(row / BLOCK)] = Number.NaN;
    while (this.firstOpen < this.count && this.endEvents[this.firstOpen] !== 0) this.firstOpen += 1;
  }

  private blockEnd(block: number): number {
    const known = this.blockEnds[block] as number;
    if (!Number.isNaN(known)) return known;
    let latest = 0;
    const end = Math.min((block + 1) * BLOCK, this.count);
    for (let row = block * BLOCK; row < end; row++) {
      latest = Math.max(latest, this.endsUs[row] as number);
    }
    this.blockEnds[block] = latest;
    return latest;
  }

  /** Beyond the last slot, bars lie on top of each other. */
  private takeSlot(): number {
    for (let slot = 0; slot < MAX_SLOTS; slot++) {
      if (this.busy[slot] === true) continue;
      this.busy[slot] = true;
      if (slot >= this.slots) this.slots = slot + 1;
      return slot;
    }
    return MAX_SLOTS - 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const { capacity } = this;
    this.startEvents = wider(this.startEvents, capacity);
    this.startsUs = wider(this.startsUs, capacity);
    this.endEvents = wider(this.endEvents, capacity);
    this.endsUs = wider(this.endsUs, capacity);
    this.ids = wider(this.ids, capacity);
    this.counts = wider(this.counts, capacity);
    this.answered = wider(this.answered, capacity);
    this.outcomes = wider(this.outcomes, capacity);
    this.slotOf = wider(this.slotOf, capacity);
    this.commands = wider(this.commands, capacity);
    this.partitions = wider(this.partitions, capacity);
    this.offsets = wider(this.offsets, capacity);
  }
}

export class Operations {
  readonly kinds: readonly string[] = [
    'input.command',
    'command.completed',
    'fault.kill',
    'fault.powerCut',
    'node.exited',
    'node.halted',
    'node.crashed',
    'node.broken',
  ];
  private readonly store: TraceStore;
  private readonly clients = new Map<number, ClientOperations>();
  /** Commands and partitions by a number of their own. */
  private readonly names: string[] = [];
  private readonly ids = new Map<string, number>();

  constructor(store: TraceStore) {
    this.store = store;
  }

  /** Of a client's lane; without rows for a node that is no client. */
  of(node: number): ClientOperations {
    return this.clients.get(node) ?? NOTHING;
  }

  follow(event: TraceEvent): void {
    const { fields } = event;
    switch (event.kind) {
      case 'input.command': {
        const command = {
          name: this.idOf(String(fields[0])),
          id: Number(fields[1]),
          count: Number(fields[2]),
        };
        this.client(event.node).asked(event, command);
        return;
      }
      case 'command.completed':
        this.client(event.node).answer(event, {
          id: Number(fields[1]),
          count: Number(fields[3]),
          outcome: fields[2] === '' ? 1 : fields[0] === 'unknown' ? 2 : 3,
          partition: this.idOf(String(fields[4] ?? '')),
          offset: Number(fields[5] ?? -1),
        });
        return;
      case 'fault.kill':
      case 'fault.powerCut':
        this.clients.get(this.store.nodeOf(String(fields[0])))?.abandoned(event);
        return;
      default:
        this.clients.get(event.node)?.abandoned(event);
    }
  }

  private client(node: number): ClientOperations {
    let client = this.clients.get(node);
    if (client === undefined) {
      client = new ClientOperations(this.names);
      this.clients.set(node, client);
    }
    return client;
  }

  private idOf(name: string): number {
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      this.names.push(name);
      this.ids.set(name, id);
    }
    return id;
  }
}

const NOTHING = new ClientOperations([]);
