/**
 * DescribeClientQuotas (key 48): there are no quotas, so none is found; what could not be asked of
 * Kafka is refused as there (ClientQuotasImage).
 */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  ComponentData,
  DescribeClientQuotasRequest,
} from '../../wire/generated/describe-client-quotas-request.ts';
import { describeClientQuotasResponse } from '../../wire/generated/describe-client-quotas-response.ts';

const ENTITY_TYPES: ReadonlySet<string> = new Set(['user', 'client-id', 'ip']);
const EXACT = 0;
const SPECIFIED = 2;

export function describeClientQuotas(
  context: RequestContext,
  { components }: DescribeClientQuotasRequest,
): void {
  const [errorCode, errorMessage] = problemOf(components) ?? [ErrorCode.NONE, null];
  const entries = errorCode === ErrorCode.NONE ? [] : null;
  context.respond(describeClientQuotasResponse({ errorCode, errorMessage, entries }));
}

function problemOf(components: readonly ComponentData[]): [ErrorCode, string] | null {
  const types = components.map((one) => one.entityType);
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') return [ErrorCode.INVALID_REQUEST, 'Invalid empty entity type.'];
    if (!ENTITY_TYPES.has(entityType)) {
      return [ErrorCode.UNSUPPORTED_VERSION, `Custom entity type '${entityType}' not supported`];
    }
    if (types.indexOf(entityType) !== types.lastIndexOf(entityType)) {
      return [ErrorCode.INVALID_REQUEST, `Entity type ${entityType} cannot appear more than once.`];
    }
    if (matchType < EXACT || matchType > SPECIFIED) {
      return [ErrorCode.INVALID_REQUEST, `Unknown match type ${matchType}`];
    }
    if ((matchType === EXACT) !== (match !== null)) {
      return [ErrorCode.INVALID_REQUEST, 'Only an exact match names whom it matches.'];
    }
  }
  if (types.includes('ip') && types.length > 1) {
    const message = 'Invalid entity filter component combination: ip goes with no other.';
    return [ErrorCode.INVALID_REQUEST, message];
  }
  return null;
}
