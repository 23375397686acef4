/**
 * What will happen, in the total order (time, sequence): first by time, at equal times in the
 * order of pushing. A 4-ary heap over typed arrays; payloads lie in slots beside it. Events that
 * mostly come in the order of their times (ends of steps) go through a short sorted ring instead,
 * where a push is an append. Nothing is ever removed: an event that no longer matters finds that
 * out when it runs.
 */
const FIRST_CAPACITY = 256;
/** A power of two; beyond it near events go into the heap. */
const NEAR_CAPACITY = 64;
/** Below all others: `pushFirst`. */
const FIRST_SEQUENCE = -(2 ** 52);
const RANK_SIZE = 2 ** 40;

export class EventQueue {
  /** The event that `pop` returned last. */
  timeUs = 0;
  kind = 0;
  target: object | null = null;
  argument = 0;

  private size = 0;
  private nextSequence = 0;
  private nextFirst = 0;
  private capacity = FIRST_CAPACITY;
  private times = new Float64Array(FIRST_CAPACITY);
  private sequences = new Float64Array(FIRST_CAPACITY);
  private slots = new Int32Array(FIRST_CAPACITY);
  private kinds = new Uint8Array(FIRST_CAPACITY);
  private arguments = new Float64Array(FIRST_CAPACITY);
  private readonly targets: (object | null)[] = new Array<object | null>(FIRST_CAPACITY).fill(null);
  /** Slots not in use: `free[0 … capacity - size)`. */
  private free = Int32Array.from({ length: FIRST_CAPACITY }, (_, i) => i);

  private readonly nearTimes = new Float64Array(NEAR_CAPACITY);
  private readonly nearSequences = new Float64Array(NEAR_CAPACITY);
  private readonly nearKinds = new Uint8Array(NEAR_CAPACITY);
  private readonly nearArguments = new Float64Array(NEAR_CAPACITY);
  private readonly nearTargets: (object | null)[] = new Array<null>(NEAR_CAPACITY).fill(null);
  private nearHead = 0;
  private nearSize = 0;

  get length(): number {
    return this.size + this.nearSize;
  }

  /** When the first event is due; `Infinity` when there is none. */
  get nextTimeUs(): number {
    const far = this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
    if (this.nearSize === 0) return far;
    const near = this.nearTimes[this.nearHead] as number;
    return near < far ? near : far;
  }

  /** `push` for events that seldom come before one that was pushed earlier. */
  pushNear(timeUs: number, kind: number, target: object | null, argument: number): void {
    if (this.nearSize === NEAR_CAPACITY) {
      this.push(timeUs, kind, target, argument);
      return;
    }
    const mask = NEAR_CAPACITY - 1;
    const times = this.nearTimes;
    const head = this.nearHead;
    let count = this.nearSize++;
    while (count > 0) {
      const before = (head + count - 1) & mask;
      if ((times[before] as number) <= timeUs) break;
      const at = (head + count) & mask;
      times[at] = times[before] as number;
      this.nearSequences[at] = this.nearSequences[before] as number;
      this.nearKinds[at] = this.nearKinds[before] as number;
      this.nearArguments[at] = this.nearArguments[before] as number;
      this.nearTargets[at] = this.nearTargets[before] as object | null;
      count -= 1;
    }
    const at = (head + count) & mask;
    times[at] = timeUs;
    this.nearSequences[at] = this.nextSequence++;
    this.nearKinds[at] = kind;
    this.nearArguments[at] = argument;
    this.nearTargets[at] = target;
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

  /**
   * `push` of what comes before everything else of its moment: first by rank, then in the order of
   * pushing. So it makes no difference when before its moment it is pushed.
   * @param rank 0, 1, …
   */
  pushFirst(
    timeUs: number,
    rank: number,
    { kind, target }: { readonly kind: number; readonly target: object },
  ): void {
    this.push(timeUs, kind, target, 0);
    const { times, sequences, slots } = this;
    const sequence = FIRST_SEQUENCE + rank * RANK_SIZE + this.nextFirst++;
    let at = this.size - 1;
    while ((sequences[at] as number) !== this.nextSequence - 1) at -= 1;
    const slot = slots[at] as number;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if ((times[parent] as number) < timeUs || (sequences[parent] as number) < sequence) break;
      times[at] = times[parent] as number;
      sequences[at] = sequences[parent] as number;
      slots[at] = slots[parent] as number;
      at = parent;
    }
    times[at] = timeUs;
    sequences[at] = sequence;
    slots[at] = slot;
  }

  /** Takes the first event out, into the fields above; false when there is none. */
  pop(): boolean {
    if (this.nearSize > 0 && this.nearIsFirst()) {
      this.popNear();
      return true;
    }
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

  private nearIsFirst(): boolean {
    if (this.size === 0) return true;
    const near = this.nearTimes[this.nearHead] as number;
    const far = this.times[0] as number;
    if (near !== far) return near < far;
    return (this.nearSequences[this.nearHead] as number) < (this.sequences[0] as number);
  }

  private popNear(): void {
    const at = this.nearHead;
    this.timeUs = this.nearTimes[at] as number;
    this.kind = this.nearKinds[at] as number;
    this.target = this.nearTargets[at] as object | null;
    this.argument = this.nearArguments[at] as number;
    this.nearTargets[at] = null;
    this.nearHead = (at + 1) & (NEAR_CAPACITY - 1);
    this.nearSize -= 1;
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
