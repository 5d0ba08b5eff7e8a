import type { Framing } from '../codecs/codec.js';
import { UsageError } from '../errors.js';
import { DailyTopicStrategy, type DailyTopicParams } from '../topics/daily-topic-strategy.js';
import { FixedTopics } from '../topics/fixed-topics.js';
import { consumerClass, deadLetterClass, metricsClass, producerClass, strategyClass } from './class-names.js';
import { checkClientParams } from './client-params.js';
import { checkDatabase, checkTransactions } from './check-database.js';
import { checkSlackParams } from './check-slack-params.js';
import { checkExtraMetrics } from './extra-metrics.js';
import type {
  ResolvedConsumer,
  ResolvedMetrics,
  ResolvedProducer,
  ResolvedSettings,
} from './resolved-settings.js';
import type { TopicStrategySettings } from './settings.js';

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/** Checks what one key says against what another says. @throws UsageError for the first that do not go together. */
export function checkConsistency(settings: ResolvedSettings): void {
  checkConsumer(settings.CONSUMER_CONFIG, 'CONSUMER_CONFIG');
  for (const [path, producer] of producers(settings)) checkProducer(producer, path);
  checkDatabase(settings);
  checkTransactions(settings);
  const { DEAD_LETTERS } = settings;
  if (deadLetterClass(DEAD_LETTERS.CLASS, 'DEAD_LETTERS.CLASS').kind === 'kafka') {
    checkClientParams(DEAD_LETTERS.PARAMS, 'DEAD_LETTERS.PARAMS', ['bootstrap.servers']);
    if (DEAD_LETTERS.TOPIC === undefined)
      refuse('DEAD_LETTERS.TOPIC is missing: write the topic for dead letters');
    checkTopics(DEAD_LETTERS.TOPIC!, 'DEAD_LETTERS.TOPIC');
  }
  if (settings.METRICS_CONFIG) checkMetrics(settings.METRICS_CONFIG);
  if (settings.WORKERS > 1) checkWorkers(settings);
}

function checkMetrics(metrics: ResolvedMetrics): void {
  const path = 'METRICS_CONFIG';
  if (metricsClass(metrics.CLASS, `${path}.CLASS`).kind === 'kafka') {
    checkClientParams(metrics.PARAMS, `${path}.PARAMS`, ['bootstrap.servers']);
    checkSubscription(metrics.TOPIC, metrics.TOPIC_STRATEGY, path, 'TOPIC');
  }
  checkExtraMetrics(metrics.EXTRA_METRICS, `${path}.EXTRA_METRICS`);
}

/** Only a consumer group shares out its input, and a file has one writer. */
function checkWorkers(settings: ResolvedSettings): void {
  const { WORKERS, CONSUMER_CONFIG } = settings;
  const files = (kind: string): boolean => kind.endsWith('-files');
  if (files(consumerClass(CONSUMER_CONFIG.CLASS, 'CONSUMER_CONFIG.CLASS').kind)) {
    refuse(
      `WORKERS is ${WORKERS}, but each process would read all the files of CONSUMER_CONFIG; set it to 1`,
    );
  }
  for (const [path, { CLASS }] of producers(settings)) {
    if (files(producerClass(CLASS, `${path}.CLASS`).kind)) {
      refuse(
        `WORKERS is ${WORKERS}, but a file has one writer: set it to 1, or let ${path} produce to Kafka`,
      );
    }
  }
}

/** Every output, by its path in the settings. */
function producers({ PRODUCER_CONFIG, SIDE_OUTPUTS }: ResolvedSettings): [string, ResolvedProducer][] {
  const outputs = Object.entries(SIDE_OUTPUTS).map(([name, output]): [string, ResolvedProducer] => [
    `SIDE_OUTPUTS.${name}`,
    output,
  ]);
  return PRODUCER_CONFIG ? [['PRODUCER_CONFIG', PRODUCER_CONFIG], ...outputs] : outputs;
}

function checkConsumer(consumer: ResolvedConsumer, path: string): void {
  const { kind, framing } = implied(consumerClass(consumer.CLASS, `${path}.CLASS`));
  if (kind === 'kafka') {
    checkClientParams(consumer.PARAMS, `${path}.PARAMS`, ['bootstrap.servers', 'group.id']);
    checkSubscription(consumer.TOPICS, consumer.TOPIC_STRATEGY, path, 'TOPICS');
  } else if (kind !== 'custom' && consumer.FILE_PATH === undefined && consumer.DIRECTORY_PATH === undefined) {
    refuse(`${path} reads files: name one with 'FILE_PATH', or a folder with 'DIRECTORY_PATH'`);
  }
  checkFraming(consumer, framing, path);
  if (consumer.FRAMING === 'json' && consumer.FIELDS !== undefined) {
    refuse(`${path}.FIELDS is for Avro alone: JSON is parsed whole; leave it out`);
  }
  if (consumer.FRAMING === 'schemaless' && consumer.SCHEMA_PATH === undefined) {
    refuse(`${path}.SCHEMA_PATH is missing: schemaless messages are read with the schema in a file (.avsc)`);
  }
  if (consumer.FRAMING === 'confluent' && consumer.SCHEMAS === undefined && consumer.REGISTRY === undefined) {
    refuse(`${path} reads confluent messages: name the 'REGISTRY', or a folder of schemas with 'SCHEMAS'`);
  }
}

function checkProducer(producer: ResolvedProducer, path: string): void {
  const { kind, framing } = implied(producerClass(producer.CLASS, `${path}.CLASS`));
  if (kind === 'custom') return;
  checkFraming(producer, framing, path);
  if (kind === 'slack' || kind === 'slack-tables')
    return checkSlackParams(producer.PARAMS, kind, `${path}.PARAMS`);
  if (kind === 'kafka' || kind === 'annotations') {
    checkClientParams(producer.PARAMS, `${path}.PARAMS`, ['bootstrap.servers']);
    checkSubscription(producer.TOPIC, producer.TOPIC_STRATEGY, path, 'TOPIC');
  } else if (
    producer.FILE_PATH === undefined &&
    (kind !== 'avro-files' || producer.DIRECTORY_PATH === undefined)
  ) {
    const folder = kind === 'avro-files' ? ", or a folder as 'DIRECTORY_PATH'" : '';
    refuse(`${path}.FILE_PATH is missing: name the file to write${folder}`);
  }
  if (producer.FRAMING === 'schema-in-key')
    refuse(`${path}.FRAMING 'schema-in-key' can be read, not written`);
  if (producer.FRAMING !== 'json' && producer.SCHEMA_PATH === undefined) {
    refuse(`${path}.SCHEMA_PATH is missing: results are written as Avro with the schema in a file (.avsc)`);
  }
  if (producer.FRAMING === 'confluent' && producer.SCHEMA_ID === undefined) {
    refuse(
      `${path}.SCHEMA_ID is missing: confluent messages begin with their schema's number in the registry`,
    );
  }
}

const implied = (named: {
  kind: string;
  framing?: Framing;
}): { kind: string; framing: Framing | undefined } => ({
  kind: named.kind,
  framing: named.framing,
});

function checkFraming(
  section: ResolvedConsumer | ResolvedProducer,
  framing: Framing | undefined,
  path: string,
): void {
  if (framing !== undefined && section.FRAMING !== framing) {
    refuse(
      `${path}.FRAMING '${section.FRAMING}' does not go with CLASS '${section.CLASS}', which is '${framing}'`,
    );
  }
}

function checkSubscription(
  topics: string | readonly string[] | undefined,
  strategy: TopicStrategySettings | undefined,
  path: string,
  key: 'TOPICS' | 'TOPIC',
): void {
  if (topics !== undefined && strategy !== undefined) {
    refuse(`${path} has both ${key} and TOPIC_STRATEGY; remove one of them`);
  }
  if (topics !== undefined) return checkTopics(topics, `${path}.${key}`);
  if (strategy === undefined) {
    return refuse(`${path}.${key} is missing: name the topics, or a TOPIC_STRATEGY`);
  }
  const where = `${path}.TOPIC_STRATEGY`;
  if (strategyClass(strategy.CLASS ?? 'DailyTopicStrategy', `${where}.CLASS`).kind === 'daily') {
    const daily = new DailyTopicStrategy(strategy.PARAMS as DailyTopicParams, `settings: ${where}.PARAMS`);
    // A producer's strategy must give one topic; which one does not depend on the time.
    if (key === 'TOPIC') daily.current(new Date(0));
  }
}

function checkTopics(topics: string | readonly string[], path: string): void {
  const names = new FixedTopics(topics, `settings: ${path}`).topics();
  const pattern = names.find((name) => name.startsWith('^'));
  if (!path.endsWith('TOPICS') && pattern !== undefined) {
    refuse(`${path} '${pattern}' is a regular expression; write the name of a topic`);
  }
}
