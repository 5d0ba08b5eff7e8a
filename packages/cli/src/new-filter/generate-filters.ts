import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { filterNameProblem, type SurveyName } from '@apf/alerts';
import { makeFolder } from '@apf/connectors';
import { printable, toError, UsageError } from '@apf/core';
import { filterTemplates } from '../new-step/origin.js';
import { render } from '../new-step/render.js';

export interface FilterFiles {
  /** With `count`, what stands before the numbers. */
  readonly name: string;
  readonly count: number | undefined;
  readonly survey: SurveyName | undefined;
  /** A class, which keeps a state, in place of a function. */
  readonly asClass: boolean;
  readonly folder: string;
}

/** More filters nobody edits. */
const MOST = 1_000;

/** Words that no file can declare as a class or import by. */
const TAKEN =
  /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|index|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|test|assert|arguments)$/;

const ALERTS: Readonly<Record<SurveyName, { readonly type: string; readonly example: string }>> = {
  ztf: { type: 'ZtfAlert', example: 'candidate.drb' },
  lsst: { type: 'LsstAlert', example: 'diaSource.reliability' },
  elasticc: { type: 'ElasticcAlert', example: 'diaObject.hostgal_zspec' },
};

/**
 * Writes filters and their tests, and resolves to their names. Nothing is overwritten: where one file is there already,
 * none is written.
 */
export async function generateFilters(files: FilterFiles): Promise<readonly string[]> {
  const { survey, asClass, folder } = files;
  if (folder === '') throw new UsageError('--filters needs a folder');
  const names = namesOf(files);
  const target = resolve(folder);
  for (const name of names)
    for (const file of [`${name}.ts`, `${name}.test.ts`])
      if (await isThere(join(target, file)))
        throw new UsageError(`${join(folder, file)} is there already; nothing was written`);
  await makeFolder(target).catch(notWritten(target));
  const { type, example } = ALERTS[survey ?? 'ztf'];
  for (const name of names) {
    const alert = survey ? type : 'unknown';
    const identifier = name.replaceAll('-', '_');
    await render(
      filterTemplates(),
      target,
      { name, identifier, survey, type, example, alert, class: asClass },
      [],
    ).catch(notWritten(target));
  }
  return names;
}

/** A link that leads nowhere counts: a file would be written where it points. */
const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const notWritten =
  (folder: string) =>
  (thrown: unknown): never => {
    throw new UsageError(
      `filters cannot be written to ${printable(folder, 300)}: ${toError(thrown).message}; choose another --filters`,
      { code: 'APF_FILE', cause: thrown },
    );
  };

function namesOf({ name, count }: FilterFiles): readonly string[] {
  const problem = filterNameProblem(name);
  if (problem) throw new UsageError(`'${printable(name, 60)}' ${problem}`);
  if (TAKEN.test(name))
    throw new UsageError(`'${name}' cannot name a filter: JavaScript has the word already`);
  if (count === undefined) return [name];
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= MOST))
    throw new UsageError(`--count is a whole number from 1 to ${MOST}`);
  const names = Array.from({ length: count }, (_, i) => `${name}${String(i + 1).padStart(3, '0')}`);
  const long = filterNameProblem(names.at(-1)!);
  if (long) throw new UsageError(`'${printable(names.at(-1)!, 120)}' ${long}`);
  return names;
}
