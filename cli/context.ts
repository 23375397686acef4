/** What commands get besides their own arguments. */
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface Context {
  readonly terminal: Terminal;
  /** For a command that ends in another way than well or by an error. */
  exitWith(code: ExitCode): void;
}
