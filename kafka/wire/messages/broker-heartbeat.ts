/**
 * BrokerHeartbeat, API key 63: a broker is alive, wants to be unfenced or to shut down
 * (KIP-631).
 */
import { bool, int16, int32, int64, request, response, uuids } from '../schema.ts';

export const brokerHeartbeatRequest = request({
  key: 63,
  name: 'BrokerHeartbeatRequest',
  versions: '0-1',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
    currentMetadataOffset: int64('0+'),
    wantFence: bool('0+'),
    wantShutDown: bool('0+'),
    offlineLogDirs: uuids('1+', { tag: 0 }),
  },
});

export const brokerHeartbeatResponse = response({
  key: 63,
  name: 'BrokerHeartbeatResponse',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    isCaughtUp: bool('0+', { default: false }),
    isFenced: bool('0+', { default: true }),
    shouldShutDown: bool('0+'),
  },
});
