import { readFileSync } from 'node:fs';
import { toError, UsageError } from '@apf/core';
import yargs, { type ArgumentsCamelCase, type Argv } from 'yargs';
import type { Command, CommandEntry } from './command.js';
import { COMMANDS } from './commands.js';
import { longWords } from './compat/long-words.js';
import { errorLine, exitCodeOf } from './error-line.js';

/**
 * Runs one command line. Resolves to the exit code: 0, 2 for a mistake in the command line or the settings, 1 for
 * whatever else failed. An error is one line on stderr; `--debug` adds the stack.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let parser: Argv = yargs(longWords(argv))
    .scriptName('apf')
    .usage(overview())
    .option('debug', { type: 'boolean', default: false, describe: 'Show the stack of an error' })
    .version(version())
    .alias('help', 'h')
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .wrap(null)
    // Thrown, so that every error leaves by the same door.
    .fail((message, error) => {
      throw error ?? new UsageError(explained(message, argv));
    });
  for (const entry of COMMANDS) parser = register(parser, entry);
  try {
    await parser.parseAsync();
    return 0;
  } catch (thrown) {
    const error = mistake(toError(thrown), argv);
    console.error(errorLine(error, 'apf', `apf ${named(argv) ? `${argv[0]} ` : ''}--help`));
    if (argv.includes('--debug')) console.error(error.stack);
    return exitCodeOf(error);
  }
}

/** yargs throws some mistakes of the command line itself, such as an option without its argument. */
function mistake(error: Error, argv: readonly string[]): Error {
  return error.name === 'YError' ? new UsageError(explained(error.message, argv), { cause: error }) : error;
}

/** A command whose module is loaded when it is named, be it only for its help. */
function register(parser: Argv, entry: CommandEntry): Argv {
  let loaded: Command | undefined;
  return parser.command(
    entry.usage,
    false,
    async (inner: Argv) => {
      loaded = (await entry.load()).command;
      return loaded.builder(inner.usage(`apf ${entry.usage}: ${entry.description}`));
    },
    async (options: ArgumentsCamelCase) => {
      await loaded?.handler(options);
    },
  );
}

/** Shown by `apf --help`: yargs cannot group commands, so they are hidden from it and listed here. */
function overview(): string {
  const width = Math.max(...COMMANDS.map((entry) => entry.usage.length)) + 2;
  const groups = new Map<string, string[]>();
  for (const { group, usage, description } of COMMANDS) {
    const lines = groups.get(group) ?? [];
    lines.push(`  apf ${usage.padEnd(width)}${description}`);
    groups.set(group, lines);
  }
  const listed = [...groups].map(([group, lines]) => `${group}:\n${lines.join('\n')}`);
  return ['Steps for astronomical alert streams.', ...listed].join('\n\n');
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const named = (argv: readonly string[]): CommandEntry | undefined =>
  COMMANDS.find((entry) => entry.usage.split(' ')[0] === argv[0]);

/** What yargs says about a command line, in words that name the command. */
function explained(message: string, argv: readonly string[]): string {
  const [first] = argv;
  const entry = named(argv);
  if (entry)
    return /^Not enough non-option/.test(message) ? `an argument is missing: apf ${entry.usage}` : message;
  if (first === undefined || first.startsWith('-')) return message;
  const proposal = /^Did you mean (.+)\?$/.exec(message)?.[1];
  return `there is no command '${first}'${proposal ? `; did you mean '${proposal}'?` : ''}`;
}
