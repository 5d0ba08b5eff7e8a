/** What a Python literal can be. A tuple is given as a list; an integer beyond 2^53 as a bigint. */
export type PythonLiteral =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly PythonLiteral[]
  | { readonly [key: string]: PythonLiteral };

/** Marks a value that is no literal: nothing is ever executed to find out what it would be. */
export const NOT_LITERAL = Symbol('not a literal');

/** Nesting deeper than this is no configuration. */
const DEPTH = 32;

/**
 * The assignments of literals (`name = value`) at the top level of a Python file, such as Fink's `fink_client_conf.py`.
 * Everything else (imports, conditions, calls) is passed over; a name whose last value is no literal has NOT_LITERAL.
 */
export function pythonAssignments(source: string): ReadonlyMap<string, PythonLiteral | typeof NOT_LITERAL> {
  const found = new Map<string, PythonLiteral | typeof NOT_LITERAL>();
  const reader = new LiteralReader(source);
  while (!reader.atEnd) {
    const name = reader.assignmentStart();
    if (name === undefined) {
      reader.skipStatement();
      continue;
    }
    const value = reader.assigned();
    found.set(name, value === undefined ? NOT_LITERAL : value);
  }
  return found;
}

class LiteralReader {
  private at = 0;

  constructor(private readonly source: string) {}

  get atEnd(): boolean {
    return this.at >= this.source.length;
  }

  /** The name, with the reader behind the `=`, where the line that begins here is an assignment to one name. */
  assignmentStart(): string | undefined {
    const match = this.match(/([A-Za-z_]\w*)[ \t]*(?::[^=\n#'"]*)?=(?!=)/y);
    return match?.[1];
  }

  /** The literal up to the end of its line, null as `null`; undefined where it is something else, which is skipped. */
  assigned(): PythonLiteral | undefined {
    const start = this.at;
    this.blanks(false);
    const value = this.value(0);
    if (value !== undefined) {
      this.blanks(false);
      // A tuple without parentheses, as in `topics = 'a', 'b'`.
      if (this.source[this.at] === ',') {
        const rest = this.items(value, undefined, 0);
        if (rest && this.match(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$|;)/y)) return rest;
      } else if (this.match(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$|;[ \t]*)/y)) return value;
    }
    this.at = start;
    this.skipStatement();
    return undefined;
  }

  /** To behind the end of this line, over texts and brackets that go on in the next. */
  skipStatement(): void {
    let open = 0;
    while (!this.atEnd) {
      const char = this.source[this.at] as string;
      if (char === '#') this.match(/#[^\n]*/y);
      else if (this.text() !== undefined) continue;
      else {
        if ('([{'.includes(char)) open++;
        else if (')]}'.includes(char)) open--;
        else if (char === '\\') this.at++;
        this.at++;
        if (char === '\n' && open <= 0) return;
      }
    }
  }

  private value(depth: number): PythonLiteral | undefined {
    if (depth > DEPTH) return undefined;
    const char = this.source[this.at] ?? '';
    if (char === '[') return this.items(undefined, ']', depth);
    if (char === '(') return this.parenthesised(depth);
    if (char === '{') return this.dictionary(depth);
    const word = this.match(/(?:True|False|None)\b/y)?.[0];
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    return this.number() ?? this.texts();
  }

  private number(): number | bigint | undefined {
    const digits = this.match(
      /[+-]?(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\w.])/y,
    )?.[0];
    if (digits === undefined) return undefined;
    const plain = digits.replaceAll('_', '');
    const value = Number(plain);
    return /^[+-]?\d+$/.test(plain) && !Number.isSafeInteger(value) ? BigInt(plain) : value;
  }

  /** Texts that stand side by side are one. */
  private texts(): string | undefined {
    let whole: string | undefined;
    for (let part; (part = this.text()) !== undefined;) {
      whole = (whole ?? '') + part;
      this.blanks(false);
    }
    return whole;
  }

  /** One quoted text; not an f-string, which would have to be executed. */
  private text(): string | undefined {
    const start = this.match(/([rRuU]?)('''|"""|'|")/y);
    if (!start) return undefined;
    const raw = /r/i.test(start[1] ?? '');
    const quote = start[2] as string;
    let result = '';
    while (!this.atEnd) {
      if (this.source.startsWith(quote, this.at)) {
        this.at += quote.length;
        return result;
      }
      const char = this.source[this.at] as string;
      if (char === '\\') {
        const pair = this.source.slice(this.at, this.at + 2);
        this.at += 2;
        result += raw ? pair : (ESCAPES[pair[1] ?? ''] ?? pair);
      } else if (char === '\n' && quote.length === 1) {
        return undefined;
      } else {
        result += char;
        this.at++;
      }
    }
    return undefined;
  }

  /** What stands in parentheses: one value, or a tuple. */
  private parenthesised(depth: number): PythonLiteral | undefined {
    this.at++;
    this.blanks(true);
    if (this.match(/\)/y)) return [];
    const first = this.value(depth + 1);
    if (first === undefined) return undefined;
    this.blanks(true);
    // Texts over several lines.
    if (typeof first === 'string') {
      let whole = first;
      for (let part; (part = this.texts()) !== undefined; this.blanks(true)) whole += part;
      if (this.match(/\)/y)) return whole;
    } else if (this.match(/\)/y)) return first;
    return this.items(first, ')', depth);
  }

  /** The rest of a list up to `end`; the first item was read already where it is given. */
  private items(
    first: PythonLiteral | undefined,
    end: string | undefined,
    depth: number,
  ): PythonLiteral[] | undefined {
    const items: PythonLiteral[] = first === undefined ? [] : [first];
    if (first === undefined) this.at++;
    for (;;) {
      this.blanks(end !== undefined);
      if (items.length > 0) {
        const comma = this.match(/,/y);
        this.blanks(end !== undefined);
        if (!comma && !(end === undefined || this.source[this.at] === end)) return undefined;
        if (!comma && end === undefined) return items;
      }
      if (end !== undefined && this.source[this.at] === end) {
        this.at++;
        return items;
      }
      if (end === undefined && (this.atEnd || '\r\n#;'.includes(this.source[this.at] as string)))
        return items;
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
  }

  private dictionary(depth: number): PythonLiteral | undefined {
    this.at++;
    const entries: [string, PythonLiteral][] = [];
    for (;;) {
      this.blanks(true);
      if (this.match(/\}/y)) return Object.fromEntries(entries);
      const key = this.value(depth + 1);
      this.blanks(true);
      if (typeof key !== 'string' || !this.match(/:/y)) return undefined;
      this.blanks(true);
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      entries.push([key, value]);
      this.blanks(true);
      if (!this.match(/,/y) && this.source[this.at] !== '}') return undefined;
    }
  }

  private blanks(linesToo: boolean): void {
    this.match(linesToo ? /(?:[\s]|\\\r?\n|#[^\n]*)*/y : /(?:[ \t]|\\\r?\n)*/y);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at += match[0].length;
    return match;
  }
}

/** Escapes with a value of their own; Python leaves any other as it stands. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
  '\n': '',
};
