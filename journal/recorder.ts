/**
 * Writes the journal of a node's process: a line for each step, when the step is over. Between two
 * steps nothing is kept, so that it costs no memory, and what a process did before it was killed is
 * in the file.
 */
import { assert } from '../kafka/base/assert.ts';
import { type Clock, DiskError, type Host, type NodeInput } from '../kafka/host.ts';
import { toBase64 } from './base64.ts';
import { type Call, callingHost } from './calls.ts';
import type { Answer, CallLine, InputLine, JournalHeader } from './format.ts';

export class JournalRecorder {
  private readonly write: (line: string) => void;
  private calls: CallLine[] = [];
  private begun: { readonly at: readonly [number, number]; readonly input: InputLine } | null =
    null;

  /** @param write takes a line with its end, at once. */
  constructor(header: JournalHeader, write: (line: string) => void) {
    this.write = write;
    this.line(header);
  }

  /** The host that the node is given: it does as the world does, and keeps it. */
  host(world: Host): Host {
    const call: Call = (name, given, _kind, ask) => {
      try {
        const answer = ask(world);
        this.calls.push([name, given, answerOf(answer)]);
        return answer;
      } catch (error) {
        if (error instanceof DiskError) {
          this.calls.push([name, given, { error: error.code, path: error.path }]);
        }
        throw error;
      }
    };
    const { clock, codecs, crypto } = world;
    return callingHost(call, { clock, codecs, crypto });
  }

  /** Before the node sees it: the node may write into what it is given. */
  begin(input: NodeInput, clock: Clock): void {
    this.calls = [];
    this.begun = { at: [clock.monotonicMs(), clock.wallMs()], input: inputLine(input) };
  }

  end(wakeAtMs: number): void {
    const wake = Number.isFinite(wakeAtMs) ? wakeAtMs : null;
    this.line({ ...this.begun, calls: this.calls, wakeAtMs: wake });
  }

  /** An error came out of the step. */
  broke(error: unknown): void {
    const broke = error instanceof Error ? error.message : String(error);
    this.line({ ...this.begun, calls: this.calls, wakeAtMs: null, broke });
  }

  private line(value: object): void {
    this.write(`${JSON.stringify(value)}\n`);
  }
}

function answerOf(answer: unknown): Answer {
  if (answer instanceof Uint8Array) return toBase64(answer);
  if (answer === undefined) return null;
  return answer as Answer;
}

function inputLine(input: NodeInput): InputLine {
  if (input.kind === 'received') return { ...input, bytes: toBase64(input.bytes) };
  assert(input.kind !== 'command', 'a journal of a client');
  return input;
}
