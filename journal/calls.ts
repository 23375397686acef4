/**
 * A host whose every call goes through one function: with the call's name and what the node gave, in
 * plain values, and how the world would answer. Who writes a journal lets the world answer and keeps
 * it; who plays one back compares, and answers from the journal.
 */
import { crc32c } from '../kafka/base/crc32c.ts';
import type {
  Address,
  Clock,
  Codecs,
  CommandId,
  ConnectionId,
  Crypto,
  Disk,
  FileId,
  FlushTicket,
  Host,
  Network,
  Random,
} from '../kafka/host.ts';
import type { SystemEventKind } from '../kafka/trace.ts';
import type { Plain } from './format.ts';

/** What an answer is. */
export interface Answers {
  nothing: undefined;
  number: number;
  yes: boolean;
  names: string[];
  bytes: Uint8Array;
}

export type AnswerKind = keyof Answers;

/** @param world absent where nobody but the journal answers. */
export type Call = <K extends AnswerKind>(
  name: string,
  given: readonly Plain[],
  kind: K,
  world: (host: Host) => Answers[K],
) => Answers[K];

/** Length and checksum: what is kept of bytes that the node gave away. */
export function briefly(bytes: Uint8Array): [number, number] {
  return [bytes.length, crc32c(bytes, 0, bytes.length)];
}

export function callingHost(
  call: Call,
  parts: { clock: Clock; codecs: Codecs; crypto: Crypto },
): Host {
  const nothing = (name: string, given: readonly Plain[], world: (host: Host) => void): void => {
    call(name, given, 'nothing', (host) => {
      world(host);
      return undefined;
    });
  };
  return {
    ...parts,
    network: networkOf(call, nothing),
    disk: diskOf(call, nothing),
    random: randomOf(call),
    trace: {
      emit: (kind: SystemEventKind, ...fields: readonly (string | number)[]) =>
        nothing('emit', [kind, ...fields], ({ trace }) => {
          (trace.emit as (kind: SystemEventKind, ...fields: readonly Plain[]) => void)(
            kind,
            ...fields,
          );
        }),
    },
    completed: (id: CommandId, result, count = 1) =>
      nothing('completed', [id, result.kind, count], (host) => host.completed(id, result, count)),
    exit: () => nothing('exit', [], (host) => host.exit()),
    halt: (reason) => nothing('halt', [reason], (host) => host.halt(reason)),
  };
}

type Nothing = (name: string, given: readonly Plain[], world: (host: Host) => void) => void;

function networkOf(call: Call, nothing: Nothing): Network {
  return {
    listen: (listener) => nothing('listen', [listener], (host) => host.network.listen(listener)),
    connect: (address: Address) =>
      call('connect', [address.host, address.port], 'number', (host) =>
        host.network.connect(address),
      ) as ConnectionId,
    send: (connection, bytes) =>
      nothing('send', [connection, ...briefly(bytes)], (host) =>
        host.network.send(connection, bytes),
      ),
    close: (connection) => nothing('close', [connection], (host) => host.network.close(connection)),
    bufferedBytes: (connection) =>
      call('bufferedBytes', [connection], 'number', (host) =>
        host.network.bufferedBytes(connection),
      ),
    mute: (connection) => nothing('mute', [connection], (host) => host.network.mute(connection)),
    unmute: (connection) =>
      nothing('unmute', [connection], (host) => host.network.unmute(connection)),
  };
}

function diskOf(call: Call, nothing: Nothing): Disk {
  return {
    open: (path, mode) =>
      call('open', [path, mode], 'number', ({ disk }) => disk.open(path, mode)) as FileId,
    read: (file, position, length) =>
      call('read', [file, position, length], 'bytes', ({ disk }) =>
        disk.read(file, position, length),
      ),
    write: (file, position, bytes) =>
      nothing('write', [file, position, ...briefly(bytes)], ({ disk }) =>
        disk.write(file, position, bytes),
      ),
    truncate: (file, size) =>
      nothing('truncate', [file, size], ({ disk }) => disk.truncate(file, size)),
    size: (file) => call('size', [file], 'number', ({ disk }) => disk.size(file)),
    close: (file) => nothing('closeFile', [file], ({ disk }) => disk.close(file)),
    flush: (file) => call('flush', [file], 'number', ({ disk }) => disk.flush(file)) as FlushTicket,
    exists: (path) => call('exists', [path], 'yes', ({ disk }) => disk.exists(path)),
    rename: (from, to) => nothing('rename', [from, to], ({ disk }) => disk.rename(from, to)),
    remove: (path) => nothing('remove', [path], ({ disk }) => disk.remove(path)),
    mkdir: (path) => nothing('mkdir', [path], ({ disk }) => disk.mkdir(path)),
    list: (directory) => call('list', [directory], 'names', ({ disk }) => disk.list(directory)),
    syncDirectory: (directory) =>
      nothing('syncDirectory', [directory], ({ disk }) => disk.syncDirectory(directory)),
  };
}

function randomOf(call: Call): Random {
  return {
    stream: (label) => ({
      uint32: () =>
        call('uint32', [label], 'number', ({ random }) => random.stream(label).uint32()),
      int: (min, max) =>
        call('int', [label, min, max], 'number', ({ random }) =>
          random.stream(label).int(min, max),
        ),
      bytes: (count) =>
        call('bytes', [label, count], 'bytes', ({ random }) => random.stream(label).bytes(count)),
    }),
  };
}
