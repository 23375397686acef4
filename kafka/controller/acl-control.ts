/** ACLs in the metadata log (Kafka: AclApis, AclControlManager). */
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import type { RandomStream } from '../host.ts';
import type { MetadataImage } from '../metadata/image.ts';
import {
  type Acl,
  AclOperation,
  AclPermission,
  CLUSTER_NAME,
  filterMatches,
  PatternType,
  ResourceType,
  sameAcl,
} from '../security/acl.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { AclCreation, CreateAclsRequest } from '../wire/generated/create-acls-request.ts';
import {
  aclCreationResult,
  type CreateAclsResponse,
  createAclsResponse,
} from '../wire/generated/create-acls-response.ts';
import type { DeleteAclsFilter, DeleteAclsRequest } from '../wire/generated/delete-acls-request.ts';
import {
  type DeleteAclsFilterResult,
  type DeleteAclsResponse,
  deleteAclsFilterResult,
  deleteAclsMatchingAcl,
  deleteAclsResponse,
} from '../wire/generated/delete-acls-response.ts';
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import {
  type ControllerResult,
  MAX_RECORDS_PER_OPERATION,
  type Refusal,
  readOnly,
  refusal,
} from './controller-result.ts';

interface Parts {
  readonly image: MetadataImage;
  /** null where nobody is refused anything. */
  readonly authorizer: object | null;
  aclIds(): RandomStream;
}

const DISABLED = refusal(ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured.');

export function createAcls(
  parts: Parts,
  { creations }: CreateAclsRequest,
): ControllerResult<CreateAclsResponse> {
  const { image, authorizer } = parts;
  if (authorizer === null) {
    return readOnly(
      createAclsResponse({ results: creations.map(() => aclCreationResult(DISABLED)) }),
    );
  }
  const made: Acl[] = [];
  const results = creations.map((creation) => {
    const problem = problemOf(creation);
    if (problem !== null) {
      return aclCreationResult({ errorCode: ErrorCode.INVALID_REQUEST, errorMessage: problem });
    }
    const acl = aclOf(creation);
    if (!image.acls.includes(acl) && !made.some((one) => sameAcl(one, acl))) made.push(acl);
    return aclCreationResult({ errorMessage: null });
  });
  if (made.length > MAX_RECORDS_PER_OPERATION) {
    const tooMany = refusal(ErrorCode.POLICY_VIOLATION, TOO_MANY);
    return readOnly(
      createAclsResponse({ results: creations.map(() => aclCreationResult(tooMany)) }),
    );
  }
  const records = made.map((acl) =>
    metadataRecord('AccessControlEntryRecord', { id: newId(image, parts.aclIds()), ...acl }),
  );
  return { records, response: createAclsResponse({ results }), why: '' };
}

const TOO_MANY = `More than ${MAX_RECORDS_PER_OPERATION} ACLs in one request`;

/** v0 has no pattern types: all are literal, which is the codec's default. */
function aclOf({ resourcePatternType: patternType, ...rest }: AclCreation): Acl {
  return { ...rest, patternType };
}

function problemOf(creation: AclCreation): string | null {
  const { resourceType, resourcePatternType, operation, permissionType } = creation;
  const { CLUSTER, ANY, USER } = ResourceType;
  if (resourceType === CLUSTER && creation.resourceName !== CLUSTER_NAME) {
    return `The only valid name for the CLUSTER resource is ${CLUSTER_NAME}`;
  }
  if (creation.resourceName === '') return 'Invalid empty resource name';
  if (resourceType <= ANY || resourceType > USER) return `Invalid resourceType ${resourceType}`;
  const { LITERAL, PREFIXED } = PatternType;
  if (resourcePatternType !== LITERAL && resourcePatternType !== PREFIXED) {
    return `Invalid patternType ${resourcePatternType}`;
  }
  if (operation <= AclOperation.ANY || operation > AclOperation.TWO_PHASE_COMMIT) {
    return `Invalid operation ${operation}`;
  }
  if (permissionType !== AclPermission.DENY && permissionType !== AclPermission.ALLOW) {
    return `Invalid permissionType ${permissionType}`;
  }
  if (/^[^:]+:./.test(creation.principal)) return null;
  return `Could not parse principal from ${creation.principal}, expected principalType:principalName`;
}

function newId(image: MetadataImage, random: RandomStream): Uuid {
  for (;;) {
    const id = uuidFromBytes(random.bytes(16), 0);
    if (!id.startsWith('-') && !image.acls.has(id)) return id;
  }
}

export function deleteAcls(
  { image, authorizer }: Parts,
  { filters }: DeleteAclsRequest,
): ControllerResult<DeleteAclsResponse> {
  if (authorizer === null) {
    const filterResults = filters.map(() => deleteAclsFilterResult(DISABLED));
    return readOnly(deleteAclsResponse({ filterResults }));
  }
  const gone = new Set<Uuid>();
  const filterResults = filters.map((filter) => resultOf(image, filter, gone));
  if (gone.size > MAX_RECORDS_PER_OPERATION) {
    const tooMany = deleteAclsFilterResult(refusal(ErrorCode.POLICY_VIOLATION, TOO_MANY));
    return readOnly(deleteAclsResponse({ filterResults: filters.map(() => tooMany) }));
  }
  const records = [...gone].map(
    (id): MetadataRecord => metadataRecord('RemoveAccessControlEntryRecord', { id }),
  );
  return { records, response: deleteAclsResponse({ filterResults }), why: '' };
}

function resultOf(
  image: MetadataImage,
  asked: DeleteAclsFilter,
  gone: Set<Uuid>,
): DeleteAclsFilterResult {
  const filter = aclFilter(asked);
  const unknown = unknownPart(filter);
  if (unknown !== null) return deleteAclsFilterResult(unknown);
  const matchingAcls = [];
  for (const [id, acl] of image.acls) {
    if (!filterMatches(filter, acl)) continue;
    gone.add(id);
    matchingAcls.push(deleteAclsMatchingAcl({ ...acl, errorMessage: null }));
  }
  return deleteAclsFilterResult({ errorMessage: null, matchingAcls });
}

/** As DescribeAcls and DeleteAcls carry it. */
export function aclFilter(asked: DeleteAclsFilter) {
  return {
    resourceType: asked.resourceTypeFilter,
    resourceName: asked.resourceNameFilter,
    patternType: asked.patternTypeFilter,
    principal: asked.principalFilter,
    host: asked.hostFilter,
    operation: asked.operation,
    permissionType: asked.permissionType,
  };
}

/** Why a filter is refused, in which something is not known. */
export function unknownPart(filter: ReturnType<typeof aclFilter>): Refusal | null {
  const { resourceType, patternType, operation, permissionType } = filter;
  const known = (id: number, last: number): boolean => id > 0 && id <= last;
  if (!known(resourceType, ResourceType.USER) || !known(patternType, PatternType.PREFIXED)) {
    return refusal(ErrorCode.INVALID_REQUEST, 'Unknown patternFilter.');
  }
  const { TWO_PHASE_COMMIT } = AclOperation;
  if (!known(operation, TWO_PHASE_COMMIT) || !known(permissionType, AclPermission.ALLOW)) {
    return refusal(ErrorCode.INVALID_REQUEST, 'Unknown entryFilter.');
  }
  return null;
}
