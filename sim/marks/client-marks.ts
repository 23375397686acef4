/** Marks of clients: what leaders refuse, what producers repeat, what consumers have to redo. */
import { atLeast, type Mark, told } from './mark.ts';

export const clientMarks: readonly Mark[] = [
  told(
    { name: 'refused-isr-too-small', needs: 'settings', doc: 'Too few replicas are in sync' },
    'produce.refused',
    { error: 'NOT_ENOUGH_REPLICAS' },
  ),
  told(
    {
      name: 'refused-not-leader',
      needs: 'any fault',
      doc: 'A producer asks a broker that lost the lead',
    },
    'produce.refused',
    { error: 'NOT_LEADER_OR_FOLLOWER' },
  ),
  told(
    {
      name: 'refused-sequence-gap',
      needs: 'any fault',
      doc: 'A batch comes before its predecessor',
    },
    'produce.refused',
    { error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' },
  ),
  told(
    { name: 'refused-too-large', needs: 'settings', doc: 'A batch is larger than a segment' },
    'produce.refused',
    { error: 'RECORD_LIST_TOO_LARGE' },
  ),
  told(
    { name: 'refused-disk', needs: 'disk', doc: 'A leader’s log directory is offline' },
    'produce.refused',
    { error: 'KAFKA_STORAGE_ERROR' },
  ),
  told(
    { name: 'refused-unknown-topic', needs: 'operations', doc: 'A producer writes to no topic' },
    'produce.refused',
    { error: 'UNKNOWN_TOPIC_OR_PARTITION' },
  ),
  told(
    {
      name: 'batch-came-twice',
      needs: 'any fault or tight settings',
      doc: 'An idempotent batch is taken for a repetition',
    },
    'produce.duplicate',
  ),
  told(
    {
      name: 'retried-disconnected',
      needs: 'any fault or tight settings',
      doc: 'A producer repeats what may be written',
    },
    'client.retried',
    { error: 'NETWORK_EXCEPTION' },
  ),
  told(
    { name: 'retried-not-leader', needs: 'any fault', doc: 'A producer looks for the new leader' },
    'client.retried',
    { error: 'NOT_LEADER_OR_FOLLOWER' },
  ),
  told(
    {
      name: 'retried-timed-out',
      needs: 'any fault or tight settings',
      doc: 'A producer repeats what took too long',
    },
    'client.retried',
    { error: 'REQUEST_TIMED_OUT' },
  ),
  told(
    { name: 'retried-isr-too-small', needs: 'settings', doc: 'A producer waits for the ISR' },
    'client.retried',
    { error: 'NOT_ENOUGH_REPLICAS' },
  ),
  told(
    { name: 'retried-sequence-gap', needs: 'any fault', doc: 'A producer repeats after a gap' },
    'client.retried',
    { error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' },
  ),
  told(
    { name: 'retried-ten-times', needs: 'any fault', doc: 'A batch is sent for the eleventh time' },
    'client.retried',
    { attempts: atLeast(10) },
  ),
  told(
    { name: 'send-given-up', needs: 'settings', doc: 'A send certainly failed for its time-out' },
    'command.completed',
    { result: 'failed', error: 'TimeoutException' },
  ),
  told(
    {
      name: 'send-unknown',
      needs: 'any fault or tight settings',
      doc: 'A send timed out and may be written',
    },
    'command.completed',
    { result: 'unknown', error: 'TimeoutException' },
  ),
  told(
    {
      name: 'consumer-truncated',
      needs: 'any fault',
      doc: 'A consumer goes back after a truncation',
    },
    'consumer.position',
    { how: 'truncated' },
  ),
];
