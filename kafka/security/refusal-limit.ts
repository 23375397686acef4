/**
 * How often a node tells of clients that it did not let in: ten at once, then one a second. Whoever
 * guesses passwords in a loop fills no disk with it; how many went untold is told with the next.
 */
const BURST = 10;
const EVERY_MS = 1000;
/** What a client wrote may be in it. */
const MAX_WORDS = 200;

export class RefusalLimit {
  private left = BURST;
  private since = 0;
  private untold = 0;

  /**
   * One more was refused.
   * @returns how many were not told before it; null: it is not to be told itself.
   */
  next(nowMs: number): number | null {
    const earned = Math.floor((nowMs - this.since) / EVERY_MS);
    if (earned > 0) {
      this.left = Math.min(BURST, this.left + earned);
      this.since += earned * EVERY_MS;
    }
    if (this.left === 0) {
      this.untold += 1;
      return null;
    }
    const { untold } = this;
    this.left -= 1;
    this.untold = 0;
    return untold;
  }
}

/** On one line, and not long. */
export function oneLine(words: string): string {
  const printable = words.replace(/[^ -~\u00a0-\ud7ff]/g, '?');
  return printable.length > MAX_WORDS ? `${printable.slice(0, MAX_WORDS)}…` : printable;
}
