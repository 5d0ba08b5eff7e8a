import type { Documented, MistakeAnswer, MistakeKind, Option, Positional, Values } from './documented.js';

/** A command line that a documented command does not take: its `text` is for stderr as it is. */
export class DocumentedMistake extends Error {
  constructor(readonly answer: MistakeAnswer) {
    super(answer.text);
  }
}

/**
 * Reads the command line of a documented command. Undefined where help is asked for.
 * @throws DocumentedMistake
 */
export function parseDocumented(
  program: string,
  command: Documented,
  argv: readonly string[],
): Values | undefined {
  const wrong = (kind: MistakeKind, what: string, value = ''): DocumentedMistake => {
    const answer = command.mistake ?? ((...about) => asArgparse(program, command.help, ...about));
    return new DocumentedMistake(answer(kind, what, value));
  };
  const optionOf = optionsByName(command);
  const values: Values = {};
  for (const [name, { kind }] of Object.entries(command.options)) {
    values[name] = kind === 'flag' ? false : undefined;
  }
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!isOption(word)) {
      words.push(word);
      continue;
    }
    const [written, attached] = split(word);
    const found = optionOf(written);
    if (!found) {
      if (['h', 'help'].includes(bare(written))) return undefined;
      throw wrong('unknown-option', word);
    }
    const [name, { kind }] = found;
    if (kind === 'flag') values[name] = true;
    else if (kind === 'rest') {
      values[name] = argv.slice(i + 1);
      break;
    } else {
      const value = attached ?? argv[++i];
      if (value === undefined || (attached === undefined && isOption(value)))
        throw wrong('no-value', written);
      values[name] =
        kind === 'text' ? value : numberFrom(value, kind, () => wrong('not-a-number', written, value));
    }
  }
  takePositionals(command, words, values, wrong);
  return values;
}

function takePositionals(
  { positionals }: Documented,
  words: readonly string[],
  values: Values,
  wrong: (kind: MistakeKind, what: string, value?: string) => DocumentedMistake,
): void {
  let taken = 0;
  const missing: string[] = [];
  for (const [name, { kind, optional }] of Object.entries<Positional>(positionals)) {
    const word = words[taken];
    if (word === undefined) {
      values[name] = undefined;
      if (!optional) missing.push(name);
    } else if (kind === 'list') {
      values[name] = words.slice(taken);
      taken = words.length;
    } else {
      values[name] = kind === 'text' ? word : numberFrom(word, kind, () => wrong('not-a-number', name, word));
      taken++;
    }
  }
  if (missing.length > 0) throw wrong('missing', missing.join(', '));
  if (taken < words.length) throw wrong('unknown-argument', words[taken]!);
}

function optionsByName(command: Documented): (written: string) => [string, Option] | undefined {
  const byName = new Map<string, [string, Option]>();
  for (const [name, option] of Object.entries(command.options)) {
    for (const written of option.names) byName.set(bare(written), [name, option]);
  }
  return (written) => byName.get(bare(written));
}

/** Documents write `-config` and `--save`; people type either with one dash or two, and `_` for `-`. */
function bare(written: string): string {
  return written.replace(/^--?/, '').replaceAll('_', '-');
}

/** `-1` is a number. */
function isOption(word: string): boolean {
  return /^--?[^\d\s.-]/.test(word);
}

function split(word: string): [string, string | undefined] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function numberFrom(text: string, kind: 'integer' | 'number', wrong: () => Error): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || (kind === 'integer' && !Number.isInteger(value))) {
    throw wrong();
  }
  return value;
}

/** The first paragraph of an argparse help is its usage, which precedes each error. */
function asArgparse(
  program: string,
  help: string,
  kind: MistakeKind,
  what: string,
  value: string,
): MistakeAnswer {
  const problem = {
    'unknown-option': `unrecognized arguments: ${what}`,
    'unknown-argument': `unrecognized arguments: ${what}`,
    'no-value': `argument ${what}: expected one argument`,
    'not-a-number': `argument ${what}: invalid int value: '${value}'`,
    missing: `the following arguments are required: ${what}`,
  }[kind];
  return { text: `${help.split('\n\n')[0]}\n${program}: error: ${problem}`, exitCode: 2 };
}
