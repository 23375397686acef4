/** DescribeAcls (key 29): the ACLs that match a filter, by resource (KIP-140). */
import { aclFilter, unknownPart } from '../../controller/acl-control.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { filterMatches } from '../../security/acl.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DescribeAclsRequest } from '../../wire/generated/describe-acls-request.ts';
import {
  aclDescription,
  type DescribeAclsResource,
  describeAclsResource,
  describeAclsResponse,
} from '../../wire/generated/describe-acls-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function describeAcls({ metadata: { image }, authorizer }: BrokerServices) {
  return (context: RequestContext, request: DescribeAclsRequest): void => {
    if (authorizer === null) {
      const errorMessage = 'No Authorizer is configured on the broker';
      const errorCode = ErrorCode.SECURITY_DISABLED;
      return context.respond(describeAclsResponse({ errorCode, errorMessage }));
    }
    const filter = aclFilter(request);
    const unknown = unknownPart(filter);
    if (unknown !== null) return context.respond(describeAclsResponse(unknown));
    const resources = new Map<string, DescribeAclsResource>();
    for (const [, acl] of image.acls) {
      if (!filterMatches(filter, acl)) continue;
      const { resourceType, patternType, resourceName } = acl;
      const key = `${resourceType}/${patternType}/${resourceName}`;
      const known = resources.get(key);
      const resource =
        known ?? describeAclsResource({ resourceType, patternType, resourceName, acls: [] });
      if (known === undefined) resources.set(key, resource);
      resource.acls.push(aclDescription(acl));
    }
    const found = [...resources.values()];
    context.respond(describeAclsResponse({ errorMessage: null, resources: found }));
  };
}
