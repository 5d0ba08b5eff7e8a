import type { AlertField } from './alert-fields.js';
import type { Framework } from './framework.js';
import { RDKAFKA_VERSION } from './prebuilt-rdkafka.js';
import { SQLITE_VERSION } from './prebuilt-sqlite.js';
import type { StepNames } from './step-names.js';
import type { StepOptions } from './step-options.js';

/** What the templates of a step may name. */
export interface TemplateData {
  readonly package: string;
  readonly class: string;
  readonly batch: boolean;
  /** The kind that was chosen is true. */
  readonly source: Readonly<Record<string, boolean>>;
  readonly producer: Readonly<Record<string, boolean>>;
  readonly db: Readonly<Record<string, boolean>> | undefined;
  /** `execute` returns something. */
  readonly results: boolean;
  readonly daily: boolean;
  readonly schema: boolean;
  readonly fields: readonly AlertField[];
  /** Settings and Dockerfile need to know which folders there are. */
  readonly produces: boolean;
  readonly fileProducer: boolean;
  readonly samples: boolean;
  readonly outputSchema: string | undefined;
  readonly framework: Framework;
  readonly vendored: boolean;
  /** Whether the image has to compile a package when it installs them. */
  readonly compiles: boolean;
  readonly nodeMajor: string;
  readonly rdkafkaVersion: string;
  readonly sqliteVersion: string;
}

export function templateData(
  options: StepOptions,
  names: StepNames,
  fields: readonly AlertField[],
  framework: Framework,
): TemplateData {
  const { batch, source, producer, db } = options;
  const withSchema = producer === 'kafka' || producer === 'avro' || db !== undefined;
  return {
    ...names,
    batch,
    source: { [source]: true },
    producer: { [producer]: true },
    db: db && { [db]: true },
    results: producer !== 'none' || db !== undefined,
    daily: options.topicStrategy === 'daily',
    schema: options.schema !== undefined,
    fields,
    produces: producer !== 'none',
    fileProducer: producer === 'avro' || producer === 'json' || producer === 'csv',
    // Our samples fit our own alert type only.
    samples: source !== 'kafka' && options.schema === undefined,
    outputSchema: withSchema ? `schemas/${names.package}.avsc` : undefined,
    framework,
    vendored: framework.packs.length > 0,
    compiles: framework.rdkafka === undefined || (db === 'sqlite' && framework.sqlite === undefined),
    nodeMajor: process.versions.node.split('.')[0]!,
    rdkafkaVersion: RDKAFKA_VERSION,
    sqliteVersion: SQLITE_VERSION,
  };
}
