/** The one table of everything that can be done on the page. */
import type { Command } from './command.ts';
import { goCommands } from './commands/go.ts';
import { liveCommands } from './commands/live.ts';
import { lookCommands } from './commands/look.ts';
import { pageCommands } from './commands/page.ts';
import { playCommands } from './commands/play.ts';
import type { AppStore } from './store.ts';

export const commands: readonly Command[] = [
  ...playCommands,
  ...liveCommands,
  ...goCommands,
  ...lookCommands,
  ...pageCommands,
];

export function commandOf(id: string): Command {
  const found = commands.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no command is called ${id}`);
  return found;
}

/** Does nothing when the command is not available now. */
export function runCommand(app: AppStore, id: string): void {
  const command = commandOf(id);
  if (command.available?.(app) ?? true) command.run(app);
}
