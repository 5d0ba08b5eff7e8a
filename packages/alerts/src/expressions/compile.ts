import { nearest, type AvroSchema } from '@apf/core';
import { isMissing } from '../missing-values.js';
import { surveyOfAlert, SURVEYS, type SurveyName } from '../surveys/survey-of.js';
import { calculate } from './arithmetic.js';
import { DERIVED_NAMES, findDerivedName, type DerivedName } from './derived-names.js';
import { ExpressionError } from './expression-error.js';
import { FUNCTIONS, SURVEY_FUNCTIONS, type ExpressionFunction } from './functions.js';
import { membership } from './membership.js';
import { parseExpression } from './parse.js';
import { pathReader } from './read-path.js';
import { nearestPath, resolvePath } from './schema-paths.js';
import type { Expr } from './syntax.js';
import { compare, type Kind, type Value } from './values.js';

/** An expression as a function of the alert, and the kind of its values. */
export interface Compiled {
  readonly kind: Kind;
  readonly read: (alert: unknown) => Value;
}

export interface Surroundings {
  readonly text: string;
  readonly schema: AvroSchema | undefined;
  /** Undefined: the survey of each alert. */
  readonly survey: SurveyName | undefined;
  /** Collects the paths that are read. */
  readonly fields: Set<string>;
  readonly shared?: SharedReads | undefined;
}

/** Values that several expressions read of one alert after the other: what one has read, the next ones know. */
export class SharedReads {
  private readonly reads = new Map<
    string,
    { readonly compiled: Compiled; readonly fields: ReadonlySet<string> }
  >();

  /** What `compile` makes, the same for each expression that asks under this name. */
  of(name: string, fields: Set<string>, compile: (fields: Set<string>) => Compiled): Compiled {
    let known = this.reads.get(name);
    if (!known) {
      const own = new Set<string>();
      const { kind, read } = compile(own);
      known = { compiled: { kind, read: once(read) }, fields: own };
      this.reads.set(name, known);
    }
    for (const field of known.fields) fields.add(field);
    return known.compiled;
  }
}

/** Reads an alert once, until another one is asked about. */
function once(read: Compiled['read']): Compiled['read'] {
  let last: unknown = NO_ALERT;
  let value: Value;
  return (alert) => {
    if (alert !== last) {
      value = read(alert);
      last = alert;
    }
    return value;
  };
}

const NO_ALERT = Symbol('no alert');

const TRUE = (value: Value): boolean => value === true;

/** Whether one of the conditions is true, or one is not. A loop: it is run for every alert by every filter. */
function isAny(parts: readonly Compiled['read'][], alert: unknown, wanted: boolean): boolean {
  for (const part of parts) if (TRUE(part(alert)) === wanted) return true;
  return false;
}

/** Turns a parsed expression into closures. @throws ExpressionError for what the schema, or no alert at all, can have */
export function compileTree(tree: Expr, surroundings: Surroundings): Compiled {
  return new Compiler(surroundings, false).compile(tree);
}

class Compiler {
  constructor(
    private readonly around: Surroundings,
    /** Inside of a derived name: what a schema does not have is missing, and kinds are not checked. */
    private readonly derived: boolean,
  ) {}

  compile(tree: Expr): Compiled {
    switch (tree.kind) {
      case 'literal':
        return constant(tree.value);
      case 'path': {
        const { shared, fields } = this.around;
        if (!shared || this.derived) return this.path(tree, this.around);
        const name = `${tree.quoted ? '`' : ''}${tree.names.join('\0')}`;
        return shared.of(name, fields, (own) => this.path(tree, { ...this.around, fields: own }));
      }
      case 'call':
        return this.call(tree);
      case 'negative':
        return this.negative(tree);
      case 'arithmetic':
        return this.arithmetic(tree);
      case 'compare':
        return this.comparison(tree);
      case 'in':
        return this.membership(tree);
      case 'missing': {
        const { read } = this.compile(tree.operand);
        const { negated } = tree;
        return { kind: 'boolean', read: (alert) => (read(alert) === undefined) !== negated };
      }
      case 'not': {
        const { read } = this.condition(tree.operand);
        return { kind: 'boolean', read: (alert) => !TRUE(read(alert)) };
      }
      case 'all': {
        const parts = tree.parts.map((part) => this.condition(part).read);
        return { kind: 'boolean', read: (alert) => !isAny(parts, alert, false) };
      }
      case 'any': {
        const parts = tree.parts.map((part) => this.condition(part).read);
        return { kind: 'boolean', read: (alert) => isAny(parts, alert, true) };
      }
    }
  }

  private condition(tree: Expr): Compiled {
    return this.expect(tree, 'boolean', 'a condition');
  }

  private number(tree: Expr): Compiled {
    return this.expect(tree, 'number', 'a number');
  }

  private expect(tree: Expr, kind: Kind, what: string): Compiled {
    const compiled = this.compile(tree);
    if (!this.derived && compiled.kind !== kind && compiled.kind !== 'any')
      throw this.error(`${what} is expected, this is ${described(compiled.kind)}`, tree);
    return compiled;
  }

  private path(tree: Expr & { kind: 'path' }, around: Surroundings): Compiled {
    const { names, quoted } = tree;
    const { schema, fields } = around;
    const derived = names.length === 1 && !quoted && !this.derived ? findDerivedName(names[0]!) : undefined;
    if (schema) {
      const found = resolvePath(schema, names);
      if (found) {
        fields.add(found.field);
        return { kind: found.kind, read: pathReader(found.names) };
      }
      if (this.derived) return MISSING;
      if (derived) return this.derivedOf(derived, tree, around);
      throw this.error(unknownField(schema, names), tree);
    }
    // A field that only some versions have is marked so for the decoder.
    fields.add(this.derived || derived ? `${names.join('.')}?` : names.join('.'));
    const own: Compiled = { kind: 'any', read: pathReader(names) };
    return derived ? either(own, this.derivedOf(derived, tree, around)) : own;
  }

  private derivedOf(derived: DerivedName, tree: Expr, around = this.around): Compiled {
    const { schema, survey } = around;
    if (survey) return this.formula(derived, survey, tree, around);
    if (schema) throw this.error(`${unknownField(schema, [derived.name])} (${NO_SURVEY})`, tree);
    const formulas = new Map(SURVEYS.map((name) => [name, this.formula(derived, name, tree, around)]));
    const read = (alert: unknown): Value => {
      const name = surveyOfAlert(alert);
      return name && formulas.get(name)!.read(alert);
    };
    return { kind: formulas.get('ztf')!.kind, read };
  }

  private formula(
    { name, formula }: DerivedName,
    survey: SurveyName,
    tree: Expr,
    around: Surroundings,
  ): Compiled {
    const { schema, fields } = around;
    const text = formula[survey];
    const before = fields.size;
    const inside = new Set<string>();
    const compiler = new Compiler({ text, schema, survey, fields: inside }, true);
    const compiled = compiler.compile(parseExpression(text));
    for (const field of inside) fields.add(field);
    if (schema && inside.size === 0 && fields.size === before)
      throw this.error(`this schema has no field to make '${name}' of: ${text}`, tree);
    return compiled;
  }

  private call(tree: Expr & { kind: 'call' }): Compiled {
    const { name, args } = tree;
    const found = FUNCTIONS.get(name) ?? (this.derived ? SURVEY_FUNCTIONS.get(name) : undefined);
    if (!found) {
      const proposal = nearest(name.slice(0, 40), [...FUNCTIONS.keys()]);
      throw this.error(`there is no function '${name.slice(0, 40)}'${didYouMean(proposal)}`, tree);
    }
    const { counts, usage, ownPosition, kind } = found;
    if (counts.length === 0 ? args.length === 0 : !counts.includes(args.length))
      throw this.error(`${args.length} arguments are not what ${usage} takes`, tree);
    const reads = args.map((arg) => this.argument(arg, found).read);
    if (args.length === ownPosition) {
      const position = ['ra', 'dec'].map((part) => this.own(part, tree).read);
      reads.unshift(...position);
    }
    const read = (alert: unknown): Value => {
      const values: Value[] = [];
      for (const each of reads) values.push(each(alert));
      return found.apply(values);
    };
    return { kind, read };
  }

  /** A derived value that the expression does not name itself. */
  private own(name: string, tree: Expr): Compiled {
    const { shared, fields } = this.around;
    const compile = (own: Set<string>): Compiled =>
      this.derivedOf(findDerivedName(name)!, tree, { ...this.around, fields: own });
    return shared && !this.derived ? shared.of(`own ${name}`, fields, compile) : compile(fields);
  }

  private argument(tree: Expr, { takes }: ExpressionFunction): Compiled {
    if (takes === 'number' || takes === 'text')
      return this.expect(tree, takes, takes === 'text' ? 'a text' : 'a number');
    const compiled = this.compile(tree);
    return takes === 'list' && compiled.kind !== 'list' ? this.number(tree) : compiled;
  }

  private negative(tree: Expr & { kind: 'negative' }): Compiled {
    const { read } = this.number(tree.operand);
    return {
      kind: 'number',
      read: (alert) => {
        const value = read(alert);
        return typeof value === 'number' || typeof value === 'bigint' ? -value : undefined;
      },
    };
  }

  private arithmetic({ operator, left, right }: Expr & { kind: 'arithmetic' }): Compiled {
    const [a, b] = [this.number(left).read, this.number(right).read];
    return { kind: 'number', read: (alert) => calculate(operator, a(alert), b(alert)) };
  }

  private comparison({ operands, operators }: Expr & { kind: 'compare' }): Compiled {
    const compiled = operands.map((operand) => this.compile(operand));
    operators.forEach((operator, i) => {
      this.comparable(operands[i]!, compiled[i]!, operands[i + 1]!, compiled[i + 1]!);
      if (!['==', '!='].includes(operator) && compiled[i]!.kind === 'boolean' && !this.derived)
        throw this.error(`'${operator}' has no meaning for conditions`, operands[i]!);
    });
    const reads = compiled.map(({ read }) => read);
    const [first, second] = reads as [Compiled['read'], Compiled['read']];
    const [operator] = operators;
    if (operators.length === 1)
      return { kind: 'boolean', read: (alert) => compare(operator!, first(alert), second(alert)) };
    return {
      kind: 'boolean',
      read: (alert) => {
        const values = reads.map((read) => read(alert));
        return operators.every((each, i) => compare(each, values[i], values[i + 1]));
      },
    };
  }

  private membership({ operand, values, negated }: Expr & { kind: 'in' }): Compiled {
    const compiled = this.compile(operand);
    const items = values.map((value) => {
      const item = this.compile(value);
      this.comparable(operand, compiled, value, item);
      return value.kind === 'literal' ? value.value : item.read;
    });
    return { kind: 'boolean', read: membership(compiled.read, items, negated) };
  }

  /** Whether two values can be equal at all. */
  private comparable(left: Expr, a: Compiled, right: Expr, b: Compiled): void {
    if (this.derived) return;
    for (const [tree, { kind }] of [
      [left, a],
      [right, b],
    ] as const) {
      if (kind === 'list') {
        throw this.error('this is a list: compare its min(), max(), mean() or count()', tree);
      }
      if (kind === 'other') throw this.error("a record or bytes can only be 'missing' or not", tree);
    }
    for (const [tree, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (tree.kind !== 'literal' || other.kind !== 'path') continue;
      const name = other.names.join('.');
      if (isMissing(tree.value, other.names[other.names.length - 1]!)) {
        const value = typeof tree.value === 'string' ? `'${tree.value}'` : String(tree.value);
        throw this.error(`${value} stands for a missing value here; write: ${name} is missing`, tree);
      }
    }
    if (a.kind !== b.kind && a.kind !== 'any' && b.kind !== 'any')
      throw this.error(`${described(a.kind)} never equals ${described(b.kind)}`, left);
  }

  private error(what: string, tree: Expr): ExpressionError {
    return new ExpressionError(what, tree.at, this.around.text);
  }
}

const NO_SURVEY = `as a derived name it is known for ${SURVEYS.join(', ')} only`;

const MISSING: Compiled = { kind: 'any', read: () => undefined };

function constant(value: string | number | bigint | boolean): Compiled {
  const kind = typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'boolean' : 'number';
  return { kind, read: () => value };
}

function either(a: Compiled, b: Compiled): Compiled {
  return { kind: 'any', read: (alert) => a.read(alert) ?? b.read(alert) };
}

function described(kind: Kind): string {
  switch (kind) {
    case 'number':
    case 'text':
    case 'list':
      return `a ${kind}`;
    case 'boolean':
      return 'a condition';
    default:
      return 'a record or bytes';
  }
}

function unknownField(schema: AvroSchema, names: readonly string[]): string {
  const path = names.join('.');
  const derived =
    names.length === 1
      ? nearest(
          path.slice(0, 40),
          DERIVED_NAMES.map(({ name }) => name),
        )
      : undefined;
  const shown = path.length > 80 ? `${path.slice(0, 80)}…` : path;
  return `there is no field '${shown}'${didYouMean(nearestPath(schema, names) ?? derived)}`;
}

function didYouMean(proposal: string | undefined): string {
  return proposal === undefined ? '' : `; did you mean '${proposal}'?`;
}
