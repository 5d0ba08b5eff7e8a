/** Operators by how tightly they bind, loosest first: or · and · not · comparisons · + - · * / % · unary minus · **. */
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '**';

export type Literal = number | bigint | string | boolean;

/** A parsed expression. `at` is the column of its first character, `depth` how many levels it has. */
export type Expr = { readonly at: number; readonly depth: number } & (
  | { readonly kind: 'literal'; readonly value: Literal }
  /** A path: `candidate.magpsf` has two names. A lone name may also be a derived one. */
  | { readonly kind: 'path'; readonly names: readonly string[]; readonly quoted: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'negative'; readonly operand: Expr }
  | { readonly kind: 'not'; readonly operand: Expr }
  | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: Expr; readonly right: Expr }
  /** `18 < mag < 20` compares neighbours, as in Python. */
  | {
      readonly kind: 'compare';
      readonly operands: readonly Expr[];
      readonly operators: readonly Comparison[];
    }
  | {
      readonly kind: 'in';
      readonly operand: Expr;
      readonly values: readonly Expr[];
      readonly negated: boolean;
    }
  | { readonly kind: 'missing'; readonly operand: Expr; readonly negated: boolean }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Expr[] }
);
