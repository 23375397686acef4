/** DeleteTopics, API key 20: deletes topics. */
import { int16, int32, request, response, string, strings, structs, uuid } from '../schema.ts';

export const deleteTopicsRequest = request({
  key: 20,
  name: 'DeleteTopicsRequest',
  versions: '0-6',
  flexible: '4+',
  fields: {
    topics: structs('6+', {
      of: 'DeleteTopicState',
      fields: {
        name: string('6+', { nullable: '6+', default: null }),
        topicId: uuid('6+'),
      },
    }),
    topicNames: strings('0-5', { ignorable: true }),
    timeoutMs: int32('0+'),
  },
});

export const deleteTopicsResponse = response({
  key: 20,
  name: 'DeleteTopicsResponse',
  versions: '0-6',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    responses: structs('0+', {
      of: 'DeletableTopicResult',
      fields: {
        name: string('0+', { nullable: '6+', mapKey: true }),
        topicId: uuid('6+', { ignorable: true }),
        errorCode: int16('0+'),
        errorMessage: string('5+', {
          nullable: '5+',
          default: null,
          ignorable: true,
        }),
      },
    }),
  },
});
