/**
 * What became of the connections of a client to one address. A broker that closes connections
 * before it has answered anything worth knowing, as listeners with SASL and TLS do to whoever does
 * not know of it, counts as not reached.
 */
import { WireError } from '../../kafka/base/reader.ts';
import { FrameReader } from '../../kafka/wire/frame.ts';
import type { ConnectionWatcher } from '../network/connection.ts';

/** Under way, up and nothing heard yet, `null` when something was answered, else why nothing was. */
export type Reached = 'connecting' | 'silent' | null | { readonly code: string };

/** Closed by the peer without an answer. */
export const CLOSED_UNANSWERED = 'CLOSED_UNANSWERED';
/** Closed by the peer before it had come up, though somebody listens: within a TLS handshake. */
export const CLOSED_IN_HANDSHAKE = 'CLOSED_IN_HANDSHAKE';
/** The peer speaks TLS and heard none. */
export const WANTS_TLS = 'WANTS_TLS';

/** What came was no frame of Kafka's. */
export const SPEAKS_OTHERWISE = 'SPEAKS_OTHERWISE';
export const SPEAKS_HTTP = 'SPEAKS_HTTP';

const HTTP = [...'HTTP'].map((letter) => letter.charCodeAt(0));
const ALERT = 21;
const TLS_MAJOR = 3;
const MAX_FRAME_BYTES = 104_857_600;
/** A correlation id is what every answer begins with. */
const MIN_FRAME_BYTES = 4;
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
    this.begins('connecting');
    let frames: FrameReader | null = this.answered ? null : new FrameReader(MAX_FRAME_BYTES);
    let answers = 0;
    let isUp = false;
    return {
      up: () => {
        isUp = true;
        this.begins('silent');
      },
      received: (bytes) => {
        if (frames === null) return;
        if (bytes[0] === ALERT && bytes[1] === TLS_MAJOR && answers === 0) {
          this.reached = { code: WANTS_TLS };
          frames = null;
          return;
        }
        const heard = countAnswers(frames, bytes);
        if (heard === null) {
          const isHttp = answers === 0 && HTTP.every((letter, at) => bytes[at] === letter);
          this.reached = { code: isHttp ? SPEAKS_HTTP : SPEAKS_OTHERWISE };
          frames = null;
          return;
        }
        answers += heard.worthy;
        if (heard.any) this.reached = null;
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

  /** Does not forget what was learnt for good. */
  private begins(how: 'connecting' | 'silent'): void {
    if (this.reached !== null && !isForeign(this.reached)) this.reached = how;
  }
}

function isFailed(reached: Reached): reached is { readonly code: string } {
  return reached !== null && typeof reached !== 'string';
}

/** Trying again changes nothing: who listens there is no broker. */
export function isForeign(reached: Reached): boolean {
  return isFailed(reached) && [SPEAKS_OTHERWISE, SPEAKS_HTTP].includes(reached.code);
}

/**
 * Whether there are any, and how many say more than that another version should be asked for; null:
 * what comes is none. The client finds that out for itself.
 */
function countAnswers(
  frames: FrameReader,
  bytes: Uint8Array,
): { readonly any: boolean; readonly worthy: number } | null {
  // The node may write into what it was given.
  frames.push(bytes.slice());
  const heard = { any: false, worthy: 0 };
  try {
    while (frames.next()) {
      if (frames.end - frames.start < MIN_FRAME_BYTES) return null;
      heard.any = true;
      if (!asksForAnotherVersion(frames)) heard.worthy += 1;
    }
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return null;
  }
  return heard;
}

/** The error is what an answer of ApiVersions begins with, behind its correlation id. */
function asksForAnotherVersion({ bytes, start, end }: FrameReader): boolean {
  if (end - start < 6) return false;
  return new DataView(bytes.buffer, bytes.byteOffset).getInt16(start + 4) === UNSUPPORTED_VERSION;
}
