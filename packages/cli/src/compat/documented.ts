/**
 * A value that a documented command takes. `flag` has no value; `rest` takes all words after it, unread, for what has a
 * grammar of its own (`fink_kafka --authentication …`); `list` is a positional for all that are left.
 */
export type Kind = 'text' | 'integer' | 'number' | 'flag' | 'rest' | 'list';

export interface Option {
  /** `-config`, `--stampDir`, `-c`: as the documents write it. Each option is accepted with one dash and with two. */
  readonly names: readonly string[];
  readonly kind: Exclude<Kind, 'list'>;
}

export interface Positional {
  readonly kind: 'text' | 'integer' | 'list';
  readonly optional?: true;
}

type ValueOf<K extends Kind> = K extends 'flag'
  ? boolean
  : K extends 'rest' | 'list'
    ? readonly string[] | undefined
    : K extends 'text'
      ? string | undefined
      : number | undefined;

type PositionalValue<P extends Positional> =
  P extends Readonly<{ optional: true }>
    ? ValueOf<P['kind']>
    : P['kind'] extends 'list'
      ? readonly string[]
      : NonNullable<ValueOf<P['kind']>>;

/** What a command line gave: an option that is absent is undefined, a flag false. */
export type Given<P extends Positionals, O extends Options> = {
  readonly [name in keyof P]: PositionalValue<P[name]>;
} & { readonly [name in keyof O]: ValueOf<O[name]['kind']> };

export type Positionals = Readonly<Record<string, Positional>>;
export type Options = Readonly<Record<string, Option>>;

/** What is wrong with a command line; `what` is the word or the name that it is about. */
export type MistakeKind = 'unknown-option' | 'unknown-argument' | 'no-value' | 'not-a-number' | 'missing';

/** What a documented command prints on stderr for a mistake, and its exit code. */
export interface MistakeAnswer {
  readonly text: string;
  readonly exitCode: number;
}

/** What a command line gave, before the declaration's types are known. */
export type Values = Record<string, string | number | boolean | readonly string[] | undefined>;

export interface Documented {
  /** What `-h` and `--help` print, as the documents show it. */
  readonly help: string;
  /** In the order in which they are typed. */
  readonly positionals: Positionals;
  readonly options: Options;
  /** As Python's argparse answers, with exit code 2, where it is absent. */
  readonly mistake?: ((kind: MistakeKind, what: string, value: string) => MistakeAnswer) | undefined;
  run(given: Values): Promise<void>;
}

/**
 * Declares a command of the documents. `run` gets what was typed, with the types of the declaration, and calls what
 * `apf` does; it throws as a command of `apf` does, or sets `process.exitCode`.
 */
export function defineDocumented<const P extends Positionals, const O extends Options>(
  command: Omit<Documented, 'run'> & {
    readonly positionals: P;
    readonly options: O;
    run(given: Given<P, O>): Promise<void>;
  },
): Documented {
  return { ...command, run: (given) => command.run(given as Given<P, O>) };
}
