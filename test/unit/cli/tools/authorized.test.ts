/** The tools in the hands of somebody with few rights: what is refused is told at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerCluster, startServerCluster } from '../../../../server/cluster/cluster.ts';
import { trial, typedTrial } from '../in-process.ts';

const MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const config = {
  'listener.security.protocol.map': 'CLIENTS:SASL_PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'plain.sasl.jaas.config': `${MODULE} user_carol="c";`,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
};
const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };

describe('a topic that one may not describe', () => {
  let cluster: ServerCluster;
  let folder: string;
  let at: string[];
  beforeAll(async () => {
    const topics = [{ name: 'sec', partitions: 1, replicationFactor: 1 }];
    cluster = await startServerCluster({ ...shape, port: 0, data: null, config }, topics);
    folder = mkdtempSync(join(tmpdir(), 'trial-rights-'));
    const keys = [
      'security.protocol=SASL_PLAINTEXT',
      'sasl.mechanism=PLAIN',
      `sasl.jaas.config=${MODULE} username="carol" password="c";`,
    ];
    const file = join(folder, 'carol.properties');
    writeFileSync(file, keys.join('\n'));
    at = ['--bootstrap-server', cluster.bootstrap.join(','), '--command-config', file];
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  });

  test.each([
    { args: [] },
    { args: ['--group', 'g'] },
    { args: ['--partition', '0', '--offset', 'earliest'] },
  ])('is refused to who reads it with $args', async ({ args }) => {
    const { code, out, err } = await trial('consume', ...at, '--topic', 'sec', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('TOPIC_AUTHORIZATION_FAILED: not authorized for the topic: sec');
    expect(err).not.toContain('waiting for it');
  });

  test('is refused to who writes to it', async () => {
    const { code, out, err } = await typedTrial(['a', 'b'], 'produce', ...at, '--topic', 'sec');

    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const line of ["line 1 'a'", "line 2 'b'"]) {
      expect(err).toContain(`${line} was not sent: TOPIC_AUTHORIZATION_FAILED: not authorized`);
    }
  });
});
