/**
 * The one animation loop of the page. Painters ask for a frame when something of theirs is out of
 * date and are called once in the next one; tickers (playing, easing) are called in every frame
 * while they are on, before the painters. Nothing runs while nothing is asked for.
 */

export interface Painter {
  paint(nowMs: number): void;
}

/** @param elapsedMs since the last frame of this ticker; 0 in its first. */
type Ticker = (nowMs: number, elapsedMs: number) => void;

/** How many frames the record of painting times remembers. */
const REMEMBERED = 600;

class FrameLoop {
  private readonly waiting = new Set<Painter>();
  private readonly tickers = new Map<Ticker, number | null>();
  private readonly costs = new Float64Array(REMEMBERED);
  private frames = 0;
  private handle: number | null = null;

  /** Calls `painter` in the next frame, once however often it is asked for. */
  request(painter: Painter): void {
    this.waiting.add(painter);
    this.wake();
  }

  cancel(painter: Painter): void {
    this.waiting.delete(painter);
  }

  /** Calls `ticker` in every frame. @returns stops it. */
  tick(ticker: Ticker): () => void {
    this.tickers.set(ticker, null);
    this.wake();
    return () => {
      this.tickers.delete(ticker);
    };
  }

  /** Milliseconds of our own work in each of the last frames, oldest first. */
  get costsMs(): number[] {
    const count = Math.min(this.frames, REMEMBERED);
    return Array.from(
      { length: count },
      (_, place) => this.costs[(this.frames - count + place) % REMEMBERED] ?? 0,
    );
  }

  private wake(): void {
    this.handle ??= requestAnimationFrame(this.frame);
  }

  private readonly frame = (nowMs: number): void => {
    this.handle = null;
    const beganMs = performance.now();
    for (const [ticker, lastMs] of [...this.tickers]) {
      if (!this.tickers.has(ticker)) continue;
      this.tickers.set(ticker, nowMs);
      ticker(nowMs, lastMs === null ? 0 : nowMs - lastMs);
    }
    const painters = [...this.waiting];
    this.waiting.clear();
    for (const painter of painters) painter.paint(nowMs);
    this.costs[this.frames % REMEMBERED] = performance.now() - beganMs;
    this.frames += 1;
    if (this.tickers.size > 0 || this.waiting.size > 0) this.wake();
  };
}

export const frames = new FrameLoop();
