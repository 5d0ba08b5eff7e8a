import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@apf/core';
import { defineCommand } from '../../command.js';
import { FILTER_FOLDER } from '../../filters/filter-folder.js';

const TEST = /\.test\.[cm]?[jt]s$/;

/** `apf filters test` */
export const test = defineCommand(
  (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, describe: 'Filters; all where absent' })
      .option('filters', { type: 'string', default: FILTER_FOLDER, describe: 'The folder of the filters' }),
  async ({ names = [], filters: folder }) => {
    const files = testsIn(folder);
    for (const name of names)
      if (!files.some((file) => testedBy(file) === name))
        throw new UsageError(`${folder} has no test of '${name}'`);
    const chosen = files.filter((file) => names.length === 0 || names.includes(testedBy(file)));
    // In a process of its own: Node's tests end it, with their own exit code.
    const child = fork(
      fileURLToPath(new URL('../../filters/run-filter-tests.js', import.meta.url)),
      chosen.map((file) => resolve(folder, file)),
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
  },
);

const testedBy = (file: string): string => file.replace(TEST, '');

function testsIn(folder: string): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => TEST.test(name));
  } catch {
    // Said below.
  }
  if (names.length === 0)
    throw new UsageError(
      `${join(folder, '*.test.ts')}: there is none; apf new-filter NAME makes a filter with its test`,
    );
  return names.sort();
}
