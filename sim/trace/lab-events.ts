/**
 * What the laboratory tells in the trace: the inputs of nodes (row 0 of their step), frames,
 * faults, the lives of processes. Same shape as `systemEvents`. Lists of node names are joined by
 * ','; durations are µs; a boolean is 'yes' or 'no'.
 */
import type { EventSpec } from '../../kafka/trace.ts';

export const labEvents = {
  'input.started': { doc: 'A process begins.', fields: [['boot', 'number']] },
  'input.stopping': { doc: 'A process is asked to stop (SIGTERM).', fields: [] },
  'input.accepted': {
    doc: 'A connection came in.',
    fields: [
      ['peer', 'text'],
      ['listener', 'text'],
      ['connection', 'number'],
    ],
  },
  'input.connected': {
    doc: 'A connection that this node asked for is up.',
    fields: [
      ['peer', 'text'],
      ['connection', 'number'],
    ],
  },
  'input.drained': {
    doc: 'The send buffer of a connection is empty again.',
    fields: [
      ['peer', 'text'],
      ['connection', 'number'],
    ],
  },
  'input.received': {
    doc: 'Bytes came in. Its parents are the `frame.sent` rows that brought them.',
    fields: [
      ['peer', 'text'],
      ['connection', 'number'],
      ['bytes', 'number'],
    ],
  },
  'input.disconnected': {
    doc: 'A connection ended: refused, unreachable, closed or reset.',
    fields: [
      ['peer', 'text'],
      ['connection', 'number'],
      ['reason', 'text'],
    ],
  },
  'input.flushed': {
    doc: 'A flush ended; `error` is "" or the code.',
    fields: [
      ['path', 'text'],
      ['ticket', 'number'],
      ['error', 'text'],
    ],
  },
  'input.command': {
    doc: 'A client was given a command, or `count` sends whose ids begin at `id`.',
    fields: [
      ['command', 'text'],
      ['id', 'number'],
      ['count', 'number'],
    ],
  },
  'input.woken': { doc: 'The wake-up time of a node has come.', fields: [] },

  'frame.sent': {
    doc: 'Bytes left a node. `api` is the Kafka API key when they are one whole frame, else -1 (and `role` is bytes).',
    fields: [
      ['to', 'text'],
      ['role', 'text'],
      ['api', 'number'],
      ['correlationId', 'number'],
      ['bytes', 'number'],
      ['connection', 'number'],
    ],
  },
  'connection.opening': {
    doc: 'A node asked for a connection.',
    fields: [
      ['to', 'text'],
      ['connection', 'number'],
      ['port', 'number'],
    ],
  },
  'connection.closed': {
    doc: 'A node closed its end of a connection.',
    fields: [
      ['to', 'text'],
      ['connection', 'number'],
    ],
  },
  'flush.started': {
    doc: 'A node began to flush a file.',
    fields: [
      ['path', 'text'],
      ['ticket', 'number'],
      ['size', 'number'],
    ],
  },
  'command.completed': {
    doc: `A client answered a command, or \`count\` sends whose ids begin at \`id\`. Of a failure
      \`result\` is failed, or unknown when it may have happened, and \`error\` its name, else "".
      Acknowledged sends lie in \`partition\` from \`offset\` on (-1: not told).`,
    fields: [
      ['result', 'text'],
      ['id', 'number'],
      ['error', 'text'],
      ['count', 'number'],
      ['partition', 'text'],
      ['offset', 'number'],
    ],
  },
  'command.dropped': {
    doc: 'A command, or `count` sends, for a client that was not running.',
    fields: [
      ['command', 'text'],
      ['id', 'number'],
      ['count', 'number'],
    ],
  },

  'node.exited': { doc: 'A process ended by itself after a controlled shutdown.', fields: [] },
  'node.halted': { doc: 'A process gave up.', fields: [['reason', 'text']] },
  'node.crashed': {
    doc: 'An armed crash struck inside a step.',
    fields: [
      ['operation', 'text'],
      ['path', 'text'],
      ['when', 'text'],
    ],
  },
  'node.broken': {
    doc: 'An error came out of a step: a mistake in the system under test.',
    fields: [['message', 'text']],
  },
  'lab.action': { doc: 'Something the laboratory did.', fields: [['label', 'text']] },

  'fault.start': { doc: 'A process was started.', fields: [['target', 'text']] },
  'fault.stop': { doc: 'A process was asked to stop.', fields: [['target', 'text']] },
  'fault.kill': {
    doc: 'A process was killed; its page cache survives.',
    fields: [['target', 'text']],
  },
  'fault.powerCut': {
    doc: 'A machine lost power.',
    fields: [
      ['target', 'text'],
      ['unflushed', 'text'],
      ['lostBytes', 'number'],
    ],
  },
  'fault.pause': { doc: 'A process was paused.', fields: [['target', 'text']] },
  'fault.resume': { doc: 'A paused process went on.', fields: [['target', 'text']] },
  'fault.slowCpu': {
    doc: 'Steps of a node cost another factor (thousandths).',
    fields: [
      ['target', 'text'],
      ['factorMilli', 'number'],
    ],
  },
  'fault.crashInStep': {
    doc: 'A crash was armed.',
    fields: [
      ['target', 'text'],
      ['afterDiskCalls', 'number'],
      ['when', 'text'],
      ['powerCut', 'text'],
    ],
  },
  'fault.cut': {
    doc: 'Links were cut.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['oneWay', 'text'],
    ],
  },
  'fault.stall': {
    doc: 'Links were stalled.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['oneWay', 'text'],
      ['forUs', 'number'],
    ],
  },
  'fault.heal': {
    doc: 'Cuts and stalls ended.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['oneWay', 'text'],
    ],
  },
  'fault.delay': {
    doc: 'Links got another extra latency.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['oneWay', 'text'],
      ['addUs', 'number'],
      ['jitterUs', 'number'],
    ],
  },
  'fault.slowLink': {
    doc: 'Links got another bandwidth; -1 = the normal one.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['bytesPerSecond', 'number'],
      ['oneWay', 'text'],
    ],
  },
  'fault.resetConnections': {
    doc: 'Connections were reset.',
    fields: [
      ['a', 'text'],
      ['b', 'text'],
      ['count', 'number'],
    ],
  },
  'fault.hold': {
    doc: 'Frames that match are held from now on; api -1 = any.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['role', 'text'],
      ['api', 'number'],
      ['hold', 'number'],
    ],
  },
  'fault.release': {
    doc: 'Held frames may pass.',
    fields: [
      ['hold', 'number'],
      ['frames', 'number'],
    ],
  },
  'fault.restoreNetwork': { doc: 'Every network fault ended.', fields: [] },
  'fault.clockJump': {
    doc: 'A wall clock jumped.',
    fields: [
      ['target', 'text'],
      ['wallMs', 'number'],
    ],
  },
  'fault.clockDrift': {
    doc: 'Clocks run fast or slow.',
    fields: [
      ['target', 'text'],
      ['ppm', 'number'],
    ],
  },
  'fault.clockOffset': {
    doc: 'A wall clock was set off the true time.',
    fields: [
      ['target', 'text'],
      ['wallMs', 'number'],
    ],
  },
  'fault.disk': {
    doc: 'Something was done to a disk; `path` and `value` as the fault has them.',
    fields: [
      ['target', 'text'],
      ['fault', 'text'],
      ['path', 'text'],
      ['value', 'number'],
    ],
  },
  'app.processed': {
    doc: `The application of a group's member has processed records of neighbouring offsets, so
      many of them for a further time.`,
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
      ['offset', 'number'],
      ['records', 'number'],
      ['again', 'number'],
    ],
  },
  'fault.flipInFlight': {
    doc: 'The next messages with records that match, so many of them, will lose a bit on their way.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['api', 'number'],
      ['times', 'number'],
    ],
  },
  'fault.flippedInFlight': {
    doc: 'A bit of the records in a message flipped on its way, in this byte of the message.',
    fields: [
      ['from', 'text'],
      ['to', 'text'],
      ['api', 'number'],
      ['byte', 'number'],
    ],
  },
} as const satisfies Record<string, EventSpec>;
