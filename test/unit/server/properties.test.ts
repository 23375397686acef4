/** What a server.properties is understood as, and what is said about what it gets wrong. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { brokerConfigs } from '../../../kafka/config/broker.ts';
import { absentNames } from '../../../server/properties/absent-keys.ts';
import { checkKeys } from '../../../server/properties/broker-keys.ts';
import {
  InvalidProperties,
  type NodePlan,
  planNode,
} from '../../../server/properties/node-plan.ts';
import { readProperties } from '../../../server/properties/read-properties.ts';

const folder = mkdtempSync(join(tmpdir(), 'trial-properties-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (...all: string[]) => all.join('\n');
/** What every node needs, without what a test says itself. */
const combined = [
  'process.roles=broker,controller',
  'node.id=1',
  'controller.quorum.voters=1@localhost:9093',
  'controller.listener.names=CONTROLLER',
  'listeners=PLAINTEXT://:0,CONTROLLER://:0',
  `log.dirs=${join(folder, 'new')}`,
];

async function planOf(text: string, overrides: Record<string, string> = {}): Promise<NodePlan> {
  const plan = await planNode('a.properties', text, overrides);
  for (const port of Object.values(plan.listeners)) port.release();
  return plan;
}

async function problemsOf(...more: string[]): Promise<string> {
  try {
    await planOf(lines(...combined, ...more));
  } catch (error) {
    if (error instanceof InvalidProperties) return error.message;
    throw error;
  }
  return '';
}

describe('properties', () => {
  test('are read as Java reads them', () => {
    const text = lines(
      '# comment = no',
      '  ! neither',
      'a=1',
      'b : two words  ',
      'c three',
      'd=x,\\',
      '    y',
      'e=back\\\\slash\\u0041\\ttab',
      'a\\=b=c',
      'empty',
      'a=last',
    );

    const read = [...readProperties(text)].map(([key, { value }]) => [key, value]);

    expect(new Map(read as [string, string][])).toEqual(
      new Map([
        ['b', 'two words'],
        ['c', 'three'],
        ['d', 'x,y'],
        ['e', 'back\\slashA\ttab'],
        ['a=b', 'c'],
        ['empty', ''],
        ['a', 'last'],
      ]),
    );
  });

  test('say who a node is, where it listens and what it tells others', async () => {
    const plan = await planNode('a.properties', lines(...combined));
    for (const port of Object.values(plan.listeners)) port.release();

    const { PLAINTEXT: clients, CONTROLLER: quorum } = plan.listeners;
    expect(plan.name).toBe('broker-1');
    expect(plan.advertised).toEqual([`127.0.0.1:${clients!.port}`]);
    expect(plan.config['listeners']).toBe(
      `PLAINTEXT://127.0.0.1:${clients!.port},CONTROLLER://127.0.0.1:${quorum!.port}`,
    );
    // A quorum of one chooses the id of its cluster itself.
    expect(plan.config['cluster.id']).toMatch(/^[\w-]{22}$/);
  });

  test('keys that have nothing to act on are told, not passed over', async () => {
    const plan = await planNode(
      'a.properties',
      lines(...combined, 'num.io.threads=8', 'share.coordinator.state.topic.min.isr=1'),
    );
    for (const port of Object.values(plan.listeners)) port.release();

    expect(plan.notes).toEqual([
      'a.properties:7: num.io.threads has no effect: a node here is one thread',
      'a.properties:8: share.coordinator.state.topic.min.isr has no effect: share groups are not there yet',
    ]);
  });

  test.each([
    ['log.retention.hour=1', 'a.properties:7: log.retention.hour is no broker key; did you mean'],
    ['num.partitions=many', 'a.properties:7: num.partitions=many'],
    [
      'log.cleanup.policy=compact',
      'log.cleanup.policy=compact needs log compaction, not there yet',
    ],
    ['ssl.truststore.type=PKCS12', 'needs the keystores of Java, not there yet; allowed: JKS, PEM'],
    ['process.roles=', 'process.roles is missing'],
    ['node.id=4', 'controller.quorum.voters does not have node 4, which is a controller'],
    ['process.roles=broker', 'controller.quorum.voters has node 1, which is no controller'],
    ['controller.listener.names=', 'controller.listener.names: must name at least one listener'],
    ['listeners=PLAINTEXT://:0', 'a controller must listen at one of controller.listener.names'],
    ['listeners=CONTROLLER://:0', 'a broker needs a listener that is not the controllers’'],
    [
      'listeners=PLAINTEXT://0.0.0.0:0,CONTROLLER://:0',
      'advertised.listeners: needed for PLAINTEXT',
    ],
    ['advertised.listeners=OTHER://a:1', 'advertised.listeners: OTHER is not among listeners'],
    ['listeners=PLAINTEXT://:nine,CONTROLLER://:0', 'listeners: "PLAINTEXT://:nine" is not'],
    [
      'listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT',
      'makes PLAINTEXT SASL_PLAINTEXT, where brokers talk among themselves',
    ],
    ['controller.quorum.voters=1@a:1,2@b:1', 'cluster.id is missing, and '],
    [
      'listeners=PLAINTEXT://:0,CLIENTS://:0,CONTROLLER://:0',
      'says nothing of the listener CLIENTS',
    ],
    ['log.cleaner.threadz=1', 'log.cleaner.threadz is no broker key; did you mean log.cleaner'],
    ['listener.name.plaintext.log.dirs=/a', 'listener.name.plaintext.log.dirs is no broker key'],
    [
      'ssl.cipher.suites=TLS_AES_256_GCM_SHA384',
      'a.properties:7: ssl.cipher.suites is a key of Kafka’s that trial does not have: cipher',
    ],
    [
      'principal.builder.class=org.acme.Builder',
      'leave it out, or principal.builder.class=org.apache.kafka.common.security.authenticator.Def',
    ],
    ['listener.name.plaintext.plain.sasl.server.callback.handler.class=A', 'own judges of'],
    ['create.topic.policy.class.name=org.acme.Policy', 'own policies are not there yet'],
    ['remote.log.storage.system.enable=true', 'remote.log.storage.system.enable=false'],
    ['broker.id=2', 'broker.id=2 is another name of node.id, which is 1'],
    ['broker.id=two', 'a.properties:7: node.id=two is not an integer'],
    ['process.roles=broker,broker,controller', 'process.roles says a role twice'],
    ['log.dirs=', 'log.dirs is empty'],
    ['log.dirs=/a,/b,/a', 'log.dirs: /a is the same as /a'],
    ['log.dirs=/a,/a/b', 'log.dirs: /a/b lies in /a'],
    ['metadata.log.dir=/tmp', 'lies in /tmp'],
    ['metadata.log.dir=', 'metadata.log.dir is empty'],
    ['cluster.id=', 'cluster.id is empty'],
    [
      'listeners=PLAINTEXT://:9192,CONTROLLER://:9192',
      'listeners: PLAINTEXT and CONTROLLER both have port 9192',
    ],
    [
      'advertised.listeners=PLAINTEXT://a:1,PLAINTEXT://b:2',
      'advertised.listeners: each listener must have its own name',
    ],
    ['controller.listener.names=CONTROLLER,OTHER', 'OTHER is not among listeners'],
    ['controller.listener.names=CONTROLLER,CONTROLLER', 'has a name twice'],
    ['inter.broker.listener.name=OTHER', '"OTHER" is none of PLAINTEXT'],
    ['inter.broker.listener.name=', '"" is none of PLAINTEXT'],
    ['inter.broker.listener.name=CONTROLLER', '"CONTROLLER" is none of PLAINTEXT'],
    ['listener.security.protocol.map=PLAINTEXT', 'has PLAINTEXT, which is no entry'],
    [
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PLAINTEXT:SSL',
      'has two entries for PLAINTEXT; allowed: NAME:PROTOCOL, each name once',
    ],
    ['controller.quorum.retry.backoff.ms=-1', 'a.properties:7: controller.quorum.retry.backoff.ms'],
    ['log.retention.minutes=0', 'a.properties:7: log.retention.minutes=0 would keep nothing'],
    ['log.retention.hours=0', 'a.properties:7: log.retention.hours=0 would keep nothing'],
    ['max.connections.per.ip=0', 'lets nobody in without max.connections.per.ip.overrides'],
    ['max.connections.per.ip.overrides=127.0.0.1:x', 'has 127.0.0.1:x, which is no limit'],
    [
      'initial.controllers=1@a:1:AAAAAAAAAAAAAAAAAAAAAg',
      'controller.quorum.voters and initial.controllers: one or the other',
    ],
    ['controller.quorum.voters=1@localhost', '"1@localhost" is not id@host:port'],
    ['controller.quorum.voters=one@localhost:1', '"one@localhost:1" is not id@host:port'],
    ['controller.quorum.voters=1@a:1,1@b:1', 'controller.quorum.voters has node 1 twice'],
    ['controller.quorum.bootstrap.servers=somewhere', '"somewhere" is not host:port'],
    ['controller.quorum.bootstrap.servers=a:65536', '"a:65536" is not host:port'],
    ['initial.controllers=1@a:1:no-uuid', '"1@a:1:no-uuid" is not id@host:port:directory-id'],
    ['authorizer.class.name=org.acme.MyAuthorizer', 'a.properties:7: authorizer.class.name='],
    ['security.inter.broker.protocol=SASL_SSL', 'a.properties:7: security.inter.broker.protocol='],
  ])('%s is refused', async (line, words) => {
    expect(await problemsOf(line)).toContain(words);
  });

  test('storage of another cluster is refused', async () => {
    const directory = mkdtempSync(join(folder, 'used-'));
    const text = 'version=1\nnode.id=1\ncluster.id=aaaaaaaaaaaaaaaaaaaaaA\n';
    writeFileSync(join(directory, 'meta.properties'), text);

    const said = await problemsOf(`log.dirs=${directory}`, 'cluster.id=bbbbbbbbbbbbbbbbbbbbbA');

    expect(said).toContain('the storage belongs to cluster aaaaaaaaaaaaaaaaaaaaaA');
    expect(
      await problemsOf(`log.dirs=${directory}`, 'node.id=2', 'process.roles=broker'),
    ).toContain(`node.id=2, but ${directory} belongs to node 1; give the node its own log.dirs`);
  });

  test('one directory by two names is refused', async () => {
    const real = mkdtempSync(join(folder, 'real-'));
    symlinkSync(real, join(folder, 'link'));

    const said = await problemsOf(`log.dirs=${real}/new,${join(folder, 'link')}/new`);

    expect(said).toContain('is the same as');
  });

  test('what is said beside the file is not blamed on a line of it', async () => {
    const planned = planOf(lines(...combined), { 'num.partitions': 'many' });

    await expect(planned).rejects.toThrow('--set: num.partitions=many is not an integer');
  });

  test('the keys of Kafka 4.1 are all known, by what they do here or by why they do nothing', () => {
    const path = new URL('../../support/kafka-4.1-broker-keys.txt', import.meta.url);
    const keys = readFileSync(path, 'utf8').trim().split('\n');

    const unknown = keys.filter((key) => {
      const properties = new Map([[key, { value: 'x', line: 1 }]]);
      return checkKeys('a', properties).problems.some((one) => one.includes('is no broker key'));
    });

    // KafkaConfig.configNames() of 4.1.0.
    expect(keys).toHaveLength(336);
    expect(unknown).toEqual([]);
  });

  test('no key is both there and not there', () => {
    const both = absentNames.filter((key) => Object.hasOwn(brokerConfigs.keys, key));

    expect(both).toEqual([]);
  });

  test('values that change nothing are taken in silence, even of keys that are not there', async () => {
    const plan = await planOf(
      lines(
        ...combined,
        'remote.log.storage.system.enable=false',
        'ssl.cipher.suites=',
        'authorizer.class.name=',
        'log.retention.ms=5',
        'log.retention.hours=0',
        'max.connections.per.ip=0',
        'max.connections.per.ip.overrides=127.0.0.1:5,::1:5',
      ),
    );

    expect(plan.notes).toEqual([]);
    expect(plan.config['authorizer.class.name']).toBeUndefined();
  });

  test('broker.id is another name of node.id', async () => {
    const [roles, , ...others] = combined;
    const plan = await planOf(lines(roles as string, 'broker.id=1', ...others));

    expect(plan.name).toBe('broker-1');
  });
});

describe('a quorum that its log names', () => {
  /** As Kafka's config/server.properties has it, but for ports and the directory. */
  const stock = (...more: string[]) =>
    lines(
      'process.roles=broker,controller',
      'node.id=1',
      'controller.quorum.bootstrap.servers=localhost:0',
      'listeners=PLAINTEXT://:0,CONTROLLER://:0',
      'inter.broker.listener.name=PLAINTEXT',
      'advertised.listeners=PLAINTEXT://localhost:0,CONTROLLER://localhost:0',
      'controller.listener.names=CONTROLLER',
      'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL',
      'num.network.threads=3',
      `log.dirs=${join(folder, 'stock')}`,
      ...more,
    );

  test('is formed by the only node that there is, which says so', async () => {
    const plan = await planOf(stock());

    const port = plan.listeners['CONTROLLER']?.port;
    const voter = new RegExp(`^1@localhost:${port}:[\\w-]{22}$`);
    expect(plan.config['initial.controllers']).toMatch(voter);
    expect(plan.config['cluster.id']).toMatch(/^[\w-]{22}$/);
    expect(plan.notes.join('\n')).toContain('formatted for a quorum of this node alone');
  });

  test('is not formed a second time', async () => {
    const directory = join(folder, 'formatted');
    mkdirSync(directory);
    const text = 'version=1\nnode.id=1\ncluster.id=aaaaaaaaaaaaaaaaaaaaaA\n';
    const file = join(directory, 'meta.properties');
    writeFileSync(file, `${text}directory.id=bbbbbbbbbbbbbbbbbbbbbA\n`);

    const plan = await planOf(stock(`log.dirs=${directory}`));
    writeFileSync(file, text);
    const halfWritten = await planOf(stock(`log.dirs=${directory}`));

    expect(plan.config['initial.controllers']).toBeUndefined();
    expect(plan.notes).toHaveLength(1);
    expect(halfWritten.config['initial.controllers']).toContain('1@localhost:');
  });

  test.each(['localhost:0,other:9093', 'other:0', 'localhost:1'])(
    'is not guessed from %s',
    async (servers) => {
      const text = stock(`controller.quorum.bootstrap.servers=${servers}`, 'cluster.id=a');

      await expect(planOf(text)).rejects.toThrow(
        'Name the controllers in controller.quorum.voters',
      );
      const waiting = await planOf(`${text}\ninitial.controllers=`);
      expect(waiting.config['initial.controllers']).toBe('');
    },
  );
});
