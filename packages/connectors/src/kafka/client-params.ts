import { FatalError } from '@apf/core';

/** librdkafka's properties by their dotted names, as in `CONSUMER_CONFIG.PARAMS`. */
export type Params = Readonly<Record<string, unknown>>;
type Properties = Record<string, string | number | boolean>;

/** node-rdkafka takes the properties of topics apart from the others, and silently drops them where they do not belong. */
export interface ClientParams {
  readonly global: Properties;
  readonly topic: Properties;
}

/** Where a partition without a commit begins: `auto.offset.reset`. */
export type OffsetReset = 'earliest' | 'latest' | 'error';

/** The topic properties of librdkafka 2.12 (CONFIGURATION.md), save those that are global too. */
const TOPIC_PROPERTIES = new Set([
  'request.required.acks',
  'acks',
  'request.timeout.ms',
  'message.timeout.ms',
  'delivery.timeout.ms',
  'queuing.strategy',
  'partitioner',
  'compression.level',
  'auto.offset.reset',
  'offset.store.path',
  'offset.store.sync.interval.ms',
  'offset.store.method',
  'consume.callback.max.messages',
]);

/** 16 MiB: the largest message that passes unless PARAMS say otherwise. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;

/** A new topic must be read within 30 s of its creation. */
const METADATA_REFRESH = 10_000;

/**
 * Parameters of a consumer: our defaults, then the user's, then what the source itself depends on.
 * @throws FatalError for a missing `group.id` or `bootstrap.servers`, or a value that is not plain.
 */
export function consumerParams(
  params: Params,
  options: { groupInstance?: string; eof: boolean },
): ClientParams {
  const given = plain(params, 'CONSUMER_CONFIG.PARAMS');
  require(given, 'group.id', 'CONSUMER_CONFIG.PARAMS');
  const refresh = Number(given['topic.metadata.refresh.interval.ms'] ?? METADATA_REFRESH);
  return split({
    'client.id': 'apf',
    // Without it librdkafka sleeps a second whenever its queue was full: half the throughput.
    'fetch.queue.backoff.ms': 5,
    'queued.max.messages.kbytes': 65_536,
    'fetch.message.max.bytes': 4 * 1024 * 1024,
    // KIP-848 assigns on the broker.
    ...(given['group.protocol'] === 'consumer'
      ? {}
      : { 'partition.assignment.strategy': 'cooperative-sticky' }),
    ...given,
    'topic.metadata.refresh.interval.ms':
      refresh > 0 ? Math.min(refresh, METADATA_REFRESH) : METADATA_REFRESH,
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'enable.partition.eof': options.eof,
    // The source decides where a partition begins. An offset that expires while it is read must never jump to the end.
    'auto.offset.reset': 'earliest',
    ...(options.groupInstance === undefined ? {} : { 'group.instance.id': options.groupInstance }),
  });
}

/** Parameters of a producer that confirms each message. */
export function producerParams(params: Params, where = 'PRODUCER_CONFIG.PARAMS'): ClientParams {
  const given = plain(params, where);
  const largest = Number(given['message.max.bytes'] ?? LARGEST_MESSAGE);
  return split({
    'client.id': 'apf',
    'enable.idempotence': true,
    acks: 'all',
    'linger.ms': 5,
    'message.max.bytes': largest,
    // Room for four of the largest: a message larger than the queue would wait for ever.
    'queue.buffering.max.kbytes': Math.max(65_536, Math.ceil((4 * largest) / 1024)),
    ...given,
    ...(given['acks'] === undefined && given['request.required.acks'] !== undefined
      ? { acks: given['request.required.acks'] }
      : {}),
    // Each confirmation comes through this callback.
    dr_cb: true,
  });
}

/** The user's `auto.offset.reset`, by any of the names that librdkafka knows. Earliest where it is absent. */
export function offsetReset(params: Params): OffsetReset {
  const reset = params['auto.offset.reset'] ?? 'earliest';
  if (typeof reset === 'string') {
    if (['earliest', 'beginning', 'smallest'].includes(reset)) return 'earliest';
    if (['latest', 'end', 'largest'].includes(reset)) return 'latest';
    if (['error', 'none'].includes(reset)) return 'error';
  }
  throw new FatalError(
    `CONSUMER_CONFIG.PARAMS['auto.offset.reset'] is ${JSON.stringify(reset)}; write 'earliest', 'latest' or 'error'`,
    { code: 'APF_SETTINGS' },
  );
}

/** The brokers as they were given, for messages. */
export function brokersOf(params: Params): string {
  const brokers = params['bootstrap.servers'] ?? params['metadata.broker.list'];
  return typeof brokers === 'string' ? brokers : 'without a name';
}

function plain(params: Params, where: string): Properties {
  const result: Properties = {};
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new FatalError(`${where}['${name}'] must be text, a number or a boolean`, {
        code: 'APF_SETTINGS',
      });
    }
    result[name] = value;
  }
  if (result['metadata.broker.list'] === undefined) require(result, 'bootstrap.servers', where);
  return result;
}

function require(params: Properties, name: string, where: string): void {
  if (params[name] === undefined || params[name] === '') {
    throw new FatalError(`${where}['${name}'] is missing`, { code: 'APF_SETTINGS' });
  }
}

function split(params: Properties): ClientParams {
  const result: ClientParams = { global: {}, topic: {} };
  for (const [name, value] of Object.entries(params)) {
    result[TOPIC_PROPERTIES.has(name) ? 'topic' : 'global'][name] = value;
  }
  return result;
}
