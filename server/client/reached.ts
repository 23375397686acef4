/**
 * What became of the connections of a client to one address. A broker that closes connections
 * before it has answered anything worth knowing, as listeners with SASL and TLS do to whoever does
 * not know of it, counts as not reached.
 */
import { WireError } from '../../kafka/base/reader.ts';
import { FrameReader } from '../../kafka/wire/frame.ts';
import type { ConnectionWatcher } from '../network/connection.ts';

/** Under way, `null` when a connection came up, else why the last one did not. */
export type Reached = 'connecting' | null | { readonly code: string };

/** Closed by the peer without an answer. */
export const CLOSED_UNANSWERED = 'CLOSED_UNANSWERED';
/** Closed by the peer before it had come up, though somebody listens: within a TLS handshake. */
export const CLOSED_IN_HANDSHAKE = 'CLOSED_IN_HANDSHAKE';
/** The peer speaks TLS and heard none. */
export const WANTS_TLS = 'WANTS_TLS';

const ALERT = 21;
const TLS_MAJOR = 3;
const MAX_FRAME_BYTES = 104_857_600;
/** `errorCode` of an ApiVersions answer that asks for an older version. */
const UNSUPPORTED_VERSION = 35;

export class AddressWatch {
  reached: Reached = 'connecting';
  /** Something was answered here once: what fails later is another matter. */
  private answered = false;
  private readonly answersBefore: number;

  /** @param answersBefore how many answers come before any that is worth something. */
  constructor(answersBefore: number) {
    this.answersBefore = answersBefore;
  }

  /** One more connection to it. */
  watcher(): ConnectionWatcher {
    if (this.reached !== null) this.reached = 'connecting';
    let frames: FrameReader | null = this.answered ? null : new FrameReader(MAX_FRAME_BYTES);
    let answers = 0;
    let isUp = false;
    return {
      up: () => {
        isUp = true;
        this.reached = null;
      },
      received: (bytes) => {
        if (frames === null) return;
        if (bytes[0] === ALERT && bytes[1] === TLS_MAJOR && answers === 0) {
          this.reached = { code: WANTS_TLS };
          frames = null;
          return;
        }
        answers += countAnswers(frames, bytes);
        if (answers <= this.answersBefore) return;
        this.answered = true;
        frames = null;
      },
      ended: (error) => {
        if (this.answered || isFailed(this.reached)) return;
        const closed = isUp ? CLOSED_UNANSWERED : CLOSED_IN_HANDSHAKE;
        this.reached = { code: error === '' ? closed : error };
      },
    };
  }
}

function isFailed(reached: Reached): boolean {
  return reached !== null && reached !== 'connecting';
}

/** Those that say more than that another version should be asked for. */
function countAnswers(frames: FrameReader, bytes: Uint8Array): number {
  // The node may write into what it was given.
  frames.push(bytes.slice());
  let count = 0;
  try {
    while (frames.next()) if (!asksForAnotherVersion(frames)) count += 1;
  } catch (problem) {
    // The client finds out by itself that nobody speaks its protocol here.
    if (!(problem instanceof WireError)) throw problem;
  }
  return count;
}

/** The error is what an answer of ApiVersions begins with, behind its correlation id. */
function asksForAnotherVersion({ bytes, start, end }: FrameReader): boolean {
  if (end - start < 6) return false;
  return new DataView(bytes.buffer, bytes.byteOffset).getInt16(start + 4) === UNSUPPORTED_VERSION;
}
