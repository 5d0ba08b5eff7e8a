import { once } from 'node:events';
import type { SurveyName } from '@apf/alerts';
import { csvLine, flatRow } from '@apf/connectors';
import {
  type AvroSchema,
  ContainerWriter,
  FatalError,
  type Outgoing,
  type Sink,
  type StreamAlert,
  toJson,
} from '@apf/core';
import type { Format } from './consume-choices.js';
import { ctime, FINK_RULE, finkLine } from './fink-line.js';
import { TableLines } from './table-lines.js';

type Shown = Exclude<Format, 'none' | 'parquet'>;
type Render = (alert: StreamAlert, topic: string) => string | Buffer;

export interface DisplaySinkOptions {
  readonly format: Shown;
  readonly fields: readonly string[] | undefined;
  readonly survey: SurveyName | undefined;
  readonly nonFinite: 'null' | 'literal' | 'string';
  readonly project: ((schema: AvroSchema) => AvroSchema) | undefined;
  /** Characters of the longest topic's name, for the table. */
  readonly topicWidth: number;
}

/** Alerts on standard output. A slow reader slows the stream down, instead of filling the memory. */
export class DisplaySink implements Sink<StreamAlert> {
  private readonly render: Render;

  constructor(options: DisplaySinkOptions) {
    this.render = renderer(options);
  }

  async open(): Promise<void> {
    // Standard output is there.
  }

  async write(batch: readonly Outgoing<StreamAlert>[]): Promise<void> {
    const parts = batch.map(({ value, origin }) => Buffer.from(this.render(value, origin.topic)));
    if (!process.stdout.write(Buffer.concat(parts))) await once(process.stdout, 'drain');
  }

  async flush(): Promise<void> {
    // What was written is the reader's.
  }

  async close(): Promise<void> {
    // Standard output is not ours to close.
  }
}

function renderer({ format, fields, survey, nonFinite, project, topicWidth }: DisplaySinkOptions): Render {
  const projected = new Map<AvroSchema, AvroSchema>();
  const schemaOf = (own: AvroSchema | undefined): AvroSchema | undefined => {
    if (!own || !project) return own;
    let schema = projected.get(own);
    if (!schema) projected.set(own, (schema = project(own)));
    return schema;
  };
  switch (format) {
    case 'json':
      return ({ value, schema }) => `${toJson(value, { schema: schemaOf(schema), nonFinite })}\n`;
    case 'table': {
      const lines = new TableLines(fields, survey, topicWidth);
      return (alert, topic) => lines.of(alert, topic);
    }
    case 'fink':
      return ({ value }, topic) => `${FINK_RULE}\n${ctime(new Date())}|${finkLine(value, topic)}\n`;
    case 'csv':
      return csv();
    case 'avro':
      return avro(schemaOf);
  }
}

function csv(): Render {
  let columns: readonly string[] | undefined;
  return ({ value }) => {
    const row = flatRow(value);
    const header = columns ? '' : csvLine((columns = [...row.keys()]));
    return header + csvLine(columns.map((name) => row.get(name) ?? null));
  };
}

/** One container: its header, then a block for each alert. */
function avro(schemaOf: (own: AvroSchema | undefined) => AvroSchema | undefined): Render {
  let first: AvroSchema | undefined;
  let writer: ContainerWriter | undefined;
  return ({ value, schema }) => {
    const wanted = schemaOf(schema);
    if (!wanted)
      throw new FatalError('the alerts came as JSON, without a schema: use --format json', {
        code: 'APF_ENCODE',
      });
    const begins = writer === undefined;
    writer ??= new ContainerWriter((first = wanted));
    if (wanted.json !== first!.json)
      throw new FatalError('the schema changes within the stream, and a container has one: use --save', {
        code: 'APF_ENCODE',
      });
    const block = writer.block([wanted.encode(value)]);
    return begins ? Buffer.concat([writer.writeEncoded([]), block]) : block;
  };
}
