/** Why nobody answered, in words: which addresses were tried and what became of each. */
import {
  CLOSED_IN_HANDSHAKE,
  CLOSED_UNANSWERED,
  type Reached,
  SPEAKS_HTTP,
  SPEAKS_OTHERWISE,
  WANTS_TLS,
} from '../../server/client/reached.ts';

const SEE = 'security.protocol in --command-config says how to come in';
const UNTRUSTED = 'nobody who is trusted vouches for its certificate (ssl.truststore.*)';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  [CLOSED_UNANSWERED]: `closed without an answer, as listeners with SASL or TLS do (${SEE})`,
  [CLOSED_IN_HANDSHAKE]: `closed within the TLS handshake, which it may not speak (${SEE})`,
  [WANTS_TLS]: `it speaks TLS (${SEE})`,
  [SPEAKS_HTTP]: 'what answers there speaks HTTP and is no Kafka broker',
  [SPEAKS_OTHERWISE]: 'what answers there is no Kafka broker',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'it wants a certificate of the client (ssl.keystore.*)',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS (security.protocol)',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks other versions of TLS (ssl.enabled.protocols)',
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
  if (reached === 'silent') return `connected, and no answer came (${SEE})`;
  return REASONS[reached.code] ?? reached.code;
}
