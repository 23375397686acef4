/**
 * Errors after which nobody knows whether a record was written, whatever the client says: time-outs
 * and broken connections, and NOT_LEADER_OR_FOLLOWER, which a leader may answer after it has
 * appended (KAFKA-13574). An operation that "failed" with one of them counts as `info`. Fenced and
 * unauthorized producers and sequence numbers out of order are failures and no part of this list.
 * Names: Kafka's protocol errors and its Java client's exceptions.
 */
const INDEFINITE: ReadonlySet<string> = new Set(
  [
    'NOT_LEADER_OR_FOLLOWER',
    'NOT_LEADER_FOR_PARTITION',
    'REQUEST_TIMED_OUT',
    'NETWORK_EXCEPTION',
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'KAFKA_STORAGE_ERROR',
    'UNKNOWN_SERVER_ERROR',
    'TIMEOUT',
    'DISCONNECT',
    'DISCONNECTED',
    'NETWORK',
  ].map(plain),
);

/** `NETWORK_EXCEPTION` and `org.apache…NetworkException: it is gone` are the same. */
export function isIndefinite(error: string): boolean {
  return INDEFINITE.has(plain(error));
}

function plain(error: string): string {
  const name = error.split(':', 1)[0] as string;
  const word = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return word.replace(/[^a-z]/g, '').replace(/(exception|error)$/, '');
}
