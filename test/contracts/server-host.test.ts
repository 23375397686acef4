/** The host contract against the real world: TCP on this machine, files, a disk in memory. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCodecs } from '../../codecs/load.ts';
import { FileDisk } from '../../server/disk/file-disk.ts';
import type { MachineDisk } from '../../server/disk/machine-disk.ts';
import { MemoryDisk } from '../../server/disk/memory-disk.ts';
import { ListeningPort } from '../../server/network/listening-port.ts';
import { type Ended, NodeProcess } from '../../server/node-process.ts';
import { hostContract } from './host-contract.ts';
import type { HostLab } from './lab.ts';

const HOST = '127.0.0.1';

/** A port that was free a moment ago and that nobody listens at. */
async function closedPort(): Promise<number> {
  const port = new ListeningPort(HOST, 0);
  await port.take();
  port.release();
  return port.port;
}

async function serverLab(disk: () => MachineDisk, dispose: () => void): Promise<HostLab> {
  const processes = new Map<string, NodeProcess>();
  const ports = new Map<string, ListeningPort>();
  const codecs = await loadCodecs();
  const failures: string[] = [];
  const nobody = await closedPort();
  // As in the simulator, addresses are known before nodes are.
  const free = await Promise.all(
    [1, 2, 3].map(async () => {
      const port = new ListeningPort(HOST, 0);
      await port.take();
      return port;
    }),
  );
  return {
    start(name, create, options) {
      const listeners: Record<string, ListeningPort> = {};
      if (options?.listens === true) {
        listeners['PLAINTEXT'] = free.pop()!;
        ports.set(name, listeners['PLAINTEXT']);
      }
      const ended = (how: Ended): void => {
        if (how.how === 'broken') failures.push(String(how.error));
      };
      const spec = {
        name,
        config: {},
        listeners,
        disk: disk(),
        codecs,
        create,
        told: () => {},
        ended,
      };
      processes.set(name, new NodeProcess(spec));
    },
    address: (host) => ({ host: HOST, port: ports.get(host)!.port }),
    closedAddress: () => ({ host: HOST, port: nobody }),
    command: (name, command, answered) => processes.get(name)!.command(command, answered),
    settle: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stop: (name) => processes.get(name)!.stop(),
    failures: () => failures,
    dispose() {
      for (const process of processes.values()) process.kill();
      for (const port of free) port.release();
      dispose();
    },
  };
}

hostContract('memory and sockets', () =>
  serverLab(
    () => new MemoryDisk(),
    () => {},
  ),
);

hostContract('files and sockets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trial-host-'));
  let machines = 0;
  const disk = (): MachineDisk => {
    machines += 1;
    const root = mkdtempSync(join(folder, `${machines}-`));
    return new FileDisk(root);
  };
  return serverLab(disk, () => rmSync(folder, { recursive: true, force: true }));
});
