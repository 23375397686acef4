/** What `kafka/host.ts` promises a node, as tests that any world can be put under. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ConnectionId,
  DiskError,
  type FileId,
  type FlushTicket,
  HIGH_WATER_BYTES,
  type Host,
  type NodeInput,
} from '../../kafka/host.ts';
import { type HostLab, Probe } from './lab.ts';

type Act = (input: NodeInput, host: Host, probe: Probe) => void;

export function hostContract(world: string, makeLab: () => HostLab | Promise<HostLab>): void {
  describe(`the host contract in ${world}`, () => {
    let lab: HostLab;
    beforeEach(async () => {
      lab = await makeLab();
    });
    afterEach(async () => {
      expect(lab.failures()).toEqual([]);
      await lab.dispose();
    });

    function probe(name: string, act: Act, listens = false): () => Probe {
      let made: Probe | null = null;
      const create = (host: Host) => {
        made = new Probe((input, self) => act(input, host, self));
        return made;
      };
      lab.start(name, create, { listens });
      return () => made!;
    }
    function server(name: string, act: Act): () => Probe {
      const listening: Act = (input, host, self) => {
        if (input.kind === 'started') host.network.listen('PLAINTEXT');
        act(input, host, self);
      };
      return probe(name, listening, true);
    }
    const nothing: Act = () => {};

    describe('steps', () => {
      test('a host method never calls back into the node', async () => {
        server('a', (input, host) => {
          if (input.kind === 'received') host.network.send(input.connection, Uint8Array.of(1));
        });
        const b = probe('b', (input, host) => {
          if (input.kind === 'started') {
            host.disk.mkdir('/data');
            const file = host.disk.open('/data/x', 'create');
            host.disk.write(file, 0, Uint8Array.of(1));
            host.disk.flush(file);
            host.network.connect(lab.closedAddress('a'));
            const c = host.network.connect(lab.address('a'));
            host.network.close(c);
            host.network.connect(lab.address('a'));
          }
          if (input.kind === 'connected') {
            host.network.send(input.connection, Uint8Array.of(2));
          }
        });

        await lab.settle(200);

        expect(b().reentered).toBe(false);
        expect(b().kinds()).toContain('flushed');
        expect(b().kinds()).toContain('received');
      });

      test('the first input is `started`', async () => {
        const a = probe('a', nothing);
        await lab.settle(50);
        expect(a().kinds()).toEqual(['started']);
      });

      test('`woken` comes when wakeAtMs has come, and once', async () => {
        const wokenAt: number[] = [];
        let wanted = 0;
        probe('a', (input, host, self) => {
          if (input.kind === 'started') {
            wanted = host.clock.monotonicMs() + 20;
            self.wakeAtMs = wanted;
          }
          if (input.kind === 'woken') {
            wokenAt.push(host.clock.monotonicMs());
            self.wakeAtMs = Number.POSITIVE_INFINITY;
          }
        });
        await lab.settle(200);
        expect(wokenAt).toHaveLength(1);
        expect(wokenAt[0]).toBeGreaterThanOrEqual(wanted);
      });

      test('a wake-up that is moved away does not come', async () => {
        const a = probe('a', (input, host, self) => {
          if (input.kind === 'started') {
            self.wakeAtMs = host.clock.monotonicMs() + 50;
            host.network.connect(lab.closedAddress('a'));
          } else self.wakeAtMs = Number.POSITIVE_INFINITY;
        });
        await lab.settle(200);
        expect(a().kinds()).toEqual(['started', 'disconnected']);
      });

      test('clocks are integers', async () => {
        const read: number[] = [];
        probe('a', (_, host) => read.push(host.clock.monotonicMs(), host.clock.wallMs()));
        await lab.settle(20);
        expect(read.every(Number.isSafeInteger)).toBe(true);
      });

      test('after `exit` a node is never stepped again and its peers hear `closed`', async () => {
        const a = server('a', (input, host) => {
          if (input.kind === 'stopping') host.exit();
        });
        const b = probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
        });
        await lab.settle(100);
        lab.stop('a');
        await lab.settle(100);
        expect(a().kinds().at(-1)).toBe('stopping');
        expect(b().reasons()).toEqual(['closed']);
      });

      test('a command is answered through `completed`', async () => {
        probe('a', (input, host) => {
          if (input.kind === 'command') host.completed(input.id, { kind: 'done' });
        });
        await lab.settle(10);
        const results: string[] = [];
        lab.command('a', { kind: 'flush' }, (result) => results.push(result.kind));
        await lab.settle(50);
        expect(results).toEqual(['done']);
      });
    });

    describe('connections', () => {
      test('bytes arrive whole and in order, however they are cut', async () => {
        const a = server('a', nothing);
        const sent = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7) & 255);
        probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
          if (input.kind !== 'connected') return;
          for (let at = 0; at < sent.length; at += 25) {
            host.network.send(input.connection, sent.slice(at, at + 25));
          }
        });
        await lab.settle(200);
        expect(a().received()).toEqual(sent);
      });

      test('both sides learn of a connection, and of its peer', async () => {
        const a = server('a', nothing);
        const b = probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
        });
        await lab.settle(100);
        expect(b().kinds()).toEqual(['started', 'connected']);
        const accepted = a().inputs.find((input) => input.kind === 'accepted');
        expect(accepted).toMatchObject({ listener: 'PLAINTEXT' });
      });

      test('bytes sent right after `connect` arrive once it is up', async () => {
        const a = server('a', nothing);
        probe('b', (input, host) => {
          if (input.kind !== 'started') return;
          const connection = host.network.connect(lab.address('a'));
          host.network.send(connection, Uint8Array.of(1, 2, 3));
        });
        await lab.settle(100);
        expect([...a().received()]).toEqual([1, 2, 3]);
      });

      test('a close delivers what was sent, then the peer hears `closed`', async () => {
        const a = server('a', nothing);
        const b = probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
          if (input.kind !== 'connected') return;
          host.network.send(input.connection, new Uint8Array(3_000));
          host.network.close(input.connection);
        });
        await lab.settle(200);
        expect(a().received()).toHaveLength(3_000);
        expect(a().reasons()).toEqual(['closed']);
        expect(b().reasons()).toEqual([]);
      });

      test('a node hears nothing more of a connection that it closed', async () => {
        server('a', (input, host) => {
          if (input.kind !== 'accepted') return;
          for (let i = 0; i < 50; i++) host.network.send(input.connection, new Uint8Array(100));
        });
        let closed = false;
        let after = 0;
        probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
          if (input.kind !== 'received') return;
          if (closed) after += 1;
          closed = true;
          host.network.close(input.connection);
        });
        await lab.settle(200);
        expect(closed).toBe(true);
        expect(after).toBe(0);
      });

      test('nobody listening means `refused`', async () => {
        probe('a', nothing);
        const b = probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.closedAddress('a'));
        });
        await lab.settle(200);
        expect(b().reasons()).toEqual(['refused']);
      });

      test('a send on a dead connection is dropped', async () => {
        const a = server('a', nothing);
        probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
          if (input.kind !== 'connected') return;
          host.network.close(input.connection);
          host.network.send(input.connection, Uint8Array.of(1));
          host.network.send(99_999_999 as ConnectionId, Uint8Array.of(1));
        });
        await lab.settle(100);
        expect(a().received()).toHaveLength(0);
      });

      test('above the high-water mark `drained` tells when the buffer is empty', async () => {
        const a = server('a', nothing);
        let buffered = 0;
        let left = -1;
        const b = probe('b', (input, host) => {
          if (input.kind === 'started') host.network.connect(lab.address('a'));
          if (input.kind === 'connected') {
            host.network.send(input.connection, new Uint8Array(HIGH_WATER_BYTES + 1));
            buffered = host.network.bufferedBytes(input.connection);
          }
          if (input.kind === 'drained') left = host.network.bufferedBytes(input.connection);
        });
        await lab.settle(500);
        expect(buffered).toBe(HIGH_WATER_BYTES + 1);
        expect(left).toBe(0);
        expect(
          b()
            .kinds()
            .filter((kind) => kind === 'drained'),
        ).toHaveLength(1);
        expect(a().received()).toHaveLength(HIGH_WATER_BYTES + 1);
      });
    });

    test('a muted peer is read again when it is unmuted, and nothing is missing', async () => {
      const whole = 12 * HIGH_WATER_BYTES;
      let muted = 0;
      let left = -1;
      const server_: Act = (input, host, self) => {
        if (input.kind === 'accepted') {
          host.network.mute(input.connection);
          self.wakeAtMs = host.clock.monotonicMs() + 150;
        }
        if (input.kind !== 'woken') return;
        self.wakeAtMs = Number.POSITIVE_INFINITY;
        muted = self.received().length;
        const accepted = self.inputs.find((one) => one.kind === 'accepted');
        if (accepted?.kind === 'accepted') host.network.unmute(accepted.connection);
      };
      const a = server('a', server_);
      probe('b', (input, host) => {
        if (input.kind === 'started') host.network.connect(lab.address('a'));
        if (input.kind === 'connected') host.network.send(input.connection, new Uint8Array(whole));
        if (input.kind === 'drained') left = host.network.bufferedBytes(input.connection);
      });

      await lab.settle(1_000);

      expect(muted).toBeLessThan(whole);
      expect(left).toBe(0);
      const sizes = a().inputs.map((one) => (one.kind === 'received' ? one.bytes.length : 0));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(whole);
    });

    describe('disk', () => {
      /** Runs `use` in the first step of a node and returns what it returns. */
      async function onDisk<T>(use: (host: Host) => T): Promise<T> {
        let result: T | undefined;
        probe('a', (input, host) => {
          if (input.kind !== 'started') return;
          host.disk.mkdir('/data/dir');
          result = use(host);
        });
        await lab.settle(100);
        return result as T;
      }
      function create(host: Host, path: string, content: readonly number[]): FileId {
        const file = host.disk.open(path, 'create');
        host.disk.write(file, 0, Uint8Array.from(content));
        return file;
      }
      function codeOf(call: () => void): string {
        try {
          call();
        } catch (error) {
          return error instanceof DiskError ? error.code : String(error);
        }
        return 'none';
      }

      test('reads give what was written, zeros in gaps, less at the end', async () => {
        const seen = await onDisk(({ disk }) => {
          const file = disk.open('/data/x', 'create');
          disk.write(file, 0, Uint8Array.of(1, 2, 3));
          disk.write(file, 5, Uint8Array.of(9));
          disk.write(file, 1, Uint8Array.of(8));
          return [
            disk.size(file),
            [...disk.read(file, 0, 100)],
            [...disk.read(file, 4, 1)],
            disk.read(file, 6, 5).length,
            disk.read(file, 600, 5).length,
          ];
        });
        expect(seen).toEqual([6, [1, 8, 3, 0, 0, 9], [0], 0, 0]);
      });

      test('what was read never changes', async () => {
        const seen = await onDisk((host) => {
          const { disk } = host;
          const file = create(host, '/data/x', [1, 2, 3, 4]);
          const before = disk.read(file, 0, 4);
          disk.write(file, 0, Uint8Array.of(7, 7));
          disk.truncate(file, 2);
          disk.truncate(file, 4);
          disk.write(file, 3, Uint8Array.of(9));
          return [[...before], [...disk.read(file, 0, 4)]];
        });
        expect(seen).toEqual([
          [1, 2, 3, 4],
          [7, 7, 0, 9],
        ]);
      });

      test('a write copies its bytes', async () => {
        const seen = await onDisk(({ disk }) => {
          const file = disk.open('/data/x', 'create');
          const bytes = Uint8Array.of(1, 2, 3);
          disk.write(file, 0, bytes);
          bytes.fill(0);
          return [...disk.read(file, 0, 3)];
        });
        expect(seen).toEqual([1, 2, 3]);
      });

      test('truncate cuts and extends with zeros', async () => {
        const seen = await onDisk((host) => {
          const { disk } = host;
          const file = create(host, '/data/x', [1, 2, 3, 4]);
          disk.truncate(file, 2);
          const cut = disk.size(file);
          disk.truncate(file, 4);
          return [cut, [...disk.read(file, 0, 9)]];
        });
        expect(seen).toEqual([2, [1, 2, 0, 0]]);
      });

      test('rename replaces, and an open file follows its name', async () => {
        const seen = await onDisk((host) => {
          const { disk } = host;
          const file = create(host, '/data/x', [1]);
          create(host, '/data/y', [2]);
          disk.rename('/data/x', '/data/y');
          disk.write(file, 1, Uint8Array.of(3));
          const again = disk.open('/data/y', 'existing');
          return [disk.exists('/data/x'), [...disk.read(again, 0, 9)], disk.list('/data')];
        });
        expect(seen).toEqual([false, [1, 3], ['dir', 'y']]);
      });

      test('a directory can be renamed with what is in it', async () => {
        const seen = await onDisk((host) => {
          const { disk } = host;
          create(host, '/data/dir/x', [5]);
          disk.rename('/data/dir', '/data/moved');
          const file = disk.open('/data/moved/x', 'existing');
          return [disk.exists('/data/dir/x'), [...disk.read(file, 0, 1)]];
        });
        expect(seen).toEqual([false, [5]]);
      });

      test('lists are sorted by code unit', async () => {
        const seen = await onDisk((host) => {
          for (const name of ['b', 'a', 'B', '10', '9']) create(host, `/data/dir/${name}`, []);
          return host.disk.list('/data/dir');
        });
        expect(seen).toEqual(['10', '9', 'B', 'a', 'b']);
      });

      test('what is not there is ENOENT, a full directory ENOTEMPTY', async () => {
        const codes = await onDisk((host) => {
          const { disk } = host;
          create(host, '/data/dir/x', []);
          return [
            codeOf(() => disk.open('/data/none', 'existing')),
            codeOf(() => disk.open('/none/x', 'create')),
            codeOf(() => disk.remove('/data/none')),
            codeOf(() => disk.rename('/data/none', '/data/y')),
            codeOf(() => disk.list('/data/none')),
            codeOf(() => disk.remove('/data/dir')),
          ];
        });
        expect(codes).toEqual(['ENOENT', 'ENOENT', 'ENOENT', 'ENOENT', 'ENOENT', 'ENOTEMPTY']);
      });

      test('every flush is answered, those of one file in order', async () => {
        const tickets: FlushTicket[] = [];
        const a = probe('a', (input, host) => {
          if (input.kind !== 'started') return;
          host.disk.mkdir('/data');
          const file = host.disk.open('/data/x', 'create');
          for (let i = 0; i < 5; i++) {
            host.disk.write(file, i, Uint8Array.of(i));
            tickets.push(host.disk.flush(file));
          }
        });
        await lab.settle(500);
        const answers = a().inputs.filter((input) => input.kind === 'flushed');
        expect(answers.map((input) => input.ticket)).toEqual(tickets);
        expect(answers.map((input) => input.error)).toEqual([null, null, null, null, null]);
      });

      test('a rename does not matter to a flush', async () => {
        const a = probe('a', (input, host) => {
          if (input.kind !== 'started') return;
          host.disk.mkdir('/data');
          const file = create(host, '/data/x', [1]);
          host.disk.flush(file);
          host.disk.rename('/data/x', '/data/y');
        });
        await lab.settle(500);
        const answers = a().inputs.filter((input) => input.kind === 'flushed');
        expect(answers.map((input) => input.error)).toEqual([null]);
      });

      test('a file that is removed is gone and can be made anew', async () => {
        const seen = await onDisk((host) => {
          const { disk } = host;
          create(host, '/data/x', [1, 2, 3]);
          disk.remove('/data/x');
          const file = disk.open('/data/x', 'create');
          return disk.size(file);
        });
        expect(seen).toBe(0);
      });
    });

    describe('random', () => {
      test('draws stay within their bounds and reach both ends', async () => {
        const seen = new Set<number>();
        let bytes = 0;
        let word = -1;
        probe('a', (_, host) => {
          const stream = host.random.stream('x');
          for (let i = 0; i < 500; i++) seen.add(stream.int(-2, 2));
          bytes = stream.bytes(7).length;
          word = stream.uint32();
        });
        await lab.settle(10);
        expect([...seen].sort((x, y) => x - y)).toEqual([-2, -1, 0, 1, 2]);
        expect(bytes).toBe(7);
        expect(word).toBeGreaterThanOrEqual(0);
      });
    });
  });
}
