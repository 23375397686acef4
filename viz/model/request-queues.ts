/**
 * How many requests each node has in hand: taken in and not answered yet, as its request queue,
 * its handlers and its purgatories hold them together (Kafka: RequestChannel, DelayedOperation-
 * Purgatory). Nothing in the trace tells it; it is counted from the frames and the bytes that
 * came in. Fetches are counted on their own as well: they wait by design when there is no news.
 */
import { ROWS_PER_CHUNK } from '../../sim/trace/rows.ts';
import { factsOf } from './facts.ts';
import { PeakTrack } from './peak-track.ts';
import type { TraceStore } from './trace-store.ts';

const PRODUCE = 0;
const FETCH = 1;
/** Rows that are looked at in one go, so that no frame of the page waits for all of a large run. */
const ROWS_PER_TURN = 24_000;

/** Requests of one connection, in the order in which they were sent. */
class Connection {
  /** The accepting side, once it took something in; 0 = nobody yet. */
  node = 0;
  sentBytes = 0;
  receivedBytes = 0;
  /** From `first` on, 3 numbers each: where it ends in the stream, API key, correlation id. */
  requests: number[] = [];
  first = 0;
  /** How many numbers of `requests` belong to requests that are whole on the other side. */
  arrived = 0;

  compact(): void {
    if (this.first < 768) return;
    this.requests = this.requests.slice(this.first);
    this.arrived -= this.first;
    this.first = 0;
  }
}

export interface InHand {
  readonly requests: number;
  /** Of these. */
  readonly fetches: number;
}

class NodeQueue {
  requests = 0;
  fetches = 0;
  /** By event: all, and those that are no fetches. */
  readonly all = new PeakTrack();
  readonly others = new PeakTrack();

  changed(event: number): void {
    this.all.set(event, this.requests);
    this.others.set(event, this.requests - this.fetches);
  }
}

type Rule = (event: number, node: number) => void;

export class RequestQueues {
  private readonly store: TraceStore;
  private readonly nodes: NodeQueue[] = [];
  /** By the number of the pair of endpoints: ids are 2n where it was opened and 2n + 1 opposite. */
  private readonly connections = new Map<number, Connection>();
  private readonly rules: (Rule | undefined)[] = [];
  private readonly fields = new Float64Array(8);
  private responseId = -1;
  private requestId = -1;
  private textsSeen = 0;
  /** By node: whether what it produces is answered. */
  private readonly areAnswered = new Map<number, boolean>();
  private done = 0;
  /** The most that any node had in hand so far. */
  most = 0;

  constructor(store: TraceStore) {
    this.store = store;
    const rules: Readonly<Record<string, Rule>> = {
      'frame.sent': (event, node) => this.sent(event, node),
      'input.received': (event, node) => this.received(event, node),
      'input.disconnected': (event) => this.ended(event),
      'connection.closed': (event) => this.ended(event),
      'input.started': (event, node) => this.emptied(event, node),
      'node.exited': (event, node) => this.emptied(event, node),
      'node.halted': (event, node) => this.emptied(event, node),
      'node.crashed': (event, node) => this.emptied(event, node),
      'node.broken': (event, node) => this.emptied(event, node),
      'fault.kill': (event) => this.targetEmptied(event),
      'fault.powerCut': (event) => this.targetEmptied(event),
    };
    for (const [name, rule] of Object.entries(rules)) {
      const id = store.kindIdOf(name);
      if (id >= 0) this.rules[id] = rule;
    }
  }

  /** Takes in some of the rows that came since. @returns whether it knows all of them now. */
  extend(rows = ROWS_PER_TURN): boolean {
    const { store } = this;
    const { count } = store;
    const end = Math.min(count, this.done + rows);
    if (this.done < end) this.findTexts();
    const { chunks } = store.rows;
    for (let event = this.done + 1; event <= end; ) {
      const chunk = chunks[Math.floor((event - 1) / ROWS_PER_CHUNK)];
      if (chunk === undefined) break;
      const { kind, node } = chunk;
      const last = Math.min(end, event - ((event - 1) % ROWS_PER_CHUNK) + ROWS_PER_CHUNK - 1);
      for (; event <= last; event++) {
        const row = (event - 1) % ROWS_PER_CHUNK;
        this.rules[kind[row] as number]?.(event, node[row] as number);
      }
    }
    this.done = end;
    return end === count;
  }

  /** After event `position`; null when it has not come that far yet: ask again later. */
  at(node: number, position: number): InHand | null {
    if (this.done < position) this.extend();
    if (this.done < position) return null;
    const queue = this.nodes[node];
    if (queue === undefined) return NOTHING;
    const requests = queue.all.valueAt(position);
    return { requests, fetches: requests - queue.others.valueAt(position) };
  }

  /** Null for a node that never had one. */
  of(node: number): { readonly all: PeakTrack; readonly others: PeakTrack } | null {
    return this.nodes[node] ?? null;
  }

  private findTexts(): void {
    const { texts } = this.store;
    for (; this.textsSeen < texts.length; this.textsSeen++) {
      if (texts[this.textsSeen] === 'request') this.requestId = this.textsSeen;
      else if (texts[this.textsSeen] === 'response') this.responseId = this.textsSeen;
    }
  }

  private sent(event: number, node: number): void {
    const { fields } = this;
    this.store.rows.rawFields(event, fields);
    const id = fields[5] as number;
    if (id % 2 === 1) {
      if (fields[1] === this.responseId) this.answered(event, node, id);
      return;
    }
    const connection = this.connectionOf(id);
    connection.sentBytes += fields[4] as number;
    if (fields[1] !== this.requestId) return;
    const api = fields[2] as number;
    if (api === PRODUCE && !this.isAnswered(node)) return;
    connection.requests.push(connection.sentBytes, api, fields[3] as number);
  }

  private received(event: number, node: number): void {
    const { fields } = this;
    this.store.rows.rawFields(event, fields);
    const id = fields[1] as number;
    if (id % 2 === 0) return;
    const connection = this.connectionOf(id);
    connection.node = node;
    connection.receivedBytes += fields[2] as number;
    const { requests, receivedBytes } = connection;
    const before = connection.arrived;
    while (
      connection.arrived < requests.length &&
      (requests[connection.arrived] as number) <= receivedBytes
    ) {
      this.count(node, requests[connection.arrived + 1] as number, 1);
      connection.arrived += 3;
    }
    if (connection.arrived > before) this.told(event, node);
  }

  /** Answers leave in the order of their requests: one answers for all that came before. */
  private answered(event: number, node: number, id: number): void {
    const connection = this.connectionOf(id);
    const correlationId = this.fields[3];
    const { requests } = connection;
    let at = connection.first;
    while (at < connection.arrived && requests[at + 2] !== correlationId) at += 3;
    if (at >= connection.arrived) return;
    for (; connection.first <= at; connection.first += 3) {
      this.count(node, requests[connection.first + 1] as number, -1);
    }
    connection.compact();
    this.told(event, node);
  }

  /** Requests of a connection that has ended, on whichever side, wait for no answer. */
  private ended(event: number): void {
    this.store.rows.rawFields(event, this.fields);
    const id = this.fields[1] as number;
    if (id % 2 === 1) this.forget(event, Math.floor(id / 2));
  }

  private forget(event: number, pair: number): void {
    const connection = this.connections.get(pair);
    if (connection === undefined) return;
    this.connections.delete(pair);
    const { requests, first, arrived, node } = connection;
    if (first === arrived) return;
    for (let at = first; at < arrived; at += 3) this.count(node, requests[at + 1] as number, -1);
    this.told(event, node);
  }

  private emptied(event: number, node: number): void {
    for (const [pair, connection] of this.connections) {
      if (connection.node === node) this.forget(event, pair);
    }
  }

  private targetEmptied(event: number): void {
    const name = this.store.texts[this.store.subjectId(event)] ?? '';
    const node = this.store.nodeOf(name);
    if (node > 0) this.emptied(event, node);
  }

  private count(node: number, api: number, by: 1 | -1): void {
    const queue = this.queueOf(node);
    queue.requests += by;
    if (api === FETCH) queue.fetches += by;
  }

  private told(event: number, node: number): void {
    const queue = this.queueOf(node);
    queue.changed(event);
    if (queue.requests > this.most) this.most = queue.requests;
  }

  private queueOf(node: number): NodeQueue {
    let queue = this.nodes[node];
    if (queue === undefined) {
      queue = new NodeQueue();
      this.nodes[node] = queue;
    }
    return queue;
  }

  private connectionOf(id: number): Connection {
    const pair = Math.floor(id / 2);
    let connection = this.connections.get(pair);
    if (connection === undefined) {
      connection = new Connection();
      this.connections.set(pair, connection);
    }
    return connection;
  }

  /** Nobody answers what a producer with acks=0 sends. */
  private isAnswered(client: number): boolean {
    const known = this.areAnswered.get(client);
    if (known !== undefined) return known;
    const { identity } = this.store;
    if (identity === null) return true;
    const facts = factsOf(identity.scenario).clients[this.store.nodeName(client)];
    const isIt = facts?.acks !== '0';
    this.areAnswered.set(client, isIt);
    return isIt;
  }
}

const NOTHING: InHand = { requests: 0, fetches: 0 };

/** `no request in hand`, `1 request in hand`, `5 requests in hand, 3 of them fetches`. */
export function inHandWords({ requests, fetches }: InHand): string {
  if (requests === 0) return 'no request in hand';
  const many = requests === 1 ? '1 request in hand' : `${requests} requests in hand`;
  if (fetches === 0) return many;
  if (fetches === requests) return `${many}, ${requests === 1 ? 'a fetch' : 'all fetches'}`;
  return `${many}, ${fetches} of them ${fetches === 1 ? 'a fetch' : 'fetches'}`;
}
