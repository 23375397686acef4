/** CreateAcls, API key 30 (KIP-140, patterns KIP-290). */
import { int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const createAclsRequest = request({
  key: 30,
  name: 'CreateAclsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    creations: structs('0+', {
      of: 'AclCreation',
      fields: {
        resourceType: int8('0+'),
        resourceName: string('0+'),
        resourcePatternType: int8('1+', { default: 3 }),
        principal: string('0+'),
        host: string('0+'),
        operation: int8('0+'),
        permissionType: int8('0+'),
      },
    }),
  },
});

export const createAclsResponse = response({
  key: 30,
  name: 'CreateAclsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: structs('0+', {
      of: 'AclCreationResult',
      fields: {
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
      },
    }),
  },
});
