/** The row and the digest record of every input: the first of its step. */
import { Happened, type Timeline } from '../engine/timeline.ts';
import type { Endpoint, Segment } from '../network/endpoint.ts';
import { kindOf } from '../trace/table.ts';
import type { QueuedInput } from './input.ts';
import type { Process } from './process.ts';

const RECEIVED = kindOf('input.received');
const WOKEN = kindOf('input.woken');
const FLUSHED = kindOf('input.flushed');
const COMMAND = kindOf('input.command');

export class InputTrace {
  private readonly timeline: Timeline;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  /** @returns the trace event. */
  received(process: Process, from: Endpoint, segment: Segment): number {
    const { trace, digest, nowUs } = this.timeline;
    const node = process.traceNode;
    const { length } = segment.bytes;
    const { connection } = segment;
    trace.causedBy(segment.causeA, segment.causeB);
    digest.add(Happened.input | (node << 8), nowUs, connection, length);
    return trace.recordIds(RECEIVED, node, from.link.to.nameText, connection, length, 0, 0, 0);
  }

  /** @returns the trace event. */
  other(process: Process, input: QueuedInput): number {
    const { trace, digest, nowUs } = this.timeline;
    const node = process.traceNode;
    const { kind, connection, ticket, id, count } = input;
    trace.causedBy(input.causeA);
    const subject = kind === 'command' ? count : connection + ticket;
    digest.add(digestKind(kind) | (node << 8), nowUs, subject, id);
    if (kind === 'woken') return trace.record(WOKEN, node);
    if (kind === 'flushed') {
      return trace.record(FLUSHED, node, input.path, ticket, input.error ?? '');
    }
    if (kind === 'command') {
      return trace.record(COMMAND, node, input.command?.kind ?? '', id, count);
    }
    return this.rare(process, input);
  }

  private rare(process: Process, input: QueuedInput): number {
    const { trace } = this.timeline;
    const node = process.traceNode;
    const peer = input.endpoint === null ? '' : input.endpoint.peerAddress.host;
    switch (input.kind) {
      case 'started':
        return trace.emit('input.started', node, process.bootCount);
      case 'stopping':
        return trace.emit('input.stopping', node);
      case 'accepted':
        return trace.emit('input.accepted', node, peer, input.listener, input.connection);
      case 'connected':
        return trace.emit('input.connected', node, peer, input.connection);
      case 'drained':
        return trace.emit('input.drained', node, peer, input.connection);
      default:
        return trace.emit(
          'input.disconnected',
          node,
          peer,
          input.connection,
          input.reason ?? 'closed',
        );
    }
  }
}

function digestKind(kind: QueuedInput['kind']): number {
  switch (kind) {
    case 'woken':
      return Happened.input + 1;
    case 'flushed':
      return Happened.input + 2;
    case 'command':
      return Happened.input + 3;
    case 'started':
      return Happened.input + 4;
    case 'stopping':
      return Happened.input + 5;
    case 'accepted':
      return Happened.input + 6;
    case 'connected':
      return Happened.input + 7;
    case 'drained':
      return Happened.input + 8;
    case 'disconnected':
      return Happened.input + 9;
  }
}
