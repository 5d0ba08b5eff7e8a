import { identityOf } from '@apf/alerts';
import {
  AvroFileSource,
  KafkaRangeSource,
  OffsetLookup,
  partitionsOf,
  resolveRanges,
  selectWhere,
  StoredAlerts,
} from '@apf/connectors';
import {
  END,
  FatalError,
  folderSchemaSource,
  loadSchema,
  newStats,
  PoisonError,
  printable,
  type RawMessage,
  silent,
  type Source,
  StreamCodec,
  systemClock,
  UsageError,
} from '@apf/core';
import { connection } from '../connection/connection.js';
import { inDatabase } from '../database/database-options.js';
import type { AlertOptions } from './alert-options.js';

const POLL = 100;

/** All alerts of an object, or the one of an id, in the order in which they are found. */
export async function findAlerts(id: string, options: AlertOptions): Promise<unknown[]> {
  const places = [options.in, options.topic, options.db || options.database].filter(Boolean).length;
  if (places > 1) throw new UsageError('name one place to look in: --in, --topic or --db');
  if (options.db || options.database !== undefined) return storedAlerts(id, options);
  const source = options.topic === undefined ? fileSource(options.in ?? ['.']) : await topicSource(options);
  const found: unknown[] = [];
  const unreadable: Error[] = [];
  for await (const alert of alertsOf(source, options, (error) => unreadable.push(error))) {
    const identity = identityOf(alert);
    if (identity?.objectId === id || identity?.alertId === id) found.push(alert);
  }
  const [first] = unreadable;
  if (first)
    console.error(
      `apf: ${unreadable.length} messages could not be read, and were not looked at: ${printable(first.message, 200)}`,
    );
  return found;
}

/** All alerts of a file. @throws PoisonError or FatalError for one that cannot be read */
export async function alertsInFile(path: string, options: AlertOptions): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const alert of alertsOf(fileSource([path]), options)) found.push(alert);
  return found;
}

/** Of many messages those that cannot be read are told to `onUnreadable`, where it is given, and left out. */
async function* alertsOf(
  source: Source,
  { schema, schemas }: AlertOptions,
  onUnreadable?: (error: Error) => void,
): AsyncGenerator<unknown> {
  const codec = new StreamCodec({
    schema: schema === undefined ? undefined : loadSchema(schema),
    schemas: schemas === undefined ? undefined : folderSchemaSource(schemas),
  });
  const { signal } = new AbortController();
  await source.open({ revoked: async () => undefined, lost: () => undefined });
  try {
    for (;;) {
      const messages = await source.poll(POLL, signal);
      if (messages === END) return;
      await codec.prepare(messages);
      for (const message of messages) yield* valuesOf(codec, message, onUnreadable);
    }
  } finally {
    await source.close();
  }
}

function valuesOf(
  codec: StreamCodec,
  message: RawMessage,
  onUnreadable: ((error: Error) => void) | undefined,
): unknown[] {
  try {
    if (message.unreadable) throw message.unreadable;
    return message.value ? codec.decode(message.value, message).map(({ value }) => value) : [];
  } catch (error) {
    if (!onUnreadable || !(error instanceof PoisonError)) throw error;
    onUnreadable(error);
    return [];
  }
}

function fileSource(paths: readonly string[]): Source {
  return new AvroFileSource({ paths, logger: silent });
}

async function topicSource(options: AlertOptions): Promise<Source> {
  const { params } = await connection(options);
  const topic = options.topic!;
  const lookup = await OffsetLookup.open({ params });
  try {
    const partitions = partitionsOf([topic], await lookup.topics());
    if (partitions.length === 0)
      throw new FatalError(
        `there is no topic '${topic}', or you may not see it: apf kafka topics lists them`,
        {
          code: 'APF_TOPIC',
        },
      );
    const bounds = await lookup.bounds(partitions);
    const ranges = await resolveRanges(lookup, bounds, { untilEnd: true, now: systemClock.now() });
    return new KafkaRangeSource({ params, ranges, logger: silent, clock: systemClock, stats: newStats() });
  } finally {
    await lookup.close();
  }
}

async function storedAlerts(id: string, options: AlertOptions): Promise<unknown[]> {
  return inDatabase(options, true, async (database) => {
    const stored = new StoredAlerts(database);
    const { rows } = await selectWhere(database, 'alert', 'oid', [id]);
    const ids = rows.map(({ candid }) => BigInt(candid as bigint));
    if (ids.length === 0 && /^\d{1,19}$/.test(id)) ids.push(BigInt(id));
    const found = await Promise.all(ids.map((candid) => stored.find(candid)));
    return found.flatMap((row) => (row ? [row.alert] : []));
  });
}
