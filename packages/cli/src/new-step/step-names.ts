import { UsageError } from '@apf/core';

/** What a step is called in each of the places that name it. */
export interface StepNames {
  /** As typed, spaces made underscores: `sn_process`, `sn-process`, `SnProcess`. */
  readonly folder: string;
  /** Name of the npm package, of the image and of the consumer group: lower case. */
  readonly package: string;
  /** `SnProcess`. */
  readonly class: string;
}

/** Names that step.ts imports or declares itself; a class of that name would clash. */
const TAKEN = new Set(['Step', 'BatchStep', 'Alert', 'Result', 'AlertContext', 'BatchContext', 'Settings']);

/** npm refuses to install a package into one of the same name; `node_modules` is no name at all. */
const FORBIDDEN = new Set(['apf', 'jest', 'typescript', 'node-rdkafka', 'node_modules']);

/**
 * Derives the names of a step from what was typed. Throws {@link UsageError} for anything from which no folder, class
 * and npm package can be made without guessing: a path, an empty name, one that begins with a digit.
 */
export function stepNames(typed: string): StepNames {
  const name = typed.trim();
  const refuse = (why: string): never => {
    throw new UsageError(`'${typed}' cannot name a step: ${why}`);
  };
  if (name === '') refuse('it is empty; give a name like sn_process');
  if (/[/\\]/.test(name)) refuse('it is a path; give the name alone and the folder with --dir');
  if (!/^[A-Za-z]/.test(name))
    refuse(`it names a class, so it must begin with a letter; try step_${suggestion(name)}`);
  if (!/^[A-Za-z0-9 _-]+$/.test(name)) refuse('use letters of the English alphabet, digits, _ and - only');
  if (name.length > 64) refuse('it is longer than 64 characters');

  const folder = name.replace(/ +/g, '_').replace(/[_-]+$/, '');
  const packageName = folder
    .replace(
      /([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g,
      (_, a = '', b = '', c = '', d = '') => `${a}${c}_${b}${d}`,
    )
    .toLowerCase();
  if (FORBIDDEN.has(packageName)) refuse(`a package of that name exists already; try ${packageName}_step`);
  const pascal = packageName
    .split(/[_-]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return {
    folder,
    package: packageName,
    class: TAKEN.has(pascal) || pascal in globalThis ? `${pascal}Step` : pascal,
  };
}

function suggestion(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'name';
}
