import {
  consumerClass,
  type ResolvedConsumer,
  type ResolvedSettings,
  type Source,
  type TopicStrategy,
} from '@apf/core';
import { AvroFileSource } from '../files/avro-file-source.js';
import { CsvSource } from '../files/csv-source.js';
import { JsonLinesSource } from '../files/json-lines-source.js';
import { KafkaSource } from '../kafka/kafka-source.js';
import { instantiate } from './load-class.js';
import { pathIn, type Surroundings } from './surroundings.js';
import { topicStrategy } from './topic-strategy.js';

export interface CreatedSource {
  readonly source: Source;
  /** What Kafka sources read; files have none. */
  readonly topics?: TopicStrategy;
}

const METHODS = ['open', 'poll', 'pause', 'resume', 'commit', 'close'] as const;

/** The source that CONSUMER_CONFIG describes. A class of the step's own gets the whole section, and the surroundings. */
export async function createSource(settings: ResolvedSettings, around: Surroundings): Promise<CreatedSource> {
  const consumer = settings.CONSUMER_CONFIG;
  const named = consumerClass(consumer.CLASS, 'CONSUMER_CONFIG.CLASS');
  const { logger } = around;
  switch (named.kind) {
    case 'custom': {
      const source = await instantiate<Source>(
        named,
        'CONSUMER_CONFIG.CLASS',
        METHODS,
        [consumer, around],
        around,
      );
      return { source };
    }
    case 'kafka': {
      const topics = await topicStrategy(
        consumer.TOPICS,
        consumer.TOPIC_STRATEGY,
        topicsPath(consumer),
        around,
      );
      return { source: kafkaSource(settings, topics, around), topics };
    }
    case 'avro-files':
      return { source: new AvroFileSource({ paths: paths(consumer, around), logger }) };
    case 'json-files':
      return { source: new JsonLinesSource({ paths: paths(consumer, around), logger }) };
    case 'csv-files': {
      const { DELIMITER: delimiter, NUMBERS: numbers } = consumer;
      return { source: new CsvSource({ paths: paths(consumer, around), delimiter, numbers, logger }) };
    }
  }
}

const topicsPath = ({ TOPICS }: ResolvedConsumer): string =>
  TOPICS === undefined ? 'CONSUMER_CONFIG' : 'CONSUMER_CONFIG.TOPICS';

function kafkaSource(settings: ResolvedSettings, topics: TopicStrategy, around: Surroundings): KafkaSource {
  const consumer = settings.CONSUMER_CONFIG;
  const { offsets, GROUP_INSTANCE } = consumer;
  const end = offsets?.end;
  return new KafkaSource({
    params: consumer.PARAMS,
    topics,
    offsets: {
      ...(offsets?.start === undefined ? {} : { start: milliseconds(offsets.start) }),
      ...(end === undefined ? {} : { end: end === 'latest' ? end : milliseconds(end) }),
    },
    ...(GROUP_INSTANCE === undefined ? {} : { groupInstance: GROUP_INSTANCE }),
    ...(consumer.STOP_AT_END ? { stopAtEnd: true } : {}),
    dropUnread: consumer.DROP_UNREAD,
    commitRetry: consumer.COMMIT_RETRY,
    commits: settings.COMMIT,
    logger: around.logger,
    clock: around.clock,
    stats: around.stats,
  });
}

/** A time of the settings: milliseconds since 1970 already, or ISO text. */
const milliseconds = (time: number | string): number => (typeof time === 'number' ? time : Date.parse(time));

function paths({ FILE_PATH, DIRECTORY_PATH }: ResolvedConsumer, { folder }: Surroundings): string[] {
  return [FILE_PATH, DIRECTORY_PATH].flatMap((path) => (path === undefined ? [] : [pathIn(folder, path)]));
}
