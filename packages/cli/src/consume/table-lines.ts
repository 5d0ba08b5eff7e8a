import { compileExpression, type Expression, identityOf, type SurveyName } from '@apf/alerts';
import { type AvroSchema, printable, type StreamAlert, toJson } from '@apf/core';

interface Column {
  readonly title: string;
  readonly width: number;
  text(alert: StreamAlert, topic: string): string;
}

/** The header comes again after so many lines. */
const REPEAT = 40;

/** Alerts as lines of a table; columns are of fixed width, since the stream has no end to wait for. */
export class TableLines {
  private readonly columns: readonly Column[];
  private readonly expressions = new Map<AvroSchema | undefined, Map<string, Expression | undefined>>();
  private lines = 0;

  constructor(
    fields: readonly string[] | undefined,
    private readonly survey: SurveyName | undefined,
    /** Characters of the longest topic's name. */
    private readonly topicWidth: number,
  ) {
    this.columns = fields?.map((field) => this.fieldColumn(field)) ?? this.surveyColumns();
  }

  /** One line, with the header above where it is due. */
  of(alert: StreamAlert, topic: string): string {
    const line = this.join((column) => column.text(alert, topic));
    if (this.lines++ % REPEAT !== 0) return `${line}\n`;
    const header = this.join(({ title }) => title);
    return `${header}\n${'-'.repeat(header.length)}\n${line}\n`;
  }

  private join(textOf: (column: Column) => string): string {
    return this.columns
      .map((column) => printable(textOf(column)).padEnd(column.width))
      .join('  ')
      .trimEnd();
  }

  private fieldColumn(field: string): Column {
    const path = field.replace(/\?$/, '');
    return {
      title: path,
      width: Math.max(path.length, 14),
      text: ({ value }) =>
        text(
          path
            .split('.')
            .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value),
        ),
    };
  }

  private surveyColumns(): readonly Column[] {
    const identity = (
      title: string,
      width: number,
      read: (of: NonNullable<ReturnType<typeof identityOf>>) => unknown,
    ): Column => ({
      title,
      width,
      text: ({ value }) => {
        const found = identityOf(value);
        return found ? text(read(found)) : '-';
      },
    });
    const derived = (name: string, digits: number): Column => ({
      title: name,
      width: 7,
      text: (alert) => {
        const value = this.expression(alert.schema, name)?.value(alert.value);
        return typeof value === 'number' ? value.toFixed(digits) : '-';
      },
    });
    return [
      { title: 'topic', width: this.topicWidth, text: (_alert, topic) => topic },
      identity('time (MJD, UTC)', 15, ({ time }) => time?.mjdUtc.toFixed(5)),
      identity('object', 19, ({ objectId }) => objectId),
      identity('alert', 19, ({ alertId }) => alertId),
      identity('band', 4, ({ band }) => band),
      identity('ra', 10, ({ ra }) => ra?.toFixed(5)),
      identity('dec', 10, ({ dec }) => dec?.toFixed(5)),
      derived('mag', 3),
      derived('snr', 1),
    ];
  }

  private expression(schema: AvroSchema | undefined, name: string): Expression | undefined {
    let known = this.expressions.get(schema);
    if (!known) this.expressions.set(schema, (known = new Map<string, Expression | undefined>()));
    if (!known.has(name)) {
      try {
        known.set(
          name,
          compileExpression(name, {
            ...(schema ? { schema } : {}),
            ...(this.survey ? { survey: this.survey } : {}),
          }),
        );
      } catch {
        // A stream of no known survey has no such name.
        known.set(name, undefined);
      }
    }
    return known.get(name);
  }
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : toJson(value);
}
