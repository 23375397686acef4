/** Names of fields and verbs as words. */

/** `powerCut` → `power cut` */
export function spoken(verb: string): string {
  return verb.replace(/[a-z][A-Z]/g, ([end = '', letter = '']) => `${end} ${letter.toLowerCase()}`);
}
