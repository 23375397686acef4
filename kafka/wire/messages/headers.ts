/** What precedes every request and response body. */
import { header, int16, int32, string } from '../schema.ts';

export const requestHeader = header({
  name: 'RequestHeader',
  versions: '0-2',
  flexible: '2+',
  fields: {
    requestApiKey: int16('0+'),
    requestApiVersion: int16('0+'),
    correlationId: int32('0+'),
    clientId: string('1+', {
      nullable: '1+',
      ignorable: true,
      neverFlexible: true,
    }),
  },
});

export const responseHeader = header({
  name: 'ResponseHeader',
  versions: '0-1',
  flexible: '1+',
  fields: {
    correlationId: int32('0+'),
  },
});
