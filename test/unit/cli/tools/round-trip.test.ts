/** The tools against a cluster of real brokers in memory, as a person would type them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolSchemas } from '../../../../cli/tools/json-schemas.ts';
import { type ServerCluster, startServerCluster } from '../../../../server/cluster/cluster.ts';
import { type Ended, trial, typedTrial } from '../in-process.ts';

let cluster: ServerCluster;
let at: string[];
beforeAll(async () => {
  const shape = { brokers: 2, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const config = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' };
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config });
  at = ['--bootstrap-server', cluster.bootstrap.join(',')];
});
afterAll(() => cluster.kill());

const topics = (...args: string[]) => trial('topics', ...at, ...args);
const configs = (...args: string[]) => trial('configs', ...at, ...args);
const groups = (...args: string[]) => trial('groups', ...at, ...args);
const consume = (...args: string[]) => trial('consume', ...at, ...args);
const produce = (lines: string[], ...args: string[]) =>
  typedTrial(lines, 'produce', ...at, ...args);

function json(command: keyof typeof toolSchemas, { out }: Ended): ReturnType<typeof JSON.parse> {
  return toolSchemas[command].parse(JSON.parse(out));
}

describe('trial topics', () => {
  test('creates, lists, describes, alters and deletes', async () => {
    const shape = ['--partitions', '2', '--replication-factor', '2'];
    const created = await topics('--create', '--topic', 'orders', ...shape, '--config', 'a.b=c');
    expect(created).toMatchObject({ code: 1, out: '' });
    expect(created.err).toContain('a.b');
    const again = ['--create', '--topic', 'orders', ...shape, '--config', 'retention.ms=5000'];
    expect(await topics(...again)).toMatchObject({ code: 0, out: 'Created topic orders.\n' });
    expect(await topics(...again, '--if-not-exists')).toMatchObject({ code: 0, out: '' });
    const refused = await topics(...again);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('TOPIC_ALREADY_EXISTS');
    await topics('--create', '--topic', 'returns', '--replica-assignment', '1:2,2:1,2:1');

    expect((await topics('--list', '--exclude-internal')).out).toBe('orders\nreturns\n');
    expect((await topics('--list', '--topic', 'ret.*')).out).toBe('returns\n');
    const { out } = await topics('--describe', '--topic', 'orders,returns');
    const [first = '', ...lines] = out.trimEnd().split('\n');
    expect(first).toMatch(
      /^Topic: orders\tTopicId: [\w-]{22}\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: .*retention\.ms=5000/,
    );
    expect(lines[0]).toMatch(
      /^\tTopic: orders\tPartition: 0\tLeader: [12]\tReplicas: (1,2|2,1)\tIsr: (1,2|2,1)\tElr: \tLastKnownElr: $/,
    );
    expect(lines.at(-3)).toContain('\tPartition: 0\tLeader: 1\tReplicas: 1,2\t');
    expect(lines.at(-1)).toContain('\tPartition: 2\tLeader: 2\tReplicas: 2,1\t');

    const unavailable = await topics('--describe', '--unavailable-partitions');
    expect(unavailable).toMatchObject({ code: 0, out: '' });
    expect(await topics('--alter', '--topic', 'orders', '--partitions', '4')).toMatchObject({
      code: 0,
      out: '',
    });
    const described = json('topics', await topics('--describe', '--topic', 'orders', '--json'));
    expect(described.topics[0]).toMatchObject({ name: 'orders', partitionCount: 4 });
    const fewer = await topics('--alter', '--topic', 'orders', '--partitions', '3');
    expect(fewer).toMatchObject({ code: 1 });
    expect(fewer.err).toContain('INVALID_PARTITIONS');

    expect(await topics('--delete', '--topic', 'returns')).toMatchObject({ code: 0, out: '' });
    expect((await topics('--list', '--exclude-internal')).out).toBe('orders\n');
    const gone = await topics('--delete', '--topic', 'returns');
    expect(gone).toMatchObject({ code: 1, out: '' });
    expect(gone.err).toContain("Topic 'returns' does not exist as expected");
    expect(await topics('--delete', '--topic', 'returns', '--if-exists')).toMatchObject({
      code: 0,
    });
  });
});

describe('trial produce and trial consume', () => {
  test('carry keys, headers, nulls and what is no text', async () => {
    await topics('--create', '--topic', 'mixed', '--partitions', '1');
    const lines = [
      'h:1,i:\tk\tvalue',
      'j:x\tNIL\tkey is null',
      'j:x\tempty\tNIL',
      'j:x\tü\t✓ \u2028',
    ];
    const properties = ['parse.key=true', 'parse.headers=true', 'null.marker=NIL'];
    const sent = await produce(
      lines,
      ...['--topic', 'mixed', '--json', '--compression-codec'],
      ...properties.flatMap((one) => ['--property', one]),
    );

    expect(sent).toMatchObject({ code: 0, err: '' });
    const answers = sent.out.trimEnd().split('\n');
    const told = answers.map((line) => toolSchemas.produce.parse(JSON.parse(line)));
    expect(told).toMatchObject([0, 1, 2, 3].map((offset) => ({ line: offset + 1, offset })));
    const read = ['--topic', 'mixed', '--from-beginning', '--max-messages', '4'];
    const shown = [
      'print.key=true',
      'print.headers=true',
      'print.partition=true',
      'print.offset=true',
    ];
    const { code, out, err } = await consume(
      ...read,
      ...shown.flatMap((one) => ['--property', one]),
    );
    expect({ code, err }).toEqual({ code: 0, err: 'Processed a total of 4 messages\n' });
    expect(out).toBe(
      'Partition:0\tOffset:0\th:1,i:\tk\tvalue\n' +
        'Partition:0\tOffset:1\tj:x\tnull\tkey is null\n' +
        'Partition:0\tOffset:2\tj:x\tempty\tnull\n' +
        'Partition:0\tOffset:3\tj:x\tü\t✓ \u2028\n',
    );
    const one = ['--topic', 'mixed', '--partition', '0', '--offset', '2', '--max-messages', '1'];
    const record = json('consume', await consume(...one, '--json'));
    expect(record).toMatchObject({
      offset: 2,
      key: 'empty',
      value: null,
      timestampType: 'CreateTime',
    });
  });

  test('a line without its key is an error, and what stands before it is sent', async () => {
    await topics('--create', '--topic', 'half', '--partitions', '1');
    const sent = await produce(['a\t1', 'b'], '--topic', 'half', '--property', 'parse.key=true');

    expect(sent).toMatchObject({ code: 65, out: '' });
    expect(sent.err).toContain("no key separator found on line number 2: 'b'");
    const { out } = await consume('--topic', 'half', '--from-beginning', '--timeout-ms', '300');
    expect(out).toBe('1\n');
  });

  test('a record that the cluster refuses is told, and the command fails', async () => {
    await topics('--create', '--topic', 'small', '--config', 'max.message.bytes=100');
    const sent = await produce(['x', 'y'.repeat(200), 'z'], '--topic', 'small', '--sync');

    expect(sent).toMatchObject({ code: 1, out: '' });
    expect(sent.err).toMatch(/^error: line 2 'y{60}…' was not sent: .*TOO_LARGE/);
    const { out } = await consume('--topic', 'small', '--from-beginning', '--timeout-ms', '300');
    expect(out).toBe('x\nz\n');
  });
});

describe('trial groups', () => {
  test('a group goes on where it stands, is described, moved and deleted', async () => {
    await topics('--create', '--topic', 'paid', '--partitions', '1');
    await produce(['1', '2', '3', '4', '5'], '--topic', 'paid');
    const member = ['--topic', 'paid', '--group', 'billing', '--max-messages'];
    expect((await consume(...member, '2', '--from-beginning')).out).toBe('1\n2\n');
    expect((await consume(...member, '1')).out).toBe('3\n');

    const described = await groups('--describe', '--group', 'billing');
    expect(described.err).toBe("\nConsumer group 'billing' has no active members.\n");
    expect(described.out.split('\n').map((line) => line.split(/ +/))).toEqual([
      [''],
      [
        'GROUP',
        'TOPIC',
        'PARTITION',
        'CURRENT-OFFSET',
        'LOG-END-OFFSET',
        'LAG',
        'CONSUMER-ID',
        'HOST',
        'CLIENT-ID',
      ],
      ['billing', 'paid', '0', '3', '5', '2', '-', '-', '-'],
      [''],
    ]);
    expect((await groups('--list')).out).toBe('billing\n');
    expect((await groups('--list', '--state', 'stable')).out).toBe('');

    const reset = ['--reset-offsets', '--group', 'billing', '--all-topics', '--execute', '--json'];
    const moved = async (...to: string[]) => json('groups', await groups(...reset, ...to)).offsets;
    const to = (newOffset: number) => [
      { group: 'billing', topic: 'paid', partition: 0, newOffset },
    ];
    expect(await moved('--shift-by', '-1')).toEqual(to(2));
    expect(await moved('--to-offset', '99')).toEqual(to(5));
    expect(await moved('--to-earliest')).toEqual(to(0));
    expect(await moved('--to-datetime', '2020-01-01T00:00:00.000')).toEqual(to(0));
    expect(await moved('--to-latest')).toEqual(to(5));
    expect(await moved('--by-duration', 'PT0S')).toEqual(to(5));
    const { groups: state } = json('groups', await groups('--describe', '--all-groups', '--json'));
    expect(state).toMatchObject([{ group: 'billing', state: 'Empty', offsets: [{ lag: 0 }] }]);

    const forgotten = await groups('--delete-offsets', '--group', 'billing', '--topic', 'paid:0');
    expect(forgotten).toMatchObject({ code: 0 });
    expect(forgotten.out).toContain('Successful');
    expect(await groups('--delete', '--group', 'billing')).toMatchObject({
      code: 0,
      out: "Deletion of requested consumer groups ('billing') was successful.\n",
    });
    const gone = await groups('--describe', '--group', 'billing');
    expect(gone).toMatchObject({ code: 1, out: '' });
    expect(gone.err).toContain("'billing' does not exist");
  });
});

describe('trial configs', () => {
  test('sets, shows and takes back settings of a topic and of brokers', async () => {
    await topics('--create', '--topic', 'kept', '--partitions', '1');
    const added = 'retention.ms=[5000],segment.bytes=2000000';
    expect(await configs('--alter', '--topic', 'kept', '--add-config', added)).toMatchObject({
      code: 0,
      out: 'Completed updating config for topic kept.\n',
    });
    const { out } = await configs('--describe', '--entity-type', 'topics', '--entity-name', 'kept');
    expect(out).toContain('Dynamic configs for topic kept are:\n');
    expect(out).toMatch(
      /^ {2}retention\.ms=5000 sensitive=false synonyms=\{DYNAMIC_TOPIC_CONFIG:retention\.ms=5000, /m,
    );
    const taken = await configs('--alter', '--topic', 'kept', '--delete-config', 'segment.bytes');
    expect(taken.code).toBe(0);
    const after = json('configs', await configs('--describe', '--topic', 'kept', '--json'));
    const names = after.entities[0].configs.map((one: { name: string }) => one.name);
    expect(names).toContain('retention.ms');
    expect(names).not.toContain('segment.bytes');

    const wrong = await configs(
      '--alter',
      '--topic',
      'kept',
      '--delete-config',
      'max.message.bytes',
    );
    expect(wrong).toMatchObject({ code: 1, err: 'error: Invalid config(s): max.message.bytes\n' });
    const refused = await configs('--alter', '--topic', 'kept', '--add-config', 'retention.ms=x');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('INVALID_CONFIG');
    const all = await configs('--describe', '--entity-type', 'brokers');
    expect(all.out).toMatch(/broker 1 are:[\s\S]*broker 2 are:[\s\S]*Default configs for brokers/);
  });
});
