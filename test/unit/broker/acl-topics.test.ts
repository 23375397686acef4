import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  AclOperation,
  AclPermission,
  PatternType,
  ResourceType,
} from '../../../kafka/security/acl.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { createAclsRequest } from '../../../kafka/wire/generated/create-acls-request.ts';
import { describeAclsRequest } from '../../../kafka/wire/generated/describe-acls-request.ts';
import { fetchRequest } from '../../../kafka/wire/generated/fetch-request.ts';
import { metadataRequest } from '../../../kafka/wire/generated/metadata-request.ts';
import type { MetadataResponseTopic } from '../../../kafka/wire/generated/metadata-response.ts';
import {
  acl,
  ask,
  asRoot,
  create,
  EVERYTHING,
  errorsIn,
  grant,
  lab,
  revokeAll,
  startLab,
  topicId,
} from './acl-lab.ts';
import { Lab } from './lab.ts';

const { TOPIC, GROUP, CLUSTER } = ResourceType;
const OP = AclOperation;
const { TOPIC_AUTHORIZATION_FAILED: NO_TOPIC } = ErrorCode;
const partitions = [{ partitionIndex: 0 }];

describe('of several topics', () => {
  beforeAll(startLab);
  beforeEach(() => {
    revokeAll();
    grant({ operation: OP.ALL });
  });

  const both = [{ name: 'orders' }, { name: 'secrets' }];
  const seen = (topics: readonly MetadataResponseTopic[]) =>
    topics.map(({ name, errorCode, partitions: { length } }) => [name, errorCode, length]);

  test('those that may be described are listed, and others that are named are refused', () => {
    const all = lab.ask(1, apis.Metadata, metadataRequest({ topics: null }));
    const none = lab.ask(1, apis.Metadata, create('MetadataRequest', { topics: [] }), 0);
    const named = lab.ask(
      1,
      apis.Metadata,
      create('MetadataRequest', { topics: [...both, { name: 'no-such' }] }),
    );
    const hidden = lab.ask(
      1,
      apis.Metadata,
      create('MetadataRequest', { topics: [{ name: 'secrets' }] }),
      0,
    );

    expect(seen(all.topics)).toEqual([['orders', 0, 1]]);
    expect(seen(none.topics)).toEqual([['orders', 0, 1]]);
    expect(seen(named.topics)).toEqual([
      ['orders', 0, 1],
      ['secrets', NO_TOPIC, 0],
      ['no-such', NO_TOPIC, 0],
    ]);
    expect(seen(hidden.topics)).toEqual([['secrets', NO_TOPIC, 0]]);
  });

  test('one that is not there is made only by who may create it', () => {
    grant({ resourceName: 'new-', patternType: PatternType.PREFIXED, operation: OP.DESCRIBE });
    const request = { topics: [{ name: 'new-1' }], allowAutoTopicCreation: true };
    const before = lab.ask(1, apis.Metadata, create('MetadataRequest', request));
    grant({ resourceName: 'new-', patternType: PatternType.PREFIXED, operation: OP.CREATE });
    lab.ask(1, apis.Metadata, create('MetadataRequest', request));
    lab.advance(500);
    const after = lab.ask(1, apis.Metadata, create('MetadataRequest', request));

    expect(seen(before.topics)).toEqual([['new-1', NO_TOPIC, 0]]);
    expect(seen(after.topics)).toEqual([['new-1', 0, 1]]);
  });

  test('a write is done for the one and refused for the other', () => {
    const data = (name: string) => ({
      name,
      partitionData: [{ index: 0, records: new Uint8Array(0) }],
    });
    const request = { acks: 1, timeoutMs: 100, topicData: [data('secrets'), data('orders')] };
    const answer = lab.ask(1, apis.Produce, create('ProduceRequest', request));
    const codes = answer.responses.map(({ name, partitionResponses }) => [
      name,
      partitionResponses[0]?.errorCode,
    ]);

    expect(codes).toEqual([
      ['orders', ErrorCode.INVALID_RECORD],
      ['secrets', NO_TOPIC],
    ]);
  });

  test('a write without acknowledgement that is refused ends the connection', () => {
    const data = { name: 'secrets', partitionData: [{ index: 0, records: null }] };
    lab.call(1, apis.Produce, create('ProduceRequest', { acks: 0, topicData: [data] }));
    lab.advance(100);

    // A connection of its own would have to authenticate.
    expect(() => lab.ask(1, apis.Metadata, metadataRequest({ topics: [] }))).toThrow(
      'disconnected',
    );
    startLab();
  });

  test('a consumer gets no fetch session, and nobody goes on with another’s', () => {
    const partition = { partition: 0, fetchOffset: 0, partitionMaxBytes: 100 };
    const topics = [{ topicId, partitions: [partition] }];
    const begun = lab.ask(
      1,
      apis.Fetch,
      create('FetchRequest', { maxWaitMs: 10, topics, sessionEpoch: 0 }),
    );
    const other = lab.ask(
      1,
      apis.Fetch,
      fetchRequest({ maxWaitMs: 10, sessionId: 77, sessionEpoch: 3 }),
    );

    expect(begun).toMatchObject({ errorCode: ErrorCode.NONE, sessionId: 0 });
    expect(begun.responses).toHaveLength(1);
    expect(other.errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
  });

  test('nobody passes for a follower', () => {
    const partition = { partition: 0, fetchOffset: 0, partitionMaxBytes: 100 };
    const topics = [{ topicId, partitions: [partition] }];
    const replicaState = { replicaId: 1, replicaEpoch: -1 };
    const answer = lab.ask(
      1,
      apis.Fetch,
      create('FetchRequest', { maxWaitMs: 10, topics, replicaState }),
    );

    expect(answer.responses[0]?.partitions[0]?.errorCode).toBe(NO_TOPIC);
  });

  test('groups are listed that may be described', () => {
    const groups = () =>
      (ask(apis.ListGroups as never, {}) as { groups: { groupId: string }[] }).groups;
    asRoot(() => {
      const committed = { groupId: 'g', topics: [{ name: 'orders', partitions }] };
      lab.ask(1, apis.OffsetCommit, create('OffsetCommitRequest', committed));
    });
    const before = groups();
    grant({ resourceType: GROUP, resourceName: 'g', operation: OP.READ });

    expect(before).toEqual([]);
    expect(groups().map(({ groupId }) => groupId)).toEqual(['g']);
  });

  test('clients are told what they may do, if they ask', () => {
    const request = {
      topics: [{ name: 'orders' }],
      includeTopicAuthorizedOperations: true,
      includeClusterAuthorizedOperations: true,
    };
    const told = lab.ask(1, apis.Metadata, create('MetadataRequest', request), 8);
    const cluster = ask(apis.DescribeCluster as never, {
      includeClusterAuthorizedOperations: true,
    });
    const all = [
      OP.READ,
      OP.WRITE,
      OP.CREATE,
      OP.DESCRIBE,
      OP.DELETE,
      OP.ALTER,
      OP.DESCRIBE_CONFIGS,
      OP.ALTER_CONFIGS,
    ];

    expect(told.topics[0]?.topicAuthorizedOperations).toBe(
      all.reduce((bits, one) => bits | (1 << one), 0),
    );
    expect(told.clusterAuthorizedOperations).toBe(0);
    expect(cluster).toMatchObject({ clusterAuthorizedOperations: 0 });
  });

  test('a new topic shows its settings only to who may look at them', () => {
    grant({ resourceName: 'fresh', operation: OP.CREATE });
    const topics = [{ name: 'fresh', numPartitions: 1, replicationFactor: 1 }];
    const made = ask(apis.CreateTopics as never, { timeoutMs: 100, topics });

    expect(made).toMatchObject({
      topics: [
        {
          name: 'fresh',
          errorCode: 0,
          topicConfigErrorCode: NO_TOPIC,
          configs: null,
          numPartitions: -1,
        },
      ],
    });
  });
});

describe('ACLs', () => {
  beforeAll(startLab);
  beforeEach(() => {
    revokeAll();
  });

  function describeAll(over: object = {}) {
    const request = describeAclsRequest({ ...EVERYTHING, ...over });
    const { resources } = asRoot(() => lab.ask(1, apis.DescribeAcls, request));
    return resources.map((one) => [
      one.resourceType,
      one.patternType,
      one.resourceName,
      one.acls.length,
    ]);
  }

  test('are made once, listed by resource and found by name', () => {
    const { PREFIXED, LITERAL, MATCH } = PatternType;
    const results = grant(
      { operation: OP.READ },
      { operation: OP.READ },
      { operation: OP.WRITE },
      { patternType: PREFIXED, resourceName: 'ord' },
      { resourceName: '*' },
    );
    grant({ operation: OP.READ });

    expect(results.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0, 0, 0]);
    expect(describeAll()).toEqual([
      [TOPIC, LITERAL, 'orders', 2],
      [TOPIC, PREFIXED, 'ord', 1],
      [TOPIC, LITERAL, '*', 1],
    ]);
    expect(describeAll({ resourceNameFilter: 'orders' })).toHaveLength(1);
    expect(describeAll({ resourceNameFilter: 'orders', patternTypeFilter: MATCH })).toHaveLength(3);
    expect(describeAll({ operation: OP.WRITE })).toEqual([[TOPIC, LITERAL, 'orders', 1]]);
    expect(revokeAll()).toBe(4);
  });

  test('that say nothing that Kafka knows are refused one by one', () => {
    const results = grant(
      { resourceType: CLUSTER, resourceName: 'mine' },
      { resourceName: '' },
      { resourceType: ResourceType.ANY },
      { patternType: PatternType.MATCH },
      { operation: OP.ANY },
      { permissionType: AclPermission.ANY },
      { principal: 'alice' },
      {},
    );

    expect(results.map(({ errorCode }) => errorCode)).toEqual([42, 42, 42, 42, 42, 42, 42, 0]);
    expect(results[0]?.errorMessage).toBe(
      'The only valid name for the CLUSTER resource is kafka-cluster',
    );
    expect(describeAll()).toHaveLength(1);
  });

  test('hold for the host that they name', () => {
    const metadata = () => errorsIn(ask(apis.Metadata as never, { topics: [{ name: 'orders' }] }));
    grant({ host: 'somewhere', operation: OP.READ });
    const elsewhere = metadata();
    grant({ host: 'raw', operation: OP.READ });

    expect([...elsewhere]).toContain(NO_TOPIC);
    expect([...metadata()]).not.toContain(NO_TOPIC);
  });

  test('are there after all nodes were killed', () => {
    grant({ operation: OP.READ });
    for (const name of ['broker-1', 'controller-101']) lab.world.kill(name);
    lab.advance(100);
    for (const name of ['controller-101', 'broker-1']) lab.world.start(name);
    lab.untilRunning(1);

    expect(describeAll()).toEqual([[TOPIC, PatternType.LITERAL, 'orders', 1]]);
  });

  test('are not there without an authorizer', () => {
    const plain = new Lab({ brokers: 1, sasl: { 'sasl.enabled.mechanisms': 'SCRAM-SHA-256' } });
    plain.untilRunning(1);
    const { patternType, ...rest } = acl({});
    const creations = [{ ...rest, resourcePatternType: patternType }];
    const made = plain.ask(1, apis.CreateAcls, createAclsRequest({ creations }));
    const listed = plain.ask(1, apis.DescribeAcls, describeAclsRequest(EVERYTHING));

    expect(made.results[0]?.errorCode).toBe(ErrorCode.SECURITY_DISABLED);
    expect(listed.errorCode).toBe(ErrorCode.SECURITY_DISABLED);
  });
});
