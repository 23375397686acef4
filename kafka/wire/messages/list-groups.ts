/** ListGroups, API key 16: the groups a broker coordinates. */
import { int16, int32, request, response, string, strings, structs } from '../schema.ts';

export const listGroupsRequest = request({
  key: 16,
  name: 'ListGroupsRequest',
  versions: '0-5',
  flexible: '3+',
  fields: {
    statesFilter: strings('4+'),
    typesFilter: strings('5+'),
  },
});

export const listGroupsResponse = response({
  key: 16,
  name: 'ListGroupsResponse',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
    groups: structs('0+', {
      of: 'ListedGroup',
      fields: {
        groupId: string('0+'),
        protocolType: string('0+'),
        groupState: string('4+', { ignorable: true }),
        groupType: string('5+', { ignorable: true }),
      },
    }),
  },
});
