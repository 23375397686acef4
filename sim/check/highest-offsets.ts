/**
 * The highest offset of a kind, high watermark or log end, that any leader of a partition had told
 * by any moment of the run.
 */
import { Column } from './history/column.ts';

interface Course {
  /** Ascending. */
  readonly events: Column;
  readonly offsets: Column;
}

export class HighestOffsets {
  private readonly courses = new Map<string, Course>();

  told(partition: string, offset: number, event: number): void {
    let course = this.courses.get(partition);
    if (course === undefined) {
      course = { events: new Column(), offsets: new Column() };
      this.courses.set(partition, course);
    }
    const last = course.events.length - 1;
    if (last >= 0 && course.offsets.at(last) >= offset) return;
    course.events.push(event);
    course.offsets.push(offset);
  }

  /** The highest told at `event` or before; 0 when there was none. */
  reached(partition: string, event: number): number {
    const course = this.courses.get(partition);
    if (course === undefined) return 0;
    let low = 0;
    let high = course.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (course.events.at(middle) <= event) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : course.offsets.at(low - 1);
  }
}
