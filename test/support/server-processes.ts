/** Nodes of a cluster as processes of the operating system, from the bundled command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ListeningPort } from '../../server/network/listening-port.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const STARTED_MS = 60_000;

/** Free a moment ago. */
export async function freePort(): Promise<number> {
  const port = new ListeningPort('127.0.0.1', 0);
  await port.take();
  port.release();
  return port.port;
}

export class ServerProcesses {
  readonly bootstrap: string[] = [];
  private readonly folder: string;
  private readonly running = new Map<number, ChildProcess>();
  /** Every process that was ever started, with its node. */
  private readonly children: (readonly [node: number, child: ChildProcess])[] = [];
  private readonly said = new Map<number, string>();

  constructor() {
    // Inside the project, because the bundle finds rolldown in its node_modules.
    this.folder = mkdtempSync(join(root, 'node_modules', '.trial-server-'));
  }

  /**
   * Builds the command and writes a server.properties for each node; starts nothing.
   * @param config of each node, or what it is to be with its ports
   */
  async prepare(
    nodes: number,
    config:
      | Readonly<Record<string, string>>
      | ((ports: { clients: number; controllers: number }) => Record<string, string>),
  ): Promise<void> {
    await build({ root, logLevel: 'error', build: { outDir: join(this.folder, 'cli') } });
    const ports = await Promise.all(
      Array.from({ length: nodes }, async () => [await freePort(), await freePort()] as const),
    );
    const voters = ports.map(([, port], i) => `${i + 1}@127.0.0.1:${port}`).join(',');
    for (const [i, [clients, controllers]] of ports.entries()) {
      const lines = {
        'node.id': String(i + 1),
        'process.roles': 'broker,controller',
        'cluster.id': 'TrialTrialTrialTrialTA',
        'controller.quorum.voters': voters,
        'controller.listener.names': 'CONTROLLER',
        listeners: `PLAINTEXT://127.0.0.1:${clients},CONTROLLER://127.0.0.1:${controllers}`,
        'log.dirs': join(this.folder, `data-${i + 1}`),
        ...(typeof config === 'function' ? config({ clients, controllers }) : config),
      };
      const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`);
      writeFileSync(this.file(i + 1), text.join(''));
      this.bootstrap.push(`127.0.0.1:${clients}`);
    }
  }

  private file(node: number): string {
    return join(this.folder, `node-${node}.properties`);
  }

  /** Resolves when the node says that it serves. */
  start(node: number): Promise<void> {
    const args = [join(this.folder, 'cli', 'trial.js'), 'serve', '--config', this.file(node), '-q'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.running.set(node, child);
    this.children.push([node, child]);
    this.said.set(node, '');
    const hear = (data: Buffer): void => {
      this.said.set(node, `${this.said.get(node)}${data}`);
    };
    child.stderr.on('data', hear);
    return new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new Error(`node ${node} ${why}: ${this.said.get(node)}`));
      const limit = setTimeout(() => fail('does not serve'), STARTED_MS);
      child.once('exit', (code) => fail(`ended with ${code}`));
      child.stdout.on('data', (data: Buffer) => {
        hear(data);
        if (!this.said.get(node)?.includes('bootstrap.servers=')) return;
        clearTimeout(limit);
        resolve();
      });
    });
  }

  async startAll(): Promise<void> {
    await Promise.all(this.bootstrap.map((_, i) => this.start(i + 1)));
  }

  /** @returns the exit code; null when a signal ended it. */
  end(node: number, signal: 'SIGKILL' | 'SIGINT'): Promise<number | null> {
    const child = this.running.get(node);
    this.running.delete(node);
    if (child === undefined || child.exitCode !== null) return Promise.resolve(null);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  /** To a node that may be ending already. */
  signal(node: number, signal: 'SIGINT'): void {
    for (const [one, child] of this.children) if (one === node) child.kill(signal);
  }

  pid(node: number): number {
    return this.running.get(node)?.pid ?? 0;
  }

  async dispose(): Promise<void> {
    for (const [, child] of this.children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
