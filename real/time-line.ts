/**
 * What is to happen at its time, on the clock of this machine: in the order of times, then of ranks,
 * then as it was asked for.
 */
interface Due {
  readonly atUs: number;
  readonly rank: number;
  readonly action: () => void;
}

export class TimeLine {
  private readonly nowUs: () => number;
  /** Latest first. */
  private readonly due: Due[] = [];
  private timer: NodeJS.Timeout | null = null;
  private over = false;

  constructor(nowUs: () => number) {
    this.nowUs = nowUs;
  }

  add(due: Due): void {
    const { due: all } = this;
    let at = all.length;
    while (at > 0 && !isBefore(due, all[at - 1] as Due)) at -= 1;
    all.splice(at, 0, due);
    if (at === all.length - 1) this.arm();
  }

  stop(): void {
    this.over = true;
    this.due.length = 0;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const next = this.due.at(-1);
    if (next === undefined || this.over) return;
    const waitMs = Math.max(0, Math.ceil((next.atUs - this.nowUs()) / 1_000));
    this.timer = setTimeout(() => this.act(), waitMs);
  }

  private act(): void {
    this.timer = null;
    const nowUs = this.nowUs();
    for (;;) {
      const next = this.due.at(-1);
      if (next === undefined || next.atUs > nowUs) break;
      this.due.pop();
      next.action();
    }
    this.arm();
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.atUs < other.atUs || (one.atUs === other.atUs && one.rank < other.rank);
}
