/** A record as JSON: text where bytes are UTF-8, else base64 under another name. */
import type { ConsumedRecord } from '../../../kafka/client/commands.ts';

export function recordJson(record: ConsumedRecord) {
  const { topic, partition, offset, timestampMs, timestampType, leaderEpoch } = record;
  return {
    topic,
    partition,
    offset,
    timestampMs,
    timestampType,
    leaderEpoch,
    ...field('key', record.key),
    ...field('value', record.value),
    headers: record.headers.map((one) => ({ key: one.key, ...field('value', one.value) })),
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `{ value: 'text' }`, `{ value: null }` or `{ valueBase64: '…' }` */
function field(name: string, bytes: Uint8Array | null): Record<string, string | null> {
  if (bytes === null) return { [name]: null };
  const text = decoded(bytes);
  if (text !== null) return { [name]: text };
  return { [`${name}Base64`]: Buffer.from(bytes).toString('base64') };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
