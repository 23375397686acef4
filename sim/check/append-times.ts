/**
 * When batches were written, by the events that tell of it: whatever Kafka does with the age of a
 * batch is judged by it. To the millisecond, which is how Kafka counts.
 */
import type { RunWorld } from '../run-world.ts';
import { Column } from './history/column.ts';

const MILLISECOND_US = 1_000;

export class AppendTimes {
  private readonly events = new Column(64, Int32Array);
  private readonly timesUs = new Column(64);
  private newestUs = Number.NEGATIVE_INFINITY;

  /** Listens to the run from its beginning. */
  watch({ trace }: RunWorld): void {
    trace.subscribe('log.appended', (event, timeUs) => {
      if (timeUs < this.newestUs + MILLISECOND_US) return;
      this.newestUs = timeUs;
      this.events.push(event);
      this.timesUs.push(timeUs);
    });
  }

  /**
   * Until when what `event` tells of was written, at the latest; µs. Of an event that is not known,
   * below 0, until the last write of all.
   */
  latestUs(event: number): number {
    let low = 0;
    let high = event < 0 ? 0 : this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events.at(middle) > event) high = middle;
      else low = middle + 1;
    }
    const index = event < 0 ? this.events.length - 1 : low - 1;
    return index < 0 ? 0 : this.timesUs.at(index) + MILLISECOND_US;
  }
}
