/** A small cluster with consumers that are members of groups, on the laboratory's clock. */
import type { ClientCommand, CommandResult } from '../../../kafka/client/commands.ts';
import { createConsumerNode } from '../../../kafka/client/consumer/consumer-node.ts';
import { Lab } from '../broker/lab.ts';

export const GROUP_TOPIC = '__consumer_offsets';

export class GroupLab extends Lab {
  constructor(options: { brokers?: number; config?: Record<string, string> } = {}) {
    super({
      brokers: options.brokers ?? 2,
      config: {
        'offsets.topic.num.partitions': '1',
        'offsets.topic.replication.factor': String(options.brokers ?? 2),
        'group.initial.rebalance.delay.ms': '0',
        ...options.config,
      },
    });
    const brokers = Array.from({ length: options.brokers ?? 2 }, (_, i) => i + 1);
    this.untilRunning(...brokers);
    for (const kind of [
      ...(['group.changed', 'group.joined', 'group.left', 'group.assigned'] as const),
      ...(['coordinator.changed', 'offset.committed', 'offset.removed', 'consumer.owns'] as const),
      ...(['consumer.joined', 'consumer.rejoins', 'commit.answered', 'committed.told'] as const),
    ]) {
      this.world.trace.subscribe(kind, (_event, timeUs, node, ...fields) => {
        const name = this.world.nodes[node - 1]?.name ?? 'lab';
        const told = fields.filter((field) => field !== null && field !== undefined);
        this.events.push([Math.floor(timeUs / 1000), name, kind, ...told]);
      });
    }
  }

  addConsumer(name: string, config: Record<string, string> = {}): Consumer {
    this.world.addNode({
      name,
      role: 'client',
      config: {
        'bootstrap.servers': 'broker-1:9092,broker-2:9092',
        'client.id': name,
        'group.id': 'billing',
        'auto.offset.reset': 'earliest',
        ...config,
      },
      create: createConsumerNode,
      listeners: {},
    });
    this.world.start(name);
    return new Consumer(this, name);
  }

  told(kind: string): unknown[][] {
    return this.events.filter((event) => event[2] === kind);
  }
}

export class Consumer {
  readonly lab: GroupLab;
  readonly name: string;

  constructor(lab: GroupLab, name: string) {
    this.lab = lab;
    this.name = name;
  }

  /** Another consumer like this one, in no group. */
  spec(name: string) {
    const config = { 'bootstrap.servers': 'broker-1:9092', 'client.id': name };
    return { name, role: 'client' as const, config, create: createConsumerNode, listeners: {} };
  }

  send(command: ClientCommand): { result: CommandResult | null } {
    const answer: { result: CommandResult | null } = { result: null };
    this.lab.world.command(this.name, command, (result) => {
      answer.result = result;
    });
    return answer;
  }

  ask(command: ClientCommand, limitMs = 70_000): CommandResult {
    const answer = this.send(command);
    this.lab.until(() => answer.result !== null, limitMs, 1);
    return answer.result as CommandResult;
  }

  subscribe(...topics: string[]): void {
    this.ask({ kind: 'subscribe', topics, commitOnRevoke: false, tellAssignment: false });
  }

  poll(timeoutMs = 100): CommandResult {
    return this.ask({ kind: 'poll', timeoutMs });
  }

  /** What the trace told last of what it owns. */
  get owned(): string {
    const last = this.lab.told('consumer.owns').findLast((one) => one[1] === this.name);
    return String(last?.[7] ?? '');
  }
}

/** Lets all of them poll, in turn, for so long. */
export function pollAll(lab: GroupLab, consumers: readonly Consumer[], ms: number): void {
  const end = lab.nowMs + ms;
  let polls = consumers.map((one) => one.send({ kind: 'poll', timeoutMs: 100 }));
  while (lab.nowMs < end) {
    lab.advance(10);
    polls = polls.map((poll, i) =>
      poll.result === null
        ? poll
        : (consumers[i] as Consumer).send({ kind: 'poll', timeoutMs: 100 }),
    );
  }
  lab.until(() => polls.every((poll) => poll.result !== null));
}
