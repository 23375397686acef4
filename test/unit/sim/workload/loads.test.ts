import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../../kafka/base/text.ts';
import type { ClientCommand, CommandResult } from '../../../../kafka/client/commands.ts';
import type { CommandId, Host, Node, NodeInput } from '../../../../kafka/host.ts';
import { ClientHistory, Outcome } from '../../../../sim/check/history/history.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { RecordValues } from '../../../../sim/workload/record-value.ts';
import { Workload } from '../../../../sim/workload/workload.ts';
import { World } from '../../../../sim/world.ts';

type Answer = (command: ClientCommand, number: number) => CommandResult | null;

const ORIGIN_US = 1_000_000;
const sent: CommandResult = { kind: 'sent', partition: 0, offset: 7, timestampMs: 0 };

/** A client that answers every send or other command at once, as `answer` says; null = never. */
class Puppet implements Node {
  readonly wakeAtMs = Number.POSITIVE_INFINITY;
  private readonly host: Host;
  private readonly answer: Answer;
  private asked = 0;
  constructor(host: Host, answer: Answer) {
    this.host = host;
    this.answer = answer;
  }
  step(input: NodeInput): void {
    if (input.kind !== 'command') return;
    const count = input.command.kind === 'send' ? input.command.records.length : 1;
    for (let i = 0; i < count; i++) {
      const result = this.answer(input.command, this.asked++);
      if (result !== null) this.host.completed((input.id + i) as CommandId, result);
    }
  }
}

function run(entry: Record<string, unknown>, answer: Answer) {
  const { scenario, problems } = parseScenario({
    name: 'load',
    cluster: { brokers: 1, topics: [{ name: 'orders', partitions: 3, replicationFactor: 1 }] },
    workload: [entry],
    runFor: '10s',
  });
  expect(problems).toBeUndefined();
  const world = new World({ seed: 1, store: 'none' });
  const name = (entry['producer'] ?? entry['consumer'] ?? entry['admin']) as string;
  const commands: ClientCommand[] = [];
  const create = (host: Host): Node =>
    new Puppet(host, (command, number) => {
      if (commands.at(-1) !== command) commands.push(command);
      return answer(command, number);
    });
  world.addNode({ name, role: 'client', config: {}, create, listeners: {} });
  world.start(name);
  const history = new ClientHistory();
  const workload = new Workload(world, { scenario: scenario!, history, originUs: ORIGIN_US });
  workload.start();
  return {
    world,
    workload,
    history,
    commands,
    to: (ms: number) => world.runUntil(ORIGIN_US + ms * 1_000),
  };
}

function records(commands: readonly ClientCommand[]) {
  return commands.flatMap((one) => (one.kind === 'send' ? one.records : []));
}

describe('a producer', () => {
  test('keeps its pace whether it is answered or not, from startAt to stopAt', () => {
    const entry = {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      startAt: '1s',
      stopAt: '3s',
    };
    const { to, commands, workload } = run(entry, () => null);

    to(999);
    expect(commands).toHaveLength(0);
    to(10_000);

    expect(commands).toHaveLength(200);
    expect(workload.unanswered()).toEqual([{ client: 'p1', count: 200 }]);
  });

  test('gives every record a value of its own that names it', () => {
    const entry = {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 10,
      count: 3,
      valueBytes: 20,
    };
    const { to, commands } = run(entry, () => sent);

    to(10_000);

    const values = records(commands).map((one) => decodeText(one.value!, 0, one.value!.length));
    expect(values).toEqual([
      'p1-0................',
      'p1-1................',
      'p1-2................',
    ]);
  });

  test('deals records to partitions in turn, or gives them keys in turn', () => {
    const dealt = run(
      { producer: 'p1', topic: 'orders', recordsPerSecond: 10, count: 4, partition: 'round-robin' },
      () => sent,
    );
    dealt.to(10_000);
    expect(records(dealt.commands).map((one) => one.partition)).toEqual([0, 1, 2, 0]);

    const keyed = run(
      { producer: 'p1', topic: 'orders', recordsPerSecond: 10, count: 3, keys: { distinct: 2 } },
      () => sent,
    );
    keyed.to(10_000);
    const keys = records(keyed.commands).map((one) => decodeText(one.key!, 0, one.key!.length));
    expect(keys).toEqual(['key-0', 'key-1', 'key-0']);
  });

  test('in a closed loop keeps its sends outstanding, no more', () => {
    const { to, commands } = run(
      { producer: 'p1', topic: 'orders', inFlight: 5 },
      (_one, number) => (number < 10 ? sent : null),
    );

    to(1_000);

    expect(records(commands)).toHaveLength(15);
  });

  test('remembers what became of each send', () => {
    const failed = (outcome: 'failed' | 'unknown'): CommandResult => ({
      kind: 'failed',
      outcome,
      error: 'TimeoutException',
      message: '',
    });
    const answers = [sent, failed('failed'), failed('unknown'), null];
    const entry = { producer: 'p1', topic: 'orders', recordsPerSecond: 10, count: 4 };
    const { to, history } = run(entry, (_one, number) => answers[number] as CommandResult | null);

    to(10_000);

    const [sends] = history.sends;
    expect([0, 1, 2, 3].map((row) => sends!.outcome.at(row))).toEqual([
      Outcome.ok,
      Outcome.failed,
      Outcome.unknown,
      Outcome.pending,
    ]);
    expect(sends!.offset.at(0)).toBe(7);
    expect(sends!.errors.get(1)).toBe('TimeoutException');
  });

  test('in a closed loop sends as many again, in one step, as were answered in one', () => {
    const { to, commands } = run(
      { producer: 'p1', topic: 'orders', inFlight: 5, count: 8 },
      (_one, number) => (number < 8 ? sent : null),
    );

    to(1_000);

    expect(commands.map((one) => (one.kind === 'send' ? one.records.length : 0))).toEqual([5, 3]);
  });

  test('forgets what it waited for when its process dies, and goes on in the next', () => {
    const { world, to, commands, workload } = run(
      { producer: 'p1', topic: 'orders', inFlight: 2 },
      () => null,
    );
    to(1_000);

    world.kill('p1');
    to(2_000);
    world.start('p1');
    to(3_000);

    expect(records(commands)).toHaveLength(4);
    expect(workload.unanswered()).toEqual([{ client: 'p1', count: 2 }]);
  });
});

describe('a consumer', () => {
  test('assigns itself its partitions and polls one after the other', () => {
    const polled: CommandResult = {
      kind: 'polled',
      records: [
        {
          topic: 'orders',
          partition: 1,
          offset: 41,
          timestampMs: 0,
          timestampType: 'CreateTime',
          headers: [],
          leaderEpoch: 0,
          key: null,
          value: new RecordValues('p9', 20).value(3),
        },
      ],
    };
    const entry = { consumer: 'c1', topic: 'orders', pollEvery: '100ms' };
    const { to, commands, history, workload } = run(entry, (command) =>
      command.kind === 'poll' ? polled : { kind: 'done' },
    );

    to(950);

    expect(commands[0]).toEqual({
      kind: 'assign',
      partitions: [0, 1, 2].map((partition) => ({ topic: 'orders', partition })),
    });
    expect(commands.filter((one) => one.kind === 'poll')).toHaveLength(10);
    expect(workload.consumers[0]?.endOffsets.get(1)).toBe(42);
    expect(history.polls[0]?.record.at(0)).toBe(-1);
  });

  test('finds new partitions as often as its client asks for metadata, if it wants all', () => {
    const polled: CommandResult = { kind: 'polled', records: [] };
    const assigned = (assign: 'all' | number[]): number[] => {
      const config = { 'metadata.max.age.ms': 400 };
      const entry = { consumer: 'c1', topic: 'orders', pollEvery: '100ms', assign, config };
      const { world, to, commands } = run(entry, ({ kind }) =>
        kind === 'poll' ? polled : { kind: 'done' },
      );
      const counts = (): number[] =>
        commands.flatMap((one) => (one.kind === 'assign' ? [one.partitions.length] : []));
      to(500);
      world.trace.emit('leader.elected', 0, 'orders-4', 1, 0, '1', '', 'created');
      world.trace.emit('leader.elected', 0, 'audit-7', 1, 0, '1', '', 'created');
      to(799);
      expect(counts()).toHaveLength(1);
      to(2_000);
      return counts();
    };

    expect(assigned('all')).toEqual([3, 5]);
    expect(assigned([0, 1])).toEqual([2]);
  });

  test('does not spin on polls that fail', () => {
    const failed: CommandResult = { kind: 'failed', outcome: 'failed', error: 'E', message: '' };
    const { to, commands, history } = run({ consumer: 'c1', topic: 'orders' }, (command) =>
      command.kind === 'poll' ? failed : { kind: 'done' },
    );

    to(1_000);

    expect(commands.length).toBeLessThan(15);
    expect(history.polls[0]?.failures[0]?.error).toBe('E');
  });
});

test('an administrator asks at its time and remembers the answers', () => {
  const entry = { admin: 'admin', at: '2s', createTopic: { name: 'big', replicationFactor: 4 } };
  const results = [{ name: 'big', error: 'INVALID_REPLICATION_FACTOR', message: 'no' }];
  const { to, commands, workload } = run(entry, () => ({ kind: 'topicsCreated', results }));

  to(1_999);
  expect(commands).toHaveLength(0);
  to(3_000);

  expect(workload.admin.answers[0]?.results).toEqual([
    { topic: 'big', error: 'INVALID_REPLICATION_FACTOR', said: 'no' },
  ]);
});
