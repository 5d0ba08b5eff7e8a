import { basename } from 'node:path';
import { toError } from '@apf/core';
import { DOCUMENTS } from './compat/documents.js';
import { DocumentedMistake, parseDocumented } from './compat/parse-documented.js';
import { errorLine, exitCodeOf } from './error-line.js';
import { exitOnClosedPipe } from './exit-on-closed-pipe.js';

/** Runs a command of the documents as the whole of a process, by the name under which it was typed. */
export async function runNamed(name: string): Promise<void> {
  exitOnClosedPipe();
  const [, file = '', ...argv] = process.argv;
  const typed = DOCUMENTS.find(({ names }) => names.includes(name))?.names.find(
    (each) => each === basename(file),
  );
  process.exitCode = (await runDocumented(typed ?? name, argv)) || process.exitCode;
}

/** Runs one command line of a documented command. Resolves to the exit code; an error is on stderr. */
export async function runDocumented(name: string, argv: readonly string[]): Promise<number> {
  const entry = DOCUMENTS.find(({ names }) => names.includes(name));
  if (!entry) throw new Error(`no document has a command '${name}'`);
  const debug = argv.includes('--debug');
  try {
    const { command } = await entry.load();
    const given = parseDocumented(
      name,
      command,
      argv.filter((word) => word !== '--debug'),
    );
    if (given) await command.run(given);
    else console.log(command.help);
    return 0;
  } catch (thrown) {
    if (thrown instanceof DocumentedMistake) {
      console.error(thrown.answer.text);
      return thrown.answer.exitCode;
    }
    const error = toError(thrown);
    console.error(errorLine(error, name, `${name} --help`));
    if (debug) console.error(error.stack);
    return exitCodeOf(error);
  }
}
