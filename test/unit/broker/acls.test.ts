/** What a client may do, API by API: nothing without an ACL, and with the one that Kafka asks for. */
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guardOf } from '../../../kafka/broker/guards/guards.ts';
import { operatorGuard } from '../../../kafka/controller/operator-guards.ts';
import { AclOperation, AclPermission } from '../../../kafka/security/acl.ts';
import { type ApiSpec, apiByKey, apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { metadataRequest } from '../../../kafka/wire/generated/metadata-request.ts';
import { declaredMessage } from '../wire/support/codecs.ts';
import { arbitraryStruct } from '../wire/support/values.ts';
import { CASES } from './acl-cases.ts';
import { ask, authenticate, errorsIn, grant, lab, revokeAll, startLab } from './acl-lab.ts';
import { Lab } from './lab.ts';

const OP = AclOperation;
const {
  TOPIC_AUTHORIZATION_FAILED: NO_TOPIC,
  GROUP_AUTHORIZATION_FAILED: NO_GROUP,
  CLUSTER_AUTHORIZATION_FAILED: NO_CLUSTER,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: NO_TRANSACTION,
} = ErrorCode;

describe('a user', () => {
  beforeAll(startLab);
  beforeEach(() => {
    revokeAll();
  });

  test.each(CASES)('of $api, version $version', ({ api, body, version, needs, refused }) => {
    const spec = apis[api] as unknown as ApiSpec<unknown, unknown>;
    const asked = () => errorsIn(ask(spec, typeof body === 'function' ? body() : body, version));
    const failures = [NO_TOPIC, NO_GROUP, NO_CLUSTER, NO_TRANSACTION];

    expect([...asked()]).toContain(refused);

    grant(...needs);
    const granted = asked();
    expect(failures.filter((code) => granted.has(code))).toEqual([]);

    // A denial of READ would still leave DESCRIBE.
    const deny = { operation: OP.ALL, permissionType: AclPermission.DENY };
    grant(...needs.map((one) => ({ ...one, ...deny })));
    expect([...asked()]).toContain(refused);
  });

  test('is asked of by a case for each API that is guarded', () => {
    const asked = new Set(CASES.map(({ api }) => api as string));
    const guarded = Object.values(apis)
      .map(({ key, name }) => ({ key, name }))
      .filter(({ key }) => operatorGuard(key) !== null || guardOf(key) !== null)
      .map(({ name }) => name)
      .filter((name) => !asked.has(name));

    expect(guarded.sort()).toEqual([
      'ApiVersions',
      'DescribeCluster',
      'ListGroups',
      'SaslAuthenticate',
      'SaslHandshake',
    ]);
  });

  test('finds no API that has lost its handler to the lack of a guard', () => {
    const plain = new Lab({ brokers: 1, sasl: { 'sasl.enabled.mechanisms': 'SCRAM-SHA-256' } });
    plain.untilRunning(1);
    const keys = (one: Lab) =>
      one
        .broker(1)
        .server.advertised()
        .map(({ apiKey }) => apiByKey(apiKey)?.name);

    expect(keys(lab)).toEqual(keys(plain));
  });
});

describe('whatever a client asks that may do nothing', () => {
  beforeAll(startLab);

  test.each(
    (Object.values(apis) as ApiSpec<unknown, unknown>[]).filter(({ key }) => guardOf(key) !== null),
  )('$name is answered, or ends the connection, and the broker lives', (api) => {
    const { schema } = declaredMessage(`${api.name}Request`);
    for (let version = api.minVersion; version <= api.maxVersion; version++) {
      const seed = api.key * 100 + version;
      for (const body of fc.sample(arbitraryStruct(schema, version), { numRuns: 5, seed })) {
        const answer = lab.call(1, api as ApiSpec<never, never>, body as never, version);
        lab.until(() => answer.reply !== null, 70_000, 100);
      }
      startAgain();
    }
  });

  /** The connection may have been closed; what waits for it has ended, too. */
  function startAgain(): void {
    try {
      lab.ask(1, apis.Metadata, metadataRequest({ topics: [] }));
    } catch {
      authenticate();
    }
  }
});
