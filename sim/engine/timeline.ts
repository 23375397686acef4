/**
 * What all rooms of the laboratory share: the present time, what will happen, and the records of
 * what did.
 */
import type { TraceRecorder } from '../trace/recorder.ts';
import { EventQueue } from './event-queue.ts';
import { Hash128 } from './hash.ts';
import type { StepLog } from './step-log.ts';

/** Kinds in the event queue; the target and the argument are in brackets. */
export const Due = {
  /** A step's effects, then the next input. [process, boot] */
  ready: 0,
  /** A node's wake-up time may have come. [process, boot] */
  wake: 1,
  /** The head of a connection's one direction reaches the other side. [sending endpoint, -] */
  arrive: 2,
  /** A connection request reaches its target. [initiating endpoint, try] */
  syn: 3,
  /** Time to send another connection request. [initiating endpoint, tries so far] */
  synRetry: 4,
  /** A connection request was refused. [initiating endpoint, -] */
  refused: 5,
  /** A reset comes back out of order. [endpoint that learns of it, -] */
  reset: 6,
  /** A flush ends. [flush, -] */
  flushed: 7,
  /** The lab acts. [action, -] */
  action: 8,
  /** A process may have an input that nothing else makes it run. [process, -] */
  poke: 9,
} as const;

/** First words of digest records; inputs of nodes use their own numbers from 16 on. */
export const Happened = {
  sent: 1,
  opened: 2,
  closed: 3,
  completed: 4,
  written: 5,
  truncated: 6,
  named: 7,
  flushStarted: 8,
  flushEnded: 9,
  ended: 10,
  powerCut: 11,
  fault: 12,
  input: 16,
} as const;

export class Timeline {
  nowUs = 0;
  /** Inputs, faults and actions so far. */
  steps = 0;
  readonly queue = new EventQueue();
  readonly digest = new Hash128();
  readonly trace: TraceRecorder;
  private readonly stepLog: StepLog | null;

  constructor(trace: TraceRecorder, stepLog: StepLog | null) {
    this.trace = trace;
    this.stepLog = stepLog;
  }

  beginStep(): void {
    if (this.stepLog !== null && this.steps > 0) this.stepLog.note(this.digest);
    this.steps += 1;
    this.trace.step = this.steps;
    this.trace.timeUs = this.nowUs;
  }
}
