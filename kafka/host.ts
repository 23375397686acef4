/**
 * Every door between a Kafka node and the world it runs in. A node learns everything as a
 * `NodeInput` and acts only by calling its `Host`; the simulator (`sim/`) and the real server
 * (`server/`) are the two worlds. Nothing in `kafka/` has another way out.
 */
import type { ClientCommand, CommandResult } from './client/commands.ts';
import type { Trace } from './trace.ts';

export type ConnectionId = number & { readonly brand: 'ConnectionId' };
export type FileId = number & { readonly brand: 'FileId' };
export type FlushTicket = number & { readonly brand: 'FlushTicket' };
export type CommandId = number & { readonly brand: 'CommandId' };

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a connection ended; `refused` and `unreachable` end one that never came up. */
export type DisconnectReason = 'refused' | 'unreachable' | 'closed' | 'reset';

export type NodeInput =
  /** Also after a restart: recover from disk. */
  | { readonly kind: 'started' }
  /** SIGTERM: controlled shutdown; the node calls `host.exit` when it is done. */
  | { readonly kind: 'stopping' }
  | {
      readonly kind: 'accepted';
      readonly connection: ConnectionId;
      readonly listener: string;
      readonly peer: Address;
      /** TLS listeners: the subject of the certificate that the peer has shown, if it had one. */
      readonly certificate?: string;
    }
  | { readonly kind: 'connected'; readonly connection: ConnectionId }
  /** The send buffer, which had passed `HIGH_WATER_BYTES`, is empty again. */
  | { readonly kind: 'drained'; readonly connection: ConnectionId }
  /** Any split of the TCP stream. The bytes now belong to the node, which may write into them. */
  | { readonly kind: 'received'; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  /** The peer or the network ended it; never told for a connection that the node closed itself. */
  | {
      readonly kind: 'disconnected';
      readonly connection: ConnectionId;
      readonly reason: DisconnectReason;
    }
  | {
      readonly kind: 'flushed';
      readonly ticket: FlushTicket;
      readonly error: DiskErrorCode | null;
    }
  /** Client nodes only. A `send` of n records takes the command ids from `id` to `id + n - 1`. */
  | { readonly kind: 'command'; readonly id: CommandId; readonly command: ClientCommand }
  /** `wakeAtMs` has come. */
  | { readonly kind: 'woken' };

export interface Node {
  /** Runs one input to completion; never re-entered. */
  step(input: NodeInput): void;
  /** When to be woken, on the monotonic clock; `Infinity` = never. Read after every step. */
  readonly wakeAtMs: number;
}

export interface Host {
  readonly clock: Clock;
  readonly network: Network;
  readonly disk: Disk;
  readonly random: Random;
  readonly trace: Trace;
  readonly codecs: Codecs;
  readonly crypto: Crypto;
  /**
   * Answers a command, or `count` sends with consecutive ids from `id` on at once: `offset` of a
   * `sent` is then the first one's, and rises by one from send to send unless it is -1. The
   * command/completed stream is the client's history.
   */
  completed(id: CommandId, result: CommandResult, count?: number): void;
  /** The node has finished its controlled shutdown. */
  exit(): void;
  /** The node gives up (Kafka: Exit.halt); it is never stepped again. */
  halt(reason: string): void;
}

/** Integer milliseconds, constant within a step. */
export interface Clock {
  monotonicMs(): number;
  wallMs(): number;
}

export interface Network {
  /** Starts accepting on a listener that the node's configuration names (`listeners`). */
  listen(listener: string): void;
  /** Answered by `connected` or `disconnected`, or by nothing while packets are lost. */
  connect(address: Address): ConnectionId;
  /** Queues bytes in order; their ownership passes to the world. A send on a dead connection is dropped. */
  send(connection: ConnectionId, bytes: Uint8Array): void;
  /** Queued bytes are still delivered; the node hears nothing more of this connection. */
  close(connection: ConnectionId): void;
  /** Sent and not yet taken by the peer's kernel. */
  bufferedBytes(connection: ConnectionId): number;
  /**
   * Takes no more bytes from that peer, whose sends pile up on its own side, until `unmute`. What
   * was taken before may still be told.
   */
  mute(connection: ConnectionId): void;
  unmute(connection: ConnectionId): void;
}

/** Above this many buffered bytes a well-behaved node stops reading more work from that peer. */
export const HIGH_WATER_BYTES = 1_048_576;

export interface Random {
  /** Independent streams per label: one more draw here shifts nothing there. */
  stream(label: string): RandomStream;
}

export interface RandomStream {
  uint32(): number;
  /** Uniform, both ends included. */
  int(min: number, max: number): number;
  bytes(count: number): Uint8Array;
}

/** A way to compress the records of a batch, as `compression.type` names it. */
export type CodecName = 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** Synchronous, and the same bytes on every platform. */
export interface Codecs {
  /** @param level the codec's own; snappy and lz4 have none. Omitted: Kafka's default. */
  compress(codec: CodecName, bytes: Uint8Array, level?: number): Uint8Array;
  /** null: the bytes are not intact, or more than `maxBytes` would come out of them. */
  decompress(codec: CodecName, bytes: Uint8Array, maxBytes: number): Uint8Array | null;
}

export type HashName = 'SHA-256' | 'SHA-512';

/**
 * Hashes for authentication; the same bytes on every platform. Salts and nonces are drawn from
 * `Random`, which in the real world is the operating system's.
 */
export interface Crypto {
  hash(name: HashName, bytes: Uint8Array): Uint8Array;
  /** RFC 2104. */
  hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** RFC 8018 with HMAC; as many bytes as the hash has. */
  pbkdf2(name: HashName, password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array;
}

export type DiskErrorCode = 'EIO' | 'ENOSPC' | 'ENOENT' | 'EEXIST' | 'ENOTEMPTY' | 'EROFS';

/** Thrown by `Disk`; caught in exactly one place, where the log directory goes offline. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
  readonly code: DiskErrorCode;
  readonly path: string;
  constructor(code: DiskErrorCode, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
    this.path = path;
  }
}

/**
 * A POSIX-like disk behind a page cache. All calls but `flush` are synchronous and throw
 * `DiskError`. What is written and not flushed survives a process kill, not a power cut.
 * Paths are absolute, with '/'.
 */
export interface Disk {
  /** Opens a file; `create` makes it when absent, `existing` throws ENOENT. */
  open(path: string, mode: 'create' | 'existing'): FileId;
  /**
   * At most `length` bytes from `position`, fewer at the end of the file. Never written to by
   * anyone afterwards, the caller included.
   */
  read(file: FileId, position: number, length: number): Uint8Array;
  /** Copies the bytes in; a gap before `position` reads as zeros. */
  write(file: FileId, position: number, bytes: Uint8Array): void;
  /** Cuts or zero-extends. */
  truncate(file: FileId, size: number): void;
  size(file: FileId): number;
  close(file: FileId): void;
  /**
   * Starts making the file's present bytes and length durable and returns a ticket, answered by
   * `flushed`. It covers exactly what was written before the call; tickets of one file complete in
   * order; a later rename does not matter, a remove fails it. After a failed flush the state of
   * the pages is unknown: treat the log directory as failed.
   */
  flush(file: FileId): FlushTicket;
  exists(path: string): boolean;
  /** Replaces `to` when it exists. Durable only after `syncDirectory`. */
  rename(from: string, to: string): void;
  /** Removes a file or an empty directory. Durable only after `syncDirectory`. */
  remove(path: string): void;
  /** Makes the directory and its missing parents. */
  mkdir(path: string): void;
  /** Names in the directory, sorted by code unit. */
  list(directory: string): string[];
  /** Makes creations, renames and removals in this directory durable; synchronous, with its cost. */
  syncDirectory(directory: string): void;
}
