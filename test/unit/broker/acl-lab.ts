import { ZERO_UUID } from '../../../kafka/base/uuid.ts';
import {
  type Acl,
  AclOperation,
  AclPermission,
  PatternType,
  ResourceType,
} from '../../../kafka/security/acl.ts';
import { type ApiSpec, apis } from '../../../kafka/wire/apis.ts';
import { createAclsRequest } from '../../../kafka/wire/generated/create-acls-request.ts';
import {
  deleteAclsFilter,
  deleteAclsRequest,
} from '../../../kafka/wire/generated/delete-acls-request.ts';
import { saslAuthenticateRequest } from '../../../kafka/wire/generated/sasl-authenticate-request.ts';
import { saslHandshakeRequest } from '../../../kafka/wire/generated/sasl-handshake-request.ts';
import type { FieldSchema, ScalarType, StructSchema } from '../../../kafka/wire/schema.ts';
import { declaredMessage } from '../wire/support/codecs.ts';
import { Lab, SASL_PORT } from './lab.ts';

const { TOPIC } = ResourceType;
const OP = AclOperation;
const USERS = `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="a";`;
/** The lab of the test that runs. */
export let lab: Lab;
export let topicId = '';

export function startLab(): void {
  lab = new Lab({
    brokers: 1,
    config: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:root;User:ANONYMOUS',
      'offsets.topic.replication.factor': '1',
      'offsets.topic.num.partitions': '1',
      'group.initial.rebalance.delay.ms': '0',
    },
    sasl: { 'sasl.enabled.mechanisms': 'PLAIN', 'plain.sasl.jaas.config': USERS },
  });
  lab.untilRunning(1);
  lab.createTopic('orders', { replicas: 1 });
  lab.createTopic('secrets', { replicas: 1 });
  topicId = lab.broker(1).metadata.image.topic('orders')!.id;
  lab.ask(1, apis.FindCoordinator, create('FindCoordinatorRequest', { coordinatorKeys: ['g'] }));
  lab.advance(2_000);
  lab.port = SASL_PORT;
  authenticate();
}

export function authenticate(): void {
  lab.ask(1, apis.SaslHandshake, saslHandshakeRequest({ mechanism: 'PLAIN' }));
  const authBytes = Buffer.from('\0alice\0a');
  lab.ask(1, apis.SaslAuthenticate, saslAuthenticateRequest({ authBytes }));
}

/** By a super user, who comes in elsewhere. */
export function asRoot<T>(what: () => T): T {
  lab.port = 9092;
  const result = what();
  lab.port = SASL_PORT;
  return result;
}

export function acl(over: Partial<Acl>): Acl {
  return {
    resourceType: TOPIC,
    patternType: PatternType.LITERAL,
    resourceName: 'orders',
    principal: 'User:alice',
    host: '*',
    operation: OP.ALL,
    permissionType: AclPermission.ALLOW,
    ...over,
  };
}

export function grant(...all: Partial<Acl>[]) {
  const creations = all.map((one) => {
    const { patternType, ...rest } = acl(one);
    return { ...rest, resourcePatternType: patternType };
  });
  const made = asRoot(() => lab.ask(1, apis.CreateAcls, createAclsRequest({ creations })));
  lab.advance(100);
  return made.results;
}

export const EVERYTHING = {
  resourceTypeFilter: ResourceType.ANY,
  patternTypeFilter: PatternType.ANY,
  resourceNameFilter: null,
  principalFilter: null,
  hostFilter: null,
  operation: OP.ANY,
  permissionType: AclPermission.ANY,
};

export function revokeAll(): number {
  const filters = [deleteAclsFilter(EVERYTHING)];
  const gone = asRoot(() => lab.ask(1, apis.DeleteAcls, deleteAclsRequest({ filters })));
  lab.advance(100);
  return gone.filterResults[0]!.matchingAcls.length;
}

/** A message of which everything that is left out has its default, at any depth. */
export function create(message: string, init: object): never {
  return filled(declaredMessage(message).schema, init) as never;
}

function filled({ fields }: StructSchema, init: object): object {
  const given = init as Readonly<Record<string, unknown>>;
  const entries = Object.entries(fields).map(([name, field]) => [
    name,
    contentOf(field, given[name]),
  ]);
  return Object.fromEntries(entries);
}

function contentOf({ type, isArray, default: usual }: FieldSchema, given: unknown): unknown {
  if (typeof type === 'string') {
    if (given !== undefined) return given;
    return isArray ? [] : (usual ?? zeroOf(type, usual === null));
  }
  if (given === null) return null;
  if (!isArray) return usual === null && given === undefined ? null : filled(type, given ?? {});
  return ((given ?? []) as object[]).map((one) => filled(type, one));
}

function zeroOf(type: ScalarType, isNull: boolean): unknown {
  if (isNull) return null;
  if (type === 'string') return '';
  if (type === 'bool') return false;
  if (type === 'uuid') return ZERO_UUID;
  return type === 'bytes' || type === 'records' ? new Uint8Array(0) : 0;
}

export function ask(api: ApiSpec<unknown, unknown>, body: object, version?: number): unknown {
  const request = create(`${api.name}Request`, body);
  return lab.ask(1, api as ApiSpec<never, never>, request, version);
}

/** Every error that an answer has, anywhere. */
export function errorsIn(value: unknown): Set<number> {
  const found = new Set<number>();
  const look = (one: unknown, key = ''): void => {
    if (key === 'errorCode' && typeof one === 'number') found.add(one);
    if (Array.isArray(one)) for (const each of one) look(each);
    else if (typeof one === 'object' && one !== null && !(one instanceof Uint8Array)) {
      for (const [name, each] of Object.entries(one)) look(each, name);
    }
  };
  look(value);
  return found;
}
