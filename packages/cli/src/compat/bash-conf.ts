import { readFileSync } from 'node:fs';
import { fileReason, printable, UsageError } from '@apf/core';

/**
 * The assignments of a bash configuration file such as Fink's: `KEY=value`, quotes, comments, `export`, and `$VAR`,
 * `${VAR}`, `${VAR:-otherwise}` from the lines above, else from the environment, else nothing. It is read, never
 * executed: a line that is anything else is an error.
 * @throws UsageError that names file and line
 */
export function readBashConf(path: string, environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `the configuration '${printable(path)}' cannot be read: ${fileReason(error)}; check the path`,
      {
        code: 'APF_FILE',
        cause: error,
      },
    );
  }
  return parseBashConf(text, path, environment);
}

/** As {@link readBashConf}, for text; `path` is for errors. */
export function parseBashConf(
  text: string,
  path: string,
  environment: NodeJS.ProcessEnv,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const lookUp = (name: string): string => values.get(name) ?? environment[name] ?? '';
  const reader = new ConfReader(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), path, lookUp);
  for (let pair = reader.next(); pair; pair = reader.next()) values.set(...pair);
  return values;
}

const BLANKS = /[ \t\n;]*(?:#[^\n]*(?:\n|$)[ \t\n;]*)*/y;
const ASSIGNMENT = /(?:export[ \t]+)?([A-Za-z_]\w*)=/y;
const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}$`"']*))?\})/y;

class ConfReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly path: string,
    private readonly lookUp: (name: string) => string,
  ) {}

  next(): [string, string] | undefined {
    this.match(BLANKS);
    if (this.at >= this.text.length) return undefined;
    const name = this.match(ASSIGNMENT)?.[1];
    if (name === undefined) this.fail('is not KEY=value');
    return [name, this.value()];
  }

  /** As bash reads one word: quoted and bare parts that follow each other belong together. */
  private value(): string {
    let value = '';
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined || /[\s;]/.test(character)) return value;
      if (character === "'") value += this.until("'");
      else if (character === '"') value += this.doubleQuoted();
      else value += this.bare(character);
    }
  }

  private until(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) this.fail(`has a ${quote} without its second`);
    const inside = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return inside;
  }

  private doubleQuoted(): string {
    const start = this.at++;
    let inside = '';
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) {
        this.at = start;
        this.fail('has a " without its second');
      }
      if (character === '"') {
        this.at++;
        return inside;
      }
      const next = this.text[this.at + 1];
      if (character === '\\' && next !== undefined && '$`"\\\n'.includes(next)) {
        inside += next === '\n' ? '' : next;
        this.at += 2;
      } else inside += this.expanded(character);
    }
  }

  private bare(character: string): string {
    if (character === '\\') {
      const next = this.text[this.at + 1] ?? '';
      this.at += 2;
      return next === '\n' ? '' : next;
    }
    if ('()<>|&'.includes(character)) this.fail(`has a '${character}', which bash would act on`);
    return this.expanded(character);
  }

  /** One character, or the variable that begins there. */
  private expanded(character: string): string {
    if (character === '`') this.fail('has a command, which is not executed');
    if (character === '$' && /[({A-Za-z_]/.test(this.text[this.at + 1] ?? '')) {
      const variable = this.match(VARIABLE);
      if (!variable) {
        this.fail(
          this.text.startsWith('$(', this.at)
            ? 'has a command, which is not executed'
            : 'has a ${…} other than ${VAR} and ${VAR:-otherwise}',
        );
      }
      return this.lookUp(variable[1] ?? variable[2]!) || (variable[3] ?? '');
    }
    this.at++;
    return character;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  private fail(what: string): never {
    const number = this.text.slice(0, this.at).split('\n').length;
    const line = this.text.split('\n')[number - 1]!.trim();
    throw new UsageError(
      `${this.path}: line ${number} ${what}: ${line.length > 60 ? `${line.slice(0, 60)}…` : line}`,
      { code: 'APF_SETTINGS' },
    );
  }
}
