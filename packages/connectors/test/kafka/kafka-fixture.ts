import {
  FixedTopics,
  type Logger,
  newStats,
  type Outgoing,
  type RawMessage,
  type RunStats,
  systemClock,
} from '@apf/core';
import { KafkaSink } from '../../src/kafka/kafka-sink.js';
import { KafkaSource, type KafkaSourceOptions } from '../../src/kafka/kafka-source.js';
import { uniqueName } from '../cluster/test-cluster.js';

/** What a source or sink logged, by level. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

export class LogBook implements Logger {
  readonly lines: LogLine[] = [];
  debug = (fields: object, message: string): void => this.#add('debug', fields, message);
  info = (fields: object, message: string): void => this.#add('info', fields, message);
  warn = (fields: object, message: string): void => this.#add('warn', fields, message);
  error = (fields: object, message: string): void => this.#add('error', fields, message);

  matching(pattern: RegExp): LogLine[] {
    return this.lines.filter(({ message }) => pattern.test(message));
  }

  #add(level: keyof Logger, fields: object, message: string): void {
    this.lines.push({ level, fields: fields as Record<string, unknown>, message });
  }
}

export interface TestSource {
  readonly source: KafkaSource;
  readonly log: LogBook;
  readonly stats: RunStats;
}

/** A source that begins at the oldest message, of a group of its own unless `group` names one. */
export function testSource(
  servers: string,
  topics: string | readonly string[] | KafkaSourceOptions['topics'],
  options: Partial<KafkaSourceOptions> & { group?: string } = {},
): TestSource {
  const { group = uniqueName('group'), params, ...others } = options;
  const log = new LogBook();
  const stats = newStats();
  const strategy =
    typeof topics === 'string' || Array.isArray(topics) ? new FixedTopics(topics as string[]) : topics;
  const source = new KafkaSource({
    params: {
      'bootstrap.servers': servers,
      'group.id': group,
      'session.timeout.ms': 6000,
      'heartbeat.interval.ms': 500,
      'topic.metadata.refresh.interval.ms': 500,
      'auto.offset.reset': 'earliest',
      ...params,
    },
    topics: strategy as KafkaSourceOptions['topics'],
    logger: log,
    clock: systemClock,
    stats,
    ...others,
  });
  return { source, log, stats };
}

/** Writes values to a topic, message i to the broker's choice of partition unless its key decides. */
export async function produce(
  servers: string,
  topic: string,
  values: readonly (string | Buffer)[],
): Promise<void> {
  const sink = testSink(servers, topic);
  await sink.open();
  await sink.write(values.map((value) => outgoing(value)));
  await sink.flush(new AbortController().signal);
  await sink.close();
}

export function testSink(
  servers: string,
  topic: string,
  params: Record<string, unknown> = {},
): KafkaSink<string | Buffer> {
  const sink = new KafkaSink<string | Buffer>({
    params: { 'bootstrap.servers': servers, ...params },
    topics: [topic],
    encode: (value) => (typeof value === 'string' ? Buffer.from(value) : value),
    step: 'test',
    version: '1.2.3',
    logger: new LogBook(),
    clock: systemClock,
  });
  sinks.push(sink);
  return sink;
}

/** Closes what a test has left open, so that one that fails does not keep the process. */
export async function closeSinks(): Promise<void> {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
}

const sinks: KafkaSink<string | Buffer>[] = [];

export function outgoing<T>(value: T, more: Partial<Outgoing<T>> = {}): Outgoing<T> {
  const origin: RawMessage = { topic: 'ztf', partition: 3, offset: 17, value: null };
  return { value, origin, ...more };
}

export const textOf = ({ value }: RawMessage): string => value?.toString() ?? '';
