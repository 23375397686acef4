/** Keys that producers, consumers and admin clients share (Kafka's CommonClientConfigs). */
import { int, list, long, string } from './define.ts';

export const clientKeys = {
  'bootstrap.servers': list({ default: [], doc: 'First addresses to ask: host:port.' }),
  'client.id': string({ default: '', doc: 'Name of the client in requests and reports.' }),
  'request.timeout.ms': int({
    default: 30000,
    min: 0,
    doc: 'A request without answer for this long fails and its connection is dropped.',
  }),
  'retry.backoff.ms': long({
    default: 100,
    min: 0,
    doc: 'Wait before the first repetition of a failed request; doubles from there.',
  }),
  'retry.backoff.max.ms': long({
    default: 1000,
    min: 0,
    doc: 'Longest wait before a failed request is repeated.',
  }),
  'reconnect.backoff.ms': long({
    default: 50,
    min: 0,
    doc: 'Wait before the first new connection to the same node; doubles from there.',
  }),
  'reconnect.backoff.max.ms': long({
    default: 1000,
    min: 0,
    doc: 'Longest wait before a new connection to the same node.',
  }),
  'socket.connection.setup.timeout.ms': long({
    default: 10000,
    min: 0,
    doc: 'How long a connection may take to be made, at first.',
  }),
  'socket.connection.setup.timeout.max.ms': long({
    default: 30000,
    min: 0,
    doc: 'How long a connection may take to be made, after repeated failures.',
  }),
  'metadata.max.age.ms': long({
    default: 300000,
    min: 0,
    doc: 'Metadata older than this is asked for again even if nothing seems wrong.',
  }),
};
