/**
 * The arrows: a frame that left one node and the input that brought it to another. Nothing is
 * kept for them; they are found in a stretch of the run by looking at what arrived in it.
 */
import type { TraceStore } from './trace-store.ts';

export interface Message {
  readonly sentEvent: number;
  readonly sentUs: number;
  readonly sentNode: number;
  readonly receivedEvent: number;
  readonly receivedUs: number;
  readonly receivedNode: number;
}

/** An arrow reaches the screen although it ends this long behind its right edge. */
const LONGEST_US = 2_000_000;

export class Messages {
  private readonly store: TraceStore;
  private readonly sentId: number;

  constructor(store: TraceStore) {
    this.store = store;
    this.sentId = store.kindIdOf('frame.sent');
  }

  /**
   * The messages that are under way at some moment of the stretch.
   * @returns null when there are more than `limit`, or more than can be looked at in a frame.
   */
  within(
    stretch: { readonly fromUs: number; readonly untilUs: number },
    limit: number,
  ): Message[] | null {
    const { store } = this;
    const received = store.listOf('input.received');
    const first = received.placeFrom(store.eventAtTime(stretch.fromUs - 1) + 1);
    const found: Message[] = [];
    for (let place = first; place < received.count; place++) {
      const event = received.at(place);
      const timeUs = store.timeUs(event);
      if (timeUs > stretch.untilUs + LONGEST_US) break;
      if (place - first > limit * 20) return timeUs > stretch.untilUs ? found : null;
      for (const message of this.broughtBy(event)) {
        if (message.sentUs > stretch.untilUs) continue;
        found.push(message);
        if (found.length > limit) return null;
      }
    }
    return found;
  }

  /** The messages that an `input.received` brought. */
  broughtBy(event: number): Message[] {
    const { store } = this;
    const found: Message[] = [];
    for (const sentEvent of [store.parentA(event), store.parentB(event)]) {
      if (sentEvent === 0 || store.kindId(sentEvent) !== this.sentId) continue;
      found.push({
        sentEvent,
        sentUs: store.timeUs(sentEvent),
        sentNode: store.node(sentEvent),
        receivedEvent: event,
        receivedUs: store.timeUs(event),
        receivedNode: store.node(event),
      });
    }
    return found;
  }

  /** Where a frame that was sent arrived first, if in pieces; null when it did not (yet). */
  arrivalOf(sentEvent: number): Message | null {
    const received = this.store.listOf('input.received');
    for (let place = received.placeFrom(sentEvent + 1); place < received.count; place++) {
      const event = received.at(place);
      const { parentA, parentB } = this.parents(event);
      if (parentA === sentEvent || parentB === sentEvent) {
        return this.broughtBy(event).find((one) => one.sentEvent === sentEvent) ?? null;
      }
    }
    return null;
  }

  private parents(event: number): { parentA: number; parentB: number } {
    return { parentA: this.store.parentA(event), parentB: this.store.parentB(event) };
  }
}
