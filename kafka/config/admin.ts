/** Keys of admin clients (Kafka's AdminClientConfig, level 4.1). */
import { clientKeys } from './client.ts';
import { defineConfigs, int, long } from './define.ts';

const adminKeys = {
  ...clientKeys,
  'connections.max.idle.ms': long({
    default: 300000,
    doc: 'Connections without traffic for this long are closed; negative means never.',
  }),
  retries: int({ default: 2147483647, min: 0, doc: 'How often a failed call is sent again.' }),
  'default.api.timeout.ms': int({
    default: 60000,
    min: 0,
    doc: 'How long a call may take with all its repetitions.',
  }),
};

export const adminConfigs = defineConfigs('admin', adminKeys);
