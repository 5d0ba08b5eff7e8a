import { readFileSync } from 'node:fs';
import { toError, UsageError } from '@apf/core';
import yargs, { type ArgumentsCamelCase, type Argv } from 'yargs';
import type { Command, CommandEntry, CommandFamily } from './command.js';
import { COMMANDS } from './commands.js';
import { longWords } from './compat/long-words.js';
import { errorLine, exitCodeOf } from './error-line.js';
import { negativeAngles } from './negative-angles.js';

/**
 * Runs one command line. Resolves to the exit code: 0, 2 for a mistake in the command line or the settings, 1 for
 * whatever else failed. An error is one line on stderr; `--debug` adds the stack.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let parser: Argv = yargs(negativeAngles(longWords(argv)))
    .scriptName('apf')
    .usage(`Steps for astronomical alert streams.\n\n${listed(COMMANDS, 'apf')}`)
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
  for (const entry of COMMANDS) parser = register(parser, entry, 'apf');
  try {
    await parser.parseAsync();
    return 0;
  } catch (thrown) {
    const error = mistake(toError(thrown), argv);
    console.error(errorLine(error, 'apf', `${named(argv).path} --help`));
    if (argv.includes('--debug')) console.error(error.stack);
    return exitCodeOf(error);
  }
}

/** yargs throws some mistakes of the command line itself, such as an option without its argument. */
function mistake(error: Error, argv: readonly string[]): Error {
  return error.name === 'YError' ? new UsageError(explained(error.message, argv), { cause: error }) : error;
}

/**
 * A command whose module is loaded when it is named, be it only for its help, or a family of them.
 * @param path what is typed before it.
 */
function register(parser: Argv, entry: CommandEntry, path: string): Argv {
  const title = `${path} ${entry.usage}: ${entry.description}`;
  if ('commands' in entry) {
    const { usage, commands } = entry;
    return parser.command(usage, false, (inner: Argv) => {
      let family = inner.usage(`${title}\n\n${listed(commands, `${path} ${usage}`)}`);
      for (const each of commands) family = register(family, each, `${path} ${usage}`);
      return family.demandCommand(1, missingWord(entry));
    });
  }
  let loaded: Command | undefined;
  return parser.command(
    entry.usage,
    false,
    async (inner: Argv) => {
      loaded = (await entry.load()).command;
      return loaded.builder(inner.usage(title));
    },
    async (options: ArgumentsCamelCase) => {
      await loaded?.handler(options);
    },
  );
}

const nameOf = ({ usage }: CommandEntry): string => usage.split(' ')[0]!;

const missingWord = ({ commands }: CommandFamily): string =>
  `say what to do: ${commands.map(nameOf).join(', ')}`;

/** Commands by group, for a help: yargs cannot group them, so they are hidden from it and listed here. */
function listed(commands: readonly CommandEntry[], path: string): string {
  const width = Math.max(...commands.map((entry) => entry.usage.length)) + 2;
  const groups = new Map<string, string[]>();
  for (const { group, usage, description } of commands) {
    const lines = groups.get(group) ?? [];
    lines.push(`  ${path} ${usage.padEnd(width)}${description}`);
    groups.set(group, lines);
  }
  return [...groups].map(([group, lines]) => `${group}:\n${lines.join('\n')}`).join('\n\n');
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

interface Named {
  /** What was typed of it, `apf` included. */
  readonly path: string;
  /** Undefined where not even the first word is one. */
  readonly entry: CommandEntry | undefined;
  /** The first word that names nothing. */
  readonly rest: string | undefined;
}

/** The command that a command line names, as far as it does. */
function named(argv: readonly string[]): Named {
  let entry: CommandEntry | undefined;
  let path = 'apf';
  let among = COMMANDS;
  for (const word of argv) {
    const found = among.find((each) => nameOf(each) === word);
    if (found === undefined) return { path, entry, rest: word };
    entry = found;
    path += ` ${word}`;
    if (!('commands' in found)) return { path, entry, rest: undefined };
    among = found.commands;
  }
  return { path, entry, rest: undefined };
}

/** What yargs says about a command line, in words that name the command. */
function explained(message: string, argv: readonly string[]): string {
  const { path, entry, rest } = named(argv);
  if (entry && !('commands' in entry)) {
    const usage = [path, ...entry.usage.split(' ').slice(1)].join(' ');
    return /^Not enough non-option/.test(message) ? `an argument is missing: ${usage}` : message;
  }
  if (rest === undefined || rest.startsWith('-')) return message;
  const typed = [...path.split(' ').slice(1), rest].join(' ');
  const near = /^Did you mean (.+)\?$/.exec(message)?.[1];
  const cure = near === undefined ? entry && missingWord(entry) : `did you mean '${near}'?`;
  return `there is no command '${typed}'${cure === undefined ? '' : `; ${cure}`}`;
}
