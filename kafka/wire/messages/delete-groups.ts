/** DeleteGroups, API key 42: deletes empty groups. */
import { int16, int32, request, response, string, strings, structs } from '../schema.ts';

export const deleteGroupsRequest = request({
  key: 42,
  name: 'DeleteGroupsRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    groupsNames: strings('0+'),
  },
});

export const deleteGroupsResponse = response({
  key: 42,
  name: 'DeleteGroupsResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: structs('0+', {
      of: 'DeletableGroupResult',
      fields: {
        groupId: string('0+', { mapKey: true }),
        errorCode: int16('0+'),
      },
    }),
  },
});
