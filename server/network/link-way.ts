/**
 * One direction of one connection under the faults of its link: what passes may be held back
 * until the link heals, as TCP does when packets are lost, or come later. Order is kept.
 */

/** Shared by all connections of one direction between two nodes. */
export interface LinkState {
  cut: boolean;
  delayMs: number;
  /** Up to so much more, drawn for each piece. */
  jitterMs: number;
  /** null: as fast as it goes. */
  bytesPerSecond: number | null;
  /** With a bandwidth: when what was sent so far has gone through. */
  busyUntilMs: number;
}

export function wholeLink(): LinkState {
  return { cut: false, delayMs: 0, jitterMs: 0, bytesPerSecond: null, busyUntilMs: 0 };
}

function isWhole({ cut, delayMs, jitterMs, bytesPerSecond }: LinkState): boolean {
  return !cut && delayMs === 0 && jitterMs === 0 && bytesPerSecond === null;
}

interface Held {
  readonly bytes: number;
  dueMs: number;
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
    if (isWhole(this.state) && this.held.length === 0) {
      go();
      return;
    }
    this.held.push({ bytes, dueMs: this.dueMs(bytes), go });
    this.heldBytes += bytes;
    this.arm();
  }

  private dueMs(bytes: number): number {
    const { state } = this;
    const { delayMs, jitterMs, bytesPerSecond } = state;
    const nowMs = performance.now();
    let sentMs = nowMs;
    if (bytesPerSecond !== null) {
      sentMs = Math.max(nowMs, state.busyUntilMs) + (bytes / bytesPerSecond) * 1_000;
      state.busyUntilMs = sentMs;
    }
    return sentMs + delayMs + (jitterMs === 0 ? 0 : Math.random() * jitterMs);
  }

  /** The link has changed; what waits on one that is whole again waits no longer. */
  changed(): void {
    if (isWhole(this.state)) for (const one of this.held) one.dueMs = 0;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
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
