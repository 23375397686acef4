/** DescribeAcls, API key 29: the ACLs that match a filter (KIP-140, patterns KIP-290). */
import { int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const describeAclsRequest = request({
  key: 29,
  name: 'DescribeAclsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    resourceTypeFilter: int8('0+'),
    resourceNameFilter: string('0+', { nullable: '0+' }),
    patternTypeFilter: int8('1+', { default: 3 }),
    principalFilter: string('0+', { nullable: '0+' }),
    hostFilter: string('0+', { nullable: '0+' }),
    operation: int8('0+'),
    permissionType: int8('0+'),
  },
});

export const describeAclsResponse = response({
  key: 29,
  name: 'DescribeAclsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    resources: structs('0+', {
      of: 'DescribeAclsResource',
      fields: {
        resourceType: int8('0+'),
        resourceName: string('0+'),
        patternType: int8('1+', { default: 3 }),
        acls: structs('0+', {
          of: 'AclDescription',
          fields: {
            principal: string('0+'),
            host: string('0+'),
            operation: int8('0+'),
            permissionType: int8('0+'),
          },
        }),
      },
    }),
  },
});
