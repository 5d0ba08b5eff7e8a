import type { AvroSchema } from '@apf/core';
import { compileExpression, type Expression } from '../expressions/compile-expression.js';
import { SharedReads } from '../expressions/compile.js';
import { DERIVED_NAMES } from '../expressions/derived-names.js';
import type { SurveyName } from '../surveys/survey-of.js';
import type { DerivedKey, DerivedValues } from './alert-filter.js';

/** What stands for a value that the alert does not have, by what it is otherwise. */
const MISSING: Readonly<Record<DerivedKey, number | false | undefined>> = {
  ...{ ra: NaN, dec: NaN, mjd: NaN, mag: NaN, flux: NaN, snr: NaN, age: NaN, ndet: NaN },
  ...{ band: undefined, positive: false },
};

/** Derived values of one alert after the other, each reckoned once for all filters that ask, and not before. */
export class DerivedReader {
  private readonly expressions = new Map<DerivedKey, Expression>();
  private alert: unknown;

  constructor(
    private readonly schema: AvroSchema | undefined,
    private readonly survey: SurveyName | undefined,
    private readonly shared = new SharedReads(),
  ) {}

  /** What a value needs of an alert, for a decoder. @throws ExpressionError where the schema has none of it */
  fields(key: DerivedKey): readonly string[] {
    return this.expression(key).fields;
  }

  /** From now on values are those of this alert. */
  open(alert: unknown): void {
    this.alert = alert;
  }

  value(key: DerivedKey): unknown {
    const value = this.expression(key).value(this.alert) ?? MISSING[key];
    // LSST's counts are longs in some versions.
    return typeof value === 'bigint' ? Number(value) : value;
  }

  /** What a filter gets that reads these values. Asking for another is a mistake in it: its fields were not decoded. */
  view(keys: readonly DerivedKey[]): DerivedValues {
    const view = {};
    for (const { name } of DERIVED_NAMES) {
      const key = name as DerivedKey;
      const get = keys.includes(key)
        ? (): unknown => this.value(key)
        : (): never => {
            throw new Error(`it reads derived.${key} without naming it: derived: [${keysWith(keys, key)}]`);
          };
      Object.defineProperty(view, key, { get, enumerable: keys.includes(key) });
    }
    return view as DerivedValues;
  }

  private expression(key: DerivedKey): Expression {
    let expression = this.expressions.get(key);
    if (!expression) {
      expression = compileExpression(key, { schema: this.schema, survey: this.survey, shared: this.shared });
      this.expressions.set(key, expression);
    }
    return expression;
  }
}

const keysWith = (keys: readonly string[], key: string): string =>
  [...keys, key].map((each) => `'${each}'`).join(', ');
