/** FNV-1a, 32 bits: what a name or a file is known by, the same on every machine. */

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * The seed that a name stands for, so that it hangs on no other name: over its UTF-16 units, an
 * integer from 0 to 2^31 - 1.
 */
export function nameSeed(name: string): number {
  let hash = OFFSET_BASIS;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), PRIME);
  return hash >>> 1;
}

/** Over the bytes of all parts; 8 hex digits. */
export function contentHash(parts: readonly Uint8Array[]): string {
  let hash = OFFSET_BASIS;
  for (const part of parts) for (const byte of part) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
