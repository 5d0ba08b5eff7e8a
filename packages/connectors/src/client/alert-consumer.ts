import { join } from 'node:path';
import {
  type AvroSchema,
  END,
  FatalError,
  FixedTopics,
  type Framing,
  type Int64,
  loadSchema,
  type Logger,
  newStats,
  PoisonError,
  type Position,
  type RawMessage,
  RetryableError,
  type SchemaSource,
  silent,
  StreamCodec,
  type StreamAlert,
  type StreamCodecOptions,
  systemClock,
  type TopicPartition,
  UsageError,
} from '@apf/core';
import type { Params } from '../kafka/client-params.js';
import { KafkaSource } from '../kafka/kafka-source.js';
import { OffsetLookup } from '../kafka/offset-lookup.js';
import { bareValue, containerWriter, schemaOf } from '../saved/alert-bytes.js';
import { alertName } from '../saved/alert-name.js';
import { writeOnce } from '../saved/write-once.js';
import { registrySchemaSource } from '../wiring/registry.js';
import { AlertError } from './alert-error.js';

export interface AlertConsumerOptions {
  /** Names, or regular expressions that begin with `^`. */
  readonly topics: string | readonly string[];
  /** `host:port`, several with commas between. */
  readonly servers: string;
  /** The consumer group: what it has been given is not given again. */
  readonly group: string;
  /** Both, or none where the broker has no accounts. The password is proved by SCRAM-SHA-512. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Further properties of librdkafka; they go over what the options above come to. */
  readonly params?: Params | undefined;
  /** The schema of alerts that carry none: a file, a folder, or the schema itself. */
  readonly schema?: string | AvroSchema | undefined;
  /** Schemas by the id in front of an alert: a registry's URL, or what gives them. */
  readonly schemas?: string | SchemaSource | undefined;
  /** Schemas by the version in a message's key, as Fink sent it until 2022. */
  readonly versions?: StreamCodecOptions['versions'];
  /** Found out where absent. */
  readonly framing?: Framing | undefined;
  readonly int64?: Int64 | undefined;
  /** Read only these fields. */
  readonly fields?: readonly string[] | undefined;
  /** Where a group without a commit begins. @default 'earliest' */
  readonly from?: 'earliest' | 'latest' | undefined;
  readonly logger?: Logger | undefined;
}

/** An alert, and where it came from. */
export interface ReceivedAlert<T> {
  readonly topic: string;
  readonly alert: T;
  readonly key: Buffer | null;
  readonly partition: number;
  readonly offset: number;
  /** Ms since 1970, by the broker's clock. */
  readonly timestamp: number | undefined;
  /** Undefined for JSON. */
  readonly schema: AvroSchema | undefined;
}

/** Messages that are taken at once. */
const AHEAD = 100;
/** How long a caller may stay away before the group is kept company, and how often that is looked at, in ms. */
const AWAY = 30_000;
const LOOK_EVERY = 10_000;
/** Alerts that are given within this time share a commit, in ms. */
const COMMIT_EVERY = 100;
/** Pause before a schema is asked for again, in ms. */
const ASK_AGAIN = 1_000;

/**
 * Alerts of a stream, one after the other, at the caller's pace. An alert counts as done when the next one is asked for,
 * or on `close`: only then may it be committed, so that a crash in between repeats it and loses none. A caller may take
 * its time: however long it stays away, its place in the group is kept, as long as it does not block the thread for
 * longer than `max.poll.interval.ms` (5 minutes).
 */
export class AlertConsumer<T = unknown> implements AsyncIterable<ReceivedAlert<T>> {
  private readonly source: KafkaSource;
  private readonly codec: StreamCodec<T>;
  private readonly params: Params;
  private opening: Promise<void> | undefined;
  private queue: readonly RawMessage[] = [];
  private current:
    { readonly message: RawMessage; readonly alerts: readonly StreamAlert<T>[]; given: number } | undefined;
  private readonly done = new Map<string, Position>();
  private committing: Promise<void> = Promise.resolve();
  private lastAsked = 0;
  private company: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private polling = false;
  private closed = false;
  /** A commit is about to be sent. */
  private pending = false;

  constructor(private readonly options: AlertConsumerOptions) {
    const { topics, servers, group, schema, schemas, from = 'earliest', logger = silent } = options;
    this.params = {
      'bootstrap.servers': servers,
      'group.id': group,
      'auto.offset.reset': from,
      ...login(options),
      ...options.params,
    };
    this.source = new KafkaSource({
      params: this.params,
      topics: new FixedTopics(topics, 'topics'),
      logger,
      clock: systemClock,
      stats: newStats(),
    });
    this.codec = new StreamCodec<T>({
      schema: typeof schema === 'string' ? loadSchema(schema) : schema,
      schemas: typeof schemas === 'string' ? registrySchemaSource(schemas) : schemas,
      versions: options.versions,
      framing: options.framing,
      int64: options.int64,
      fields: options.fields,
    });
  }

  /**
   * The next alert; null where none has come in time.
   * @param timeout seconds; for ever by default
   * @throws AlertError for one that cannot be read, FatalError where the broker cannot be used
   */
  async poll(timeout = Infinity): Promise<ReceivedAlert<T> | null> {
    return this.next(timeout);
  }

  /** So many alerts, or those that have come in time; waits for the first of them as long as for all. */
  async consume(count = 1, timeout = Infinity): Promise<ReceivedAlert<T>[]> {
    const end = systemClock.now() + timeout * 1000;
    const received: ReceivedAlert<T>[] = [];
    while (received.length < count) {
      const alert = await this.next(Math.max(0, (end - systemClock.now()) / 1000));
      if (alert === null) break;
      received.push(alert);
    }
    return received;
  }

  /**
   * As {@link poll}, and writes the alert as an Avro file named as Fink's client names it, `ZTF18aaa_1234.avro`. It is on
   * the disk before it counts as done.
   * @throws FatalError where the file exists with other bytes, unless `overwrite` says otherwise
   */
  async pollAndWrite(
    folder: string,
    timeout = Infinity,
    overwrite = false,
  ): Promise<ReceivedAlert<T> | null> {
    const received = await this.next(timeout);
    if (received === null) return null;
    const { message, alerts, given } = this.current!;
    const value = alerts[given - 1]!;
    const schema = schemaOf(value);
    const path = join(folder, `${alertName(value.value, message)}.avro`);
    const bytes = containerWriter(schema).writeEncoded([bareValue({ value, origin: message }, schema)]);
    if ((await writeOnce(path, bytes, overwrite)) === 'other')
      throw new FatalError(
        `'${path}' already exists, with another alert: name another folder, or overwrite`,
        {
          code: 'APF_FILE',
        },
      );
    return received;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReceivedAlert<T>, void> {
    for (let alert = await this.poll(); alert !== null; alert = await this.poll()) yield alert;
  }

  /** The topics that this user may see, sorted, without Kafka's own. */
  async availableTopics(): Promise<string[]> {
    const lookup = await OffsetLookup.open({ params: this.params });
    try {
      return [...(await lookup.topics()).keys()].filter((topic) => !topic.startsWith('__')).sort();
    } finally {
      await lookup.close();
    }
  }

  /** Commits what was given, and leaves the group. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.finishCurrent();
    this.closed = true;
    clearInterval(this.timer);
    await this.company;
    if (!this.opening) return;
    await this.opening.catch(() => undefined);
    await this.committing;
    await this.commit([...this.done.values()]);
    await this.source.close();
  }

  private async next(timeout: number): Promise<ReceivedAlert<T> | null> {
    if (this.closed) throw new UsageError('the consumer is closed');
    if (this.polling) throw new UsageError('a poll is under way already: await it first');
    this.polling = true;
    try {
      await this.company;
      this.source.resume();
      this.finishCurrent();
      return await this.take(systemClock.now() + timeout * 1000);
    } finally {
      this.polling = false;
      this.lastAsked = systemClock.now();
    }
  }

  private async take(end: number): Promise<ReceivedAlert<T> | null> {
    await (this.opening ??= this.open());
    for (;;) {
      const { current } = this;
      const alert = current?.alerts[current.given];
      if (current && alert) {
        current.given++;
        return received(current.message, alert);
      }
      this.finishCurrent();
      const [message, ...rest] = this.queue;
      if (message) {
        this.queue = rest;
        this.current = { message, alerts: await this.decode(message), given: 0 };
        continue;
      }
      const polled = await this.source.poll(AHEAD, new AbortController().signal);
      if (polled === END) return null;
      if (polled.length > 0) this.queue = polled;
      else if (systemClock.now() >= end) return null;
    }
  }

  private async decode(message: RawMessage): Promise<StreamAlert<T>[]> {
    if (message.value === null) return [];
    for (;;) {
      try {
        await this.codec.prepare([message]);
        return this.codec.decode(message.value, message);
      } catch (error) {
        if (error instanceof PoisonError) {
          this.current = { message, alerts: [], given: 0 };
          throw new AlertError(message, error);
        }
        if (!(error instanceof RetryableError)) throw error;
        this.options.logger?.warn({}, `will ask again for a schema: ${error.message}`);
        await systemClock.sleep(ASK_AGAIN);
      }
    }
  }

  private async open(): Promise<void> {
    await this.source.open({
      revoked: async (partitions) => {
        this.drop(partitions);
        await this.commit(this.doneOf(partitions));
      },
      lost: (partitions) => {
        this.drop(partitions);
        this.doneOf(partitions);
      },
    });
    this.timer = setInterval(() => this.keepCompany(), LOOK_EVERY).unref();
  }

  /** A group gives the partitions of a member that stays away to others: while the caller thinks, somebody polls. */
  private keepCompany(): void {
    if (this.polling || this.closed || systemClock.now() - this.lastAsked < AWAY) return;
    this.source.pause();
    this.company = this.source.poll(1, new AbortController().signal).then(
      () => undefined,
      () => undefined,
    );
  }

  private finishCurrent(): void {
    const { current } = this;
    if (!current || current.given < current.alerts.length) return;
    const { topic, partition, offset } = current.message;
    this.done.set(keyOf(current.message), { topic, partition, offset: offset + 1 });
    this.current = undefined;
    this.commitSoon();
  }

  /** One commit at a time; what is done meanwhile goes into the next. */
  private commitSoon(): void {
    if (this.pending) return;
    this.pending = true;
    this.committing = this.committing.then(async () => {
      await systemClock.sleep(COMMIT_EVERY);
      this.pending = false;
      const next = [...this.done.values()];
      this.done.clear();
      await this.commit(next);
    });
  }

  private async commit(next: readonly Position[]): Promise<void> {
    if (next.length === 0) return;
    try {
      await this.source.commit(next);
    } catch (error) {
      // What is not committed comes again; that is all it costs.
      this.options.logger?.warn({}, `a commit failed: ${(error as Error).message}`);
    }
  }

  private doneOf(partitions: readonly TopicPartition[]): Position[] {
    return partitions.flatMap((partition) => {
      const position = this.done.get(keyOf(partition));
      this.done.delete(keyOf(partition));
      return position ?? [];
    });
  }

  private drop(partitions: readonly TopicPartition[]): void {
    const gone = new Set(partitions.map(keyOf));
    this.queue = this.queue.filter((message) => !gone.has(keyOf(message)));
  }
}

function received<T>(message: RawMessage, { value, schema }: StreamAlert<T>): ReceivedAlert<T> {
  const { topic, partition, offset, timestamp, key } = message;
  return {
    topic,
    alert: value,
    key: typeof key === 'string' ? Buffer.from(key) : (key ?? null),
    partition,
    offset,
    timestamp,
    schema,
  };
}

function login({ username, password }: AlertConsumerOptions): Params {
  // Fink gives names without a password: they are for its statistics.
  if (!username || !password) return {};
  return {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': username,
    'sasl.password': password,
  };
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;
