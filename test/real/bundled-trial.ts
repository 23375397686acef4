/** The `trial` command as it is delivered, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface EndedTrial {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningTrial {
  readonly child: ChildProcess;
  readonly ended: Promise<EndedTrial>;
}

export class BundledTrial {
  private readonly folder: string;

  constructor() {
    // Inside the project, because the bundle finds rolldown in its node_modules.
    this.folder = mkdtempSync(join(root, 'node_modules', '.trial-cli-'));
  }

  async build(): Promise<void> {
    await build({ root, logLevel: 'error', build: { outDir: this.folder } });
  }

  /** @param temporary where it has its temporary files. */
  start(temporary: string, ...args: string[]): RunningTrial {
    const child = spawn(process.execPath, [join(this.folder, 'trial.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, NO_COLOR: '1' },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    const ended = new Promise<EndedTrial>((resolve) => {
      child.once('close', (code) => resolve({ code, out, err }));
    });
    return { child, ended };
  }

  run(temporary: string, ...args: string[]): Promise<EndedTrial> {
    return this.start(temporary, ...args).ended;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
