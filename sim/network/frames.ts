/**
 * Recognises Kafka frames in what one side of a connection sends, without decoding them: a send
 * that is exactly one frame is labelled with its API key. Requests begin with size, key, version
 * and correlation id; a response names only its correlation id, so requests under way are kept.
 */

/** A connection without answers (acks=0) keeps no more requests than this in mind. */
const REMEMBERED_REQUESTS = 4_096;
const HEADER_BYTES = 12;
const MIN_RESPONSE_BYTES = 8;

/** Follows frame boundaries through any cut of the stream. */
export class FrameLabeller {
  /** Of the last labelled send; -1 when it had no label. */
  apiKey = -1;
  apiVersion = -1;
  correlationId = -1;
  /** Frames that began in the last send. */
  framesBegun = 0;
  /** Bytes of the frame under way still to come. */
  private remaining = 0;
  /** Bytes of a size prefix that a send ended in. */
  private prefixBytes = 0;
  private prefix = 0;
  /** It is not Kafka: nothing is labelled any more. */
  private garbled = false;
  /** Requests without a response yet, from `first` on: id, key, version. */
  private requests: number[] = [];
  private first = 0;

  request(bytes: Uint8Array): void {
    if (!this.isOneFrame(bytes, HEADER_BYTES)) {
      this.noLabel(bytes);
      return;
    }
    this.framesBegun = 1;
    this.apiKey = ((bytes[4] as number) << 8) | (bytes[5] as number);
    this.apiVersion = ((bytes[6] as number) << 8) | (bytes[7] as number);
    this.correlationId = int32(bytes, 8);
    this.requests.push(this.correlationId, this.apiKey, this.apiVersion);
    if (this.requests.length - this.first > REMEMBERED_REQUESTS * 3) this.first += 3;
    if (this.first > REMEMBERED_REQUESTS * 3) {
      this.requests = this.requests.slice(this.first);
      this.first = 0;
    }
  }

  /** @param requests the labeller of the other direction. */
  response(bytes: Uint8Array, requests: FrameLabeller): void {
    if (!this.isOneFrame(bytes, MIN_RESPONSE_BYTES)) {
      this.noLabel(bytes);
      return;
    }
    this.framesBegun = 1;
    this.correlationId = int32(bytes, 4);
    this.apiKey = -1;
    this.apiVersion = -1;
    const known = requests.requests;
    let at = requests.first;
    while (at < known.length && known[at] !== this.correlationId) at += 3;
    if (at === known.length) return;
    this.apiKey = known[at + 1] as number;
    this.apiVersion = known[at + 2] as number;
    requests.first = at + 3;
    if (requests.first === known.length) {
      while (known.length > 0) known.pop();
      requests.first = 0;
    }
  }

  private isOneFrame(bytes: Uint8Array, atLeast: number): boolean {
    if (this.remaining !== 0 || this.prefixBytes !== 0 || bytes.length < atLeast) return false;
    return int32(bytes, 0) + 4 === bytes.length && !this.garbled;
  }

  private noLabel(bytes: Uint8Array): void {
    this.apiKey = -1;
    this.apiVersion = -1;
    this.correlationId = -1;
    this.framesBegun = 0;
    let at = 0;
    while (at < bytes.length && !this.garbled) {
      if (this.remaining > 0) {
        const step = this.remaining < bytes.length - at ? this.remaining : bytes.length - at;
        this.remaining -= step;
        at += step;
        continue;
      }
      if (this.prefixBytes === 0) this.framesBegun += 1;
      this.prefix = (this.prefix << 8) | (bytes[at++] as number);
      this.prefixBytes += 1;
      if (this.prefixBytes < 4) continue;
      if (this.prefix < 0) this.garbled = true;
      this.remaining = this.prefix;
      this.prefix = 0;
      this.prefixBytes = 0;
    }
  }
}

function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}
