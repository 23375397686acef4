/** Why nobody answered, in words: which addresses were tried and what became of each. */
import type { Reached } from '../../server/client/remote-client.ts';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'connection reset',
};

/** `problem`: what the client says itself, '' for nothing. */
export function unreachableWords(
  bootstrap: readonly string[],
  addresses: ReadonlyMap<string, Reached>,
  problem: string,
): string {
  const asked = bootstrap.join(', ');
  const lines = [`no Kafka broker answers at ${asked}`];
  for (const [address, reached] of addresses) {
    const advertised = bootstrap.includes(address) ? '' : ' (as its cluster advertises it)';
    lines.push(`  ${address}${advertised}: ${wordsOf(reached)}`);
  }
  if (problem !== '') lines.push(`  ${problem}`);
  const reached = [...addresses];
  const hidden = reached.some(([address, how]) => how !== null && !bootstrap.includes(address));
  if (hidden)
    lines.push('  (advertised.listeners of the brokers must name what clients can reach)');
  return lines.join('\n');
}

/** Of an address that only the cluster names. */
export function hiddenWords(address: string, reached: Reached): string {
  return `${address}, as the cluster advertises a broker, cannot be reached: ${wordsOf(reached)}`;
}

function wordsOf(reached: Reached): string {
  if (reached === null) return 'connected';
  if (reached === 'connecting') return 'no answer';
  return REASONS[reached.code] ?? reached.code;
}
