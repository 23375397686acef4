/**
 * What will happen, in the total order (time, sequence): first by time, at equal times in the
 * order of pushing. A 4-ary heap over typed arrays; payloads lie in slots beside it. Nothing is
 * ever removed: an event that no longer matters finds that out when it runs.
 */
const FIRST_CAPACITY = 256;

export class EventQueue {
  /** The event that `pop` returned last. */
  timeUs = 0;
  kind = 0;
  target: object | null = null;
  argument = 0;

  private size = 0;
  private nextSequence = 0;
  private capacity = FIRST_CAPACITY;
  private times = new Float64Array(FIRST_CAPACITY);
  private sequences = new Float64Array(FIRST_CAPACITY);
  private slots = new Int32Array(FIRST_CAPACITY);
  private kinds = new Uint8Array(FIRST_CAPACITY);
  private arguments = new Float64Array(FIRST_CAPACITY);
  private readonly targets: (object | null)[] = new Array<object | null>(FIRST_CAPACITY).fill(null);
  /** Slots not in use: `free[0 … capacity - size)`. */
  private free = Int32Array.from({ length: FIRST_CAPACITY }, (_, i) => i);

  get length(): number {
    return this.size;
  }

  /** When the first event is due; `Infinity` when there is none. */
  get nextTimeUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
  }

  /** @param kind 0 … 255; it and the rest come back from `pop`. */
  push(timeUs: number, kind: number, target: object | null, argument: number): void {
    if (this.size === this.capacity) this.grow();
    const slot = this.free[this.capacity - this.size - 1] as number;
    this.kinds[slot] = kind;
    this.targets[slot] = target;
    this.arguments[slot] = argument;
    const times = this.times;
    const sequences = this.sequences;
    const slots = this.slots;
    // The newest sequence is the greatest, so only the time decides on the way up.
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent] as number;
      if (parentTime <= timeUs) break;
      times[at] = parentTime;
      sequences[at] = sequences[parent] as number;
      slots[at] = slots[parent] as number;
      at = parent;
    }
    times[at] = timeUs;
    sequences[at] = this.nextSequence++;
    slots[at] = slot;
  }

  /** Takes the first event out, into the fields above; false when there is none. */
  pop(): boolean {
    if (this.size === 0) return false;
    const slot = this.slots[0] as number;
    this.timeUs = this.times[0] as number;
    this.kind = this.kinds[slot] as number;
    this.target = this.targets[slot] as object | null;
    this.argument = this.arguments[slot] as number;
    this.targets[slot] = null;
    this.size -= 1;
    this.free[this.capacity - this.size - 1] = slot;
    if (this.size > 0) this.sinkLast();
    return true;
  }

  /** Puts the last leaf where it belongs below the empty root. */
  private sinkLast(): void {
    const times = this.times;
    const sequences = this.sequences;
    const slots = this.slots;
    const size = this.size;
    const time = times[size] as number;
    const sequence = sequences[size] as number;
    let at = 0;
    for (;;) {
      const first = at * 4 + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      let leastTime = times[first] as number;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] as number;
        if (
          childTime < leastTime ||
          (childTime === leastTime && (sequences[child] as number) < (sequences[least] as number))
        ) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && sequence < (sequences[least] as number)))
        break;
      times[at] = leastTime;
      sequences[at] = sequences[least] as number;
      slots[at] = slots[least] as number;
      at = least;
    }
    times[at] = time;
    sequences[at] = sequence;
    slots[at] = slots[size] as number;
  }

  private grow(): void {
    const old = this.capacity;
    const capacity = old * 2;
    this.capacity = capacity;
    this.times = widenFloats(this.times, capacity);
    this.sequences = widenFloats(this.sequences, capacity);
    this.arguments = widenFloats(this.arguments, capacity);
    const slots = new Int32Array(capacity);
    slots.set(this.slots);
    this.slots = slots;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.free = new Int32Array(capacity);
    for (let i = 0; i < capacity - old; i++) this.free[i] = capacity - 1 - i;
    for (let slot = old; slot < capacity; slot++) this.targets.push(null);
  }
}

function widenFloats(from: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(capacity);
  wide.set(from);
  return wide;
}
