/**
 * When a broker may have forgotten a producer: it forgets one whose last batch is older, by the
 * batch's timestamp and its own wall clock, than producer.id.expiration.ms, and then takes any
 * sequence number (Kafka: ProducerStateManager). A repeated batch is no duplicate to it.
 */
import type { Witness } from '../witness.ts';
import type { SendHistory } from './history.ts';

/** The setting that permits a copy or an overtaking of this record, or null. */
export function producerExpiry(witness: Witness, sends: SendHistory, row: number): string | null {
  const answeredUs = sends.answeredUs.at(row);
  // All attempts lie between the two; who was never answered may have been tried for long.
  const triedMs = answeredUs < 0 ? 0 : (answeredUs - sends.invokedUs.at(row)) / 1_000;
  const oldestMs = witness.clocks.spreadMs + triedMs;
  return oldestMs >= witness.settings.producerIdExpirationMs ? 'producer.id.expiration.ms' : null;
}
