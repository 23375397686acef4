/**
 * Deep looks at a run: what a frame said and what a node held in its memory at an event. Neither
 * is in the trace; both are re-created by running the same run again up to there. The session is
 * kept, so that the next look, a little later in the run, costs next to nothing.
 */
import { readyCodecs } from '../../codecs/for-runs.ts';
import type { SentFrame } from '../../sim/network/tap.ts';
import { RunSession } from '../../sim/run/session.ts';
import { decodeFrame } from './decode-frame.ts';
import type { Breathe } from './live-run.ts';
import { plainOf } from './plain.ts';
import type { InspectAnswer, InspectRequest, RunRequest } from './protocol.ts';
import { scenarioOf } from './run-request.ts';

/** Frames this far back are kept for the next looks; bytes are copied, receivers write into them. */
const FRAMES_KEPT = 4_096;
const SLICE_EVENTS = 2_048;

interface Kept {
  readonly key: string;
  readonly session: RunSession;
  readonly frames: Map<number, SentFrame>;
  /** Events [askedFor, session.events] belong to one step: the session stands at its end. */
  askedFor: number;
}

export class Inspector {
  private readonly breathe: Breathe;
  private kept: Kept | null = null;
  /** Looks wait for each other: there is one session. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(breathe: Breathe) {
    this.breathe = breathe;
  }

  inspect(request: InspectRequest): Promise<InspectAnswer> {
    const answer = this.turn.then(() => this.look(request));
    this.turn = answer.catch(() => {
      // Whoever asked is told; the next look starts anew.
      this.kept = null;
    });
    return answer;
  }

  private async look({ run, event, frames, node }: InspectRequest): Promise<InspectAnswer> {
    const key = JSON.stringify(run);
    const known = this.kept;
    const kept =
      known !== null && known.key === key && reaches(known, event, frames)
        ? known
        : await begin(key, run);
    this.kept = kept;
    const { session } = kept;
    if (session.events < event) kept.askedFor = event;
    while (session.events < event) {
      if (session.advanceTo(Math.min(session.events + SLICE_EVENTS, event))) break;
      await this.breathe();
    }
    const found = frames.map((one) => kept.frames.get(one)).find((one) => one !== undefined);
    return {
      frame: found === undefined ? null : decodeFrame(found),
      node: node === null ? null : nodeState(session, node),
    };
  }
}

function reaches({ session, askedFor, frames }: Kept, event: number, wanted: readonly number[]) {
  const isThere = session.events < event || (event >= askedFor && event <= session.events);
  return isThere && wanted.every((one) => one > session.events || frames.has(one));
}

async function begin(key: string, run: RunRequest): Promise<Kept> {
  const scenario = scenarioOf(run);
  await readyCodecs(scenario);
  const frames = new Map<number, SentFrame>();
  const session = new RunSession(scenario, {
    seed: run.seed,
    prepare: (world) => {
      world.tapFrames((event, frame) => {
        frames.set(event, { ...frame, bytes: frame.bytes.slice() });
        if (frames.size <= FRAMES_KEPT) return;
        for (const oldest of frames.keys()) {
          frames.delete(oldest);
          return;
        }
      });
    },
  });
  return { key, session, frames, askedFor: 0 };
}

function nodeState({ world, events }: RunSession, name: string): InspectAnswer['node'] {
  const handle = world.nodes.find((one) => one.name === name);
  if (handle === undefined) return null;
  const { state, role, bootCount, powered, connectionCount, config, node } = handle;
  const process = { state, role, boots: bootCount, powered, connections: connectionCount };
  const memory = node === null ? 'no process is running' : plainOf(node);
  return { name, atEvent: events, state: { process, memory, config: { ...config } } };
}
