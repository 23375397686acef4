/** What a server.properties is understood as, and what is said about what it gets wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InvalidProperties, planNode } from '../../../server/properties/node-plan.ts';
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

async function problemsOf(...more: string[]): Promise<string> {
  try {
    const plan = await planNode('a.properties', lines(...combined, ...more));
    for (const port of Object.values(plan.listeners)) port.release();
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
  });
});
