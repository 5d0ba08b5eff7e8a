import { ExpressionError } from './expression-error.js';
import type { Arithmetic, Comparison, Expr } from './syntax.js';
import { tokenize, type Keyword, type Token } from './tokens.js';

/** Levels of an expression; no filter that a person writes has a tenth of it, and no stack overflows. */
const MAX_DEPTH = 200;
/** Names of a path, for the same reason. */
const MAX_NAMES = 32;

const COMPARISONS: readonly Comparison[] = ['<', '<=', '>', '>=', '==', '!='];

/** @throws ExpressionError that says what was expected, and at which column */
export function parseExpression(text: string): Expr {
  return new Parser(text).parse();
}

type Shape = Expr extends infer E ? (E extends Expr ? Omit<E, 'depth'> : never) : never;

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private nesting = 0;

  constructor(private readonly text: string) {
    this.tokens = tokenize(text);
  }

  parse(): Expr {
    if (this.token().kind === 'end') throw this.error('it is empty');
    const expression = this.or();
    if (this.token().kind !== 'end') throw this.error(`${this.found()} is not expected here`);
    return expression;
  }

  private or(): Expr {
    return this.joined('or', 'any', () => this.and());
  }

  private and(): Expr {
    return this.joined('and', 'all', () => this.not());
  }

  private joined(keyword: Keyword, kind: 'any' | 'all', part: () => Expr): Expr {
    const { at } = this.token();
    const parts = [part()];
    while (this.keyword(keyword)) parts.push(part());
    return parts.length === 1 ? parts[0]! : this.node({ kind, parts, at }, parts);
  }

  private not(): Expr {
    const { at } = this.token();
    if (!this.keyword('not')) return this.comparison();
    const operand = this.deeper(() => this.not());
    return this.node({ kind: 'not', operand, at }, [operand]);
  }

  private comparison(): Expr {
    const { at } = this.token();
    const first = this.sum();
    if (this.keyword('in')) return this.membership(first, false);
    if (this.keyword('not')) {
      if (!this.keyword('in')) throw this.error(`'in' is expected, not ${this.found()}`);
      return this.membership(first, true);
    }
    if (this.keyword('is')) {
      const reversed = this.keyword('not');
      if (!this.keyword('missing')) throw this.error(`'missing' is expected, not ${this.found()}`);
      return this.node({ kind: 'missing', operand: first, negated: reversed, at }, [first]);
    }
    const operands = [first];
    const operators: Comparison[] = [];
    for (;;) {
      const operator = COMPARISONS.find((candidate) => this.symbol(candidate));
      if (operator === undefined) break;
      operators.push(operator);
      if (this.token().kind === 'keyword' && this.token().value === 'missing')
        throw this.error("nothing equals what is missing; write 'is missing' or 'is not missing'");
      operands.push(this.sum());
    }
    return operators.length === 0 ? first : this.node({ kind: 'compare', operands, operators, at }, operands);
  }

  private membership(operand: Expr, negated: boolean): Expr {
    const close = this.symbol('[') ? ']' : ')';
    if (close === ')' && !this.symbol('('))
      throw this.error(`after 'in' comes a list such as (1, 2), not ${this.found()}`);
    const values = this.list(close, "a list after 'in' has one value at least");
    return this.node({ kind: 'in', operand, values, negated, at: operand.at }, [operand, ...values]);
  }

  /** Expressions between commas, up to and with `close`. */
  private list(close: string, whenEmpty: string | undefined): Expr[] {
    const values: Expr[] = [];
    if (this.symbol(close)) {
      if (whenEmpty !== undefined) throw this.error(whenEmpty);
      return values;
    }
    do values.push(this.deeper(() => this.or()));
    while (this.symbol(','));
    if (!this.symbol(close)) throw this.error(`'${close}' is expected, not ${this.found()}`);
    return values;
  }

  private sum(): Expr {
    return this.leftToRight(['+', '-'], () => this.product());
  }

  private product(): Expr {
    return this.leftToRight(['*', '/', '%'], () => this.signed());
  }

  private leftToRight(operators: readonly Arithmetic[], part: () => Expr): Expr {
    let left = part();
    for (;;) {
      const operator = operators.find((candidate) => this.symbol(candidate));
      if (operator === undefined) return left;
      const right = part();
      left = this.node({ kind: 'arithmetic', operator, left, right, at: left.at }, [left, right]);
    }
  }

  private signed(): Expr {
    const { at } = this.token();
    if (this.symbol('+')) return this.deeper(() => this.signed());
    if (!this.symbol('-')) return this.power();
    const operand = this.deeper(() => this.signed());
    // A negative number is one value: lists and sentinels are compared as such.
    if (operand.kind === 'literal' && typeof operand.value !== 'string' && typeof operand.value !== 'boolean')
      return { ...operand, value: -operand.value, at };
    return this.node({ kind: 'negative', operand, at }, [operand]);
  }

  private power(): Expr {
    const left = this.primary();
    if (!this.symbol('**')) return left;
    // -2 ** 2 is -4 and 2 ** -1 is 0.5, as in Python.
    const right = this.deeper(() => this.signed());
    return this.node({ kind: 'arithmetic', operator: '**', left, right, at: left.at }, [left, right]);
  }

  private primary(): Expr {
    const token = this.token();
    const { at } = token;
    switch (token.kind) {
      case 'number':
      case 'text':
        this.next++;
        return this.node({ kind: 'literal', value: token.value, at });
      case 'keyword':
        if (token.value !== 'true' && token.value !== 'false') break;
        this.next++;
        return this.node({ kind: 'literal', value: token.value === 'true', at });
      case 'name':
        this.next++;
        return !token.quoted && this.symbol('(') ? this.call(token.value, at) : this.path(token);
      case 'symbol':
        if (!this.symbol('(')) break;
        return this.parenthesised();
    }
    throw this.error(`a field, a number or a text is expected, not ${this.found()}`);
  }

  private parenthesised(): Expr {
    const inner = this.deeper(() => this.or());
    if (!this.symbol(')')) throw this.error(`')' is expected, not ${this.found()}`);
    return inner;
  }

  private call(name: string, at: number): Expr {
    const args = this.list(')', undefined);
    return this.node({ kind: 'call', name, args, at }, args);
  }

  private path(first: Token & { kind: 'name' }): Expr {
    const names = [first.value];
    let { quoted } = first;
    while (this.symbol('.')) {
      if (names.length === MAX_NAMES) throw this.error(`a path has ${MAX_NAMES} names at most`);
      const token = this.token();
      // A keyword after a dot is a field's name.
      if (token.kind !== 'name' && token.kind !== 'keyword')
        throw this.error(`a field's name is expected after the dot, not ${this.found()}`);
      this.next++;
      names.push(token.kind === 'name' ? token.value : this.text.slice(token.at - 1).match(/^\w+/)![0]);
      quoted ||= token.kind === 'name' && token.quoted;
    }
    return this.node({ kind: 'path', names, quoted, at: first.at });
  }

  private node(shape: Shape, children: readonly Expr[] = []): Expr {
    let depth = 0;
    for (const child of children) if (child.depth > depth) depth = child.depth;
    if (depth >= MAX_DEPTH) throw new ExpressionError(tooDeep(), shape.at, this.text);
    return { ...shape, depth: depth + 1 };
  }

  private deeper(parse: () => Expr): Expr {
    if (++this.nesting > MAX_DEPTH) throw this.error(tooDeep());
    const expression = parse();
    this.nesting--;
    return expression;
  }

  /** A function, so that TypeScript does not take the next token for the last. */
  private token(): Token {
    return this.tokens[this.next]!;
  }

  private keyword(value: Keyword): boolean {
    return this.take('keyword', value);
  }

  private symbol(value: string): boolean {
    return this.take('symbol', value);
  }

  private take(kind: Token['kind'], value: string): boolean {
    if (this.token().kind !== kind || this.token().value !== value) return false;
    this.next++;
    return true;
  }

  private found(): string {
    const { kind, value } = this.token();
    if (kind === 'end') return 'the end';
    return kind === 'text' ? 'a text' : `'${String(value).slice(0, 40)}'`;
  }

  private error(what: string): ExpressionError {
    return new ExpressionError(what, this.token().at, this.text);
  }
}

function tooDeep(): string {
  return `it is nested more than ${MAX_DEPTH} deep`;
}
