/** BrokerRegistration, API key 62: a starting broker registers with the controller (KIP-631). */
import {
  bool,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  structs,
  uint16,
  uuid,
  uuids,
} from '../schema.ts';

export const brokerRegistrationRequest = request({
  key: 62,
  name: 'BrokerRegistrationRequest',
  versions: '0-4',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    clusterId: string('0+'),
    incarnationId: uuid('0+'),
    listeners: structs('0+', {
      of: 'Listener',
      fields: {
        name: string('0+', { mapKey: true }),
        host: string('0+'),
        port: uint16('0+'),
        securityProtocol: int16('0+'),
      },
    }),
    features: structs('0+', {
      of: 'Feature',
      fields: {
        name: string('0+', { mapKey: true }),
        minSupportedVersion: int16('0+'),
        maxSupportedVersion: int16('0+'),
      },
    }),
    rack: string('0+', { nullable: '0+' }),
    isMigratingZkBroker: bool('1+', { default: false }),
    logDirs: uuids('2+', { ignorable: true }),
    previousBrokerEpoch: int64('3+', { default: -1, ignorable: true }),
  },
});

export const brokerRegistrationResponse = response({
  key: 62,
  name: 'BrokerRegistrationResponse',
  versions: '0-4',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
  },
});
