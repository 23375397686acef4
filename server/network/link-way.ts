/**
 * One direction of one connection under the faults of its link: what passes may be held back
 * until the link heals, as TCP does when packets are lost, or come later. Order is kept.
 */

/** Shared by all connections of one direction between two nodes. */
export interface LinkState {
  cut: boolean;
  delayMs: number;
}

interface Held {
  readonly bytes: number;
  readonly dueMs: number;
  readonly go: () => void;
}

export class LinkWay {
  heldBytes = 0;
  private readonly state: LinkState;
  private held: Held[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(state: LinkState) {
    this.state = state;
  }

  pass(bytes: number, go: () => void): void {
    const { cut, delayMs } = this.state;
    if (!cut && delayMs === 0 && this.held.length === 0) {
      go();
      return;
    }
    this.held.push({ bytes, dueMs: performance.now() + delayMs, go });
    this.heldBytes += bytes;
    this.arm();
  }

  /** The link has changed. */
  changed(): void {
    this.arm();
  }

  drop(): void {
    this.held = [];
    this.heldBytes = 0;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private arm(): void {
    const first = this.held[0];
    if (this.timer !== null || first === undefined || this.state.cut) return;
    const waitMs = Math.max(0, Math.ceil(first.dueMs - performance.now()));
    this.timer = setTimeout(() => {
      this.timer = null;
      this.release();
    }, waitMs);
  }

  private release(): void {
    const nowMs = performance.now();
    for (;;) {
      const first = this.held[0];
      if (first === undefined || this.state.cut || first.dueMs > nowMs) break;
      this.held.shift();
      this.heldBytes -= first.bytes;
      first.go();
    }
    this.arm();
  }
}
