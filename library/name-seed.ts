/** The seed that a name stands for: the same every time, and none of it hangs on other names. */

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a of its UTF-16 units; an integer from 0 to 2^31 - 1. */
export function nameSeed(name: string): number {
  let hash = OFFSET_BASIS;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), PRIME);
  return hash >>> 1;
}
