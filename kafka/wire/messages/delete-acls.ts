/** DeleteAcls, API key 31: removes the ACLs that match filters (KIP-140, KIP-290). */
import { int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const deleteAclsRequest = request({
  key: 31,
  name: 'DeleteAclsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    filters: structs('0+', {
      of: 'DeleteAclsFilter',
      fields: {
        resourceTypeFilter: int8('0+'),
        resourceNameFilter: string('0+', { nullable: '0+' }),
        patternTypeFilter: int8('1+', { default: 3 }),
        principalFilter: string('0+', { nullable: '0+' }),
        hostFilter: string('0+', { nullable: '0+' }),
        operation: int8('0+'),
        permissionType: int8('0+'),
      },
    }),
  },
});

export const deleteAclsResponse = response({
  key: 31,
  name: 'DeleteAclsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    filterResults: structs('0+', {
      of: 'DeleteAclsFilterResult',
      fields: {
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
        matchingAcls: structs('0+', {
          of: 'DeleteAclsMatchingAcl',
          fields: {
            errorCode: int16('0+'),
            errorMessage: string('0+', { nullable: '0+' }),
            resourceType: int8('0+'),
            resourceName: string('0+'),
            patternType: int8('1+', { default: 3 }),
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
