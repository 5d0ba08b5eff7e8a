import type { Framing } from '../codecs/codec.js';
import { UsageError } from '../errors.js';
import { nearest } from './nearest.js';

export type ConsumerKind = 'kafka' | 'avro-files' | 'json-files' | 'csv-files';
export type ProducerKind =
  'kafka' | 'annotations' | 'avro-files' | 'json-files' | 'csv-files' | 'slack' | 'slack-tables';
export type DeadLetterKind = 'folder' | 'kafka';
export type MetricsKind = 'kafka' | 'log';

/** What a CLASS of ours stands for. */
export interface BuiltIn<Kind extends string> {
  readonly kind: Kind;
  /** The framing that the name implies. */
  readonly framing?: Framing;
}

/** A class in a file of the step: `./file.js#Name`. */
export interface CustomClass {
  readonly kind: 'custom';
  readonly file: string;
  readonly name: string;
}

/** `./file.js#Name`, `../file.ts` */
const FILE = /[/\\]|\.[cm]?[jt]s(#|$)/;

type Table<Kind extends string> = Readonly<Record<string, BuiltIn<Kind>>>;

/** Our names first, then APF's spelling of the same. */
const CONSUMERS: Table<ConsumerKind> = {
  KafkaConsumer: { kind: 'kafka' },
  KafkaJsonConsumer: { kind: 'kafka', framing: 'json' },
  KafkaSchemalessConsumer: { kind: 'kafka', framing: 'schemaless' },
  KafkaSchemalessRegistryConsumer: { kind: 'kafka', framing: 'confluent' },
  AvroFileConsumer: { kind: 'avro-files' },
  JsonConsumer: { kind: 'json-files', framing: 'json' },
  CsvConsumer: { kind: 'csv-files', framing: 'json' },
  AVROFileConsumer: { kind: 'avro-files' },
  JSONConsumer: { kind: 'json-files', framing: 'json' },
  CSVConsumer: { kind: 'csv-files', framing: 'json' },
};

const PRODUCERS: Table<ProducerKind> = {
  KafkaProducer: { kind: 'kafka' },
  KafkaJsonProducer: { kind: 'kafka', framing: 'json' },
  KafkaSchemalessProducer: { kind: 'kafka', framing: 'schemaless' },
  AvroFileProducer: { kind: 'avro-files', framing: 'container' },
  JsonProducer: { kind: 'json-files', framing: 'json' },
  CsvProducer: { kind: 'csv-files', framing: 'json' },
  SlackProducer: { kind: 'slack', framing: 'json' },
  SlackTableProducer: { kind: 'slack-tables', framing: 'json' },
  AnnotationProducer: { kind: 'annotations', framing: 'json' },
  AVROFileProducer: { kind: 'avro-files', framing: 'container' },
  JSONProducer: { kind: 'json-files', framing: 'json' },
  CSVProducer: { kind: 'csv-files', framing: 'json' },
};

const STRATEGIES: Table<'daily'> = { DailyTopicStrategy: { kind: 'daily' } };

const DEAD_LETTERS: Table<DeadLetterKind> = {
  FolderDeadLetters: { kind: 'folder' },
  KafkaDeadLetters: { kind: 'kafka' },
};

const METRICS: Table<MetricsKind> = {
  KafkaMetricsProducer: { kind: 'kafka' },
  LogMetricsProducer: { kind: 'log' },
  LogfileMetricsProducer: { kind: 'log' },
};

/**
 * The class that a CLASS setting names: ours, APF's dotted path (its last part counts), or `./file.js#Name` (without
 * `#Name` the file's default export).
 * @param where the setting's path, for the error.
 */
function classIn<Kind extends string>(table: Table<Kind>) {
  return (name: string, where: string): BuiltIn<Kind> | CustomClass => {
    if (FILE.test(name)) {
      const [file = '', exported = 'default'] = name.split('#');
      return { kind: 'custom', file, name: exported };
    }
    const last = name.split('.').at(-1) ?? name;
    const found = Object.hasOwn(table, last) ? table[last] : undefined;
    if (found) return found;
    const near = nearest(last, Object.keys(table));
    const cure =
      near === undefined ? `ours are ${Object.keys(table).join(', ')}.` : `did you mean '${near}'?`;
    throw new UsageError(
      `settings: ${where} names no class of apf, '${name}'; ${cure} A class of your own is written './file.js#${last}'`,
      { code: 'APF_SETTINGS' },
    );
  };
}

export const consumerClass = classIn(CONSUMERS);
export const producerClass = classIn(PRODUCERS);
export const strategyClass = classIn(STRATEGIES);
export const deadLetterClass = classIn(DEAD_LETTERS);
export const metricsClass = classIn(METRICS);

/** Whether a strategy is our own daily one; a name that is none at all is told of later. */
export function isDaily(name: unknown): boolean {
  if (name === undefined) return true;
  return typeof name === 'string' && !FILE.test(name) && name.split('.').at(-1) === 'DailyTopicStrategy';
}
