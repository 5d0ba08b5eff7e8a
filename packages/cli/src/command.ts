import type { ArgumentsCamelCase, Argv } from 'yargs';

/** A command of `apf`, as its module in `commands/` exports it under the name `command`. */
export interface Command {
  builder(yargs: Argv): Argv;
  handler(options: ArgumentsCamelCase): Promise<void> | void;
}

/**
 * Declares a command: `builder` adds options (and describes positionals), `handler` gets them, typed. A handler throws
 * `UsageError` (exit code 2), any other error (exit code 1), or sets `process.exitCode`.
 */
export function defineCommand<Options>(
  builder: (yargs: Argv) => Argv<Options>,
  handler: (options: ArgumentsCamelCase<Options>) => Promise<void> | void,
): Command {
  return { builder, handler };
}

interface Listed {
  /** The name and its positionals, as yargs reads them: `inspect <files..>`. */
  readonly usage: string;
  /** The heading under which the help lists it. */
  readonly group: string;
  readonly description: string;
}

/** What the help must know of a command; its module is loaded only once the command is named. */
export interface SingleCommand extends Listed {
  load(): Promise<{ readonly command: Command }>;
}

/** Commands under one name, as `apf kafka` has them. */
export interface CommandFamily extends Listed {
  readonly commands: readonly CommandEntry[];
}

export type CommandEntry = SingleCommand | CommandFamily;
