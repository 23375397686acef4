/**
 * The text of `initial.scram.credentials`: what `kafka-storage format` takes as --add-scram (KIP-900),
 * separated by semicolons: `SCRAM-SHA-256=[name=alice,password=secret,iterations=4096]`.
 */
import type { SaslMechanismName } from './listener-security.ts';

export interface InitialCredential {
  readonly mechanism: Exclude<SaslMechanismName, 'PLAIN'>;
  readonly name: string;
  readonly password: string;
  readonly iterations: number;
}

const ENTRY = /^\s*(SCRAM-SHA-(?:256|512))=\[(.*)\]\s*$/s;
const KEYS: ReadonlySet<string> = new Set(['name', 'password', 'iterations']);
const ITERATIONS = { min: 4096, max: 16_384 };

/** null: it cannot be read. */
export function parseScramCredentials(text: string): InitialCredential[] | null {
  const found: InitialCredential[] = [];
  for (const entry of text.split(';').filter((one) => one.trim() !== '')) {
    const match = ENTRY.exec(entry);
    const credential = match === null ? null : credentialOf(match[1] as string, match[2] as string);
    if (credential === null) return null;
    found.push(credential);
  }
  return found;
}

function credentialOf(mechanism: string, text: string): InitialCredential | null {
  const options = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const key = part.slice(0, equals).trim();
    if (equals < 0 || !KEYS.has(key) || options.has(key)) return null;
    options.set(key, part.slice(equals + 1).replace(/^"(.*)"$/, '$1'));
  }
  const name = options.get('name') ?? '';
  const password = options.get('password') ?? '';
  const iterations = Number(options.get('iterations') ?? ITERATIONS.min);
  const inRange = iterations >= ITERATIONS.min && iterations <= ITERATIONS.max;
  if (name === '' || password === '' || !Number.isInteger(iterations) || !inRange) return null;
  return { mechanism: mechanism as InitialCredential['mechanism'], name, password, iterations };
}
