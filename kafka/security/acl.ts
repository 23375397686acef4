/**
 * Access control lists: what they are made of, with Kafka's ids of the protocol (KIP-11, prefixes
 * KIP-290; Kafka: StandardAcl, ResourceType, AclOperation, PatternType, AclPermissionType).
 */
export const ResourceType = {
  UNKNOWN: 0,
  ANY: 1,
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
} as const;
export type ResourceType = (typeof ResourceType)[keyof typeof ResourceType];

export const AclOperation = {
  UNKNOWN: 0,
  ANY: 1,
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
} as const;
export type AclOperation = (typeof AclOperation)[keyof typeof AclOperation];

export const PatternType = { UNKNOWN: 0, ANY: 1, MATCH: 2, LITERAL: 3, PREFIXED: 4 } as const;

export const AclPermission = { UNKNOWN: 0, ANY: 1, DENY: 2, ALLOW: 3 } as const;

/** The name that the one resource of type CLUSTER has. */
export const CLUSTER_NAME = 'kafka-cluster';
export const WILDCARD = '*';
export const ANY_USER = 'User:*';

/** Ids that are none of these are kept as they come: a later Kafka's, which match nothing here. */
export interface Acl {
  readonly resourceType: number;
  /** LITERAL: that resource, or all for `*`; PREFIXED: all whose names begin so. */
  readonly patternType: number;
  readonly resourceName: string;
  /** `User:alice`, `User:*` */
  readonly principal: string;
  /** An address, or `*`. */
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

export function sameAcl(a: Acl, b: Acl): boolean {
  return (
    a.resourceType === b.resourceType &&
    a.patternType === b.patternType &&
    a.resourceName === b.resourceName &&
    a.principal === b.principal &&
    a.host === b.host &&
    a.operation === b.operation &&
    a.permissionType === b.permissionType
  );
}

/** Null, ANY: whatever it is. `patternType` MATCH: those that a resource of that name falls under. */
export interface AclFilter {
  readonly resourceType: number;
  readonly patternType: number;
  readonly resourceName: string | null;
  readonly principal: string | null;
  readonly host: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

/** Kafka: ResourcePatternFilter, AccessControlEntryFilter. */
export function filterMatches(filter: AclFilter, acl: Acl): boolean {
  const { ANY } = ResourceType;
  const { resourceType, principal, host, operation, permissionType } = filter;
  return (
    (resourceType === ANY || resourceType === acl.resourceType) &&
    patternMatches(filter, acl) &&
    (principal === null || principal === acl.principal) &&
    (host === null || host === acl.host) &&
    (operation === AclOperation.ANY || operation === acl.operation) &&
    (permissionType === AclPermission.ANY || permissionType === acl.permissionType)
  );
}

function patternMatches({ patternType, resourceName: name }: AclFilter, acl: Acl): boolean {
  const { ANY, MATCH, PREFIXED } = PatternType;
  if (patternType !== ANY && patternType !== MATCH && patternType !== acl.patternType) return false;
  if (name === null) return true;
  if (patternType !== MATCH || name === acl.resourceName) return name === acl.resourceName;
  if (acl.patternType === PREFIXED) return name.startsWith(acl.resourceName);
  return acl.resourceName === WILDCARD;
}
